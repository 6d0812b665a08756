"""Workflow commands of GitHub Actions, which it shows as annotations, and the summary of a step.

GitHub shows ten annotations of a kind, so causes come first, the worst before all, and only then
further places of the same cause. A runner looks for commands at the start of each line that is
printed; what was sent or received is escaped into the one line of its annotation.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

from enkash_contract.contract.wording import counted
from enkash_contract.judging.result import INCONCLUSIVE
from enkash_contract.report import markdown, places, plain, words
from enkash_contract.report.places import Places
from enkash_contract.report.reproduction import LONGEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from enkash_contract.place import Place
    from enkash_contract.report.document import Report, ReportCause, ReportFinding

MOST = 10
"""So many annotations of a kind are shown for one step."""

SUMMARY = 1_000_000
"""So many bytes a summary may have, less some room for those of other tools."""

KINDS = {"violation": "error", "waived": "warning", "assumption": "notice"}
"""The kinds of annotations by severity."""


class Annotation(NamedTuple):
    """An annotation: what it says, and the file and line that it stands at, if there is one."""

    kind: str
    title: str
    message: str
    place: Place | None = None

    def __str__(self) -> str:
        properties = {"title": self.title}
        file = _in_repository(self.place) if self.place else ""
        if self.place and file:
            properties = {"file": file, "line": str(self.place.line), **properties}
        listed = ",".join(f"{name}={escaped(value)}" for name, value in properties.items())
        return f"::{self.kind} {listed}::{escaped(self.message, is_property=False)}"


def write(report: Report, stream: IO[str]) -> None:
    """Write the annotations of `report`; the summary goes where GitHub has named a file for it."""
    stream.writelines(f"{annotation}\n" for annotation in annotated(report))
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary:
        with contextlib.suppress(OSError), Path(summary).open("a+", encoding="utf-8") as file:
            file.write(summarised(report, SUMMARY - file.tell()))


# Annotations


def annotated(report: Report) -> Iterator[Annotation]:
    """Yield at most ten annotations of a kind, the worst first."""
    left = dict.fromkeys((*KINDS.values(),), MOST)
    for annotation in (*_of_run(report), *_of_causes(report)):
        if left[annotation.kind]:
            left[annotation.kind] -= 1
            yield annotation


def _of_run(report: Report) -> Iterator[Annotation]:
    """Yield what a run may fail for beside its findings."""
    titles = {
        "could not be read": report.unread,
        "waivers are out of date": report.waivers,
        "coverage is not as promised": report.promises,
    }
    for title, problems in titles.items():
        if problems:
            message = "\n".join(map(plain.shortened, problems[:MOST]))
            yield Annotation("error", f"enkash-contract: {title}", message)
    if report.exit_code == INCONCLUSIVE:
        message = "\n".join((words.verdict(report), *map(plain.shortened, report.remarks[:MOST])))
        yield Annotation("warning", "enkash-contract: nothing concluded", message)


def _of_causes(report: Report) -> list[Annotation]:
    """Return the annotations of causes: the first of each, then those at further places."""
    found = Places()
    ranked: list[tuple[int, int, Annotation]] = []
    for order, cause in enumerate(report.causes):
        at: dict[Place | None, ReportFinding] = {}
        for finding in (*cause.samples[:1], *report.of_cause(cause)):
            place = found.of(finding.source)
            if len(at) < MOST and (place or not at):
                at.setdefault(place, finding)
        ranked += [
            (rank, order, _annotation(cause, finding, place))
            for rank, (place, finding) in enumerate(at.items())
        ]
    return [annotation for _, _, annotation in sorted(ranked, key=lambda each: each[:2])]


def _annotation(cause: ReportCause, finding: ReportFinding, place: Place | None) -> Annotation:
    counts = [counted(len(cause.members), "member")] if cause.members else []
    counts.append(counted(cause.count, cause.severity))
    lines = {
        "": f"{', '.join(counts)} ({cause.fault}), here at {finding.pointer or finding.rule}",
        "expected: ": finding.expected,
        "actual: ": finding.actual,
        "evidence: ": plain.evidence_line(finding.evidence),
        "waived: ": finding.reason,
    }
    texts = [f"{label}{plain.shortened(text)}" for label, text in lines.items() if text]
    if finding.reproduce:
        # A command that is cut is none.
        texts.append(f"repeat: {plain.shortened(finding.reproduce, LONGEST)}")
    message = "\n".join(texts)
    return Annotation(KINDS[cause.severity], plain.shortened(cause.sentence), message, place)


def _in_repository(place: Place) -> str:
    """Return the path of a file in the repository, "" where it is not in there."""
    file, top = Path(os.path.normpath(Path.cwd() / place.file)), places.root()
    return plain.shortened(file.relative_to(top).as_posix()) if file.is_relative_to(top) else ""


def escaped(text: str, *, is_property: bool = True) -> str:
    """Return `text` as a runner reads it back; in a property, a colon and a comma are escaped."""
    characters = "%\r\n:," if is_property else "%\r\n"
    return "".join(f"%{ord(char):02X}" if char in characters else char for char in text)


# The summary


def summarised(report: Report, room: int) -> str:
    """Return the summary of a step in so many bytes: whole causes, as many as there is room for."""
    left = room - 200
    kept: list[str] = []
    known: Iterable[Iterable[str]] = (markdown.head(report), *markdown.blocks(report))
    for number, lines in enumerate(known):
        text = "\n".join((*lines, ""))
        left -= len(text.encode())
        if left < 0:
            more = len(report.causes) - max(0, number - 1)
            kept.append(f"\nand {counted(more, 'more cause')}; there is no room for more here.\n")
            break
        kept.append(text)
    return "".join(kept) if room > 0 else ""
