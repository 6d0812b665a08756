"""Reports of a selftest: what the suite made of each sandbox, in every format."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from enkash_contract import report
from enkash_contract.contract.contract import bundled
from enkash_contract.engine.bench import Row, sandboxes
from enkash_contract.engine.selftest import Matrix
from enkash_contract.judging.result import Result
from enkash_contract.report import FORMATS, Facts
from enkash_contract.report.addition import added
from enkash_contract.report.build import build
from enkash_contract.report.causes import CONFORMING
from enkash_contract.report.document import ReportSandbox
from enkash_contract.report.json_report import as_data
from enkash_contract.report.read import from_data, problem_of
from enkash_contract.report.selftest import report_of
from enkash_contract.report.sum_lines import sum_lines
from enkash_contract.report.words import proven, verdict
from tests.report.test_junit import schemas
from tests.support.results import about, finding

if TYPE_CHECKING:
    from enkash_contract.report.document import Report

OPERATION = bundled().pick()
JSON, TYPE = "request#json", "request#type"
FOUND = (
    Row("request#json/a", "takes a", JSON, "json", frozenset({JSON}), 1),
    Row("request#json/f", "takes f", JSON, "json", frozenset({JSON, TYPE}), 1),
    Row("conforming/e", "answers 400", named=frozenset({TYPE})),
)
FAILED = (
    Row("request#json/b", "takes b", JSON, "json", frozenset({TYPE}), 1),
    Row("request#type/c", "takes <c>\n", TYPE, "type"),
    Row("conforming/d", "answers 200", named=frozenset({JSON, TYPE}), violations=2),
)


def made(*rows: Row) -> Report:
    """Return the report of a selftest."""
    return report_of(Matrix(rows, 0.5), about(facts=Facts(command="selftest")))


def written(form: str, whole: Report) -> str:
    """Return a report in a format."""
    stream = io.StringIO()
    report.write(form, whole, stream)
    return stream.getvalue()


def test_each_sandbox_is_told() -> None:
    """With the rule of its defect, what became of it, and the rules that were named besides."""
    whole = made(*FOUND, *FAILED)
    name = OPERATION.id
    assert whole.sandboxes == (
        ReportSandbox(name, "request#json/a", "takes a", JSON, "found", ()),
        ReportSandbox(name, "request#json/f", "takes f", JSON, "found", (TYPE,)),
        ReportSandbox(name, "conforming/e", "answers 400", "", "conforming", (TYPE,)),
        ReportSandbox(name, "request#json/b", "takes b", JSON, "missed", (TYPE,)),
        ReportSandbox(name, "request#type/c", "takes <c>\n", TYPE, "missed", ()),
        ReportSandbox(name, "conforming/d", "answers 200", "", "blamed", (JSON, TYPE)),
    )
    assert whole.verdicts == {"held": 3, "violation": 3}
    assert whole.notes == ("request#json/f also shows as request#type",)
    # No rule of the contract was put to the test.
    assert whole.rules == ()


def test_what_fails_is_a_finding_of_the_suite() -> None:
    """A missed defect, and each rule for which a conforming variant was blamed."""
    whole = made(*FOUND, *FAILED)
    server = "the suite must find nothing on a conforming server that answers 200, but it names"
    assert [(each.rule, each.family, each.message) for each in whole.findings] == [
        (
            JSON,
            "request#json/b",
            f"the suite must name {JSON} on a server that takes b, but it names {TYPE}",
        ),
        (
            TYPE,
            "request#type/c",
            f"the suite must name {TYPE} on a server that takes <c>\n, but it names nothing",
        ),
        (JSON, "conforming/d", f"{server} {JSON}"),
        (TYPE, "conforming/d", f"{server} {TYPE}"),
    ]
    assert {(each.check, each.severity, each.fault) for each in whole.findings} == {
        ("selftest", "violation", "suite")
    }
    assert len({each.fingerprint for each in whole.findings}) == 4
    assert [(cause.sentence, cause.count, cause.fault) for cause in whole.causes] == [
        ("the suite misses defects of servers", 2, "suite"),
        ("the suite blames servers that conform", 2, "suite"),
    ]
    assert {each.id for each in whole.sources.values()} == {
        source.id for each in whole.findings for source in each.evidence.sources
    }


@pytest.mark.parametrize(
    ("rows", "exit_code", "sentence", "counts"),
    [
        (
            FOUND,
            0,
            "The suite passes the selftest.",
            "2 defects, 2 found, 0 missed; 1 conforming variant, 0 blamed",
        ),
        (
            FOUND + FAILED,
            1,
            "The suite fails the selftest: 2 defects missed, 1 conforming variant blamed.",
            "4 defects, 2 found, 2 missed; 2 conforming variants, 1 blamed",
        ),
    ],
)
def test_the_verdict(rows: tuple[Row, ...], exit_code: int, sentence: str, counts: str) -> None:
    """It is about the suite, with the exit code of the command."""
    whole = made(*rows)
    assert whole.exit_code == Matrix(rows).exit_code == exit_code
    assert (verdict(whole), proven(whole)) == (sentence, counts)
    assert [*sum_lines(whole)][-2:] == [f"selftest: {counts}", sentence.removesuffix(".")]


@pytest.mark.parametrize("rows", [FOUND, FOUND + FAILED])
@pytest.mark.parametrize("form", FORMATS)
def test_every_format_tells_what_was_missed(form: str, rows: tuple[Row, ...]) -> None:
    """None needs a rule that was exercised, or an exchange."""
    text = written(form, made(*rows))
    # Nothing was sent that could be sent again.
    assert ("takes b" in text) == (rows != FOUND and form != "har")


def test_it_is_read_back_and_adds_up() -> None:
    """The schema allows it, nothing is lost, and a run on a server keeps its own verdict."""
    whole = made(*FOUND, *FAILED)
    data = json.loads(json.dumps(as_data(whole)))
    assert problem_of(data) == ""
    assert from_data(data) == replace(whole, origin=None)


@pytest.mark.parametrize(
    ("result", "sentence"),
    [
        (
            Result((finding(),), {"violation": 1}),
            "http://h [x] violates the contract: 1 violation, 1 cause.",
        ),
        (
            Result((), {"held": 1}),
            "The suite fails the selftest: 2 defects missed, 1 conforming variant blamed.",
        ),
    ],
)
def test_it_adds_up_with_a_run_on_a_server(result: Result, sentence: str) -> None:
    """A server is never said to violate the contract because the suite fails."""
    whole, other = made(*FOUND, *FAILED), build(result, about())
    both = added((("a", whole), ("b", other)))
    lines = [*sum_lines(both)]
    assert (both.sandboxes, both.rules) == (whole.sandboxes, other.rules)
    assert "selftest: 4 defects, 2 found, 2 missed; 2 conforming variants, 1 blamed" in lines
    assert ("violates the contract" in lines[-1]) == bool(result.findings)
    assert (verdict(both), proven(both)) == (sentence, proven(other))


def test_junit_has_a_test_case_for_each_sandbox() -> None:
    """Valid by the schemas of CI servers; what fails is told in a sentence."""
    text = written("junit", made(*FOUND, *FAILED))
    assert [error.reason for schema in schemas() for error in schema.iter_errors(text)] == []
    cases = ET.fromstring(text).findall(".//testcase[@classname!='enkash.run']")  # noqa: S314 - our own output
    failures = [case.find("failure") for case in cases]
    assert [
        (case.get("name"), failure is not None)
        for case, failure in zip(cases, failures, strict=True)
    ] == [
        ("finds request#json/a", False),
        ("finds request#json/f", False),
        ("accepts conforming/e", False),
        ("finds request#json/b", True),
        ("finds request#type/c", True),
        ("accepts conforming/d", True),
    ]
    (first, *_) = [failure for failure in failures if failure is not None]
    assert first.attrib == {
        "message": "the suite must name request#json on a server that takes b, but it names "
        "request#type",
        "type": "selftest",
    }


def test_junit_keeps_the_sandboxes_of_operations_apart() -> None:
    """Each is in the suite of its own operation."""
    whole = made(*FOUND)
    other = replace(whole.operations[0], id="another")
    text = written("junit", replace(whole, operations=(*whole.operations, other)))
    counts = [each.get("tests") for each in ET.fromstring(text)]  # noqa: S314 - our own output
    assert counts == ["3", "3", "0"]


def test_only_variants_that_conform_are_called_so() -> None:
    """By its id a finding is told as blame, not as a miss."""
    called = {each.id.startswith(CONFORMING): each.rule for each in sandboxes(OPERATION)}
    assert (called[True], called[False] is None) == (None, False)
