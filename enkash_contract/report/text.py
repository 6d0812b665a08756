"""The result for people: one finding a line, a table of what was checked, and one last line.

The first word of each finding's line is its severity, so that grep finds them; what belongs to a
finding follows it indented.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table
from rich.text import Text

from enkash_contract.contract.evidence import Level
from enkash_contract.contract.wording import counted
from enkash_contract.errors import printable
from enkash_contract.judging.result import INCONCLUSIVE, INTERRUPTED, Tally

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from enkash_contract.judging.result import Finding, Result, Verdict
    from enkash_contract.report import About

STYLES = {"violation": "bold red", "waived": "magenta", "assumption": "yellow"}
"""The severities, in the order in which findings are printed."""

UNKNOWN: tuple[Verdict, ...] = ("inconclusive", "masked")
"""The verdicts on cases of which a run does not know whether they held."""


def show(result: Result, about: About, console: Console) -> None:
    """Print `result` for people."""
    for line in finding_lines(result, about):
        word, _, rest = line.partition(" ")
        if word in STYLES:
            text = Text.assemble((word, STYLES[word]), " ", rest)
        else:
            text = Text(line, style="dim")
        console.print(text, soft_wrap=True)
    for note in (*result.notes, *result.unread):
        console.print(Text(f"note: {note}"), soft_wrap=True)
    for problem in result.waivers:
        console.print(
            Text.assemble(("waiver:", STYLES["violation"]), f" {problem}"), soft_wrap=True
        )
    if result.tallies:
        console.print(table(result, about))
    console.print(Text(summary(result, about)), soft_wrap=True)


def finding_lines(result: Result, about: About) -> Iterator[str]:
    """Yield the lines of all findings; those of one fingerprint and message are printed once."""
    alike = Counter(_key(finding) for finding in result.findings)
    printed: set[tuple[str, str]] = set()
    by_severity = sorted(result.findings, key=lambda finding: [*STYLES].index(finding.severity))
    for finding in by_severity:
        if _key(finding) in printed:
            continue
        printed.add(_key(finding))
        yield line(finding)
        more = alike[_key(finding)] - 1
        if more:
            yield f"    and {more} more like it"
        if finding.reason:
            yield f"    because: {printable(finding.reason)}"
        command = about.reproduction.of(finding)
        if command and finding.severity == "violation":
            yield f"    reproduce: {printable(command)}"


def _key(finding: Finding) -> tuple[str, str]:
    # Recorded findings are printed one by one: each stands at a place of its own.
    return (
        finding.fingerprint,
        finding.message if finding.case else finding.source + finding.message,
    )


def line(finding: Finding) -> str:
    """Return a finding as one line."""
    named = finding.case or finding.rule
    at = "" if finding.case else f"{finding.source}: "
    about = f"{finding.evidence}; {finding.document}; {finding.fingerprint}"
    return printable(f"{finding.severity} {finding.check} {named} {at}{finding.message} [{about}]")


def table(result: Result, about: About) -> Table:
    """Return what was checked, a row for each place of the request and of the response."""
    grid = Table(
        title=escape(f"{about.operation.id} of {printable(about.target)}"), title_justify="left"
    )
    grid.add_column("where", no_wrap=True)
    grid.add_column("evidence")
    for name in ("rules", "valid accepted", "invalid rejected"):
        grid.add_column(name, justify="right")
    rows: dict[str, list[str]] = {}
    for rule in about.operation.rules.values():
        rows.setdefault(f"{rule.side}{rule.pointer}", []).append(rule.id)
    for where, ids in rows.items():
        cells = [_ratio(result, ids, polarity) for polarity in ("accept", "reject")]
        if any(cells):
            known = {about.operation.rules[rule_id].evidence.level for rule_id in ids}
            levels = ", ".join(level.value for level in Level if level in known)
            grid.add_row(escape(where), levels, str(len(ids)), *(cell or "-" for cell in cells))
    return grid


def _ratio(result: Result, ids: list[str], polarity: str) -> str:
    total = Tally()
    for rule_id in ids:
        total += result.tallies.get((rule_id, polarity), Tally())
    masked = f", {total.masked} masked" if total.masked else ""
    return f"{total.held}/{total.exercised}{masked}" if total.exercised else ""


def _verdict(result: Result) -> str:
    """Return what the run comes to, and how little that is where much is not known."""
    words = {0: "conforms", 1: "violates the contract", 2: "not all could be read"}
    words[INTERRUPTED] = "interrupted"
    if result.unread and result.violations and not result.interrupted:
        return "violates the contract, and not all could be read"
    if result.waivers and not result.violations:
        return "waivers are out of date"
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
    """Return the last line: the verdict, and the counts it rests on."""
    verdict = _verdict(result)
    weak = len(result.assumptions)
    counts = (
        f"{result.total} checked: {result.count('held')} held, "
        f"{counted(result.count('violation'), 'violation')}, "
        f"{counted(result.count('assumption'), 'assumption')}, "
        f"{result.count('inconclusive')} inconclusive"
    )
    if result.count("masked"):
        counts += f", {result.count('masked')} masked"
    if result.count("waived"):
        counts += f", {result.count('waived')} waived"
    if result.stability.unstable:
        counts += f", unstable {result.stability.unstable} of {result.stability.requests}"
    explained = " (assumptions rest on weak evidence and never fail)" if weak else ""
    return f"{printable(about.target)}: {verdict}; {counts}{explained}"
