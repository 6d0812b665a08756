"""SARIF: valid by the official schema, with locations that the user's repository has."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from enkash_contract.contract.evidence import Evidence, Level, Source
from enkash_contract.judging.result import Result
from enkash_contract.report import Facts
from enkash_contract.report import sarif as measured  # noqa: F401 - by whichever test comes first
from enkash_contract.report.build import build
from enkash_contract.traffic import check_traffic
from enkash_contract.wire.message import Interaction, Request, Response
from tests.support.hostile import hostile, leaky, written
from tests.support.paths import ROOT
from tests.support.results import RESULT, about, finding

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.report.document import Report

PAGE = Source("api-1", "the pattern", "2026-11-22", "https://docs.example/api-1")


@cache
def schema() -> jsonschema_rs.Draft202012Validator:
    """Return the official schema."""
    text = (ROOT / "tests/schemas/sarif-2.1.0.json").read_text(encoding="utf-8")
    return jsonschema_rs.Draft202012Validator(json.loads(text))


def run_of(whole: Report) -> dict[str, Any]:
    """Return the only run of a report, which has to be valid."""
    data = json.loads(written("sarif", whole))
    assert [str(error) for error in schema().iter_errors(data)] == []
    (run,) = data["runs"]
    return dict(run)


@pytest.mark.parametrize("whole", [hostile, leaky, lambda: build(Result(), about())])
def test_a_report_is_valid(whole: object) -> None:
    """Whatever was sent, and where nothing was found."""
    assert callable(whole)
    run = run_of(whole())
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]

    assert len(rules) == len({*rules})
    assert [result["ruleId"] for result in run["results"]] == [
        rules[result["ruleIndex"]] for result in run["results"]
    ]
    assert written("sarif", whole()).isascii()


def test_a_result() -> None:
    """Its rule, level, message, fingerprint and cause; of a server there is no file."""
    known = finding(evidence=Evidence(Level.DOCUMENTED, PAGE))
    whole = build(Result((known,), {"violation": 1}), about())
    (result,) = run_of(whole)["results"]

    assert result == {
        "ruleId": "request/b2bIds/buyerB2BId#required",
        "ruleIndex": result["ruleIndex"],
        "level": "error",
        "message": {
            "text": "requests without a required member are accepted: accepted, although "
            "/b2bIds/buyerB2BId is required, but missing"
        },
        "locations": [
            {
                "logicalLocations": [
                    {
                        "fullyQualifiedName": "changeInvoiceStatus/b2bIds/buyerB2BId",
                        "kind": "property",
                    }
                ]
            }
        ],
        "partialFingerprints": {"enkashContract/v1": known.fingerprint},
        "properties": {
            "check": "negative_data_rejection",
            "severity": "violation",
            "fault": "server",
            "cause": whole.causes[0].id,
            "evidence": {"level": "documented", "source": "api-1"},
            "case": "request/b2bIds/buyerB2BId#required/removed",
            "repeat": whole.findings[0].reproduce,
        },
        "webRequest": {
            "method": "POST",
            "target": "http://h/x",
            "headers": {"Content-Type": "application/json"},
            "body": {"text": "{}"},
        },
        "webResponse": {"statusCode": 200, "headers": {}, "body": {"text": ""}},
    }


def test_a_rule_has_help_with_its_evidence() -> None:
    """In a sentence, and with the page."""
    whole = build(Result(), about())
    (operation,) = whole.operations
    basis = Evidence(Level.DOCUMENTED, PAGE)
    rules = (replace(operation.rules[0], evidence=basis, pointer="/a"), *operation.rules[1:])
    run = run_of(replace(whole, operations=(replace(operation, rules=rules),)))

    assert run["tool"]["driver"]["rules"][0] == {
        "id": "request#method",
        "name": "method",
        "shortDescription": {"text": "/a must be sent by POST"},
        "fullDescription": {
            "text": "/a must be sent by POST (documented: api-1, read 2026-11-22 "
            "https://docs.example/api-1)"
        },
        "help": {
            "text": "/a must be sent by POST.\nEvidence: documented: api-1, read 2026-11-22 "
            "https://docs.example/api-1.\napi-1 shows: the pattern"
        },
        "helpUri": "https://docs.example/api-1",
        "properties": {
            "evidence": {"level": "documented", "source": "api-1"},
            "state": "not exercised",
            "covered": [],
        },
    }


def test_the_severities() -> None:
    """An assumption is a note, and what is waived is suppressed for its reason."""
    found = (finding("assumption"), finding("waived", reason="until May"))
    waived, weak = run_of(build(Result(found, {"held": 1}), about()))["results"]

    assert (weak["level"], weak.get("suppressions")) == ("note", None)
    assert waived["level"] == "error"
    assert waived["suppressions"] == [
        {"kind": "external", "status": "accepted", "justification": "until May"}
    ]


def test_a_location_is_a_file_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The line of the entry in the recording, by its path in the repository."""
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    path = "/api/v0/invoice/req-status-change-invoice"
    label = [{"name": "Content-Type", "value": "application/json"}]
    sent = {"method": "POST", "url": f"http://h{path}", "headers": label}
    entry = {
        "request": {**sent, "postData": {"mimeType": "application/json", "text": "{}"}},
        "response": {"status": 400, "headers": [], "content": {"text": ""}},
    }
    repository = tmp_path / "repository"
    (repository / ".git").mkdir(parents=True)
    for folder in (repository / "logs", tmp_path):
        folder.mkdir(exist_ok=True)
        text = json.dumps({"log": {"entries": [entry]}}, indent=1)
        (folder / "a b.har").write_text(text, encoding="utf-8")
    monkeypatch.chdir(repository / "logs")

    whole = build(check_traffic("a b.har", "../../a b.har"), about())
    places = [result["locations"][0]["physicalLocation"] for result in run_of(whole)["results"]]
    assert len(places) == 8
    assert places[0] == {
        "artifactLocation": {"uri": "logs/a%20b.har", "uriBaseId": "SRCROOT"},
        "region": {"startLine": 4},
    }
    assert places[-1]["artifactLocation"] == {"uri": (tmp_path / "a b.har").as_uri()}


