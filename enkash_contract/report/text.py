"""The result for people, on one screen: causes, a table of what was checked, and the verdict.

Where all holds, the verdict is the end of it; where something was found, it comes first. All
findings one by one are in `lines`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text

from enkash_contract.contract.wording import counted
from enkash_contract.errors import printable
from enkash_contract.judging.by_operation import are_several, names_of
from enkash_contract.judging.result import (
    CONFORMS,
    INCONCLUSIVE,
    INTERRUPTED,
    VIOLATED,
    Tally,
)
from enkash_contract.report import table
from enkash_contract.report.cause_lines import cause_lines, wrapped
from enkash_contract.report.causes import causes
from enkash_contract.report.coverage import sentence as coverage
from enkash_contract.report.lines import finding_lines
from enkash_contract.report.seen import coverage_of, operations_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from enkash_contract.judging.result import Result, Verdict
    from enkash_contract.report import About

STYLES = {
    "violation": "bold red",
    "waived": "magenta",
    "assumption": "yellow",
    "waiver:": "bold red",
    "coverage:": "bold red",
}
"""The styles of the first words of lines."""

VERDICT_STYLES = {CONFORMS: "bold green", VIOLATED: "bold red"}
"""The styles of the verdict by exit code."""

_HEAD = re.compile(r"\d+\. ")

UNKNOWN: tuple[Verdict, ...] = ("inconclusive", "masked")
"""The verdicts on cases of which a run does not know whether they held."""

WIDE = 120
"""How many columns a table may take where there is no terminal to ask."""

PROMISES = 10
"""So many rules without the coverage that was required are named."""

LINES = 60
"""So many lines are printed, where one of each cause is not more than that."""

CALM = 24
"""So many lines are printed where nothing was found: they fit the smallest of terminals."""


@dataclass(frozen=True, slots=True)
class View:
    """The part of a result that is wanted: the screen, unless something else is asked for.

    `full` is each finding, `assumptions` their causes as well, and `quiet` the verdict alone; a
    `brief` screen has no table, because others have said already what was done. Longer lines than
    `width` are wrapped; None leaves that to whoever shows them.
    """

    full: bool = False
    assumptions: bool = False
    quiet: bool = False
    brief: bool = False
    width: int | None = None


def show(result: Result, about: About, console: Console, view: View | None = None) -> None:
    """Print `result` for people."""
    view = view or View()
    verdict = wrapped(summary(result, about), view.width)
    for line in screen(result, about, view):
        word, _, rest = line.partition(" ")
        if line in verdict:
            text = Text(line, style=VERDICT_STYLES.get(result.exit_code, "bold yellow"))
        elif word in STYLES and (word != "coverage:" or result.promises):
            text = Text.assemble((word, STYLES[word]), " ", rest)
        else:
            text = Text(line, style="bold" if _HEAD.match(line) else "")
        console.print(text, soft_wrap=True)


def screen(result: Result, about: About, view: View) -> Iterator[str]:
    """Yield the lines of the screen."""
    verdict = wrapped(summary(result, about), view.width)
    if view.quiet:
        yield from _remarks(result, view, noted=bool(result.unread))
        yield from verdict
        return
    first = verdict
    if not (result.violations or view.brief):
        first = wrapped(_title(result, about), view.width)
    yield from first
    middle = [
        *_remarks(result, view),
        *_recordings(result, view),
        *_totals(result, about, view),
        *([] if first is verdict else verdict),
        *_next(result, about),
    ]
    # Two blank lines and a line of headings go with the rows.
    calm = CALM - len(first) - len(middle) - 3
    yield from _findings(result, about, view, LINES - len(middle) - 2, calm)
    yield from middle


def _findings(result: Result, about: About, view: View, room: int, calm: int) -> Iterator[str]:
    """Yield the findings and the table, in so many lines where they are not listed one by one.

    Where nothing was found, the table has `calm` rows at most.
    """
    wanted = ("violation", "assumption") if view.assumptions else ("violation",)
    known = [cause for cause in causes(result, about.contract) if cause.severity in wanted]
    most = table.ROWS if known or view.full else min(table.ROWS, calm)
    rows = _table(result, about, view, most)
    rows = ["", *rows, ""] if len(rows) > 1 else []
    if view.full:
        yield from finding_lines(result, about)
        yield from rows
        return
    if view.brief:
        yield from cause_lines(known, None, view.width, room)
        return
    # What was checked matters less than what was found, but for the verdict on each operation.
    if known and len(known) > room - len(rows) and not are_several(result):
        rows = [""]
    if known:
        yield ""
        room = max(1, room - 1 - len(rows))
        yield from cause_lines(known, about, view.width, room, several=are_several(result))
    yield from rows


def _table(result: Result, about: About, view: View, most: int) -> list[str]:
    """Return the table of one operation, or that of several with the verdict on each."""
    width = view.width or WIDE
    if are_several(result):
        found = table.by_operation(operations_of(result, about), result)
        return table.lines(found, width, "operation")
    return table.lines(table.rows(about.operation, result, most), width)


def _remarks(result: Result, view: View, *, noted: bool = True) -> Iterator[str]:
    notes = (*result.notes, *result.unread) if noted else ()
    for remark in (
        *(f"note: {note}" for note in notes),
        *(f"waiver: {problem}" for problem in result.waivers),
        *_missing(result, view),
    ):
        yield from _with_options(remark, view.width)


def _recordings(result: Result, view: View) -> list[str]:
    """Return how much of recorded traffic was judged, if any was read."""
    counts = str(result.recordings)
    return wrapped(f"recordings: {counts}", view.width) if counts else []


def _with_options(remark: str, width: int | None) -> list[str]:
    """Return `remark` in lines; from the first option on, which may be pasted, in one."""
    words, mark, options = remark.partition(" --")
    *lines, last = wrapped(words, width)
    if not mark or width is None or len(f"{last}{mark}{options}") <= width:
        return [*lines, f"{last}{mark}{options}"]
    return [*lines, last, f"  --{options}"]


def _title(result: Result, about: About) -> str:
    sent = result.stability.requests
    number = counted(sent, "request") if sent else counted(result.total, "interaction")
    took = "" if about.seconds is None else f" in {about.seconds:.1f} s"
    names = names_of(result)
    what = counted(len(names), "operation") if names[1:] else about.operation.id
    return f"{what} of {printable(about.target)}: {number}{took}"


def _missing(result: Result, view: View) -> Iterator[str]:
    """Yield the rules without the coverage that was required, as many as there is room for."""
    most = len(result.promises) if view.full else PROMISES
    yield from (f"coverage: {promise}" for promise in result.promises[:most])
    if left := len(result.promises[most:]):
        yield f"coverage: +{counted(left, 'more rule')}{_hint('--full', view)}"


def _counts(totals: str, result: Result, about: About, view: View) -> list[str]:
    """Return the totals, and the coverage in a line of its own unless that costs one."""
    lines = wrapped(totals, view.width)
    if view.brief or result.promises:
        return lines
    covered = coverage(coverage_of(result, about))
    apart, together = [*lines, covered], wrapped(f"{totals}, {covered}", view.width)
    return together if view.width is not None and len(together) < len(apart) else apart


def _totals(result: Result, about: About, view: View) -> Iterator[str]:
    """Yield what came of valid and invalid requests, and what fails nothing."""
    words = {"accept": ("accepted", "valid requests"), "reject": ("rejected", "invalid requests")}
    known = {polarity: result.requests.get(polarity, Tally()) for polarity in words}
    parts = [
        f"{words[polarity][0]} {tally.held:,} of {tally.exercised:,} {words[polarity][1]}"
        + (f" ({tally.masked:,} masked)" if tally.masked else "")
        for polarity, tally in known.items()
        if tally.exercised
    ]
    if parts:
        yield from _counts(", ".join(parts), result, about, view)
    if result.waived and not view.full:
        yield f"{counted(result.number('waived'), 'violation')} waived{_hint('--full', view)}"
    if result.assumptions and not (view.full or view.assumptions):
        weak = result.assumptions
        rules = len({(finding.operation, finding.rule) for finding in weak})
        servers = all(finding.fault == "server" for finding in weak)
        verb = "enforced" if servers else "kept"
        yield f"{counted(rules, 'assumed rule')} not {verb}{_hint('--assumptions', view)}"


def _hint(option: str, view: View) -> str:
    """Return how to see what is not shown; a brief screen is none of our commands'."""
    return "" if view.brief else f", {option} lists them"


