"""The heart: one interaction, what was expected of it, and the findings that follow.

It always looks at the pair. What a server answers to a wrong request means something else than the
same answer to a right one, and a refusal proves nothing while nobody knows whether the server
accepts anything at all. Every way in (`check`, `traffic`, fixtures, fuzzing) comes through here.

One function per check, all of one signature; the table `CHECKS` says which checks look at the
answer by itself. The checks on the pair stand in `_of_case` and `_of_record`, beside the table they
implement.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from enkash_contract import redaction, wire
from enkash_contract.asked import is_mistyped, request_violations, sentence
from enkash_contract.contract import REQUEST, RESPONSE
from enkash_contract.evidence import FAIL_ON, Level
from enkash_contract.explanations import expectation
from enkash_contract.interaction import media_type
from enkash_contract.outcome import UNKNOWN, outcome_of
from enkash_contract.result import Finding, Result, Tally, severity, worst
from enkash_contract.validation import validator
from enkash_contract.violation import Violation, shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator

    from enkash_contract.contract import Operation, Side
    from enkash_contract.evidence import Evidence
    from enkash_contract.interaction import Interaction, Response
    from enkash_contract.outcome import Outcome
    from enkash_contract.redaction import Secrets
    from enkash_contract.rules import Rule
    from enkash_contract.suite import Case

    Check = Callable[["Judgement"], Iterator[Finding]]

POSITIVE = "positive_data_acceptance"
NEGATIVE = "negative_data_rejection"
SERVER_ERROR = "not_a_server_error"
STATUS = "status_code_conformance"
CONTENT_TYPE = "content_type_conformance"
RESPONSE_SCHEMA = "response_schema_conformance"
REQUEST_SCHEMA = "request_schema_conformance"

OF_A_PROXY = 407
"""The status with which a proxy asks for credentials of its own."""

NOT_IMPLEMENTED = 501
"""The status with which HTTP lets a server say that it knows no such method at all."""


@dataclass(frozen=True)
class Judgement:
    """What a check looks at: the operation, the interaction, and what is expected of it."""

    operation: Operation
    interaction: Interaction
    outcome: Outcome
    fail_on: Level
    case: Case | None = None

    @property
    def secrets(self) -> Secrets:
        """What nothing may be quoted with."""
        return redaction.of(self.interaction)

    @property
    def response(self) -> Response | None:
        """The answer, if there was one."""
        return self.interaction.response

    def finding(
        self,
        check: str,
        rule: Rule,
        message: str,
        *,
        evidence: Evidence | None = None,
        where: str | None = None,
        of_answer: bool = False,
    ) -> Finding:
        """Make a finding on `rule`; what concerns the answer by itself belongs to no family."""
        basis = evidence or rule.evidence
        return Finding(
            check=check,
            operation=self.operation.id,
            rule=rule.id,
            evidence=basis,
            severity=severity(basis, self.fail_on),
            message=self.secrets.hide(message),
            document=rule.place,
            pointer=rule.pointer if where is None else where,
            family=self.case.family if self.case and not of_answer else "",
            case=self.case.id if self.case else "",
            source=self.interaction.source,
            interaction=self.interaction,
        )


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
    findings = (*_of_answer(judgement), *_of_case(judgement, trusted=trusted))
    wanted = "accepted" if case.polarity == "accept" else "rejected"
    opposite = "rejected" if wanted == "accepted" else "accepted"
    held = outcome == wanted and (trusted or case.polarity == "accept")
    concluded = held or (outcome == opposite and (trusted or case.polarity == "reject"))
    concluded = concluded or outcome == "error"
    put: dict[tuple[str, str], Tally] = {}
    if concluded:
        put[case.rule.id, case.polarity] = Tally(1, int(held))
    return Result(findings, {worst(findings, concluded=concluded): 1}, put)


def judge_record(
    operation: Operation, interaction: Interaction, *, fail_on: Level = FAIL_ON
) -> Result:
    """Judge a recorded interaction, in which nobody said what was to be expected."""
    interaction = _guarded(operation, interaction)
    judgement = Judgement(operation, interaction, _outcome(operation, interaction), fail_on)
    violations = request_violations(operation, interaction.request, secrets=interaction.secrets)
    findings = (*_of_answer(judgement), *_of_record(judgement, violations or []))
    known = violations is not None and judgement.outcome != UNKNOWN
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
    if response is None or _is_ours(operation, interaction):
        return outcome
    refused = outcome == UNKNOWN or response.status == NOT_IMPLEMENTED
    return "rejected" if refused else outcome


def _is_ours(operation: Operation, interaction: Interaction) -> bool:
    request = interaction.request
    return request.method == operation.method and not is_mistyped(operation, request)


def _recorded(
    operation: Operation, violations: list[Violation] | None, outcome: Outcome
) -> Iterator[tuple[tuple[str, str], Tally]]:
    """Say which rules a recorded request put to the test."""
    broken = {violation.rule.id for violation in violations or ()}
    for rule_id in broken:
        yield (rule_id, "reject"), Tally(1, int(outcome == "rejected"))
    # A right request that was refused for a business reason says nothing of any rule.
    if not broken and outcome != "rejected":
        for rule in operation.rules.values():
            if rule.side == REQUEST:
                yield (rule.id, "accept"), Tally(1, int(outcome == "accepted"))


# The pair


def _of_case(judgement: Judgement, *, trusted: bool) -> Iterator[Finding]:
    case = judgement.case
    assert case is not None  # noqa: S101 - only a case has an expectation
    if judgement.outcome == "accepted" and case.polarity == "reject":
        message = f"accepted, although {case.says}"
        yield judgement.finding(NEGATIVE, case.rule, message, evidence=case.evidence)
    if judgement.outcome == "rejected" and case.polarity == "accept" and trusted:
        said = _said(judgement)
        message = f"refused, although it keeps every rule: {case.says}{said}"
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
    payload, faults = wire.decode(response.body) if response and response.body else (None, [])
    return (
        ""
        if payload is None or faults
        else f"; the answer was {shorten(payload, judgement.secrets)}"
    )


def _reason(response: Response, secrets: Secrets) -> str:
    """Quote a plain text answer: with it, a server says what broke."""
    if media_type(response.headers) != "text/plain" or not response.body:
        return ""
    return f" ({shorten(response.body.decode('utf-8', 'replace'), secrets)})"


# The answer by itself


def _of_answer(judgement: Judgement) -> Iterator[Finding]:
    # What other methods and paths are answered with is nothing that the document speaks of, nor is
    # what a proxy answers in the server's place.
    ours = _is_ours(judgement.operation, judgement.interaction)
    ours = ours and not (judgement.response and judgement.response.status == OF_A_PROXY)
    for name, check in CHECKS.items():
        if ours or name == SERVER_ERROR:
            yield from check(judgement)


def not_a_server_error(judgement: Judgement) -> Iterator[Finding]:
    """No request, right or wrong, makes the server fail or fall silent."""
    if judgement.outcome != "error":
        return
    response = judgement.response
    what = judgement.interaction.error
    if response is not None:
        what = f"answered {response.status}{_reason(response, judgement.secrets)}"
    case = judgement.case
    rule = case.rule if case else judgement.operation.rules[f"{RESPONSE}#status"]
    about = f": {case.says}" if case else ""
    # A crash is a crash however well the rule behind the request is known.
    evidence = judgement.operation.outcome_evidence["error"]
    yield judgement.finding(SERVER_ERROR, rule, f"{what}{about}", evidence=evidence)


def status_code_conformance(judgement: Judgement) -> Iterator[Finding]:
    """The status is one that the document knows."""
    response = judgement.response
    if response is None or judgement.outcome == "error":
        return
    rule = judgement.operation.rules[f"{RESPONSE}#status"]
    known = rule.value
    if str(response.status) not in known and f"{response.status // 100}XX" not in known:
        message = f"the answer {expectation(rule)}, but it is {response.status}"
        yield judgement.finding(STATUS, rule, message, of_answer=True)


def content_type_conformance(judgement: Judgement) -> Iterator[Finding]:
    """The answer is labelled with the documented media type."""
    side = _documented(judgement)
    if side is None or judgement.response is None:
        return
    label = media_type(judgement.response.headers)
    if label != side.media_type:
        rule = judgement.operation.rules[f"{side.name}#content-type"]
        shown = f"labelled {label}" if label else "not labelled"
        message = f"the answer {expectation(rule)}, but it is {shown}"
        yield judgement.finding(CONTENT_TYPE, rule, message, of_answer=True)


def response_schema_conformance(judgement: Judgement) -> Iterator[Finding]:
    """The body is JSON and keeps the rules documented for its status."""
    side, response = _documented(judgement), judgement.response
    if side is None or response is None or response.body is None:
        return
    label = media_type(response.headers)
    if label is not None and label != side.media_type:
        # Already found to be something else: reading it as JSON would say the same twice.
        return
    payload, faults = wire.decode(response.body)
    fatal = [fault for fault in faults if not fault.tokens]
    if fatal:
        rule = judgement.operation.rules[f"{side.name}#json"]
        message = f"the answer {expectation(rule)}, but {fatal[0].message}"
        yield judgement.finding(RESPONSE_SCHEMA, rule, message, of_answer=True)
        return
    judge = validator(judgement.operation, side.name)
    for one in judge.of_json(payload, secrets=judgement.secrets):
        message = f"in the answer, {one.pointer or 'the body'} {one.expected}, but {one.actual}"
        yield judgement.finding(
            RESPONSE_SCHEMA, one.rule, message, where=one.pointer, of_answer=True
        )


CHECKS: dict[str, Check] = {
    SERVER_ERROR: not_a_server_error,
    STATUS: status_code_conformance,
    CONTENT_TYPE: content_type_conformance,
    RESPONSE_SCHEMA: response_schema_conformance,
}
"""The checks on an answer by itself, by the names Schemathesis gives them."""


def _documented(judgement: Judgement) -> Side | None:
    response = judgement.response
    if response is None or judgement.outcome == "error":
        return None
    return judgement.operation.response(response.status)
