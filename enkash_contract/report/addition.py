"""The sum of several reports: of runs, of xdist workers, of operations.

Counts add up exactly. Each run has an id, so none is counted twice; and all are of one document,
because the same rule of two documents may be two rules.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from enkash_contract.contract.evidence import strongest
from enkash_contract.errors import UsageError
from enkash_contract.judging.recordings import Recordings
from enkash_contract.judging.stability import Stability
from enkash_contract.report.causes import badness, members_of
from enkash_contract.report.coverage import add_tallies
from enkash_contract.report.document import SAMPLES, Report

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from enkash_contract.report.document import ReportCause, ReportFinding, ReportOperation

    Named = tuple[str, Report]
    """A report, and the name of the file that holds it."""
Key = TypeVar("Key")


def added(reports: Iterable[Named]) -> Report:
    """Return the sum of reports; one that was given twice is counted once.

    Raises:
        UsageError: they are of different documents, or share a run and are not the same.

    """
    parts = _distinct([*reports])
    if len(parts) == 1:
        return parts[0]
    return Report(
        runs=tuple(run for part in parts for run in part.runs),
        operations=_operations(parts),
        findings=tuple(finding for part in parts for finding in part.findings),
        causes=_causes(parts),
        verdicts=_counts(part.verdicts for part in parts),
        stability=sum((part.stability for part in parts), start=Stability()),
        notes=_once(part.notes for part in parts),
        unread=tuple(unread for part in parts for unread in part.unread),
        waivers=_once(part.waivers for part in parts),
        promises=_once(part.promises for part in parts),
        recordings=sum((part.recordings for part in parts), start=Recordings()),
        sandboxes=tuple(each for part in parts for each in part.sandboxes),
        sources={source: each for part in parts for source, each in part.sources.items()},
    )


def _distinct(named: list[Named]) -> list[Report]:
    first, whole = named[0]
    document = (whole.runs[0].sha256, whole.runs[0].overlays)
    known: dict[str, tuple[str, frozenset[str]]] = {}
    parts = []
    for name, report in named:
        for run in report.runs:
            if (run.sha256, run.overlays) != document:
                raise UsageError(
                    f"{name} and {first} are of different documents or overlays, so their rules "
                    "are not the same; add up reports of one document"
                )
        ids = frozenset(run.id for run in report.runs)
        shared = [known[run] for run in ids if run in known]
        if shared and (shared[0][1] != ids or len(shared) != len(ids)):
            raise UsageError(
                f"{name} and {shared[0][0]} hold the same run; give each run once, or the sum alone"
            )
        if not shared:
            known |= dict.fromkeys(ids, (name, ids))
            parts.append(report)
    return parts


def _once(parts: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for part in parts for text in part))


def _counts(parts: Iterable[Mapping[Key, int]]) -> dict[Key, int]:
    whole: Counter[Key] = Counter()
    for part in parts:
        whole.update(part)
    return dict(whole)


def _operations(parts: list[Report]) -> tuple[ReportOperation, ...]:
    known: dict[str, ReportOperation] = {}
    for operation in (each for part in parts for each in part.operations):
        before = known.get(operation.id)
        known[operation.id] = operation if before is None else _both(before, operation)
    return tuple(known.values())


def _both(one: ReportOperation, other: ReportOperation) -> ReportOperation:
    rules = {rule.id: rule for rule in one.rules}
    for rule in other.rules:
        rules[rule.id] = rules[rule.id] + rule if rule.id in rules else rule
    return replace(
        one,
        verdicts=_counts((one.verdicts, other.verdicts)),
        requests=add_tallies(one.requests, other.requests),
        rules=tuple(rules.values()),
        durations=_counts((one.durations, other.durations)),
    )


def _causes(parts: list[Report]) -> tuple[ReportCause, ...]:
    groups: dict[str, list[ReportCause]] = {}
    findings: dict[str, list[ReportFinding]] = {}
    for part in parts:
        for cause in part.causes:
            groups.setdefault(cause.id, []).append(cause)
        for finding in part.findings:
            findings.setdefault(finding.cause, []).append(finding)
    known = [_sum(causes, findings[cause]) for cause, causes in groups.items()]
    return tuple(
        sorted(
            known,
            key=lambda cause: badness(
                cause.severity, cause.samples[0].check, cause.evidence, cause.count
            ),
        )
    )


def _sum(causes: list[ReportCause], findings: list[ReportFinding]) -> ReportCause:
    """Return equal causes as one; the samples of the one on the strongest evidence come first."""
    evidence = strongest(cause.evidence for cause in causes)
    causes = sorted(causes, key=lambda cause: cause.evidence.level is not evidence.level)
    samples = [sample for cause in causes for sample in cause.samples]
    return replace(
        causes[0],
        count=sum(cause.count for cause in causes),
        members=members_of(findings),
        operations=_once(cause.operations for cause in causes),
        samples=tuple(samples[:SAMPLES]),
    )
