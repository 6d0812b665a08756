"""Findings that are alike, of which the first three stand for all.

A recording may break one rule a million times over. So where results are added up without end, a
few findings of each kind are kept and the others counted: the third stands for those after it. The
first three of a sum are the first three of its parts, so their grouping does not matter.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from enkash_contract.judging.finding import Finding

SAMPLES = 3
"""So many findings that are alike are kept."""

Kind = tuple[object, ...]


class _Counted(Protocol):
    @property
    def count(self) -> int: ...


def number_of(findings: Iterable[_Counted]) -> int:
    """Return how many findings there were, those included that are only counted."""
    return sum(finding.count for finding in findings)


class Samples:
    """The first three findings of each kind, and how many there were of it."""

    def __init__(self) -> None:
        self._kept: list[Finding] = []
        self._places: dict[Kind, list[int]] = {}
        self._more: dict[int, int] = {}

    def has_room(self, finding: Finding) -> bool:
        """Return whether a finding would be kept, and not only counted."""
        return len(self._places.get(_kind(finding), ())) < SAMPLES

    def add(self, finding: Finding) -> None:
        """Keep a finding, or count it with those before."""
        self._add(_kind(finding), finding)

    def add_whole(self, finding: Finding) -> None:
        """Keep a finding, whichever are like it."""
        self._add((len(self._kept),), finding)

    def locate(self, place: Callable[[str], str]) -> None:
        """Move all that are kept to `place` of where they are."""
        for index, finding in enumerate(self._kept):
            sent = finding.interaction
            moved = sent and replace(sent, source=place(sent.source))
            self._kept[index] = replace(finding, source=place(finding.source), interaction=moved)

    def _add(self, kind: Kind, finding: Finding) -> None:
        known = self._places.setdefault(kind, [])
        if len(known) < SAMPLES:
            known.append(len(self._kept))
            self._kept.append(finding)
        else:
            self._more[known[-1]] = self._more.get(known[-1], 0) + finding.count

    def findings(self) -> tuple[Finding, ...]:
        """Return those that are kept, in their order; the third of a kind counts those after it."""
        return tuple(
            replace(finding, count=finding.count + self._more[place])
            if place in self._more
            else finding
            for place, finding in enumerate(self._kept)
        )


def joined(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return all findings, but the first three alone of each kind that was sampled before."""
    sampled = {_kind(finding) for finding in findings if finding.count > 1}
    if not sampled:
        return findings
    samples = Samples()
    for finding in findings:
        add = samples.add if _kind(finding) in sampled else samples.add_whole
        add(finding)
    return samples.findings()


def _kind(finding: Finding) -> Kind:
    """Return what findings that are alike have in common: all by which they are told and waived."""
    return (
        finding.operation,
        finding.check,
        finding.rule,
        finding.family,
        finding.case,
        finding.severity,
        finding.fault,
        finding.reason,
        finding.evidence,
    )
