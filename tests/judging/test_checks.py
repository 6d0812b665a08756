"""The checks on a response by itself: one rule each, by the names that Schemathesis gives them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from schemathesis.checks import CHECKS as THEIRS
from schemathesis.checks import load_all_checks

from enkash_contract.contract.contract import bundled
from enkash_contract.contract.evidence import FAIL_ON, Level
from enkash_contract.generation import suite
from enkash_contract.judging import checks
from enkash_contract.judging.checks import Judgement, judgement_of, response_findings
from enkash_contract.wire.message import Interaction, Request, Response, json_response, labelled

if TYPE_CHECKING:
    from enkash_contract.contract.evidence import Evidence

OPERATION = bundled().pick()
OK = {"payload": "SUCCESS", "response_code": 0, "response_message": "SUCCESS"}
NO = {"payload": "no such invoice", "response_code": 4, "response_message": "FAILED"}
SPOILT = {**OK, "response_code": "0"}


def found(response: Response | None) -> list[tuple[str, str]]:
    """Return check and rule of each finding on a response by itself."""
    findings = response_findings(judgement_of(OPERATION, response))
    return [(finding.check, finding.rule) for finding in findings]


def test_checks_bear_schemathesis_names() -> None:
    """A check that Schemathesis has as well is called as it is called there."""
    ours = {*checks.CHECKS, checks.POSITIVE, checks.NEGATIVE}
    load_all_checks()

    assert ours - set(THEIRS.get_all_names()) == set()
    assert checks.REQUEST_SCHEMA == "request_schema_conformance"
    assert [check.__name__ for check in checks.CHECKS.values()] == list(checks.CHECKS)


@pytest.mark.parametrize(
    ("response", "outcome", "expected"),
    [
        (json_response(200, OK), "accepted", []),
        (json_response(200, OK, label="application/json; charset=utf-8"), "accepted", []),
        (json_response(400, NO), "rejected", []),
        (
            json_response(400, NO, label="text/html"),
            "rejected",
            [(checks.CONTENT_TYPE, "response.4XX#content-type")],
        ),
        (
            json_response(200, SPOILT),
            "unknown",
            [(checks.RESPONSE_SCHEMA, "response.200/response_code#type")],
        ),
        (
            labelled(200, "application/json", b"{"),
            "unknown",
            [(checks.RESPONSE_SCHEMA, "response.200#json")],
        ),
        (Response(200, (("content-type", "application/json"),), None), "unknown", []),
        (json_response(302, OK), "unknown", [(checks.STATUS, "response#status")]),
        (json_response(500, OK), "error", [(checks.SERVER_ERROR, "response#status")]),
        (None, "error", [(checks.SERVER_ERROR, "response#status")]),
    ],
)
def test_each_check_finds_its_own_rule(
    response: Response | None, outcome: str, expected: list[tuple[str, str]]
) -> None:
    """What is wrong with a response is found once, by the check that is about it."""
    assert judgement_of(OPERATION, response).outcome == outcome
    assert found(response) == expected


def test_a_response_that_is_not_labelled_is_read_as_json() -> None:
    """What it does not state may be right, so both the label and the body are looked at."""
    assert found(labelled(200, None, b"")) == [
        (checks.CONTENT_TYPE, "response.200#content-type"),
        (checks.RESPONSE_SCHEMA, "response.200#json"),
    ]


TWO = "the response must state one media type, but it states application/json and "


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (["application/json"], []),
        (["application/json, application/json"], [f"{TWO}application/json"]),
        (["application/json", "Application/JSON; charset=utf-8"], [f"{TWO}application/json"]),
        (["application/json,text/html"], [f"{TWO}text/html"]),
    ],
)
def test_a_response_with_two_labels_is_read_by_the_first(
    labels: list[str], expected: list[str]
) -> None:
    """Two fields, or what a proxy has made of them: assumed to be wrong, and no more than that."""
    body = json_response(200, OK).body
    response = Response(200, tuple(("content-type", label) for label in labels), body)
    findings = [*response_findings(judgement_of(OPERATION, response))]
    assert [finding.message for finding in findings] == expected
    assert {(finding.check, finding.rule, finding.severity) for finding in findings} <= {
        (checks.CONTENT_TYPE, "response.200#content-type-single", "assumption")
    }
    assert judgement_of(OPERATION, response).outcome == "accepted"


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        (labelled(500, "text/plain", b"boom"), 'answered 500 ("boom")'),
        (labelled(500, "text/plain", b"\xff"), 'answered 500 ("\ufffd")'),
        (labelled(500, "text/plain", b""), "answered 500"),
        (labelled(503, "text/html", b"<p>"), "answered 503"),
    ],
)
def test_a_crash_is_quoted_in_plain_text_only(response: Response, expected: str) -> None:
    """A server that gives its reason in a text is quoted; a page is left out."""
    (crash,) = response_findings(judgement_of(OPERATION, response))
    assert crash.message == expected


@pytest.mark.parametrize("status", [*checks.REDIRECTIONS, 304])
def test_the_way_to_the_operation_is_not_held_to_the_document(status: int) -> None:
    """A redirection that says where to, and a cache with nothing new, break no rule."""
    response = Response(status, (("Location", "/elsewhere/"), ("Content-Type", "text/html")))
    assert found(response) == []


@pytest.mark.parametrize("status", checks.REDIRECTIONS)
def test_a_redirection_to_nowhere_is_a_response_like_any_other(status: int) -> None:
    """Without a Location it sends a client nowhere, and its status is not documented."""
    assert found(Response(status)) == [(checks.STATUS, "response#status")]


@pytest.mark.parametrize("status", [407, 200])
def test_a_proxy_is_not_held_to_the_document(status: int) -> None:
    """A proxy that asks for credentials sends a page of its own, which no check looks at."""
    expected = [] if status == 407 else [(checks.CONTENT_TYPE, "response.200#content-type")]
    assert found(labelled(status, "text/html", b"<p>")) == expected


@pytest.mark.parametrize(
    ("method", "path"), [("GET", OPERATION.path), ("POST", f"{OPERATION.path}/")]
)
def test_of_another_method_or_path_only_a_crash_is_found(method: str, path: str) -> None:
    """The document describes no responses to them."""
    for response, expected in (
        (json_response(302, SPOILT), []),
        (json_response(500, OK), [checks.SERVER_ERROR]),
    ):
        interaction = Interaction(Request(method, f"http://h{path}"), response)
        outcome = judgement_of(OPERATION, response).outcome
        judgement = Judgement(OPERATION, interaction, outcome, FAIL_ON)
        assert [finding.check for finding in response_findings(judgement)] == expected


@pytest.mark.parametrize("fail_on", list(Level))
def test_the_level_decides_the_severity(fail_on: Level) -> None:
    """A finding is a violation if its own rule is known well enough."""
    response = labelled(400, "text/html", b"<p>")
    (finding,) = response_findings(judgement_of(OPERATION, response, fail_on))
    assumed = fail_on is Level.ASSUMED
    assert finding.severity == ("violation" if assumed else "assumption")


def test_a_finding_on_a_response_keeps_the_case_but_no_family() -> None:
    """The same response may follow every case, and is one finding by its fingerprint."""
    case = next(case for case in suite.cases() if case.polarity == "reject" and case.rule.path)
    judgement = replace(judgement_of(OPERATION, json_response(200, SPOILT)), case=case)
    (finding,) = response_findings(judgement)
    assert (finding.case, finding.family, finding.pointer) == (case.id, "", "/response_code")


def test_a_crash_belongs_to_the_case() -> None:
    """It is told under the case's rule, with the evidence of what an error is."""
    case = next(case for case in suite.cases() if case.polarity == "reject")
    judgement = replace(judgement_of(OPERATION, None), case=case)
    (finding,) = response_findings(judgement)
    evidence: Evidence = OPERATION.outcome_evidence["error"]
    assert (finding.rule, finding.family, finding.evidence) == (case.rule.id, case.family, evidence)