def _next(result: Result, about: About) -> Iterator[str]:
    command = about.next_command(result)
    if command:
        yield f"next: {printable(command)}"


def _verdict(result: Result) -> str:
    """Return what the run comes to, and how little that is where much is not known."""
    words = {0: "conforms", 1: "violates the contract", 2: "not all could be read"}
    words[INTERRUPTED] = "interrupted"
    if result.unread and result.violations and not result.interrupted:
        return "violates the contract, and not all could be read"
    if result.waivers and not result.violations:
        return "waivers are out of date"
    if result.promises and not result.violations:
        return "coverage that was required is missing"
    if result.exit_code == INCONCLUSIVE and result.stability.exceeded:
        return "too unstable to conclude"
    if result.exit_code == INCONCLUSIVE and result.stability.ended:
        return "busy for too long to conclude"
    unknown = {name: result.count(name) for name in UNKNOWN}
    if result.exit_code or 3 * sum(unknown.values()) < result.total:
        return words.get(result.exit_code, "nothing could be concluded")
    first, *others = [f"{number} {name}" for name, number in unknown.items() if number]
    first = first.replace(" ", f" of {result.total} ", 1)
    return f"conforms as far as it was tested: {', '.join((first, *others))}"


def summary(result: Result, about: About) -> str:
    """Return the verdict, and the counts it rests on."""
    counts = (
        f"{result.total:,} checked: {result.count('held'):,} held, "
        f"{counted(result.number('violation'), 'violation')}, "
        f"{counted(result.number('assumption'), 'assumption')}, "
        f"{result.count('inconclusive'):,} inconclusive"
    )
    if result.count("masked"):
        counts += f", {result.count('masked')} masked"
    if result.waived:
        counts += f", {result.number('waived')} waived"
    if result.stability.unstable:
        counts += f", unstable {result.stability.unstable} of {result.stability.requests}"
    counts += f"; {about.remark}" if about.remark else ""
    return f"{printable(about.target)}: {_verdict(result)}; {counts}"
