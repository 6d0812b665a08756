"""Sandboxes that are wrong on purpose, each in one way, and servers that are right in another way.

Whoever tests a server against this contract wants to know what the tests would miss, and so do we.
Each defect leaves one rule unenforced, reads it wrongly, fails on what it should refuse, or breaks
one promise of the answer. Every misreading is proven to make a difference when it is listed: of its
witness it decides otherwise than the rule, with everything else in order. Nothing here knows the
suite's families; that is what makes the list a measure of them.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from enkash_contract.contract.contract import Contract, pick
from enkash_contract.contract.evidence import FAIL_ON
from enkash_contract.contract.operation import REQUEST, Operation
from enkash_contract.errors import UsageError, did_you_mean
from enkash_contract.generation import responses
from enkash_contract.sandbox.defect_proof import proven, proven_on_wire

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from enkash_contract.contract.rules import Rule
    from enkash_contract.generation.responses import Answer
    from enkash_contract.sandbox.defect_proof import Judge, Proven, Seen
    from enkash_contract.validation.violation import Violation


@dataclass(frozen=True, eq=False)
class Defect:
    """One way for a sandbox to be wrong, or to be right in another way.

    `rule` is what it breaks, and None for what breaks nothing (`conforming/…`) and for servers that
    fail whatever they are asked (`failing/…`). `judge` says what a request breaks in the sandbox's
    eyes; where that is not what it does break, `failure` is answered, if there is one. `answer` is
    answered in the place of the sandbox's own.
    """

    id: str
    says: str
    rule: Rule | None = None
    judge: Judge | None = field(repr=False, default=None)
    failure: Answer | None = field(repr=False, default=None)
    answer: Answer | None = field(repr=False, default=None)


def defects(
    *, contract: Contract | None = None, operation: str | None = None
) -> tuple[Defect, ...]:
    """Return every defect that a sandbox of an operation may have, in the order of the document.

    Args:
        contract: the contract, by default the bundled one.
        operation: the operation's id, needed only where the contract has several.

    """
    return of_operation(pick(contract, operation))


@functools.lru_cache(maxsize=8)
def of_operation(operation: Operation) -> tuple[Defect, ...]:
    """Return the defects of `operation`."""
    made: dict[str, Defect] = {}
    wrong = [one for one in responses.of_operation(operation) if one.polarity == "wrong"]
    failures = {one.id: one for one in wrong}
    for rule in operation.rules.values():
        for reading in readings(operation, rule):
            if reading.witness is not None:
                for defect in _misreading(rule, reading, failures):
                    made.setdefault(defect.id, defect)
        for answer in wrong:
            if answer.rule is rule:
                made[answer.id] = Defect(answer.id, answer.says, rule, answer=answer)
    return tuple(made.values())


def left_out(operation: Operation) -> tuple[str, ...]:
    """Return the ids of the misreadings that make no difference here, as far as can be told."""
    return tuple(
        _id(rule, reading.name)
        for rule in operation.rules.values()
        for reading in readings(operation, rule)
        if reading.witness is None
    )


@functools.lru_cache(maxsize=1024)
def readings(operation: Operation, rule: Rule) -> tuple[Proven, ...]:
    """Return the misreadings of one rule of the request, each with its witness if there is one."""
    if rule.side != REQUEST:
        return ()
    made = proven(operation, rule) if rule.path else proven_on_wire(operation, rule)
    return tuple({one.name: one for one in made}.values())


def _id(rule: Rule, name: str) -> str:
    return f"{rule.id}/{name}"


def _misreading(rule: Rule, reading: Proven, failures: Mapping[str, Answer]) -> Iterator[Defect]:
    """Make a defect of a misreading, and of failing where it differs."""
    yield Defect(_id(rule, reading.name), reading.says, rule, reading.judge)
    crash = CRASHES.get(reading.name)
    if crash is not None:
        name, says = crash
        failure = failures["failing/500-text"]
        yield Defect(_id(rule, name), f"answers 500 to {says}", rule, reading.judge, failure)
    if reading.name == "unenforced" and rule.keyword == "json":
        for failure in failures.values():
            if failure.rule is None:
                name = failure.id.replace("failing/", "crash-")
                says = f"{failure.says} to what breaks it"
                yield Defect(_id(rule, name), says, rule, reading.judge, failure)


CRASHES = {
    "unenforced": ("crash", "what breaks it"),
    "null-taken": ("crash-on-null", "null"),
    "up-to-nul": ("crash-on-nul", "a text that holds NUL"),
    "no-upper-bound": ("crash-on-long-text", "a text that is too long"),
    "beyond-ascii-refused": ("crash-beyond-ascii", "a text beyond ASCII"),
    "beyond-bmp-refused": ("crash-beyond-bmp", "a text beyond U+FFFF"),
    "line-feed-refused": ("crash-on-line-feed", "a text that holds a line feed"),
    "replacing": ("crash-on-bad-bytes", "bytes that are not UTF-8"),
    "lone-surrogate-taken": ("crash-on-lone-surrogate", "half of an escaped character"),
    "empty-taken": ("crash-on-nothing", "an empty body"),
    "depth-unlimited": ("crash-on-depth", "deep nesting"),
    "byte-order-mark-taken": ("crash-on-byte-order-mark", "a byte order mark"),
}
"""What many servers fail on: where this reading differs, by the crash's own name."""


