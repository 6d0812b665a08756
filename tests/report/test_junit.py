"""JUnit XML: valid by the schemas that CI servers publish, and counts that add up."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from xml.etree import ElementTree as ET

import junitparser
import pytest
import xmlschema
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.contract.contract import bundled
from enkash_contract.engine.check import check_target
from enkash_contract.judging.checks import REQUEST_SCHEMA, SERVER_ERROR
from enkash_contract.judging.result import Exercise, Result, Tally
from enkash_contract.report import Facts
from enkash_contract.report.build import build
from enkash_contract.report.junit import UNKNOWN_TIME, legal, suites, token
from tests.support.hostile import hostile, leaky, written
from tests.support.paths import ROOT
from tests.support.results import PATTERN, RESULT, about, finding

OPERATION = "changeInvoiceStatus"
REQUIRED = "request/b2bIds/buyerB2BId#required"


@cache
def schemas() -> list[xmlschema.XMLSchema]:
    """Return the schemas that CI servers publish."""
    return [xmlschema.XMLSchema(ROOT / f"tests/schemas/junit-{name}.xsd") for name in (4, 10)]


def text(result: Result) -> str:
    """Return a result as JUnit XML."""
    return written("junit", build(result, about()))


def outcomes(result: Result) -> dict[str, str]:
    """Return how each test case of a result ended, with the beginning of the reason."""
    return {
        case.name: f"{case.outcome} {(case.message or case.text).splitlines()[0]}"
        for suite in suites(build(result, about()))
        for case in suite.cases
        if case.outcome and not case.text.startswith("not exercised")
    }


@pytest.mark.parametrize("whole", [hostile, leaky, lambda: build(RESULT, about())])
def test_a_report_is_valid(whole: object) -> None:
    """By both schemas, and as Ant has it: a suite has a number, a package and a time."""
    assert callable(whole)
    content = written("junit", whole())
    root = ET.fromstring(content)  # noqa: S314 - our own output

    assert [error.reason for schema in schemas() for error in schema.iter_errors(content)] == []
    assert content.isascii()
    assert len(content) < 200_000
    assert [suite.get("id") for suite in root] == ["0", "1"]
    assert {suite.get("package") for suite in root} == {"enkash"}
    for suite in root:
        assert [child.tag for child in suite if child.tag != "testcase"] == (
            ["properties", "system-out", "system-err"]
        )


def test_counts_add_up() -> None:
    """As a reader counts them: what a suite says of itself is what is in it."""
    read = junitparser.JUnitXml.fromstring(text(RESULT).encode())
    for suite in read:
        results = [case.result[0] if case.result else None for case in suite]
        kinds = (junitparser.Failure, junitparser.Error, junitparser.Skipped)
        counts = [sum(isinstance(each, kind) for each in results) for kind in kinds]

        assert [suite.failures, suite.errors, suite.skipped] == counts
        assert suite.tests == len(results)


def test_a_rule_is_seen_from_each_side() -> None:
    """Broken fails, held passes, and what is not known is skipped with the reason."""
    weak = replace(finding("assumption"), rule="request/device#required")
    waived = replace(finding("waived"), rule="request/device/tag#required", reason="until May")
    masked = {Exercise(OPERATION, "request/b2bIds#required", "reject", "x"): Tally(2, 0, 2)}
    unclear = {Exercise(OPERATION, "request/b2bIds#type", "reject", "y"): Tally(0, 0, 0, 3)}
    crashed = {Exercise(OPERATION, "request/b2bIds#type", "accept", "z"): Tally(1)}
    result = Result(
        (*RESULT.findings, weak, waived),
        {"held": 1},
        exercises={**RESULT.exercises, **masked, **unclear, **crashed},
    )
    found = outcomes(result)
    sentence = "requests without a required member are accepted"

    assert f"accept {PATTERN}" not in found
    assert f"reject {PATTERN}" not in found
    assert found == {
        f"reject {REQUIRED}": f"failure {sentence} (3 findings)",
        "reject request/device#required": f"skipped {sentence} (1 finding)",
        "reject request/device/tag#required": f"skipped {sentence} (1 finding)",
        "response response.4XX/payload#required": (
            "skipped requests without a required member are accepted (1 finding)"
        ),
        "reject request/b2bIds#required": (
            "skipped masked: rejected, but so is every other value: nobody knows why"
        ),
        "reject request/b2bIds#type": (
            "skipped inconclusive: tested, and nothing could be concluded"
        ),
        "accept request/b2bIds#type": (
            "skipped broken: not every such request went well; see the other tests"
        ),
    }


def test_a_fault_of_the_client_is_a_test_of_its_own() -> None:
    """Where requests were recorded, each rule is one that the client keeps or breaks."""
    recorded = {Exercise(OPERATION, "request", "accept", "recorded"): Tally(2, 2)}
    broken = finding(check=REQUEST_SCHEMA, fault="client", case="", family="")
    found = text(Result((broken,), {"held": 2, "violation": 1}, exercises=recorded))
    sent = [line for line in found.splitlines() if 'name="sent ' in line]

    assert len(sent) == 64
    assert [line for line in sent if not line.endswith("/>")] == [
        f'    <testcase name="sent {REQUIRED}" classname="enkash.{OPERATION}" time="0">'
    ]


def test_findings_are_told_with_all_that_is_known() -> None:
    """The first three of a test case; of the others, how many they are."""
    crash = finding(check=SERVER_ERROR, message="answered 500: it is too long", interaction=None)
    whole = build(Result((crash,) * 5, {"violation": 5}), about())
    (case,) = [case for suite in suites(whole) for case in suite.cases if case.kind]
    told, *others, more = case.text.split("\n\n")

    assert case.name == f"reject {REQUIRED}"
    assert (others, more) == ([told, told], "and 2 more findings")
    assert told.splitlines() == [
        "expected    any response but a server error",
        "actual      answered 500",
        "evidence    sibling: api-10664764, read 2026-11-22",
        f"rule        {REQUIRED} (openapi/enkash.yaml:227)",
        "case        request/b2bIds/buyerB2BId#required/removed",
        "at          http://h",
        "fault       server",
        f"fingerprint {crash.fingerprint}",
    ]


def test_a_valid_request_that_fails_is_of_the_side_that_accepts() -> None:
    """The family of a finding says from which side its rule was seen, if the check does not."""
    crash = finding(check=SERVER_ERROR, message="answered 500: x", family="required/kept")
    kept = {Exercise(OPERATION, REQUIRED, "accept", "required/kept"): Tally(1)}
    found = outcomes(Result((crash,), {"violation": 1}, exercises=kept))
    assert [*found] == [f"accept {REQUIRED}"]


def test_a_rule_that_is_not_in_the_document_is_told_too() -> None:
    """A report that was read may be of another document."""
    found = outcomes(Result((finding(rule="request/x#type"),), {"violation": 1}))
    assert [*found] == ["reject request/x#type"]


def test_a_run_that_is_no_success_is_never_green() -> None:
    """What it fails for beside its findings is a test of the run."""
    unread = outcomes(Result(unread=("x.har is not HAR",), notes=("a note",)))
    others = outcomes(Result((), {"held": 1}, waivers=("w",), promises=("p", "q")))

    assert unread == {
        "everything is read and concluded": (
            "error Not all could be read of http://h [x]: 0 violations, 0 causes in the rest."
        )
    }
    assert others == {"waivers are in date": "failure w", "coverage is as promised": "failure p"}
    assert outcomes(Result((), {"held": 1})) == {}


def test_the_facts_of_runs_are_properties() -> None:
    """Those that are known; of a sum, each with the number of its run."""
    run = build(Result((), {"held": 1}, fuzzed="--fuzz 1 --seed 7"), about(facts=FACTS))
    (whole, _) = suites(run)
    two = replace(run, runs=(run.runs[0], replace(run.runs[0], target="b", seed=None)))

    assert (whole.started, whole.properties["seed"]) == ("1970-01-01T00:16:40", "7")
    assert whole.properties["command"] == "check"
    assert next(suites(two)).properties["target.2"] == "b"
    assert "seed.2" not in next(suites(two)).properties
    assert next(suites(build(Result(), about()))).started == UNKNOWN_TIME


FACTS = Facts("check", started=1000.0, finished=1001.0)


def test_a_run_against_the_sandbox_is_all_green() -> None:
    """Every rule passes, or is skipped with the reason."""
    whole = build(check_target(), about())
    found = {case.outcome for suite in suites(whole) for case in suite.cases}
    assert found <= {"", "skipped"}
    assert len(bundled().pick().rules) < sum(len(suite.cases) for suite in suites(whole))


@given(st.text())
def test_no_text_makes_the_file_illegal(name: str) -> None:
    """What XML cannot hold is written as an escape, and a name is in one line."""
    element = ET.Element("x", {"name": token(name)})
    element.text = legal(name)
    read = ET.fromstring(ET.tostring(element))  # noqa: S314 - our own output

    assert (read.text or "") == legal(name)
    assert read.get("name") == token(name)


def test_operations_are_suites_of_their_own() -> None:
    """A finding is told in the suite of its operation."""
    found = build(Result((finding(operation="pay"), finding()), {"violation": 2}), about())
    other = replace(found.operations[0], id="pay", rules=())
    named = [
        (suite.name, [case.name for case in suite.cases if case.outcome == "failure"])
        for suite in suites(replace(found, operations=(other, *found.operations)))
    ]
    name = f"reject {REQUIRED}"
    assert named == [("run", []), ("pay", [name]), (OPERATION, [name])]
