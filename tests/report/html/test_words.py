"""The words of a page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from enkash_contract.contract.evidence import Level
from enkash_contract.judging.result import Result
from enkash_contract.report.build import build
from enkash_contract.report.html import words
from tests.support.results import RESULT, WEAK, about, finding

if TYPE_CHECKING:
    from enkash_contract.report.document import Report


def report_of(*, code: int, result: Result | None = None) -> Report:
    """Return the report of a run that ended with that code."""
    whole = build(result or Result(), about())
    return replace(whole, runs=(replace(whole.runs[0], exit=code),))


BAD = Result((finding(), finding(), WEAK))


@pytest.mark.parametrize(
    ("report", "colour"),
    [
        (report_of(code=0, result=BAD), "held"),
        (report_of(code=1), "broken"),
        (report_of(code=2, result=BAD), "broken"),
        (report_of(code=2), "inconclusive"),
        (report_of(code=3), "inconclusive"),
        (report_of(code=130, result=BAD), "inconclusive"),
    ],
)
def test_colours(report: Report, colour: str) -> None:
    """Red only where something is broken for sure."""
    assert words.colour(report) == colour


def test_proven() -> None:
    """How many rules are in each state, and what was exercised both ways."""
    assert words.proven(build(RESULT, about())) == (
        "Of 87 rules: 12 held, 2 broken (1 on weak evidence, or waived), 73 not exercised. "
        "Exercised both ways, by valid requests on the bound and by invalid ones past it: "
        "1 of 64 rules of requests."
    )


def test_words_are_complete() -> None:
    """Each level of evidence has its words, and each side a title."""
    assert [*words.LEVELS] == [*Level]
    assert [words.side(name) for name in ("request", "response", "response.4XX")] == [
        "Request",
        "Any response",
        "Response 4XX",
    ]


def test_all_findings_of_a_cause() -> None:
    """Of recorded traffic, some are counted and not kept."""
    assert words.all_of(1_204, 1_204) == "All 1,204 findings"
    assert words.all_of(3, 1_204) == "3 of 1,204 findings"