def test_what_is_not_known_is_left_out() -> None:
    """A finding without an exchange, or without a response; headers that come twice."""
    twice = (("A", "1"), ("Allow", "2"), ("Allow", "3"))
    lost = Interaction(Request("POST", "http://h", twice, None), None, "timed out")
    found = (
        finding(interaction=None, case="", rule="request/x#type"),
        finding(interaction=lost),
        finding(interaction=replace(lost, response=Response(204, (), None))),
    )
    first, second, third = run_of(build(Result(found), about()))["results"]

    assert "webRequest" not in first
    assert "ruleIndex" not in first
    assert second["webRequest"]["headers"] == {"A": "***", "Allow": "2, 3"}
    assert second["webResponse"] == {"noResponseReceived": True, "reasonPhrase": "timed out"}
    judged = finding(interaction=replace(lost, error=""))
    (only,) = run_of(build(Result((judged,)), about()))["results"]
    assert "webRequest" in only
    assert "webResponse" not in only
    assert third["webResponse"] == {"statusCode": 204, "headers": {}}


def test_several_operations_name_their_rules() -> None:
    """A rule of another operation is another rule."""
    whole = build(RESULT, about())
    other = replace(whole.operations[0], id="pay", rules=())
    run = run_of(replace(whole, operations=(*whole.operations, other)))
    assert run["results"][0]["ruleId"] == ("changeInvoiceStatus:request/b2bIds/buyerB2BId#required")


def test_the_run() -> None:
    """Its command and times, and what it says beside its findings."""
    facts = Facts("check", started=1.0, finished=2.0)
    result = Result((), {"held": 1}, notes=("n",), waivers=("w",), promises=("p",))
    (invocation,) = run_of(build(result, about(facts=facts)))["invocations"]

    assert invocation["startTimeUtc"] == "1970-01-01T00:00:01.000Z"
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (True, 1)
    assert invocation["commandLine"] == "check"
    assert [
        (each["level"], each["message"]["text"])
        for each in invocation["toolExecutionNotifications"]
    ] == [("error", "w"), ("error", "p"), ("note", "n")]
