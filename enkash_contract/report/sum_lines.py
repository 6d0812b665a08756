"""The sum of several reports for people: its causes in one sentence each, and the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from enkash_contract.contract.wording import counted
from enkash_contract.errors import printable
from enkash_contract.judging.result import CONFORMS, INTERRUPTED, MISUSED, VIOLATED
from enkash_contract.report.coverage import sentence
from enkash_contract.report.words import is_selftest, selftest_verdict, tried

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.report.document import Report

MOST = 40
"""So many causes are told at most."""

WORDS = {
    CONFORMS: "conforms",
    VIOLATED: "violates the contract",
    MISUSED: "not all could be read",
    INTERRUPTED: "interrupted",
}
"""The verdicts by exit code."""


def sum_lines(report: Report) -> Iterator[str]:
    """Yield the lines of a sum."""
    told = [cause for cause in report.causes if cause.severity == "violation"]
    for number, cause in enumerate(told[:MOST], 1):
        counts = [counted(len(cause.members), "member")] if cause.members else []
        counts.append(counted(cause.count, cause.severity))
        yield printable(f"{number}. {cause.sentence}: {', '.join(counts)} ({cause.fault})")
    if len(told) > MOST:
        yield f"+{counted(len(told) - MOST, 'more cause')}"
    yield from (printable(f"waiver: {problem}") for problem in report.waivers)
    yield from (printable(f"coverage: {promise}") for promise in report.promises)
    yield from (printable(f"note: {problem}") for problem in report.unread)
    if report.recordings.files:
        yield f"recordings: {report.recordings}"
    if report.sandboxes:
        yield f"selftest: {tried(report)}"
    if report.rules and not report.promises:
        yield sentence(report.rules)
    if is_selftest(report):
        yield selftest_verdict(report)
    else:
        yield printable(f"{report.target}: {_verdict(report)}")


def _verdict(report: Report) -> str:
    verdict = WORDS.get(report.exit_code, "nothing could be concluded")
    if report.exit_code == VIOLATED and {cause.fault for cause in report.causes} == {"suite"}:
        verdict = "the suite fails the selftest"
    return (
        f"{verdict}; {counted(len(report.runs), 'run')}, {report.total:,} checked: "
        f"{report.count('held'):,} held, "
        f"{counted(report.number('violation'), 'violation')}, "
        f"{counted(report.number('assumption'), 'assumption')}, "
        f"{report.count('inconclusive'):,} inconclusive"
    )
