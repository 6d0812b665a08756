"""The lines that commands print, and the end of a command: its result, reports and exit code."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from enkash_contract.cli.colours import styles
from enkash_contract.contract.evidence import Source
from enkash_contract.contract.operation import REQUEST
from enkash_contract.contract.rules import expectation
from enkash_contract.contract.wording import counted
from enkash_contract.errors import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console

    from enkash_contract.contract.evidence import Evidence
    from enkash_contract.contract.operation import Operation
    from enkash_contract.contract.rules import Rule
    from enkash_contract.engine.plan import Plan
    from enkash_contract.engine.selftest import Matrix
    from enkash_contract.judging.case import Case
    from enkash_contract.judging.result import Result
    from enkash_contract.report import About
    from enkash_contract.report.destinations import Destination
    from enkash_contract.report.document import Report
    from enkash_contract.report.text import View
    from enkash_contract.sandbox.defects import Defect
    from enkash_contract.validation.violation import Violation


READING = "it is our reading; nothing published supports it"
"""The reason for what is assumed."""


def located(name: str, at: int, violation: Violation, *, fatal: bool, named: str) -> str:
    """Return a violation with its place in the file `name`; its payload begins after line `at`.

    `named` is the id of its rule as it is written.
    """
    place = f"{file_name(name)}:{line_of(at, violation)}"
    return printable(f"{place}: {severity(fatal=fatal)} {violation.shown(named)}")


def file_name(name: str) -> str:
    """Return the name by which a file is shown: text, even where it is none."""
    return "<stdin>" if name == "-" else name.encode(errors="backslashreplace").decode()


def line_of(at: int, violation: Violation) -> int:
    """Return the line of a violation in a file where its payload begins after line `at`."""
    return at + max(violation.line, 1)


def severity(*, fatal: bool) -> str:
    """Return the word for a violation that fails a build, or for one that never does."""
    return "violation" if fatal else "assumption"


def explained(
    operation: Operation, rule: Rule, cases: tuple[Case, ...], name: Callable[[Operation, str], str]
) -> Iterator[str]:
    """Yield what a rule demands, the evidence for it, and the cases that test it.

    `name` returns an id as it is written.
    """
    from enkash_contract.generation import patterns

    place = rule.pointer or f"the {'request' if rule.side == REQUEST else 'response'}"
    yield name(operation, rule.id)
    yield f"  demands   {place} {expectation(rule)}"
    yield f"  of        {operation.method} {operation.path} ({operation.id})"
    yield f"  evidence  {rule.evidence}"
    yield from _because(rule.evidence)
    if rule.side == REQUEST:
        yield f"  receiver  {_receiver(rule)}"
    yield f"  document  {rule.place}"
    about = rule.schema.get("description")
    if about:
        yield f"  note      {about}"
    if rule.keyword == "pattern" and patterns.read(rule.value) is None:
        yield "  note      its bounds cannot be read, so its cases are made of generated texts"
    yield from _twins(rule, cases)
    for polarity in ("accept", "reject"):
        named = [case for case in cases if (case.rule, case.polarity) == (rule, polarity)]
        for case in named:
            # What the rule does not settle is weaker than the rule.
            usual = rule.evidence if polarity == "accept" else rule.receiver
            weaker = "" if case.evidence == usual else f" [{case.evidence}]"
            yield f"  {polarity}    {name(operation, case.id)}{weaker}: {case.says}"
        if not named and rule.side == REQUEST and polarity == "accept":
            yield "  accept    the baseline"


def basis(rule: Rule) -> str:
    """Return the evidence of a rule as the document states it."""
    stated = [rule.evidence] if rule.stated is None else [rule.evidence, rule.stated]
    texts = (" ".join([str(each.level), *(page.id for page in each.sources)]) for each in stated)
    return "; receiver ".join(texts)


def _receiver(rule: Rule) -> str:
    """Return the evidence that a receiver must refuse what breaks `rule`."""
    unfounded = rule.stated is not None and not rule.stated.sources
    return f"{rule.receiver}{': nothing published obliges it to reject' if unfounded else ''}"


def _because(evidence: Evidence) -> Iterator[str]:
    """Yield what each source of `evidence` shows; of several, each with its name."""
    first, *others = evidence.sources or (Source("", READING),)
    for label, source in [("because", first), *(("but", other) for other in others)]:
        named = f"{source.id}: " if others else ""
        yield f"  {label:<9} {named}{source.shows}"
        if source.url:
            yield f"            {source.url}"


def _twins(rule: Rule, cases: tuple[Case, ...]) -> Iterator[str]:
    """Yield the invalid and the valid request that are nearest to each other, if there are."""
    from enkash_contract.judging.case import nearest

    pair = nearest(rule, cases)
    if pair:
        invalid, valid = pair
        yield f"  twins     valid:   {valid.says if valid.rule is rule else 'the baseline'}"
        yield f"            invalid: {invalid.says}"


def case_line(case: Case, name: str = "") -> str:
    """Return a case as one line, what is expected of it first; by its id, or another `name`."""
    return f"{case.polarity} {name or case.id} [{case.evidence.level}] {case.says}"


def forecast(plan: Plan, target: str) -> str:
    """Return how many requests a run would send, and how many of them would change something."""
    from enkash_contract.engine.plan import EVERY

    valid = sum(case.polarity == "accept" for case in plan.cases)
    invalid = len(plan.cases) - valid
    # At the end, and in between.
    repeats = -(-len(plan.cases) // EVERY)
    total, accepted = 1 + invalid + valid + repeats, 1 + valid + repeats
    return (
        f"{target}: {counted(total, 'request')} would be sent: the baseline, then "
        f"{counted(invalid, 'case')} to reject and {valid:,} to accept, and the baseline "
        f"{counted(repeats, 'time')} more; a conforming server would accept {accepted:,} of them, "
        "and a case whose response is in doubt is sent again"
    )


def defect_line(operation: Operation, defect: Defect, name: str) -> str:
    """Return a defect as one line: its `name` first, to be given to `sandbox --defect`."""
    evidence = defect.evidence(operation)
    known = kind_of(defect) if evidence is None else evidence.level
    return printable(f"{name} [{known}] {defect.says}")


def kind_of(defect: Defect) -> str:
    """Return whether it is a defect, conforms in another way, or fails on every request."""
    if defect.rule is not None:
        return "defect"
    return "conforming" if defect.id.startswith("conforming/") else "failing"


def matrix_lines(matrix: Matrix) -> Iterator[str]:
    """Yield the kill matrix: a row for each keyword, the exceptions, and the sums."""
    keywords = list(dict.fromkeys(row.keyword for row in matrix.defects))
    width = max(map(len, keywords), default=0)
    for keyword in keywords:
        rows = [row for row in matrix.defects if row.keyword == keyword]
        missed = sum(not row.ok for row in rows)
        found = len(rows) - missed
        yield f"{keyword:<{width}}  {len(rows):>4} defects  {found:>4} found  {missed:>4} missed"
    for row in matrix.survivors:
        named = f"; it named {', '.join(sorted(row.named))}" if row.named else ""
        yield printable(f"missed {row.defect}: {row.says}{named}")
    for row in matrix.variants:
        if not row.ok:
            seen = counted(row.violations, "violation")
            yield printable(f"blamed {row.defect}: {seen} on {', '.join(sorted(row.named))}")
    twice = [row for row in matrix.defects if row.ok and row.others]
    for row in twice:
        yield printable(f"{row.defect} also shows as {', '.join(sorted(row.others))}")
    found = sum(row.ok for row in matrix.defects)
    also = f", {len(twice):,} of them by other rules as well" if twice else ""
    violations = sum(row.violations for row in matrix.variants)
    yield (
        f"selftest: {counted(len(matrix.defects), 'defect')}, {found:,} found and named{also}; "
        f"{counted(len(matrix.variants), 'conforming variant')}, "
        f"{counted(violations, 'violation')}; {matrix.seconds:.1f} s"
    )


def matrices_line(matrices: list[Matrix]) -> str:
    """Return the sum of the kill matrices of several operations, as one line."""
    defects = [row for matrix in matrices for row in matrix.defects]
    found, variants = sum(row.ok for row in defects), [len(matrix.variants) for matrix in matrices]
    violations = sum(row.violations for matrix in matrices for row in matrix.variants)
    return (
        f"selftest of {counted(len(matrices), 'operation')}: {counted(len(defects), 'defect')}, "
        f"{found:,} found and named; {counted(sum(variants), 'conforming variant')}, "
        f"{counted(violations, 'violation')}"
    )


def as_toml(value: Any, *, hidden: bool) -> str:
    """Return the value of an option as TOML, without what is secret in it."""
    from enkash_contract.config import settings
    from enkash_contract.secrets.redaction import BY_NAME
    from enkash_contract.secrets.secret_names import HIDDEN
    from enkash_contract.wire.message import shown_url

    if isinstance(value, (tuple, list)):
        return f"[{', '.join(as_toml(member, hidden=hidden) for member in value)}]"
    if isinstance(value, str):
        if hidden:
            name, mark, _ = value.partition(":")
            value = f"{name}: {HIDDEN}" if mark else HIDDEN
        elif "//" in value:
            value = shown_url(value)
        value = BY_NAME.hide(value)
    return settings.printable(json.dumps(value, ensure_ascii=False))


@dataclass(frozen=True, slots=True)
class Screen:
    """How a person wants a result shown: how much of it, and whether in colours."""

    full: bool = False
    assumptions: bool = False
    quiet: bool = False
    color: str = "auto"

    def console(self, *, err: bool = False) -> Console:
        """Return the console to print to, on the standard output or else the standard error."""
        from rich.console import Console

        return Console(highlight=False, stderr=err, **styles(self.color))

    def view(self, console: Console) -> View:
        """Return what to show, in lines that fit the terminal, or COLUMNS where there is none."""
        from enkash_contract.report.text import View

        known = console.file.isatty() or os.environ.get("COLUMNS", "").isdigit()
        width = console.width if known else None
        return View(self.full, self.assumptions, self.quiet, width=width)


def finish(
    result: Result,
    about: About,
    places: list[Destination],
    screen: Screen,
    reported: Callable[[], Report] | None = None,
) -> NoReturn:
    """Print the result, write the reports, and exit; `reported` returns another report than usual.

    Raises:
        UsageError: a report cannot be written.

    """
    from enkash_contract.report import text, write
    from enkash_contract.report.ci import is_annotated, is_github, quiet

    # What is read by a program is not mixed with what is read by a person.
    console = screen.console(err=any(place.path is None for place in places))
    with quiet(console.file) if is_github() else contextlib.nullcontext():
        text.show(result, about, console, screen.view(console))
    unasked = is_annotated(place.form for place in places)
    if places or unasked:
        from enkash_contract.report.build import build

        report = build(result, about) if reported is None else reported()
        for place in places:
            place.write(report)
        if unasked:
            write("github", report, console.file)
    sys.exit(result.exit_code)
