"""Findings as causes: which go together, in which words, and with which example."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import enkash_contract as ec
from enkash_contract.contract.contract import bundled
from enkash_contract.contract.evidence import Evidence, Level
from enkash_contract.contract.keywords import PHRASES
from enkash_contract.generation import suite
from enkash_contract.judging import checks
from enkash_contract.judging.result import Result, Tally
from enkash_contract.report.causes import EXAMPLES, SENTENCES, Cause, causes, example
from enkash_contract.wire.message import Interaction, Request, Response
from tests.support.results import finding

if TYPE_CHECKING:
    from enkash_contract.judging.finding import Finding, Severity

CONTRACT = bundled()
VERSION = "request/invoiceStatus/objectVersion/currentVersion"
REJECTIONS = [case for case in suite.cases() if case.polarity == "reject"]
ACCEPTANCES = [case for case in suite.cases() if case.polarity == "accept"]


def of_case(case: Any, check: str, severity: Severity = "violation") -> Finding:
    """Return a finding of `check` on a case."""
    return finding(
        severity,
        check=check,
        rule=case.rule.id,
        pointer=case.rule.pointer,
        family=case.family,
        case=case.id,
        message=f"accepted, although {case.says}",
    )


def told(*findings: Finding, **more: Any) -> list[str]:
    """Return the sentences of the causes of some findings."""
    return [cause.sentence for cause in causes(Result(findings, **more), CONTRACT)]


def found(rule: str, *families: str, check: str = checks.NEGATIVE, **more: Any) -> list[Finding]:
    """Return a finding on each family of a rule."""
    return [
        finding(check=check, rule=rule, family=family, case=f"{rule}/{family}", **more)
        for family in families
    ]


ALL = (
    checks.SERVER_ERROR,
    checks.NEGATIVE,
    checks.POSITIVE,
    checks.REQUEST_SCHEMA,
    checks.RESPONSE_SCHEMA,
    checks.STATUS,
    checks.CONTENT_TYPE,
    checks.SELFTEST,
)
"""Every check, the worst first."""


def test_each_check_has_a_sentence_and_an_example() -> None:
    """The tables know every check, those on the pair as well."""
    assert tuple(SENTENCES) == ALL
    assert tuple(EXAMPLES) == ALL
    assert {*checks.CHECKS} <= {*ALL}


@pytest.mark.parametrize("check", ALL)
@pytest.mark.parametrize("keyword", [*PHRASES])
def test_each_keyword_has_a_sentence_of_each_check(check: str, keyword: str) -> None:
    """A finding without a family, of a record or a draw, is worded by its rule's keyword."""
    if keyword == "status":
        check = checks.STATUS
    for rule in (f"request/x#{keyword}", f"request/x#allOf/0/{keyword}"):
        (sentence,) = told(finding(check=check, rule=rule, family="", case=""))
        assert sentence == sentence.strip()
        assert "{" not in sentence


def test_numeric_strings_are_one_cause() -> None:
    """In all their spellings, and at all members."""
    families = ["type/numeric-string", "type/numeric-string-plus"]
    other = VERSION.replace("current", "new")
    (cause,) = causes(
        Result((*found(f"{VERSION}#type", *families), *found(f"{other}#type", *families))), CONTRACT
    )

    assert cause.sentence == "numeric strings are accepted as integers"
    assert (cause.fault, cause.severity, len(cause.findings)) == ("server", "violation", 4)


def test_a_rule_that_is_not_enforced_is_one_cause() -> None:
    """All that was tried was accepted, so there is no need to tell the ways apart."""
    rule = f"{VERSION}#type"
    families = ["type/numeric-string", "type/boolean", "type/null"]

    assert (
        told(*found(rule, *families))
        == [
            "null values are accepted as integers",
            "booleans are accepted as integers",
            "numeric strings are accepted as integers",
        ][::-1]
    )
    assert told(*found(rule, *families), tallies={(rule, "reject"): Tally(3)}) == [
        "values of the wrong type are accepted as integers"
    ]
    crashes = found(rule, *families, check=checks.SERVER_ERROR)
    assert told(*crashes, tallies={(rule, "reject"): Tally(3)}) == [
        "values of the wrong type make the server fail"
    ]


@pytest.mark.parametrize(
    ("rule", "family", "check", "sentence"),
    [
        (
            "request/b2bIds/buyerB2BId#type",
            "type/fraction",
            checks.NEGATIVE,
            "numbers are accepted as strings",
        ),
        (
            f"{VERSION}#type",
            "type/fraction",
            checks.NEGATIVE,
            "numbers with a fraction are accepted as integers",
        ),
        (
            "request/x#type",
            "type/null",
            checks.NEGATIVE,
            "null values are accepted as valid values",
        ),
        ("request#json", "json/empty", checks.SERVER_ERROR, "empty bodies make the server fail"),
        (
            "request/b2bIds/buyerB2BId#pattern",
            "pattern/markup",
            checks.SERVER_ERROR,
            "texts with & < > or ' make the server fail",
        ),
        (
            "request#type",
            "type/right/drawn",
            checks.SERVER_ERROR,
            "some requests make the server fail",
        ),
        (
            "response#status",
            "",
            checks.SERVER_ERROR,
            "requests end in a server error, or without a response",
        ),
        ("request#type", "type/right/drawn", checks.POSITIVE, "valid requests are rejected"),
        (
            "request/b2bIds/buyerB2BId#pattern",
            "pattern/longest",
            checks.POSITIVE,
            "texts as long as allowed are rejected",
        ),
        (
            "request/b2bIds#required",
            "",
            checks.REQUEST_SCHEMA,
            "the client sends requests without a required member",
        ),
        (
            "response.200/payload#required",
            "",
            checks.RESPONSE_SCHEMA,
            "responses lack a required member",
        ),
        ("response.200#json", "", checks.RESPONSE_SCHEMA, "responses are not JSON"),
        (
            "response.200/payload#type",
            "",
            checks.RESPONSE_SCHEMA,
            "responses hold values of the wrong type",
        ),
        ("response#status", "", checks.STATUS, "responses have a status that is not documented"),
        (
            "response.200#content-type-single",
            "",
            checks.CONTENT_TYPE,
            "responses have two Content-Types",
        ),
        (
            "response.200#content-type",
            "",
            checks.CONTENT_TYPE,
            "responses are not labelled with the documented media type",
        ),
    ],
)
def test_sentences(rule: str, family: str, check: str, sentence: str) -> None:
    """Each says what happens in words that a stranger understands."""
    assert told(finding(check=check, rule=rule, family=family)) == [sentence]


