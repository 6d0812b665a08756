"""The suite: every rule from both sides, one change each, proven by a second judge."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
import subprocess
import sys
import uuid
from collections import defaultdict
from email.message import Message
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import jsonschema
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from enkash_contract.contract import rules
from enkash_contract.contract.evidence import Evidence, Level
from enkash_contract.errors import UsageError
from enkash_contract.generation import suite
from enkash_contract.generation.suite import cases
from enkash_contract.judging.case import BASELINE, Case
from enkash_contract.wire.message import Request
from tests.generation.test_known_good import arrays, numbers, objects, strings
from tests.support.anything import CYCLE
from tests.support.small_documents import small

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from enkash_contract.contract.operation import Operation

# A second judge: jsonschema, which shares no code with the engine that proved the cases. Where its
# semantics are Python's, they are made those of ECMA-262 and JSON Schema (`$` is the very end,
# classes are ASCII, a decimal is itself).


def _pattern(_: Any, pattern: str, value: Any, __: Any) -> Iterator[jsonschema.ValidationError]:
    fixed = re.sub(r"\$$", r"\\Z", pattern)
    if isinstance(value, str) and not re.search(fixed, value, re.ASCII):
        yield jsonschema.ValidationError("pattern")


def _multiple_of(_: Any, unit: Any, value: Any, __: Any) -> Iterator[jsonschema.ValidationError]:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if number and Fraction(str(value)) % Fraction(str(unit)):
        yield jsonschema.ValidationError("multipleOf")


SecondJudge = jsonschema.validators.extend(  # type: ignore[no-untyped-call]  # it has no types
    jsonschema.Draft202012Validator, {"pattern": _pattern, "multipleOf": _multiple_of}
)
FORMATS = jsonschema.FormatChecker(formats=())


@FORMATS.checks("date", raises=ValueError)
def _date(value: Any) -> bool:
    return not isinstance(value, str) or bool(dt.date.fromisoformat(value))


@FORMATS.checks("date-time", raises=ValueError)
def _date_time(value: Any) -> bool:
    return not isinstance(value, str) or dt.datetime.fromisoformat(value).tzinfo is not None


@FORMATS.checks("uuid", raises=ValueError)
def _uuid(value: Any) -> bool:
    return not isinstance(value, str) or str(uuid.UUID(value)) == value.lower()


@FORMATS.checks("email")
def _email(value: Any) -> bool:
    return not isinstance(value, str) or re.fullmatch(r"\S+@\S+", value) is not None


@FORMATS.checks("uri")
def _uri(value: Any) -> bool:
    return not isinstance(value, str) or (bool(urlsplit(value).scheme) and " " not in value)


DEEPEST = 500
"""How many levels of nesting are read."""


def media_type(label: str) -> str:
    """Return the media type of a label, read as that of a mail is, in lower case."""
    message = Message()
    message["Content-Type"] = label
    return message.get_content_type()


def is_mistyped(path: str, right: str) -> bool:
    """Say whether `path` is `right` but for its slashes; any other path is somebody else's."""
    parts = [[part for part in one.split("/") if part] for one in (path, right)]
    return path not in ("", right) and parts[0] == parts[1]


def envelope_rules(operation: Operation, case: Case) -> set[str]:
    """Return the ids of the rules that all of the request but its body breaks."""
    wire = case.wire
    labels = [one for one in (wire.content_type, *wire.repeated) if one is not None]
    broken = {
        "method": wire.method != operation.method,
        "path": is_mistyped(wire.path, operation.path),
        "content-type-present": not labels,
        "content-type": bool(labels) and media_type(labels[0]) != "application/json",
        "content-type-single": len(labels) > 1,
    }
    return {f"request#{keyword}" for keyword, is_broken in broken.items() if is_broken}


def levels(payload: Any) -> list[list[Any]]:
    """Return all names and values of a payload by the number of lists and objects around them."""
    found, level = [], [payload]
    while level:
        found.append(level)
        members = [[*one, *one.values()] if isinstance(one, dict) else one for one in level]
        level = [inner for one in members if isinstance(one, list) for inner in one]
    return found


def is_half(value: Any) -> bool:
    """Say whether a value is a text with half a character in it, which has no UTF-8."""
    try:
        return isinstance(value, str) and value.encode() is None
    except UnicodeEncodeError:
        return True