# Servers that are right in another way


def variants(
    *, contract: Contract | None = None, operation: str | None = None
) -> tuple[Defect, ...]:
    """Return the sandboxes that are right, though unlike the plain one: nothing is to be found."""
    return variants_of(pick(contract, operation))


@functools.lru_cache(maxsize=8)
def variants_of(operation: Operation) -> tuple[Defect, ...]:
    """Return the conforming variants of `operation`."""
    found = [
        Defect(
            "conforming/weak-rules-unenforced",
            "enforces only what is well known",
            judge=_well_known,
        )
    ]
    weak = tuple(_refusing_members(operation))
    if weak:
        says = "refuses members that the document does not describe"
        refusing = functools.partial(_all_of, weak)
        found.append(Defect("conforming/unknown-members-refused", says, judge=refusing))
    found += [
        Defect(one.id, one.says, answer=one)
        for one in responses.of_operation(operation)
        if one.polarity == "right"
    ]
    return tuple(found)


def _well_known(asked: Seen) -> tuple[Violation, ...]:
    return tuple(one for one in asked.broken if one.evidence.at_least(FAIL_ON))


def _refusing_members(operation: Operation) -> Iterator[Judge]:
    """Yield a judge for each object whose further members nobody has promised to take."""
    for rule in operation.rules.values():
        tolerated = rule.keyword == "additionalProperties" and rule.value is True
        if tolerated and not rule.evidence.at_least(FAIL_ON):
            yield from (one.judge for one in readings(operation, rule))


def _all_of(judges: tuple[Judge, ...], asked: Seen) -> tuple[Violation, ...]:
    found = dict.fromkeys(one for judge in judges for one in judge(asked))
    return tuple(found) if len(found) > len(asked.broken) else asked.broken


def failing_of(operation: Operation) -> tuple[Defect, ...]:
    """Return the servers that fail whatever they are asked, for tests of clients."""
    return tuple(
        Defect(one.id, one.says, answer=one)
        for one in responses.of_operation(operation)
        if one.rule is None and one.polarity == "wrong"
    )


def find(operation: Operation, named: str | Defect) -> Defect:
    """Return the defect, the conforming variant or the failing server of that id.

    Raises:
        UsageError: there is none; the message names the nearest ones.

    """
    if isinstance(named, Defect):
        return named
    every = (*of_operation(operation), *variants_of(operation), *failing_of(operation))
    known = {one.id: one for one in every}
    if named in known:
        return known[named]
    hint = did_you_mean(named, known, "`enkash-contract defects` lists them", most=3)
    raise UsageError(f"{operation.id} has no defect {named!r}; {hint}")
