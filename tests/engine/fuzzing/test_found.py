"""The failures of fuzzing: the smallest example of each, and none that the suite reports."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from enkash_contract.engine.fuzzing.found import Failures
from enkash_contract.engine.fuzzing.options import Fuzz
from enkash_contract.engine.fuzzing.prober import Sighting
from enkash_contract.engine.fuzzing.steps import Maker, Step
from enkash_contract.engine.plan import make_plan
from enkash_contract.generation import fuzz_ids
from enkash_contract.judging.finding import Finding
from enkash_contract.judging.result import Result, Tally
from enkash_contract.wire.message import Interaction

if TYPE_CHECKING:
    from pathlib import Path

PLAN = make_plan()
MAKER = Maker(PLAN)
STEP = MAKER.invalid(MAKER.mutations[0], MAKER.base, ())
SUITE = Result(verdicts={"held": 3}, baseline="accepted")


def sighting(
    check: str = "negative_data_rejection",
    step: Step = STEP,
    interaction: Interaction | None = None,
    tally: Tally = Tally(1, 0),  # noqa: B008 - a value that never changes
) -> Sighting:
    """Return a finding on a step."""
    case = step.case
    finding = Finding(
        check,
        PLAN.operation.id,
        case.rule.id,
        case.evidence,
        "violation",
        "",
        case.rule.place,
        family=case.family,
        case=case.id,
        interaction=interaction or Interaction(case.request(), None, "is gone"),
    )
    return Sighting(finding, step, tally)


def failures(suite: Result = SUITE, database: Path | None = None, draws: float = 100) -> Failures:
    """Return the failures of a run of fuzzing."""
    return Failures(Fuzz(draws, math.inf, 7, database), suite)


def test_the_smallest_example_is_kept() -> None:
    """Only the first of a failure is new; a larger one changes nothing."""
    found = failures()
    larger = sighting(step=Step(STEP.case, (), ("/a",)))
    smaller = sighting()
    assert found.keep([larger]) == [larger]
    assert found.keep([smaller, larger]) == []
    assert found.keys == {smaller.key}
    assert found.result().findings == (smaller.finding,)


def test_what_the_suite_reports_is_nothing_new() -> None:
    """The same rule and family, without the mark of a drawn one."""
    drawn = sighting()
    plain = fuzz_ids.plain(drawn.finding.family)
    suite = Result((sighting_of_suite(drawn, plain),))
    found = failures(suite)
    assert found.is_known(drawn)
    assert found.new([drawn]) == ()
    assert found.keep([drawn]) == []
    assert found.result().findings == suite.findings


def sighting_of_suite(drawn: Sighting, family: str) -> Finding:
    """Return the finding that the suite has of the same failure."""
    finding = drawn.finding
    return Finding(
        finding.check,
        finding.operation,
        finding.rule,
        finding.evidence,
        "violation",
        "",
        finding.document,
        family=family,
    )


def test_one_request_is_one_case() -> None:
    """However many checks it fails; the rule is counted once."""
    interaction = Interaction(STEP.case.request(), None, "is gone")
    found = failures()
    found.keep(
        sighting(check, interaction=interaction)
        for check in ("negative_data_rejection", "status_code_conformance")
    )
    result = found.result()
    assert len(result.findings) == 2
    assert result.verdicts == {"held": 3, "violation": 1}
    assert result.tallies == {(STEP.case.rule.id, "reject"): Tally(1, 0)}


def test_a_case_that_was_not_exercised_is_not_counted_so() -> None:
    """A crash says nothing about the rule that was tested."""
    found = failures()
    found.keep([sighting("not_a_server_error", tally=Tally())])
    assert found.result().tallies == {}


@pytest.mark.parametrize(
    ("draws", "seconds", "done", "elapsed", "expected"),
    [
        (100, math.inf, 20, 5.0, (25, 105)),
        (100, math.inf, 120, 5.0, (125, 125)),
        (math.inf, 30.0, 20, 10.0, (25, 65)),
        (math.inf, 30.0, 20, 0.0, (25, 600_005)),
        (math.inf, 30.0, 20, 40.0, (25, 25)),
    ],
)
def test_progress_is_estimated(
    draws: float, seconds: float, done: int, elapsed: float, expected: tuple[int, int]
) -> None:
    """From the draws that are asked for, or from the pace so far; never less than is done."""
    found = Failures(Fuzz(draws, seconds, 7), SUITE)
    found.draws = done
    assert found.progress(5, elapsed) == expected


def test_the_notes_say_how_to_repeat_it(tmp_path: Path) -> None:
    """With the draws that were begun, because a run of fewer would draw others."""
    found = failures(database=tmp_path)
    found.begin(100)
    found.draws = 40
    found.note_over(silent=True)
    found.note_over(silent=False)
    result = found.stopped()
    assert (result.interrupted, result.fuzzed) == (True, "--fuzz 100 --seed 7")
    assert result.notes == (
        "fuzzing found nothing beyond the suite in 40 draws with seed 7; --fuzz 100 --seed 7 "
        "repeats it",
        "fuzzing ended early: the target no longer responds",
        "fuzzing ended early: the baseline is now rejected",
        "interrupted while fuzzing",
    )


def test_failures_are_counted_and_a_missing_folder_is_noted() -> None:
    """Without a folder nothing is remembered."""
    found = failures()
    found.begin(1)
    found.draws = 1
    found.keep([sighting()])
    assert found.result().notes == (
        "fuzzing found 1 failure beyond the suite in 1 draw with seed 7; --fuzz 1 --seed 7 "
        "repeats it",
        "what fuzzing finds is not remembered: there is no cache folder to write to",
    )


def test_what_was_not_begun_has_nothing_to_repeat() -> None:
    """Only the reason is noted."""
    found = failures()
    found.not_begun("the baseline was not accepted")
    result = found.result()
    assert result.notes == ("fuzzing was not begun: the baseline was not accepted",)
    assert result.fuzzed == ""
