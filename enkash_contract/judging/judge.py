"""The heart: one interaction, what was expected of it, and the findings that follow.

It always looks at the pair: the same response means one thing after a valid request and another
after an invalid one, and a rejection proves nothing while nobody knows whether the server accepts
anything at all. Every way in (`check`, `traffic`, fixtures, fuzzing) comes through here.

What a case comes to is read from `CONCLUSIONS`. The checks on the pair are in `_of_case`,
`_of_record` and `_of_request`; those on the response by itself are in `checks`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from enkash_contract.contract.evidence import FAIL_ON, strongest
from enkash_contract.judging import durations
from enkash_contract.judging.checks import (
    NEGATIVE,
    NOT_IMPLEMENTED,
    POSITIVE,
    REQUEST_SCHEMA,
    SERVER_ERROR,
    Judgement,
    is_ours,
    response_findings,
)
from enkash_contract.judging.exercises import judged, of_one_request, recorded, tallies_of
from enkash_contract.judging.members import shown_of
from enkash_contract.judging.result import Exercise, Result, Tally, worst
from enkash_contract.secrets import redaction
from enkash_contract.validation.outcome import UNKNOWN, outcome_of
from enkash_contract.validation.receiver import of_rejection
from enkash_contract.validation.request import request_violations, sentence
from enkash_contract.validation.violation import Violation, shorten
from enkash_contract.wire import strict_json

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from enkash_contract.contract.evidence import Level
    from enkash_contract.contract.operation import Operation
    from enkash_contract.judging.case import Case, Polarity
    from enkash_contract.judging.finding import Finding
    from enkash_contract.judging.result import Verdict
    from enkash_contract.validation.outcome import Outcome
    from enkash_contract.wire.message import Interaction

NOT_FOUND = (404, 405, 410, NOT_IMPLEMENTED)
"""The statuses that state that nothing is served at a path, or nothing by that method."""

TOO_LARGE = 413
"""The status of a request that is larger than a server reads, which no page limits."""

HELD, INCONCLUSIVE = "held", "inconclusive"

CONCLUSIONS: dict[tuple[Polarity, Outcome, bool], str] = {
    # Polarity of the case, outcome, and whether the baseline is trusted. A rejection means nothing
    # without a trusted baseline; an acceptance or a crash means the same with and without one.
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
"""The conclusion on a case: it held, nothing can be concluded, or the check that did not hold."""


def judge_case(
    operation: Operation,
    case: Case,
    interaction: Interaction,
    *,
    trusted: bool = True,
    fail_on: Level = FAIL_ON,
) -> Result:
    """Judge the response to a case.

    Args:
        operation: the operation that the case belongs to.
        case: the request with its expectation.
        interaction: the request as it was sent, and its response.
        trusted: whether the baseline was accepted.
        fail_on: the weakest level of evidence at which a finding is a violation.

    """
    interaction, outcome = _guarded(operation, interaction), _outcome(operation, interaction, case)
    judgement = Judgement(operation, interaction, outcome, fail_on, case)
    trusted = trusted and (case.polarity == "reject" or _is_about_payload(interaction))
    conclusion = CONCLUSIONS[case.polarity, outcome, trusted]
    findings = (*response_findings(judgement), *_of_case(judgement, case, conclusion))
    concluded = conclusion != INCONCLUSIVE
    verdicts: dict[Verdict, int] = {worst(findings, concluded=concluded): 1}
    tally = Tally(1, int(conclusion == HELD)) if concluded else Tally(inconclusive=1)
    tallies: dict[tuple[str, str], Tally] = {(case.rule.id, case.polarity): tally}
    requests: dict[str, Tally] = {case.polarity: tally}
    exercised = Exercise(operation.id, case.rule.id, case.polarity, case.family)
    result = Result(
        findings,
        verdicts,
        tallies,
        notes=_unseen(interaction),
        requests=requests,
        exercises={exercised: tally, **judged(judgement, requests, verdicts)},
        durations=durations.of(operation.id, interaction),
    )
    return replace(result, **shown_of(judgement, case, trusted=trusted, clean=not findings))


def judge_record(
    operation: Operation, interaction: Interaction, *, fail_on: Level = FAIL_ON
) -> Result:
    """Judge a recorded interaction, for which nobody has stated an expectation."""
    interaction = _guarded(operation, interaction)
    judgement = Judgement(operation, interaction, _outcome(operation, interaction), fail_on)
    violations = request_violations(operation, interaction.request, secrets=interaction.secrets)
    findings = (*response_findings(judgement), *_of_record(judgement, violations))
    # A body that was not recorded may break any rule, and so may a member.
    seen = interaction.request.body is not None and not interaction.request.hidden
    known = seen or bool(violations)
    concluded = known and judgement.outcome != UNKNOWN
    return _without_case(judgement, violations, findings, concluded=concluded)


def judge_request(
    operation: Operation,
    interaction: Interaction,
    violations: list[Violation],
    *,
    expected: Container[str] = (),
    fail_on: Level = FAIL_ON,
) -> Result:
    """Judge the request of a client, whatever the response.

    Args:
        operation: the operation that it was sent to.
        interaction: the request and its response.
        violations: the violations of the request.
        expected: the ids of the rules that it breaks on purpose.
        fail_on: the weakest level of evidence at which a finding is a violation.

    """
    judgement = Judgement(operation, _guarded(operation, interaction), UNKNOWN, fail_on)
    meant = [violation for violation in violations if violation.rule.id in expected]
    # A value of another type on purpose is, on purpose, none of those listed.
    other = {violation.pointer for violation in meant if violation.rule.keyword == "type"}
    unexpected = [
        violation
        for violation in violations
        if violation not in meant and not (violation.rule.path and violation.pointer in other)
    ]
    findings = tuple(_of_request(judgement, unexpected))
    concluded = not interaction.request.unseen or bool(violations)
    # A response that a test has scripted shows nothing about a rule; the request exercised it.
    unanswered = replace(judgement.interaction, response=None)
    judgement = replace(judgement, interaction=unanswered, outcome="accepted")
    return _without_case(judgement, violations, findings, concluded=concluded)


def _without_case(
    judgement: Judgement,
    violations: list[Violation],
    findings: tuple[Finding, ...],
    *,
    concluded: bool,
) -> Result:
    """Return the result of an interaction for which nobody has stated an expectation."""
    operation, interaction = judgement.operation, judgement.interaction
    tallies = dict(tallies_of(operation, violations, judgement.outcome)) if concluded else {}
    verdicts = {worst(findings, concluded=concluded): 1}
    requests = of_one_request(tallies)
    exercises = dict(recorded(operation, tallies, violations))
    return Result(
        findings,
        verdicts,
        tallies,
        notes=_unseen(interaction),
        requests=requests,
        exercises=exercises | judged(judgement, requests, verdicts),
        durations=durations.of(operation.id, interaction),
    )


def _is_about_payload(interaction: Interaction) -> bool:
    """Return whether the server has looked at the payload before it responded.

    It may refuse any request for its size, without reading it (RFC 9110, section 15.5.14).
    """
    response = interaction.response
    too_large = response is not None and response.status == TOO_LARGE
    return not (interaction.unread or too_large)


def _unseen(interaction: Interaction) -> tuple[str, ...]:
    """Return a note for each body of which nobody knows what it holds, and why."""
    parts = {"request": interaction.request, "response": interaction.response}
    return tuple(
        f"the body of a {name} {part.unseen}; it is not judged"
        for name, part in parts.items()
        if part is not None and part.unseen
    )


def _guarded(operation: Operation, interaction: Interaction) -> Interaction:
    """Return `interaction` with the secrets of its request, unless it has those of a run."""
    if interaction.secrets is not None:
        return interaction
    secrets = redaction.of_request(interaction.request, operation.described)
    return replace(interaction, secrets=secrets)


def _outcome(operation: Operation, interaction: Interaction, case: Case | None = None) -> Outcome:
    """Return the outcome; with another method or path, all but acceptance and crash is rejection.

    A page of help, a redirection, 404 and HTTP's own 501 all state that no such thing is served. Of
    another spelling of the same path, only what states that it is not found is rejection.
    """
    outcome = outcome_of(operation, interaction)
    response = interaction.response
    if response is None or is_ours(operation, interaction, case):
        return outcome
    if case is not None and case.polarity == "accept":
        rejected = response.status in NOT_FOUND
    else:
        rejected = outcome == UNKNOWN or response.status == NOT_IMPLEMENTED
    return "rejected" if rejected else outcome


# The pair


def _of_case(judgement: Judgement, case: Case, conclusion: str) -> Iterator[Finding]:
    if conclusion == NEGATIVE:
        message = f"accepted, although {case.says}"
        yield judgement.finding(NEGATIVE, case.rule, message, evidence=case.evidence)
    elif conclusion == POSITIVE:
        reason = _reason(judgement)
        message = f"rejected, although it keeps every rule: {case.says}{reason}"
        yield judgement.finding(POSITIVE, case.rule, message, evidence=case.evidence)


def _of_record(judgement: Judgement, violations: list[Violation]) -> Iterator[Finding]:
    yield from _of_request(judgement, violations)
    if violations and judgement.outcome == "accepted":
        # One interaction, one finding of the server: on the rule that it surely had to enforce.
        body = judgement.interaction.request.body
        known = [of_rejection(judgement.operation, each.rule, body) for each in violations]
        evidence = strongest(known)
        best = violations[known.index(evidence)]
        message = f"accepted, although {sentence(best)}"
        where = best.pointer
        yield judgement.finding(NEGATIVE, best.rule, message, evidence=evidence, where=where)


def _of_request(judgement: Judgement, violations: list[Violation]) -> Iterator[Finding]:
    for violation in violations:
        message, where = sentence(violation), violation.pointer
        yield judgement.finding(
            REQUEST_SCHEMA, violation.rule, message, where=where, fault="client"
        )


def _reason(judgement: Judgement) -> str:
    """Quote the response, which is where a server gives its reason; "" if it is no JSON."""
    response = judgement.response
    if response is None or not response.body:
        return ""
    payload, faults = strict_json.decode_again(response.body)
    if payload is None or faults:
        return ""
    return f"; the response was {shorten(payload, judgement.secrets)}"
