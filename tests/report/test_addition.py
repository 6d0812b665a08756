"""Reports add up: exactly, each run once, and only those of one document."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.contract.contract import load
from enkash_contract.contract.evidence import Evidence, Level
from enkash_contract.errors import UsageError
from enkash_contract.judging.result import Exercise, Result, Tally, add
from enkash_contract.report import About, Facts
from enkash_contract.report.addition import added
from enkash_contract.report.build import build
from tests.support.results import RESULT, about, finding
from tests.support.second_document import second

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.report.document import Report


def report(result: Result, started: float, **more: Any) -> Report:
    """Return the report of a run that began then."""
    return replace(build(result, about(facts=Facts(started=started), **more)), origin=None)


def sum_of(*reports: Report) -> Report:
    """Return the sum of reports, each called by its number."""
    return added((str(number), each) for number, each in enumerate(reports))


TALLIES = st.builds(Tally, *[st.integers(0, 3)] * 4)

EXERCISES = st.dictionaries(
    st.builds(
        Exercise,
        st.just("changeInvoiceStatus"),
        st.sampled_from(["request", "request#json", "request/device#type", "response.200"]),
        st.sampled_from(["accept", "reject"]),
        st.sampled_from(["baseline", "recorded", "a", "b"]),
    ),
    TALLIES,
    max_size=4,
)

FINDINGS = st.lists(
    st.builds(
        finding,
        st.sampled_from(["violation", "assumption"]),
        rule=st.sampled_from(["request#json", "request/device#type"]),
        pointer=st.sampled_from(["", "/a", "/b"]),
        evidence=st.sampled_from([Evidence(Level.ASSUMED), finding().evidence]),
    ),
    max_size=3,
).map(tuple)

RESULTS = st.builds(
    Result,
    FINDINGS,
    st.dictionaries(st.sampled_from(["held", "violation", "inconclusive"]), st.integers(1, 3)),
    notes=st.lists(st.sampled_from("ab"), max_size=1).map(tuple),
    exercises=EXERCISES,
    durations=st.dictionaries(
        st.tuples(st.just("changeInvoiceStatus"), st.sampled_from([10, 20])), st.integers(1, 3)
    ),
    requests=st.dictionaries(st.sampled_from(["accept", "reject"]), TALLIES),
)


@given(st.lists(RESULTS, min_size=1, max_size=3))
def test_the_sum_of_reports_is_the_report_of_the_sum(results: list[Result]) -> None:
    """Whatever was found, and however often."""
    parts = [report(result, float(number)) for number, result in enumerate(results)]
    whole, expected = sum_of(*parts), report(add(results), 0.0)
    runs = {run.id for part in parts for run in part.runs}

    assert {run.id for run in whole.runs} == runs
    assert whole.verdicts == expected.verdicts
    assert whole.notes == expected.notes
    assert [replace(each, run="") for each in whole.findings] == [
        replace(each, run="") for each in expected.findings
    ]
    assert {each.id: (each.count, each.members, each.evidence) for each in whole.causes} == {
        each.id: (each.count, each.members, each.evidence) for each in expected.causes
    }
    (operation,), (other,) = whole.operations, expected.operations
    assert operation.rules == other.rules
    assert operation.durations == other.durations
    assert operation.requests == other.requests


def test_any_grouping_gives_the_same() -> None:
    """A sum can be added to, in any order of brackets."""
    parts = [report(RESULT, float(number)) for number in range(3)]
    assert sum_of(sum_of(*parts[:2]), parts[2]) == sum_of(parts[0], sum_of(*parts[1:]))


def test_a_run_counts_once() -> None:
    """The same report is counted once; a sum that holds a part of another is an error."""
    one, other = report(RESULT, 1.0), report(RESULT, 2.0)
    both = sum_of(one, other)

    assert sum_of(one, one) == one
    assert sum_of(both, both, both) == both
    for parts in ((both, one), (one, both), (one, both, other)):
        with pytest.raises(UsageError, match="hold the same run; give each run once"):
            sum_of(*parts)


def test_reports_of_two_documents_are_not_added(tmp_path: Path) -> None:
    """Their rules may bear the same ids and be others."""
    overlay = tmp_path / "mine.yaml"
    overlay.write_text(
        "overlay: 1.0.0\ninfo: {title: mine, version: '1'}\n"
        "actions: [{target: $.info, update: {summary: mine}}]\n",
        encoding="utf-8",
    )
    contract = load(overlay)
    other = build(RESULT, about(contract))

    with pytest.raises(UsageError) as caught:
        sum_of(report(RESULT, 1.0), other)
    assert str(caught.value) == (
        "1 and 0 are of different documents or overlays, so their rules are not the same; add up "
        "reports of one document"
    )


def test_operations_stay_apart(tmp_path: Path) -> None:
    """Rules with one id in two operations are two; a cause may be of both, with members of each."""
    contract = second(tmp_path)
    first, last = contract.values()

    def of(operation: Any, started: float) -> Report:
        found = finding(operation=operation.id, rule="request#json", pointer="/a")
        ways = {
            Exercise(operation.id, "request#json", "reject", "recorded"): Tally(1),
            Exercise(operation.id, "", "reject", "violation"): Tally(1),
        }
        result = Result((found,), {"violation": 1}, exercises=ways)
        return build(result, About(contract, operation, "h", facts=Facts(started=started)))

    whole = sum_of(of(first, 1.0), of(last, 2.0))
    (cause,) = whole.causes

    assert [operation.id for operation in whole.operations] == [first.id, last.id]
    assert [operation.verdicts for operation in whole.operations] == [{"violation": 1}] * 2
    counts = {
        rule.operation: rule.reject.tally for rule in whole.rules if rule.id == "request#json"
    }
    assert counts == {first.id: Tally(1), last.id: Tally(1)}
    assert (cause.count, cause.members) == (2, (f"{first.id}:/a", f"{last.id}:/a"))
    assert cause.operations == (first.id, last.id)
