"""How the commands print one thing: a violation in its file, a case, a rule explained."""

from __future__ import annotations

from typing import TYPE_CHECKING

from enkash_contract import patterns
from enkash_contract.contract import REQUEST
from enkash_contract.explanations import expectation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.contract import Operation
    from enkash_contract.rules import Rule
    from enkash_contract.suite import Case
    from enkash_contract.violation import Violation


def located(name: str, at: int, violation: Violation, *, fatal: bool) -> str:
    """Return a violation with its place in the file `name`; its payload begins after line `at`."""
    word = "violation" if fatal else "assumption"
    shown = "<stdin>" if name == "-" else name
    text = f"{shown}:{at + max(violation.line, 1)}: {word} {violation}"
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def explained(found: Operation, rule: Rule, cases: tuple[Case, ...]) -> Iterator[str]:
    """Yield what a rule demands, what is known of it and whence, and the cases that test it."""
    place = rule.pointer or f"the {'request' if rule.side == REQUEST else 'answer'}"
    known, source = rule.evidence, rule.evidence.source
    yield rule.id
    yield f"  demands   {place} {expectation(rule)}"
    yield f"  of        {found.method} {found.path} ({found.id})"
    yield f"  evidence  {known}"
    because = source.shows if source else "it is our reading; nothing published supports it"
    yield f"  because   {because}"
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
            weaker = "" if case.evidence == rule.evidence else f" [{case.evidence}]"
            yield f"  {polarity}    {case.id}{weaker}: {case.says}"
        if not named and rule.side == REQUEST and polarity == "accept":
            yield "  accept    the baseline"


def _twins(rule: Rule, cases: tuple[Case, ...]) -> Iterator[str]:
    """Yield the wrong request and the right one that are nearest to each other, if there are."""
    by_id = {case.id: case for case in cases}
    pairs = [(case, by_id[case.twin]) for case in cases if case.rule is rule and case.twin]
    # A twin of the rule's own, on the bound, shows more than the baseline does.
    pairs.sort(key=lambda pair: pair[1].rule is not rule)
    for wrong, right in pairs[:1]:
        yield f"  twins     right: {right.says if right.rule is rule else 'the baseline'}"
        yield f"            wrong: {wrong.says}"


def case_line(case: Case) -> str:
    """Return a case as one line: what is expected of it first."""
    return f"{case.polarity} {case.id} [{case.evidence.level}] {case.says}"
