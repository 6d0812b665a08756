"""The last step of a run: what its rejections show, now that its members are known.

Results are added up as if every rejection showed something. `settled` takes back what may be a
look-up: the rejection of a valid value becomes inconclusive, that of an invalid one masked.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from enkash_contract.judging.checks import POSITIVE
from enkash_contract.judging.result import Exercise, Result, Tally, Verdict

if TYPE_CHECKING:
    from enkash_contract.judging.finding import Finding
    from enkash_contract.judging.members import Doubt


def settled(result: Result) -> Result:
    """Return `result` with no doubt left: to be called once, on the sum of all parts."""
    doubts = [(doubt, n) for doubt, n in result.doubts.items() if doubt.holds(result.members)]
    found: dict[tuple[str, str], list[Finding]] = {}
    for finding in result.findings if doubts else ():
        found.setdefault((finding.operation, finding.case), []).append(finding)
    verdicts, tallies = Counter(result.verdicts), dict(result.tallies)
    requests, exercises = dict(result.requests), dict(result.exercises)
    dropped: set[int] = set()
    for doubt, number in doubts:
        findings = found.get((doubt.operation, doubt.case), [])
        rest = [finding for finding in findings if not _is_doubted(finding, doubt)]
        dropped.update(id(finding) for finding in findings if _is_doubted(finding, doubt))
        before = _verdict(findings, concluded=doubt.concluded)
        verdicts[before] -= number
        verdicts[_without(before, rest, doubt)] += number
        side = (doubt.rule, doubt.polarity)
        change = _change(doubt, number)
        tallies[side] = tallies.get(side, Tally()) + change
        requests[doubt.polarity] = requests.get(doubt.polarity, Tally()) + change
        way = Exercise(doubt.operation, doubt.rule, doubt.polarity, doubt.family)
        exercises[way] = exercises.get(way, Tally()) + change
    kept = tuple(finding for finding in result.findings if id(finding) not in dropped)
    return replace(
        result,
        findings=kept,
        verdicts=dict(+verdicts),
        tallies=tallies,
        requests=requests,
        exercises=exercises,
        doubts={},
    )


def _is_doubted(finding: Finding, doubt: Doubt) -> bool:
    return doubt.polarity == "accept" and finding.check == POSITIVE


def _verdict(findings: list[Finding], *, concluded: bool) -> Verdict:
    """Return the verdict that a case with these findings has, some of which may be waived."""
    severities = {finding.severity for finding in findings}
    for severity in ("violation", "waived"):
        if severity in severities:
            return severity
    if not concluded:
        return "inconclusive"
    return "assumption" if severities else "held"


def _without(before: Verdict, rest: list[Finding], doubt: Doubt) -> Verdict:
    """Return the verdict of a case without what is doubted."""
    if doubt.polarity == "accept":
        return _verdict(rest, concluded=False)
    return "masked" if before in ("held", "inconclusive") else before


def _change(doubt: Doubt, number: int) -> Tally:
    """Return the change of a tally by so many rejections that show nothing."""
    if doubt.polarity == "accept":
        return Tally(exercised=-number, inconclusive=number)
    if doubt.concluded:
        return Tally(held=-number, masked=number)
    return Tally(exercised=number, masked=number, inconclusive=-number)