def refused(name: str) -> Any:
    """Refuse what only Python's reader takes for a number."""
    raise ValueError(name)


def broken_rules(operation: Operation, case: Case) -> set[str]:
    """Return the ids of the rules that the final bytes of `case` break, by the second judge."""
    found = envelope_rules(operation, case)
    # What is sent by another method, or under another label, is not claimed to be a payload.
    if found & {"request#method", "request#content-type"}:
        return found

    def pairs(members: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({name for name, _ in members}) < len(members):
            found.add("request#duplicate-names")
        return dict(members)

    try:
        text = case.wire.body.decode()
        payload = json.loads(text, object_pairs_hook=pairs, parse_constant=refused)
        by_level = levels(payload)
    except UnicodeDecodeError:
        return found | {"request#encoding"}
    except (ValueError, RecursionError):
        return found | {"request#json"}
    if len(by_level) > DEEPEST + 1:
        return found | {"request#json"}
    if any(is_half(one) for level in by_level for one in level):
        found.add("request#encoding")
    judge = SecondJudge(dict(operation.request.schema), format_checker=FORMATS)
    # What is no text of whole characters breaks no rule of texts.
    wrong = [error for error in judge.iter_errors(payload) if not is_half(error.instance)]
    return found.union(*map(rule_ids, wrong))


def rule_ids(error: jsonschema.ValidationError) -> set[str]:
    """Return the ids of the rules that an error of the second judge speaks of."""
    path = [str(part) for part in error.absolute_schema_path]
    pointer, prefix, keyword = "", "", path[-1]
    steps = iter(path[:-1])
    for step in steps:
        if step == "allOf":
            prefix += f"allOf/{next(steps)}/"
        else:
            pointer += f"/{next(steps)}" if step == "properties" else "/*"
    if keyword != "required":
        return {f"request{pointer}#{prefix}{keyword}"}
    listed: Any = error.validator_value
    members = set(listed) - set(cast("dict[str, Any]", error.instance))
    return {f"request{pointer}/{member}#{prefix}required" for member in members}


def expected_rules(made: tuple[Case, ...]) -> dict[str, set[str]]:
    """Return what each case has to break: its own rule if it is to be rejected, else none."""
    return {case.id: {case.rule.id} if case.polarity == "reject" else set() for case in made}


def by_rule(made: tuple[Case, ...], polarity: str) -> dict[str, list[str]]:
    """Return the names of the cases of one polarity, by rule."""
    found: dict[str, list[str]] = defaultdict(list)
    for case in made:
        if case.polarity == polarity:
            found[case.rule.id].append(case.family.partition("/")[2])
    return dict(found)


# The bundled document


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

ID = "/invoiceStatus/objectId"
VERSIONS = tuple(f"/invoiceStatus/objectVersion/{one}Version" for one in ("current", "new"))
OBJECTS = (
    *("", "/device", "/device/tag", "/b2bIds", "/invoiceStatus"),
    *(f"/invoiceStatus/{one}" for one in ("objectVersion", "statusTransition")),
)

WIDE = ["two-to-31", "two-to-53", "two-to-63", "ten-to-40"]
"""What is wide of an integer; a zero with a sign is no version."""

SPELLED = ["exponent", "decimal-point"]

UNUSUAL = ["blanks-only", "newline-inside"]
"""What a pattern of nearly all characters allows, and hardly anyone means to."""


def test_every_rule_of_the_request_is_kept_at_its_edge(operation: Operation) -> None:
    """What has an edge that is known to be right is gone to; the baseline keeps all the rest."""
    assert by_rule(cases(), "accept") == {
        "request#type": ["baseline"],
        "request#content-type": ["charset-utf-8", "capitals", "charset-iso-8859-1"],
        "request#json": ["reordered", "pretty-printed", "escaped", "blanks-around", "one-megabyte"],
        **{
            f"request{text}#pattern": [
                *("shortest", "longest", "longest-in-astral", "other-scripts"),
                *UNUSUAL,
            ]
            for text in TEXTS
        },
        # The shortest is the longest, too, and neither has room for other characters.
        f"request{ID}#pattern": ["shortest"],
        **{f"request{version}#type": WIDE + SPELLED for version in VERSIONS},
        **{f"request{owner}#additionalProperties": ["unknown-member"] for owner in OBJECTS},
    }
    assert broken_rules(operation, cases()[0]) == set()


EVERY_TYPE = ["null", "boolean", "integer", "fraction", "string", "object", "array", "false"]
LIST = "wrapped-in-list"
NO_TEXT = "empty-string"
NUMERIC = "numeric-string"
NUMERALS = [NUMERIC, *(f"{NUMERIC}-{end}-blank" for end in ("leading", "trailing"))]
NUMERALS += [f"{NUMERIC}-{form}" for form in ("exponent", "decimal", "plus")]

JSON_BREAKS = """
malformed truncated last-byte-missing empty empty-without-length blank trailing-bytes trailing-nul
second-value trailing-comma single-quotes unquoted-name comment-in-line comment-in-block
bare-line-break bare-tab bare-nul leading-zero hexadecimal plus-sign no-digit-behind-point nan
infinity form-body xml-body utf-16-le utf-16-be byte-order-mark nested-deeply
""".split()
ENCODING_BREAKS = """
invalid-byte latin-1 overlong encoded-surrogate utf-16-le-declared utf-16-be-declared
latin-1-declared lone-surrogate-high lone-surrogate-low lone-surrogate-swapped
""".split()
LABEL_BREAKS = """
text-plain application-xml application-x-www-form-urlencoded text-html application-json-seq
form-body xml-body application-json-suffix
""".split()
WIRE_BREAKS = {
    "request#method": ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE"],
    "request#path": ["trailing-slash", "doubled-slash"],
    "request#content-type": LABEL_BREAKS,
    "request#content-type-present": ["absent"],
    "request#content-type-single": ["same", "other-second"],
    "request#encoding": ENCODING_BREAKS,
    "request#json": JSON_BREAKS,
    "request#duplicate-names": [
        "same-value",
        "other-value-first",
        "other-value-last",
        "escaped-name",
    ],
}


def but(*right: str) -> list[str]:
    """Return the names of values of all types but these."""
    return [name for name in EVERY_TYPE if name not in right]


def misspelt(name: str) -> list[str]:
    """Return the ways to break that a member is there, of which one may not change its name."""
    changed = {"capital": name[0].swapcase() + name[1:], "lower": name.lower()}
    changed |= {"upper": name.upper(), "leading-blank": f" {name}", "trailing-blank": f"{name} "}
    # Two spellings that come to the same name are one.
    first = {other: way for way, other in reversed(changed.items()) if other != name}
    return ["removed", *(f"misspelt-{way}" for way in changed if way in first.values())]


def forbidden(chars: str, part: int, *spots: str) -> list[str]:
    """Return the names of the cases with characters that a part of a pattern forbids."""
    return [f"forbidden-u{ord(char):04x}-{at}-of-part-{part}" for char in chars for at in spots]


BLANKS = "newline blank tab line-break no-break-space zero-width-space nul".split()
ENDS = [f"{end}-{blank}" for blank in BLANKS for end in ("trailing", "leading")]
ENDS += ["suffixed", "prefixed", "second-line", "other-case"]
SPOTS = ("last", "middle", "first")
TRIMMED = ["one-over-by-blank", "one-over-by-newline"]
BEYOND = ["one-under", "one-over", "far-over", "one-over-in-combining"]
BEHIND = ["forbidden-behind-nul", "forbidden-behind-newline"]
LETTERS = ("full-width-letter-in-part-{}", "cyrillic-letter-in-part-{}")
DIGITS = [f"{kind}-digit-in-part-{{}}" for kind in ("full-width", "arabic-indic", "superscript")]
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
        *(f"request{text}#pattern/{name}" for text in TEXTS for name in UNUSUAL),
        *(f"request{version}#type/{name}" for version in VERSIONS for name in WIDE + SPELLED),
    ],
    "reject": [
        "request#content-type/application-json-suffix",
        *(f"request#encoding/{name}" for name in ENCODING_BREAKS if name.endswith("-declared")),
        *(f"request#encoding/{name}" for name in ENCODING_BREAKS if name.startswith("lone-")),
        *(f"request#json/{name}" for name in JSON_BREAKS[-4:]),
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

    assert repr(first) == (
        f"Case(id={BASELINE!r}, rule={operation.rules['request#type']!r}, "
        "family='type/baseline', polarity='accept', "
        "says='the payload every other case is derived from', "
        f"evidence={operation.rules['request#type'].evidence!r}, twin='')"
    )


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


# The user's own base


def test_cases_are_derived_from_the_user_s_base(operation: Operation, payload: Any) -> None:
    """With a base and pins, each case is that base with one thing changed."""
    payload["b2bIds"]["supplierB2BId"] = "मुंबई"
    payload["extra"] = [1]
    pins = {"/invoiceStatus/objectId": "INV" + "7" * 32}
    made = cases(base=payload, pins=pins)
    first = json.loads(made[0].wire.body)
    payload["invoiceStatus"]["objectId"] = "INV" + "7" * 32

    assert first == payload
    assert {one.id: broken_rules(operation, one) for one in made} == expected_rules(made)
    # What is pinned is what the target knows, so right requests keep it; and it has no letters.
    lost = [f"request{ID}#pattern/{name.format(2)}" for name in ("shortest", *LETTERS)]
    assert [one.id for one in made] == [one.id for one in cases() if one.id not in lost]


def test_pins_alone_change_the_example() -> None:
    """Pins without a base are set in the document's example, and every right request has them."""
    made = cases(pins={"/b2bIds/buyerB2BId": "MINE"})
    right = [json.loads(one.wire.body) for one in made if one.polarity == "accept"]

    assert {one["b2bIds"]["buyerB2BId"] for one in right} == {"MINE"}
    assert by_rule(made, "reject") == by_rule(cases(), "reject")


@pytest.mark.parametrize(
    ("pins", "left"),
    [
        ({}, ["/a", "/ab", "/list", "/list/*"]),
        ({"/a": "xx"}, ["/ab", "/list", "/list/*"]),
        ({"/list/0": "xx"}, ["/a", "/ab", "/list"]),
        ({"/list": ["xx"]}, ["/a", "/ab"]),
        ({"": {"a": "x", "ab": "x", "list": ["x"]}}, []),
    ],
)
def test_what_is_pinned_stays(tmp_path: Path, pins: dict[str, Any], left: list[str]) -> None:
    """A pin keeps its own value and what is in it, and nothing that is only called alike."""
    text = {"type": "string", "minLength": 2}
    members = {"a": text, "ab": text, "list": {"type": "array", "items": text, "maxItems": 2}}
    base = {"a": "xxx", "ab": "xxx", "list": ["xxx"]}
    schema = {"type": "object", "properties": members}
    operation = small(tmp_path, schema, example=base).pick()
    found = by_rule(suite.build(operation, base, pins), "accept")

    assert sorted({rule.partition("#")[0].removeprefix("request") for rule in found} - {""}) == left


def test_a_base_that_breaks_a_weak_rule(operation: Operation, payload: Any) -> None:
    """What the base itself breaks is left out, and all other cases break their own rule only."""
    payload["invoiceStatus"]["objectVersion"]["currentVersion"] = 0
    del payload["device"]["tag"]["name"]
    known = {
        "request/invoiceStatus/objectVersion/currentVersion#minimum",
        "request/device/tag/name#required",
    }
    made = cases(base=payload)
    found = {one.id: broken_rules(operation, one) - known for one in made}
    rejected = {one.rule.id for one in made if one.polarity == "reject"}

    assert rejected & known == set()
    assert found == expected_rules(made)


def test_a_base_that_is_no_object() -> None:
    """Nothing can be put into a base that is not an object, and what is left still holds."""
    made = cases(base=7)
    # Of one byte little is left: half of it is nothing, and so is all but the last of it.
    lost = """malformed last-byte-missing empty second-value single-quotes unquoted-name
        bare-line-break bare-tab bare-nul utf-16-le nested-deeply""".split()
    whole = {
        name: WIRE_BREAKS[name] for name in WIRE_BREAKS if not name.endswith("#duplicate-names")
    }

    assert by_rule(made, "reject") == whole | {
        "request#encoding": ["utf-16-le-declared", "utf-16-be-declared"],
        "request#json": [name for name in JSON_BREAKS if name not in lost],
    }
    assert by_rule(made, "accept") == {
        "request#type": ["baseline"],
        "request#content-type": ["charset-utf-8", "capitals", "charset-iso-8859-1"],
        "request#json": ["blanks-around"],
    }


@pytest.mark.parametrize(
    ("base", "problem"),
    [
        ({"a": {1, 2}}, "a set is no JSON value"),
        ({"a": [b"x"]}, "a bytes is no JSON value"),
        ({(1, 2): "x"}, "keys must be str, int, float, bool or None, not tuple"),
        (CYCLE, "Circular reference detected"),
    ],
)
def test_a_base_that_cannot_be_written(base: Any, problem: str) -> None:
    """A base that is no JSON is refused with the reason."""
    with pytest.raises(UsageError) as caught:
        cases(base=base)

    assert str(caught.value) == f"the base payload cannot be written as JSON: {problem}"


def test_a_base_without_a_bottom() -> None:
    """A base that is nested deeper than can be written is refused, too."""
    base: Any = []
    for _ in range(100_000):
        base = [base]

    with pytest.raises(UsageError, match="the base payload cannot be written as JSON"):
        cases(base=base)


def test_a_base_with_a_lone_surrogate(payload: Any) -> None:
    """A text that has no UTF-8 is sent as its escape; that it is wrong is for others to say."""
    payload["invoiceStatus"]["supplierRemarks"] = "\ud800"
    made = cases(base=payload)

    assert b'"supplierRemarks":"\\ud800"' in made[0].wire.body
    assert json.loads(made[0].wire.body) == payload


# Keywords the bundled document does not use

MANY = {"type": "array", "items": {"type": "string", "minLength": 1}, "uniqueItems": True}


def in_object(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema of objects with one member, `it`, that has `schema`."""
    return {"type": "object", "properties": {"it": schema}}


WIDER = [*WIDE, "minus-zero", *SPELLED]


@pytest.mark.parametrize(
    ("schema", "right", "rejected", "accepted"),
    [
        (
            {"type": "boolean"},
            True,
            [*but("boolean", "false"), "boolean-string", "zero-or-one", NO_TEXT, LIST],
            [],
        ),
        ({"type": "null"}, None, [*but("null"), NO_TEXT, LIST], []),
        ({"type": "string"}, "x", [*but("string"), LIST], []),
        ({"type": ["string", "null"]}, "x", [*but("null", "string"), LIST], []),
        (
            {"type": "number"},
            1,
            [*but("integer", "fraction"), *NUMERALS, NO_TEXT, LIST],
            WIDER,
        ),
        ({"type": "integer"}, 1, [*but("integer"), *NUMERALS, NO_TEXT, LIST], WIDER),
        # It is written with a point already.
        (
            {"type": "integer"},
            1.0,
            [*but("integer"), *(name for name in NUMERALS if "decimal" not in name), NO_TEXT, LIST],
            [],
        ),
        ({"type": "object"}, {"a": 1}, [*but("object"), "json-text", NO_TEXT, LIST], []),
        ({"type": "array"}, [1], [*but("array"), "json-text", NO_TEXT], []),
    ],
)
def test_types_are_broken_by_every_other(
    tmp_path: Path, schema: dict[str, Any], right: Any, rejected: list[str], accepted: list[str]
) -> None:
    """A value of each other JSON type is tried, and what a lenient reader takes for the right."""
    operation = small(tmp_path, in_object(schema), example={"it": right}).pick()
    made = suite.build(operation)

    assert by_rule(made, "reject")["request/it#type"] == rejected
    assert by_rule(made, "accept").get("request/it#type", []) == accepted
    assert {one.id: broken_rules(operation, one) for one in made} == expected_rules(made)


UNDER = ["one-under", "empty", "one-under-in-astral"]
OVER = ["one-over", "far-over", "one-over-in-combining"]
ON = ["on-bound", "on-bound-in-astral", "other-scripts"]
BELOW = ["one-under", "minus-zero", "minus-one", "far-under"]
UNKNOWN = ["unknown", "other-case", "leading-blank", "trailing-blank", "prefix"]
GENERATED = ["cut", "beheaded", "doubled", "other-case"]

KEYWORDS: list[tuple[dict[str, Any], Any, dict[str, list[str]], dict[str, list[str]]]] = [
    (
        {"enum": ["Paid", "Void"], "type": "string"},
        "Paid",
        {"#enum": ["value-2"]},
        {"#enum": UNKNOWN},
    ),
    ({"enum": [1, None, True]}, 1, {"#enum": ["value-2", "value-3"]}, {"#enum": ["unknown"]}),
    ({"enum": ["A", 1]}, 1, {"#enum": ["value-1"]}, {"#enum": [*UNKNOWN, "null"]}),
    ({"const": "A"}, "A", {}, {"#const": [*UNKNOWN, "null"]}),
    ({"const": None}, None, {}, {"#const": EVERY_TYPE[1:]}),
    (
        {"type": "string", "minLength": 2, "maxLength": 4},
        "abc",
        {"#minLength": ["on-bound"], "#maxLength": ON},
        {"#minLength": UNDER, "#maxLength": OVER},
    ),
    (
        {"type": "string", "pattern": "^(?:ab|cd)$"},
        "ab",
        # The first text made from the pattern is the base's own, and has another case already.
        {"#pattern": ["generated-2"]},
        {
            "#pattern": [
                *ENDS,
                *(f"generated-1-{way}" for way in GENERATED[:3]),
                *(f"generated-2-{way}" for way in GENERATED),
                "empty",
            ]
        },
    ),
    (
        {"type": "string", "format": "date"},
        "2026-01-31",
        {},
        {"#format": ["words", "empty", "no-such-day"]},
    ),
    (
        {"type": "string", "format": "date-time"},
        "2026-01-31T12:00:00Z",
        {},
        {"#format": ["words", "empty", "no-such-day"]},
    ),
    (
        {"type": "string", "format": "uuid"},
        "123e4567-e89b-12d3-a456-426614174000",
        {},
        {"#format": ["words", "empty"]},
    ),
    ({"type": "string", "format": "email"}, "a@example.com", {}, {"#format": ["words", "empty"]}),
    (
        {"type": "string", "format": "uri"},
        "https://example.com/",
        {},
        {"#format": ["words", "empty"]},
    ),
    (
        {"type": "integer", "minimum": 2, "maximum": 5},
        3,
        {"#minimum": ["on-bound"], "#maximum": ["on-bound"]},
        {"#minimum": BELOW, "#maximum": ["one-over", "far-over"]},
    ),
    (
        {"type": ["integer", "null"], "minimum": 2},
        3,
        {"#minimum": ["on-bound"]},
        {"#minimum": BELOW},
    ),
    (
        {"type": "number", "exclusiveMinimum": 2, "exclusiveMaximum": 5},
        3,
        {"#exclusiveMinimum": ["one-inside"], "#exclusiveMaximum": ["one-inside"]},
        {"#exclusiveMinimum": ["on-bound"], "#exclusiveMaximum": ["on-bound"]},
    ),
    ({"type": "integer", "multipleOf": 5}, 10, {}, {"#multipleOf": ["one-more"]}),
    ({"type": "number", "multipleOf": 0.01}, 19.99, {}, {"#multipleOf": ["half-a-step"]}),
    (
        {**MANY, "minItems": 1, "maxItems": 2},
        ["a"],
        {"#maxItems": ["on-bound"]},
        {
            "/*#minLength": ["one-under"],
            "#minItems": ["one-under"],
            "#maxItems": ["one-over"],
            "#uniqueItems": ["repeated"],
        },
    ),
    (
        {**MANY, "minItems": 2},
        ["a", "b"],
        {},
        {
            "/*#minLength": ["one-under"],
            "#minItems": ["one-under"],
            "#uniqueItems": ["repeated", "replaced"],
        },
    ),
    (
        {"type": "array", "items": in_object({"type": "null"}) | {"required": ["it"]}},
        [{"it": None}],
        {},
        {"/*/it#required": misspelt("it")},
    ),
    # No item is there to be changed.
    ({"type": "array", "items": {"type": "string", "minLength": 1}}, [], {}, {}),
    (
        {"type": "object", "additionalProperties": False},
        {},
        {},
        {"#additionalProperties": ["unknown-member"]},
    ),
    (
        {"type": "object", "additionalProperties": True},
        {},
        {"#additionalProperties": ["unknown-member"]},
        {},
    ),
    (
        {"type": "object", "additionalProperties": {"type": "string", "minLength": 1}},
        {"a": "x"},
        {"/*#minLength": ["on-bound"]},
        {"/*#minLength": ["one-under"]},
    ),
    (
        {"allOf": [{"type": "string", "minLength": 2}, {"maxLength": 3}]},
        "ab",
        {"#allOf/1/maxLength": ON},
        {"#allOf/0/minLength": UNDER, "#allOf/1/maxLength": OVER},
    ),
    (
        {"anyOf": [{"type": "string", "minLength": 1}, {"type": "integer", "minimum": 0}]},
        "a",
        {},
        {"#anyOf": [*but("integer", "string"), "empty-string", "minus-one"]},
    ),
    (
        {"oneOf": [{"type": "string"}, {"type": "integer"}]},
        "a",
        {},
        {"#oneOf": but("integer", "string")},
    ),
    # Nothing but its examples is known to be right.
    (
        {"type": "string", "maxLength": 3, "examples": ["A", "BBB"]},
        "A",
        {},
        {"#maxLength": OVER},
    ),
    (
        {"type": "string", "pattern": "^a{2,3}$", "examples": ["aaa"]},
        "aaa",
        {},
        {
            "#pattern": [
                *("one-under", "empty", *OVER),
                *forbidden("`b", 1, *SPOTS),
                *BEHIND,
                *(name.format(1) for name in LETTERS),
                # The longest is the base, so what is trimmed to it is among these already.
                *ENDS,
            ]
        },
    ),
]


@pytest.mark.parametrize(("schema", "right", "accepted", "rejected"), KEYWORDS)
def test_each_keyword_has_its_cases(
    tmp_path: Path,
    schema: dict[str, Any],
    right: Any,
    accepted: dict[str, list[str]],
    rejected: dict[str, list[str]],
) -> None:
    """In a small document each keyword gets its cases, and the second judge agrees with each."""
    operation = small(tmp_path, in_object(schema), example={"it": right}).pick()
    made = suite.build(operation)

    def found(polarity: str) -> dict[str, list[str]]:
        listed = by_rule(made, polarity).items()
        return {
            rule.removeprefix("request/it"): names
            for rule, names in listed
            if rule.startswith("request/it") and not rule.endswith("type")
        }

    assert (found("accept"), found("reject")) == (accepted, rejected)
    assert {one.id: broken_rules(operation, one) for one in made} == expected_rules(made)


def test_the_keywords_above_are_all_there_are() -> None:
    """No keyword that is a rule is forgotten here."""
    text = json.dumps([schema for schema, *_ in KEYWORDS])
    forgotten = [one for one in sorted(rules.CONSTRAINTS) if f'"{one}"' not in text]

    assert forgotten == []


def test_a_member_that_the_base_lacks(tmp_path: Path) -> None:
    """An optional member that is not there is put there right, and then broken; none below it."""
    inner = in_object({"type": "integer"}) | {"required": ["it"]}
    operation = small(tmp_path, in_object(inner), example={}).pick()
    made = suite.build(operation)
    types = [*but("object"), "json-text", NO_TEXT, LIST]

    assert {rule: names for rule, names in by_rule(made, "reject").items() if "/it" in rule} == {
        "request/it#type": types
    }
    assert {one.id: broken_rules(operation, one) for one in made} == expected_rules(made)


TWINS: list[tuple[dict[str, Any], Any, dict[str, str]]] = [
    (
        {"type": "string", "minLength": 2, "maxLength": 6},
        "abcd",
        {"minLength/one-under": "minLength/on-bound", "maxLength/one-over": "maxLength/on-bound"},
    ),
    (
        {"type": "string", "pattern": "^[a-c]{2,6}$"},
        "abcb",
        {"pattern/one-under": "pattern/shortest", "pattern/one-over": "pattern/longest"},
    ),
    (
        {"type": "integer", "minimum": 10, "maximum": 99},
        55,
        {"minimum/one-under": "minimum/on-bound", "maximum/one-over": "maximum/on-bound"},
    ),
    (
        {"type": "integer", "exclusiveMinimum": 10, "exclusiveMaximum": 19},
        15,
        {
            "exclusiveMinimum/on-bound": "exclusiveMinimum/one-inside",
            "exclusiveMaximum/on-bound": "exclusiveMaximum/one-inside",
        },
    ),
    (
        {"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": 5},
        [1, 1, 1],
        {"minItems/one-under": "minItems/on-bound", "maxItems/one-over": "maxItems/on-bound"},
    ),
    # The base stands on the bound itself.
    ({"type": "integer", "minimum": 2}, 2, {"minimum/one-under": "type/baseline"}),
    ({"enum": ["Paid", "PAD"]}, "Paid", {"enum/unknown": "type/baseline"}),
]


@pytest.mark.parametrize(("schema", "right", "twins"), TWINS)
def test_what_is_beyond_a_bound_has_its_twin_on_it(
    tmp_path: Path, schema: dict[str, Any], right: Any, twins: dict[str, str]
) -> None:
    """A step too far is compared with the last right step, wherever that is another request."""
    operation = small(tmp_path, in_object(schema), example={"it": right}).pick()
    made = suite.build(operation)

    assert {
        one.family: one.twin.rpartition("#")[2]
        for one in made
        if one.polarity == "reject" and one.family in twins
    } == twins


@pytest.mark.parametrize("level", ["documented page", "assumed"])
def test_no_twin_is_a_guess(tmp_path: Path, level: str) -> None:
    """Nothing is compared with what no evidence settles, not even where all is assumed."""
    schema = in_object({"type": "integer"})
    operation = small(tmp_path, schema, example={"it": 1}, level=level).pick()
    made = {one.id: one for one in suite.build(operation)}
    fraction = made["request/it#type/fraction"]

    # By its bytes it would be the spelling with a point: 1.0 and 1.5.
    assert fraction.wire.body == b'{"it":1.5}'
    assert made["request/it#type/decimal-point"].wire.body == b'{"it":1.0}'
    assert fraction.twin == BASELINE


# Any document

SCALARS: list[dict[str, Any]] = [
    {"type": "boolean"},
    {"type": "null"},
    {"const": "A"},
    {"const": {"a": [1]}},
    {"enum": ["Paid", 2, None]},
    {"type": ["integer", "null"], "minimum": 2, "examples": [2, None]},
    {"type": "string", "pattern": "^(?:ab|c+d)$", "examples": ["cd"]},
    {"type": "string", "pattern": "^.{4}$", "x-known-good": {"pattern": "^A[b-d]{3}$"}},
    {"type": "string", "pattern": r"^(a|b)\1$", "examples": ["aa"]},
]
"""Schemas that strategies would hardly come to."""


def around(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Draw schemas made of others, such as a document may hold."""
    nothing = {"type": "null"}
    made = [
        lambda one: {"type": "object", "additionalProperties": one},
        lambda one: {"allOf": [one, {"title": "x"}]},
        lambda one: {"anyOf": [one, nothing]},
        lambda one: {"oneOf": [one, {"const": "nothing else is this"}]},
    ]
    return (
        arrays(inner)
        | objects(inner)
        | st.tuples(st.sampled_from(made), inner).map(lambda pair: pair[0](pair[1]))
    )


SCHEMAS = st.recursive(strings() | numbers() | st.sampled_from(SCALARS), around, max_leaves=4)


@pytest.mark.unmeasured
@given(schema=SCHEMAS, level=st.sampled_from(["documented page", "assumed"]))
@example(schema={"type": "array", "items": {"type": "string", "maxLength": 0}}, level="assumed")
def test_any_suite_is_proven(
    tmp_path_factory: pytest.TempPathFactory, schema: dict[str, Any], level: str
) -> None:
    """Whatever the document: ids and requests differ, twins are right, the second judge agrees."""
    folder = tmp_path_factory.mktemp("any")
    operation = small(folder, in_object(schema), level=level).pick()
    made = suite.build(operation)
    named = {one.id: one for one in made}
    requests = [(one.rule.id, one.polarity, one.wire) for one in made]
    twins = {one.id: named[one.twin] for one in made if one.polarity == "reject"}

    assert [(one.id, one.family.partition("/")[0]) for one in made] == [
        (f"{one.rule.id}/{one.family.partition('/')[2]}", one.rule.keyword) for one in made
    ]
    assert (len(named), len(set(requests))) == (len(made), len(made))
    assert {one.id: broken_rules(operation, one) for one in made} == expected_rules(made)
    assert {one.polarity for one in twins.values()} == {"accept"}
    assert [
        name for name, one in twins.items() if one.id != BASELINE and one.rule != named[name].rule
    ] == []
    assert [name for name, one in twins.items() if further(named[name], one, made[0])] == []


def shared(one: bytes, other: bytes) -> int:
    """Return how many bytes two texts begin with in common."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, pair in pairs if len(set(pair)) > 1), min(len(one), len(other)))


def further(case: Case, twin: Case, baseline: Case) -> bool:
    """Say whether a case is further from its twin than from the baseline, by their bytes."""

    def distance(other: Case) -> int:
        one, two = case.wire.body, other.wire.body
        start = shared(one, two)
        end = shared(one[start:][::-1], two[start:][::-1])
        return max(len(one), len(two)) - start - end

    return distance(twin) > distance(baseline)