def test_severities_and_faults_are_told_apart() -> None:
    """What is waived, or only assumed, is another cause; and so is what both sides did."""
    rule = "request/b2bIds#required"
    sent = finding(check=checks.REQUEST_SCHEMA, rule=rule, fault="client", family="")
    known = causes(
        Result((finding("assumption"), finding("waived"), sent, finding(), finding())), CONTRACT
    )

    assert [(cause.severity, cause.fault, len(cause.findings)) for cause in known] == [
        ("violation", "server", 2),
        ("violation", "client", 1),
        ("waived", "server", 1),
        ("assumption", "server", 1),
    ]


def test_files_and_operations_share_a_cause() -> None:
    """Where it was seen does not matter to what it is; the strongest evidence counts."""
    weak = finding(source="b.har", operation="other", evidence=Evidence(Level.OBSERVED))
    (cause,) = causes(Result((weak, finding(source="a.har"), finding(pointer=""))), CONTRACT)

    assert cause.members == ("other:/b2bIds/buyerB2BId", "changeInvoiceStatus:/b2bIds/buyerB2BId")
    assert cause.evidence.level is Level.SIBLING
    assert cause.example == finding(source="a.har")


@given(st.lists(st.sampled_from(REJECTIONS), max_size=30))
def test_no_finding_is_lost(cases: list[Any]) -> None:
    """Each is in one cause, and the causes of a sentence are one."""
    findings = [of_case(case, checks.NEGATIVE) for case in cases]
    known = causes(Result(tuple(findings)), CONTRACT)

    assert sorted(id(one) for cause in known for one in cause.findings) == sorted(map(id, findings))
    assert len({cause.sentence for cause in known}) == len(known)


def test_a_sandbox_with_a_defect_has_few_causes() -> None:
    """Whatever the defect, it is told in a handful of sentences."""
    target = ec.Sandbox(defect=f"{VERSION}#type/numeric-string-taken")
    result = ec.check_target(target, only=[f"{VERSION}#type"])

    (cause,) = (one for one in causes(result, CONTRACT) if one.severity == "violation")
    assert cause.sentence == "numeric strings are accepted as integers"
    assert repr(cause).startswith("Cause(")


# Examples


def seen(message: str, check: str, status: int | None = 200) -> dict[str, str]:
    """Return the example of a finding with that message."""
    response = None if status is None else Response(status)
    interaction = Interaction(Request("POST", "http://h/x"), response)
    return dict(example(finding(check=check, message=message, interaction=interaction)))


@pytest.mark.parametrize(
    ("message", "check", "expected", "actual"),
    [
        (
            "accepted, although /a must be 1, but it is 2",
            checks.NEGATIVE,
            "rejected, because /a must be 1, but it is 2",
            "accepted with status 200",
        ),
        (
            "rejected, although it keeps every rule: /a is 1; the response was {}",
            checks.POSITIVE,
            "accepted: /a is 1",
            "rejected with status 200: {}",
        ),
        (
            "rejected, although it keeps every rule: /a is 1",
            checks.POSITIVE,
            "accepted: /a is 1",
            "rejected with status 200",
        ),
        (
            "no response within 10 s: x",
            checks.SERVER_ERROR,
            "any response but a server error",
            "no response within 10 s: x",
        ),
        ("/a must be 1, but it is 2", checks.REQUEST_SCHEMA, "/a must be 1", "it is 2"),
        ("something else", checks.STATUS, "", "something else"),
    ],
)
def test_examples(message: str, check: str, expected: str, actual: str) -> None:
    """What was expected, and what there was instead."""
    assert seen(message, check) == {"expected": expected, "actual": actual}


@pytest.mark.parametrize(
    "actual",
    [
        "answered 500",
        'answered 502 ("bad: (gateway)")',
        'answered 500 ("ValueError: out of ran… (1,060 characters))',
    ],
)
def test_a_server_error_is_told_apart_from_the_request(actual: str) -> None:
    """The request that met it has a line of its own."""
    assert seen(f"{actual}: /a must be 1, but it is 2", checks.SERVER_ERROR) == {
        "expected": "any response but a server error",
        "actual": actual,
        "request": "/a must be 1, but it is 2",
    }


def test_an_example_without_a_response() -> None:
    """What is not known is not said."""
    assert seen("accepted, although x", checks.NEGATIVE, None)["actual"] == "accepted"
    assert dict(example(finding(interaction=None)))["actual"] == "accepted"


def test_a_cause_is_a_value() -> None:
    """Two with the same findings are equal."""
    assert Cause("a", "violation", "server", (finding(),)) == Cause(
        "a", "violation", "server", (finding(),)
    )
