"""The suite of the bundled document: every rule from both sides, proven by a second judge."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from enkash_contract.contract.evidence import Evidence, Level
from enkash_contract.generation.suite import cases
from enkash_contract.judging.case import BASELINE
from enkash_contract.wire.message import Request

if TYPE_CHECKING:
    from enkash_contract.contract.operation import Operation
from tests.support.case_names import (
    ANOTHER,
    BEHIND,
    BEYOND,
    DIGITS,
    ENCODING_BREAKS,
    ENDS,
    ID,
    JSON_BREAKS,
    LABEL_BREAKS,
    LETTERS,
    LIST,
    NO_JSON,
    NO_TEXT,
    NUMERALS,
    ODD,
    SPELLED,
    SPOTS,
    TRIMMED,
    WIDE,
    WIRE_BREAKS,
    but,
    by_rule,
    forbidden,
    misspelt,
)
from tests.support.second_judge import broken_rules, expected_rules


def test_each_case_breaks_exactly_what_it_says(operation: Operation) -> None:
    """By a second judge and the final bytes: a reject case breaks its rule alone, others none."""
    made = cases()

    assert {one.id: broken_rules(operation, one) for one in made} == expected_rules(made)


def test_every_rule_of_the_request_is_broken(operation: Operation) -> None:
    """Each rule has at least one reject case, but for those that allow everything."""
    all_rules = {rule.id for rule in operation.rules.values() if rule.side == "request"}
    harmless = {one for one in all_rules if one.endswith("#additionalProperties")}

    assert set(by_rule(cases(), "reject")) == all_rules - harmless
    assert {operation.rules[one].value for one in harmless} == {True}


TEXTS = (
    "/b2bIds/buyerB2BId",
    "/b2bIds/supplierB2BId",
    "/invoiceStatus/supplierInvoiceNumber",
    "/invoiceStatus/supplierRemarks",
)
"""The members that allow every text without backslash and quote."""

LISTED = (
    *("/device/tag/name", "/device/tag/value", "/invoiceStatus/supplierAction"),
    *(f"/invoiceStatus/statusTransition/{one}Status" for one in ("current", "new")),
)
"""The texts of which only the examples are known to be right."""
VERSIONS = tuple(f"/invoiceStatus/objectVersion/{one}Version" for one in ("current", "new"))
OBJECTS = (
    *("", "/device", "/device/tag", "/b2bIds", "/invoiceStatus"),
    *(f"/invoiceStatus/{one}" for one in ("objectVersion", "statusTransition")),
)

UNUSUAL = ["blanks-only", "newline-inside"]
"""What a pattern of nearly all characters allows, and hardly anyone means to."""


def test_every_rule_of_the_request_is_kept_at_its_edge(operation: Operation) -> None:
    """What has an edge that is known to be right is gone to; the baseline keeps all the rest."""
    assert by_rule(cases(), "accept") == {
        "request#type": ["baseline"],
        "request#path": ["encoded-hyphens"],
        "request#content-type": ["charset-utf-8", "capitals", "charset-iso-8859-1"],
        "request#json": [
            *("reordered", "pretty-printed", "escaped", "blanks-around", "one-megabyte"),
            *("chunked", "expect-continue"),
        ],
        **{
            f"request{text}#pattern": [
                *("shortest", "longest", "longest-in-umlauts", "longest-in-astral"),
                "other-scripts",
                *UNUSUAL,
                *ODD,
            ]
            for text in TEXTS
        },
        # The shortest is the longest, too, and neither has room for other characters.
        f"request{ID}#pattern": ["shortest"],
        **{f"request{text}#type": [ANOTHER] for text in (*TEXTS, ID)},
        **{f"request{version}#type": [ANOTHER, *WIDE, *SPELLED] for version in VERSIONS},
        **{f"request{owner}#additionalProperties": ["unknown-member"] for owner in OBJECTS},
    }
    assert broken_rules(operation, cases()[0]) == set()


ID_BREAKS = [
    *("one-under", "empty", "one-over", "far-over", "one-over-in-combining"),
    *(f"one-{way}-in-part-{part}" for part in (1, 2) for way in ("over", "under")),
    *forbidden("HJMOUW", 1, *SPOTS),
    *forbidden("@[`{/:", 2, *SPOTS),
    *BEHIND,
    *(name.format(1) for name in LETTERS),
    *(name.format(2) for name in (*DIGITS, *LETTERS)),
    *ENDS,
    *TRIMMED,
]


def test_every_rule_of_the_request_is_broken_in_every_way(operation: Operation) -> None:
    """Each rule is broken in all the ways that its families know, and none is lost unnoticed."""
    required = [one for one in operation.rules.values() if one.keyword == "required"]
    request = [one.id for one in required if one.side == "request"]

    assert by_rule(cases(), "reject") == {
        **WIRE_BREAKS,
        **{one: misspelt(one.rpartition("/")[2].partition("#")[0]) for one in request},
        **{f"request{one}#type": [*but("object"), "json-text", NO_TEXT, LIST] for one in OBJECTS},
        **{f"request{one}#type": [*but("string"), LIST] for one in (*TEXTS, *LISTED, ID)},
        **{f"request{one}#type": [*but("integer"), *NUMERALS, NO_TEXT, LIST] for one in VERSIONS},
        **{
            f"request{one}#minimum": ["one-under", "minus-zero", "minus-one", "far-under"]
            for one in VERSIONS
        },
        **{f"request{one}#minLength": ["one-under"] for one in LISTED},
        **{
            f"request{one}#pattern": [
                *BEYOND,
                *forbidden('\\"', 1, *SPOTS),
                *BEHIND,
                *TRIMMED,
            ]
            for one in TEXTS
        },
        f"request{ID}#pattern": ID_BREAKS,
    }


def test_what_is_known_to_slip_through_is_tried() -> None:
    """The mistakes that random generation misses each have a case of their own."""
    wanted = {
        "request#json/empty",
        "request#json/trailing-bytes",
        "request#content-type/text-plain",
        "request#content-type/application-json-suffix",
        "request/b2bIds/buyerB2BId#pattern/one-over",
        "request/b2bIds/buyerB2BId#pattern/one-over-by-newline",
        "request/b2bIds/buyerB2BId#pattern/forbidden-behind-nul",
        "request/invoiceStatus/objectId#pattern/one-over-in-part-1",
        "request/b2bIds/buyerB2BId#pattern/forbidden-u0022-middle-of-part-1",
        "request/invoiceStatus/objectId#pattern/trailing-newline",
        "request/invoiceStatus/objectId#pattern/leading-blank",
        "request/invoiceStatus/objectVersion/currentVersion#type/numeric-string",
        "request/invoiceStatus/objectVersion/currentVersion#type/boolean",
        "request/invoiceStatus/objectVersion/currentVersion#type/false",
        "request/invoiceStatus/objectVersion/newVersion#minimum/one-under",
        "request/invoiceStatus/supplierAction#minLength/one-under",
    }

    assert wanted - {case.id for case in cases()} == set()


def test_cases_are_told_apart_by_their_ids() -> None:
    """No two cases share an id, and each id is its rule's with the family's name behind it."""
    made = cases()

    assert len({case.id for case in made}) == len(made)
    assert [case.id for case in made] == [
        f"{case.rule.id.rpartition('#')[0]}#{case.family}" for case in made
    ]


def test_no_two_cases_of_a_rule_are_the_same_request() -> None:
    """A case that repeats another of its rule under a new name would only cost time."""
    made = [(case.rule.id, case.polarity, case.wire) for case in cases()]

    assert len(set(made)) == len(made)


def test_a_reject_case_names_its_accepted_twin() -> None:
    """The twin of what is just beyond a bound is what is on it, and of all else the baseline."""
    made = cases()
    beyond = {"one-under": "shortest", "one-over": "longest", "far-over": "longest"}
    beyond |= dict.fromkeys(TRIMMED, "longest")
    far = {
        f"request{text}#pattern/{name}": f"request{text}#pattern/{twin}"
        for text in TEXTS
        for name, twin in beyond.items()
    }
    # Where the shortest is the longest, it is called so.
    far |= {f"request{ID}#pattern/{name}": f"request{ID}#pattern/shortest" for name in beyond}
    twins = {case.id: BASELINE for case in made if case.polarity == "reject"}

    assert {case.id: case.twin for case in made if case.polarity == "reject"} == twins | far
    assert {case.twin for case in made if case.polarity == "accept"} == {""}


UNSETTLED = {
    "accept": [
        "request#content-type/charset-iso-8859-1",
        "request#json/one-megabyte",
        "request#json/chunked",
        "request#json/expect-continue",
        *(f"request{text}#pattern/{name}" for text in TEXTS for name in UNUSUAL),
        *(f"request{text}#pattern/longest-in-astral" for text in TEXTS),
        *(f"request{version}#type/{name}" for version in VERSIONS for name in WIDE + SPELLED),
        *(f"request{text}#type/{ANOTHER}" for text in (*TEXTS, ID, *VERSIONS)),
    ],
    "reject": [
        *(f"request#content-type/{name}" for name in LABEL_BREAKS),
        *(f"request#encoding/{name}" for name in ENCODING_BREAKS),
        *(f"request#json/{name}" for name in JSON_BREAKS if name not in NO_JSON),
    ],
}


@pytest.mark.parametrize("polarity", ["accept", "reject"])
def test_what_no_evidence_settles_is_assumed(polarity: str) -> None:
    """Where a rule leaves the answer open, a case rests on an assumption, and elsewhere on it."""
    made = [case for case in cases() if case.polarity == polarity]
    less = [case for case in made if case.evidence != case.rule.evidence]

    assert sorted(case.id for case in less) == sorted(UNSETTLED[polarity])
    assert {case.evidence for case in less} == {Evidence(Level.ASSUMED)}


def test_cases_say_what_is_special_about_them(operation: Operation) -> None:
    """One sentence on each case, of the place in the payload or of the whole request."""
    said = {case.id: case.says for case in cases()}
    version = "request/invoiceStatus/objectVersion/currentVersion"

    assert {
        said[BASELINE],
        said["request#json/escaped"],
        said["request#method/GET"],
        said["request#content-type/text-plain"],
        said["request#content-type-present/absent"],
        said["request#json/empty"],
        said["request/b2bIds#required/removed"],
        said["request/b2bIds#required/misspelt-upper"],
        said[f"{version}#type/numeric-string"],
        said[f"{version}#type/exponent"],
        said[f"{version}#minimum/minus-zero"],
        said["request/b2bIds/buyerB2BId#pattern/shortest"],
        said["request#path/trailing-slash"],
        said["request#content-type-single/other-second"],
    } == {
        "the payload every other case is derived from",
        "the baseline, escaped",
        "the request must be sent by POST, but it is sent by GET",
        "the request must be labelled application/json, but it is labelled text/plain",
        "the request must state its media type, but it does not",
        "the request must be JSON as RFC 8259 defines it, but the body is empty",
        "/b2bIds is required, but missing",
        '/b2bIds is required, but it is called "B2BIDS"',
        '/invoiceStatus/objectVersion/currentVersion must be an integer, but it is "1"',
        "/invoiceStatus/objectVersion/currentVersion is 1e0",
        "/invoiceStatus/objectVersion/currentVersion must be at least 1, but it is -0",
        '/b2bIds/buyerB2BId is "a"',
        f"the request must be sent to exactly {operation.path}, "
        f"but it is sent to {operation.path}/",
        "the request must state one media type, but it states application/json and text/plain",
    }


def test_a_case_is_sent_as_it_stands(operation: Operation) -> None:
    """A case becomes a request to its own path, or to the address it is given."""
    first = cases()[0]
    named = {case.id: case for case in cases()}
    without = named["request#content-type-present/absent"]
    mistyped = named["request#path/trailing-slash"]
    twice = named["request#content-type-single/other-second"]
    unsized = named["request#json/empty-without-length"]
    json_label = (("Content-Type", "application/json"),)
    body = json.dumps(operation.request.example, separators=(",", ":")).encode()

    assert first.request() == Request("POST", operation.path, json_label, body)
    assert first.request("http://h/x") == Request("POST", "http://h/x", json_label, body)
    assert without.request() == Request("POST", operation.path, (), body)
    assert twice.request().headers == (*json_label, ("Content-Type", "text/plain"))
    assert unsized.request() == Request("POST", operation.path, json_label, b"", sized=False)
    assert mistyped.request(f"http://h/x{operation.path}?key=1") == Request(
        "POST", f"http://h/x{operation.path}/?key=1", json_label, body
    )


def test_a_case_is_shown_without_its_bytes(operation: Operation) -> None:
    """What is shown of a case is its id and what is special about it, in one short line."""
    first = cases()[0]

    assert repr(first) == f"<Case {BASELINE}: the payload every other case is derived from>"


def test_the_suite_is_built_once() -> None:
    """Asking for the default suite again costs nothing; an own base makes an own suite."""
    assert cases() is cases()
    assert cases(base={}) is not cases(base={})


PRINT = """
import hashlib, enkash_contract as ec
made = [(c.id, c.twin, c.says, str(c.evidence), c.wire) for c in ec.cases()]
print(hashlib.sha256(repr(made).encode()).hexdigest())
"""


@pytest.mark.parametrize("seed", ["0", "1"])
def test_the_suite_does_not_depend_on_hashing(seed: str) -> None:
    """Ids, sentences and bytes are the same in every process, whatever its hash seed."""
    command = [sys.executable, "-c", PRINT]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": seed},
    )
    made = [(c.id, c.twin, c.says, str(c.evidence), c.wire) for c in cases()]

    assert done.stdout.strip() == hashlib.sha256(repr(made).encode()).hexdigest()
