"""The model of a report: what it knows of itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from enkash_contract.judging.result import Result
from enkash_contract.report.build import build
from enkash_contract.report.document import Report
from tests.support.results import RESULT, about

REPORT = build(RESULT, about())


def test_findings_are_found_by_severity_and_cause() -> None:
    """Each in the order of the result."""
    violation, weak = REPORT.causes
    first, *others = REPORT.findings

    assert REPORT.of_severity("assumption") == (first,)
    assert REPORT.of_severity("violation") == tuple(others)
    assert REPORT.of_cause(violation) == tuple(others)
    assert REPORT.of_cause(weak) == (first,)
    assert REPORT.of_cause(replace(weak, id="another")) == ()


def test_the_verdicts_are_counted() -> None:
    """Of all cases together."""
    assert (REPORT.total, REPORT.count("held"), REPORT.count("masked")) == (11, 5, 0)


@pytest.mark.parametrize(
    ("codes", "code"),
    [
        ((0, 3, 1, 2, 130), 130),
        ((0, 3, 1, 2), 2),
        ((0, 3, 1), 1),
        ((0, 3), 3),
        ((0, 0), 0),
        ((), 3),
    ],
)
def test_the_exit_code_of_several_runs(codes: tuple[int, ...], code: int) -> None:
    """The worst decides, as it does within one run."""
    (run,) = build(Result(), about()).runs
    whole = Report(tuple(replace(run, exit=each) for each in codes), (), (), ())
    assert whole.exit_code == code


def test_the_targets_are_named_once() -> None:
    """However many runs were against the same."""
    (run,) = REPORT.runs
    runs = tuple(replace(run, target=name) for name in "abab")
    assert Report(runs, (), (), ()).target == "a, b"
