"""The heart: one interaction, what was expected of it, and the findings that follow.

It always looks at the pair. What a server answers to a wrong request means something else than the
same answer to a right one, and a refusal proves nothing while nobody knows whether the server
accepts anything at all. Every way in (`check`, `traffic`, fixtures, fuzzing) comes through here.

The checks on the pair stand in `_of_case`, `_of_record` and `_of_request`; those on the answer by
itself in `checks`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from enkash_contract.contract.evidence import FAIL_ON, Level
from enkash_contract.contract.operation import REQUEST
from enkash_contract.judging.checks import (
    NEGATIVE,
    POSITIVE,
    REQUEST_SCHEMA,
    SERVER_ERROR,
    Judgement,
    is_ours,
    response_findings,
)
from enkash_contract.judging.result import Result, Tally, worst
from enkash_contract.secrets import redaction
from enkash_contract.validation.outcome import UNKNOWN, outcome_of
from enkash_contract.validation.request import request_violations, sentence
from enkash_contract.validation.violation import Violation, shorten
from enkash_contract.wire import strict_json

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from enkash_contract.contract.operation import Operation
    from enkash_contract.judging.case import Case, Polarity
    from enkash_contract.judging.result import Finding
    from enkash_contract.validation.outcome import Outcome
    from enkash_contract.wire.message import Interaction

NOT_IMPLEMENTED = 501
"""The status with which HTTP lets a server say that it knows no such method at all."""

HELD, INCONCLUSIVE = "held", "inconclusive"

CONCLUSIONS: dict[tuple[Polarity, Outcome, bool], str] = {
    # what is expected, what the server did, whether the baseline is trusted
    ("accept", "accepted", True): HELD,
    ("accept", "accepted", False): HELD,
    ("accept", "rejected", True): POSITIVE,
    ("accept", "rejected", False): INCONCLUSIVE,
    ("accept", "error", True): SERVER_ERROR,
    ("accept", "error", False): SERVER_ERROR,
    ("accept", "unknown", True): INCONCLUSIVE,
    ("accept", "unknown", False): INCONCLUSIVE,
    ("reject", "accepted", True): NEGATIVE,
    ("reject", "accepted", False): NEGATIVE,
    ("reject", "rejected", True): HELD,
    ("reject", "rejected", False): INCONCLUSIVE,
    ("reject", "error", True): SERVER_ERROR,
    ("reject", "error", False): SERVER_ERROR,
    ("reject", "unknown", True): INCONCLUSIVE,
    ("reject", "unknown", False): INCONCLUSIVE,
}
"""What a case comes to: it held, nothing is known, or the check that found something."""


def judge_case(
    operation: Operation,
    case: Case,
    interaction: Interaction,
    *,
    trusted: bool = True,
    fail_on: Level = FAIL_ON,
) -> Result:
    """Judge the answer to a case; `trusted` says whether the baseline was accepted."""
    interaction, outcome = _guarded(operation, interaction), _outcome(operation, interaction)
    judgement = Judgement(operation, interaction, outcome, fail_on, case)
    conclusion = CONCLUSIONS[case.polarity, outcome, trusted]
    findings = (*response_findings(judgement), *_of_case(judgement, case, conclusion))
    concluded = conclusion != INCONCLUSIVE
    tallies: dict[tuple[str, str], Tally] = {}
    if concluded:
        tallies[case.rule.id, case.polarity] = Tally(1, int(conclusion == HELD))
    return Result(findings, {worst(findings, concluded=concluded): 1}, tallies)


def judge_record(
    operation: Operation, interaction: Interaction, *, fail_on: Level = FAIL_ON
) -> Result:
    """Judge a recorded interaction, in which nobody said what was to be expected."""
    interaction = _guarded(operation, interaction)
    judgement = Judgement(operation, interaction, _outcome(operation, interaction), fail_on)
    violations = request_violations(operation, interaction.request, secrets=interaction.secrets)
    findings = (*response_findings(judgement), *_of_record(judgement, violations))
    # A body that was not recorded may break anything.
    seen = interaction.request.body is not None or bool(violations)
    known = seen and judgement.outcome != UNKNOWN
    tallies = dict(_recorded(operation, violations, judgement.outcome)) if known else {}
    return Result(findings, {worst(findings, concluded=known): 1}, tallies)


def judge_request(
    operation: Operation,
    interaction: Interaction,
    violations: list[Violation],
    *,
    expected: Container[str] = (),
    fail_on: Level = FAIL_ON,
) -> Result:
    """Judge what a client sent, whatever it was answered.

    Args:
        operation: the operation that it was sent to.
        interaction: the request, and its answer.
        violations: what the request breaks.
        expected: the ids of rules that it breaks on purpose.
        fail_on: the weakest level of evidence at which a finding is a violation.

    """
    judgement = Judgement(operation, _guarded(operation, interaction), UNKNOWN, fail_on)
    unexpected = [one for one in violations if one.rule.id not in expected]
    findings = tuple(_of_request(judgement, unexpected))
    # An answer that a test has scripted says nothing of a rule: the request put it to the test.
    tallies = dict(_recorded(operation, violations, "accepted"))
    return Result(findings, {worst(findings, concluded=True): 1}, tallies)


def _guarded(operation: Operation, interaction: Interaction) -> Interaction:
    """Note what must not be quoted of an interaction, where nobody did so yet."""
    if interaction.secrets is not None:
        return interaction
    secrets = redaction.of_request(interaction.request, operation.described)
    return replace(interaction, secrets=secrets)


def _outcome(operation: Operation, interaction: Interaction) -> Outcome:
    """Read the outcome; at another method or path, what is no acceptance and no crash refuses.

    A page of help, a redirection, 404 and HTTP's own 501 all say that no such thing is served.
    """
    outcome = outcome_of(operation, interaction)
    response = interaction.response
    if response is None or is_ours(operation, interaction):
        return outcome
    refused = outcome == UNKNOWN or response.status == NOT_IMPLEMENTED
    return "rejected" if refused else outcome


def _recorded(
    operation: Operation, violations: list[Violation], outcome: Outcome
) -> Iterator[tuple[tuple[str, str], Tally]]:
    """Say which rules a recorded request put to the test."""
    broken = {violation.rule.id for violation in violations}
    for rule_id in broken:
        yield (rule_id, "reject"), Tally(1, int(outcome == "rejected"))
    # A right request that was refused for a business reason says nothing of any rule.
    if not broken and outcome != "rejected":
        for rule in operation.rules.values():
            if rule.side == REQUEST:
                yield (rule.id, "accept"), Tally(1, int(outcome == "accepted"))


# The pair


def _of_case(judgement: Judgement, case: Case, conclusion: str) -> Iterator[Finding]:
    if conclusion == NEGATIVE:
        message = f"accepted, although {case.says}"
        yield judgement.finding(NEGATIVE, case.rule, message, evidence=case.evidence)
    elif conclusion == POSITIVE:
        said = _said(judgement)
        message = f"rejected, although it keeps every rule: {case.says}{said}"
        yield judgement.finding(POSITIVE, case.rule, message, evidence=case.evidence)


def _of_record(judgement: Judgement, violations: list[Violation]) -> Iterator[Finding]:
    yield from _of_request(judgement, violations)
    if violations and judgement.outcome == "accepted":
        # One interaction, one finding: on the rule that is best known.
        order = list(Level)
        best = min(violations, key=lambda one: order.index(one.evidence.level))
        message = f"accepted, although {sentence(best)}"
        yield judgement.finding(NEGATIVE, best.rule, message, where=best.pointer)


def _of_request(judgement: Judgement, violations: list[Violation]) -> Iterator[Finding]:
    for one in violations:
        yield judgement.finding(REQUEST_SCHEMA, one.rule, sentence(one), where=one.pointer)


def _said(judgement: Judgement) -> str:
    """Quote the answer, which is where a server gives its reason."""
    response = judgement.response
    payload, faults = (
        strict_json.decode(response.body) if response and response.body else (None, [])
    )
    return (
        ""
        if payload is None or faults
        else f"; the response was {shorten(payload, judgement.secrets)}"
    )
