"""Sandboxes with one defect each, and conforming variants of the plain sandbox.

They measure what the tests of a server would miss. Each defect leaves one rule unenforced, misreads
it, fails where it should reject, or breaks one promise of the response. Every misreading is proven
to make a difference before it is listed: on its witness it decides otherwise than the rule, and no
other rule is concerned. Nothing here knows the suite's families: only so can it measure them.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from enkash_contract.contract.contract import Contract, pick
from enkash_contract.contract.evidence import FAIL_ON
from enkash_contract.contract.operation import REQUEST, Operation
from enkash_contract.errors import UsageError, did_you_mean
from enkash_contract.validation.receiver import of_acceptance, of_rejection
from enkash_contract.validation.request import request_violations
from enkash_contract.wire.printing import Listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.contract.evidence import Evidence
    from enkash_contract.contract.rules import Rule
    from enkash_contract.generation.responses import Answer
    from enkash_contract.sandbox.defect_proof import Candidate, Judge, Seen
    from enkash_contract.validation.violation import Violation
    from enkash_contract.wire.message import Request


@dataclass(frozen=True, eq=False, repr=False)
class Defect(Listed):
    """One defect of a sandbox, or a conforming variant of it.

    `rule` is the rule that it breaks, None for conforming variants (`conforming/…`) and for servers
    that fail on every request (`failing/…`). `judge` returns what a request breaks as the sandbox
    sees it; where it errs, the sandbox answers `failure`, if there is one. `answer` replaces the
    sandbox's own answer. `witness` is a request on which a misreading errs.
    """

    id: str
    says: str
    rule: Rule | None = None
    judge: Judge | None = None
    failure: Answer | None = None
    answer: Answer | None = None
    witness: Request | None = None

    def evidence(self, operation: Operation) -> Evidence | None:
        """Return how well it is known that a sandbox of `operation` must not do this.

        A crash rests on what an error is, and a misreading on what is known of its witness: some
        receivers may be more tolerant than senders. None where no rule is broken.
        """
        if self.rule is None:
            return None
        if self.failure is not None:
            return operation.outcome_evidence["error"]
        if self.witness is None:
            return self.rule.evidence
        body = self.witness.body or b""
        broken = {violation.rule for violation in request_violations(operation, self.witness)}
        if self.rule not in broken:
            return of_acceptance(operation, self.rule.evidence, body)
        # A server that does not look at a rule accepts whatever breaks it, not only its witness.
        every = self.id.endswith("/unenforced")
        return self.rule.receiver if every else of_rejection(operation, self.rule, body)


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
    from enkash_contract.generation import responses

    found: dict[str, Defect] = {}
    answers = responses.of_operation(operation)
    for rule in operation.rules.values():
        for misread in _misread(operation, rule):
            if misread.candidate.witness is not None:
                found.setdefault(misread.id, misread.defect(operation))
        for answer in answers:
            if answer.rule is rule:
                found[answer.id] = _answering(answer)
    return tuple(found.values())


def left_out(operation: Operation) -> tuple[str, ...]:
    """Return the ids of the misreadings without a witness: they make no difference here."""
    return tuple(
        _id(rule, candidate.name)
        for rule in operation.rules.values()
        for candidate in misreadings(operation, rule)
        if candidate.witness is None
    )


@functools.lru_cache(maxsize=1024)
def misreadings(operation: Operation, rule: Rule) -> tuple[Candidate, ...]:
    """Return the misreadings of one rule of the request, whether or not they have a witness."""
    from enkash_contract.sandbox.defect_proof import candidates

    if rule.side != REQUEST:
        return ()
    named = {candidate.name: candidate for candidate in candidates(operation, rule)}
    return tuple(named.values())


def _id(rule: Rule, name: str) -> str:
    return f"{rule.id}/{name}"


@dataclass(frozen=True, eq=False, slots=True)
class _Misread:
    """A defect that is not proven yet: a misreading, or a failure where the misreading errs."""

    id: str
    says: str
    rule: Rule
    candidate: Candidate
    failure: str | None = None

    def defect(self, operation: Operation) -> Defect:
        failure = None
        if self.failure is not None:
            from enkash_contract.generation.responses import failing

            failure = next(answer for answer in failing(operation) if answer.id == self.failure)
        witness = self.candidate.witness
        return Defect(self.id, self.says, self.rule, self.candidate.judge, failure, None, witness)


def _misread(operation: Operation, rule: Rule) -> Iterator[_Misread]:
    """Yield the misreadings of a rule, and the failures where they err, none proven yet."""
    for candidate in misreadings(operation, rule):
        misread = functools.partial(_Misread, rule=rule, candidate=candidate)
        yield misread(_id(rule, candidate.name), candidate.says)
        crash = CRASHES.get(candidate.name)
        if crash is not None:
            name, says = crash
            yield misread(_id(rule, name), f"answers 500 to {says}", failure="failing/500-text")
        if candidate.name == "unenforced" and rule.keyword == "json":
            for failing in failing_of(operation):
                name = failing.id.replace("failing/", "crash-")
                says = f"{failing.says} to what breaks it"
                yield misread(_id(rule, name), says, failure=failing.id)


def _answering(answer: Answer) -> Defect:
    return Defect(answer.id, answer.says, answer.rule, answer=answer)


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
"""Requests that many servers fail on, by the reading that errs on them: a name, and a sentence."""


# Conforming variants, and servers that fail


def variants(
    *, contract: Contract | None = None, operation: str | None = None
) -> tuple[Defect, ...]:
    """Return the conforming variants of an operation's sandbox, in which nothing is to be found."""
    return variants_of(pick(contract, operation))


@functools.lru_cache(maxsize=8)
def variants_of(operation: Operation) -> tuple[Defect, ...]:
    """Return the conforming variants of `operation`."""
    from enkash_contract.generation import responses

    answers = responses.of_operation(operation)
    conforming = (_answering(answer) for answer in answers if answer.polarity == "right")
    return (*_conforming_judges(operation), *conforming)


def _conforming_judges(operation: Operation, only: str | None = None) -> Iterator[Defect]:
    """Yield the conforming variants that judge requests in a way of their own, or one of them."""
    says = "enforces only what a receiver surely has to enforce"
    well_known = functools.partial(_well_known, operation)
    yield Defect("conforming/weak-rules-unenforced", says, judge=well_known)
    refusing = "conforming/unknown-members-refused"
    weak = tuple(_refusing_members(operation)) if only in (None, refusing) else ()
    if weak:
        says = "rejects members that the document does not describe"
        yield Defect(refusing, says, judge=functools.partial(_all_of, weak))


def _well_known(operation: Operation, seen: Seen) -> tuple[Violation, ...]:
    body = seen.request.body
    return tuple(
        violation
        for violation in seen.broken
        if of_rejection(operation, violation.rule, body).at_least(FAIL_ON)
    )


def _refusing_members(operation: Operation) -> Iterator[Judge]:
    """Yield a judge for each object whose further members no evidence promises to accept."""
    for rule in operation.rules.values():
        tolerated = rule.keyword == "additionalProperties" and rule.value is True
        if tolerated and not rule.evidence.at_least(FAIL_ON):
            yield from (one.judge for one in misreadings(operation, rule))


def _all_of(judges: tuple[Judge, ...], seen: Seen) -> tuple[Violation, ...]:
    found = dict.fromkeys(one for judge in judges for one in judge(seen))
    return tuple(found) if len(found) > len(seen.broken) else seen.broken


def failing_of(operation: Operation) -> tuple[Defect, ...]:
    """Return the servers that fail on every request, for tests of clients."""
    from enkash_contract.generation.responses import failing

    return tuple(map(_answering, failing(operation)))


def every_of(operation: Operation) -> tuple[Defect, ...]:
    """Return all that may be asked of a sandbox: defects, conforming variants, failing servers."""
    return (*of_operation(operation), *variants_of(operation), *failing_of(operation))


def find(operation: Operation, named: str | Defect) -> Defect:
    """Return the defect, the conforming variant or the failing server of that id.

    Raises:
        UsageError: there is none; the message names the nearest ones.

    """
    if isinstance(named, Defect):
        return named
    alone = _alone(operation, named)
    if alone is not None:
        return alone
    known = [defect.id for defect in every_of(operation)]
    hint = did_you_mean(named, known, "`enkash-contract defects` lists them", most=3)
    raise UsageError(f"{operation.id} has no defect {named!r}; {hint}")


def _alone(operation: Operation, named: str) -> Defect | None:
    """Return the one with that id, or None; no other is proven, as all of them take long."""
    of = named.rpartition("/")[0]
    rule = operation.rules.get(of)
    if rule is not None and rule.side == REQUEST:
        for misread in _misread(operation, rule):
            if misread.id == named and misread.candidate.witness is not None:
                return misread.defect(operation)
        return None
    for variant in _conforming_judges(operation, named) if of == "conforming" else ():
        if variant.id == named:
            return variant
    from enkash_contract.generation import responses

    answer = responses.named(operation, named)
    return None if answer is None else _answering(answer)
