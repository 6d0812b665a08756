"""The checks on a response by itself, by the names that Schemathesis gives them.

One function per check, all of one signature; the table `CHECKS` lists them. The checks on a request
together with its response stand in `judge`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from enkash_contract.contract.evidence import FAIL_ON
from enkash_contract.contract.operation import RESPONSE
from enkash_contract.contract.routing import match_request
from enkash_contract.contract.rules import expectation
from enkash_contract.judging.finding import Finding
from enkash_contract.judging.result import severity
from enkash_contract.secrets import redaction
from enkash_contract.validation.outcome import outcome_of
from enkash_contract.validation.validator import validator
from enkash_contract.validation.violation import shorten
from enkash_contract.wire import strict_json
from enkash_contract.wire.message import Interaction, Request, header, media_type, media_types

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from enkash_contract.contract.evidence import Evidence, Level
    from enkash_contract.contract.operation import Operation, Side
    from enkash_contract.contract.rules import Rule
    from enkash_contract.judging.case import Case
    from enkash_contract.judging.finding import Fault
    from enkash_contract.secrets.redaction import Secrets
    from enkash_contract.validation.outcome import Outcome
    from enkash_contract.wire.message import Response

    Check = Callable[["Judgement"], Iterator[Finding]]

POSITIVE = "positive_data_acceptance"
NEGATIVE = "negative_data_rejection"
SERVER_ERROR = "not_a_server_error"
STATUS = "status_code_conformance"
CONTENT_TYPE = "content_type_conformance"
RESPONSE_SCHEMA = "response_schema_conformance"
REQUEST_SCHEMA = "request_schema_conformance"
SELFTEST = "selftest"

REDIRECTIONS = (301, 302, 303, 307, 308)
"""The statuses that send a client elsewhere, if a Location says where."""

NOT_MODIFIED = 304
"""The status with which a cache says that nothing has changed."""

NOT_IMPLEMENTED = 501
"""The status with which HTTP lets a server state that it does not know a method, or a coding."""

PROXY_AUTHENTICATION = 407
"""The status with which a proxy asks for credentials of its own."""


@dataclass(frozen=True)
class Judgement:
    """Everything a check needs: an operation, an interaction, its outcome and case, if any."""

    operation: Operation
    interaction: Interaction
    outcome: Outcome
    fail_on: Level
    case: Case | None = None

    @property
    def secrets(self) -> Secrets:
        """The secrets that no message may quote."""
        return redaction.of(self.interaction)

    @property
    def response(self) -> Response | None:
        """The response, if there was one."""
        return self.interaction.response

    def finding(
        self,
        check: str,
        rule: Rule,
        message: str,
        *,
        evidence: Evidence | None = None,
        where: str | None = None,
        of_response: bool = False,
        fault: Fault = "server",
    ) -> Finding:
        """Return a finding on `rule`, at `where` or else at the place that the rule is about.

        The same response may follow any request, so a finding `of_response` has no family, and one
        fingerprint for all cases.
        """
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
            family=self.case.family if self.case and not of_response else "",
            case=self.case.id if self.case else "",
            source=self.interaction.source,
            interaction=self.interaction,
            fault=fault,
        )


def is_ours(operation: Operation, interaction: Interaction, case: Case | None) -> bool:
    """Return whether a request has the operation's method, and no path that was mistyped."""
    # The address of a run is the operation's, however its user has written it, so of the request of
    # a case only the case's own part is looked at. Of a record, any other path is the server's own
    # name for the operation: whoever calls has named it.
    if case is not None and case.wire.path not in ("", operation.path):
        return False
    request = interaction.request if case is None else case.request()
    return request.method == operation.method and match_request(operation, request) != "mistyped"


def judgement_of(
    operation: Operation, response: Response | None, fail_on: Level = FAIL_ON
) -> Judgement:
    """Return the judgement of a response by itself, as if a plain request had been sent."""
    interaction = Interaction(Request(operation.method, operation.path), response)
    return Judgement(operation, interaction, outcome_of(operation, interaction), fail_on)


def is_transport(response: Response) -> bool:
    """Return whether a response is about the way to the operation: a redirection, a cache, a proxy.

    No page speaks of these; RFC 9110 does (sections 15.4 and 15.5.8).
    """
    if response.status in REDIRECTIONS:
        return header(response.headers, "location") is not None
    return response.status in (NOT_MODIFIED, PROXY_AUTHENTICATION)


def is_checked(judgement: Judgement) -> bool:
    """Return whether the document describes the response; a crash is a crash all the same.

    It describes neither the responses to other methods and paths, nor those of transport.
    """
    ours = is_ours(judgement.operation, judgement.interaction, judgement.case)
    return ours and not (judgement.response and is_transport(judgement.response))


def response_findings(judgement: Judgement) -> Iterator[Finding]:
    """Yield what the checks find in the response of a judgement."""
    ours = is_checked(judgement)
    for name, check in CHECKS.items():
        if ours or name == SERVER_ERROR:
            yield from check(judgement)


def not_a_server_error(judgement: Judgement) -> Iterator[Finding]:
    """No request, valid or invalid, makes the server fail or keeps it from responding."""
    if judgement.outcome != "error":
        return
    response = judgement.response
    failure = judgement.interaction.error
    if response is not None:
        failure = f"answered {response.status}{_reason(response, judgement.secrets)}"
    case = judgement.case
    rule = case.rule if case else judgement.operation.rules[f"{RESPONSE}#status"]
    about = f": {case.says}" if case else ""
    # The evidence is that of what an error is, however weak the rule behind the request.
    evidence = judgement.operation.outcome_evidence["error"]
    if case and case.wire.fields and (response is None or response.status == NOT_IMPLEMENTED):
        # RFC 9112 (6.1) lets a server state so of a transfer coding; and one that does not read
        # the body to its end resets the connection, which may take the response along.
        evidence = case.evidence
    yield judgement.finding(SERVER_ERROR, rule, f"{failure}{about}", evidence=evidence)


def status_code_conformance(judgement: Judgement) -> Iterator[Finding]:
    """The status is one that the document lists."""
    response = judgement.response
    if response is None or judgement.outcome == "error":
        return
    rule = judgement.operation.rules[f"{RESPONSE}#status"]
    known = {str(response.status), f"{response.status // 100}XX", "default"}
    if known.isdisjoint(rule.value):
        message = f"the response {expectation(rule)}, but it is {response.status}"
        yield judgement.finding(STATUS, rule, message, of_response=True)


def content_type_conformance(judgement: Judgement) -> Iterator[Finding]:
    """The response is labelled with the documented media type, and with no other."""
    side = _documented(judgement)
    if side is None or judgement.response is None:
        return
    labels = media_types(judgement.response.headers)
    if labels[:1] != [side.media_type]:
        rule = judgement.operation.rules[f"{side.name}#content-type"]
        shown = f"labelled {labels[0]}" if labels else "not labelled"
        message = f"the response {expectation(rule)}, but it is {shown}"
        yield judgement.finding(CONTENT_TYPE, rule, message, of_response=True)
    if len(labels) > 1:
        rule = judgement.operation.rules[f"{side.name}#content-type-single"]
        message = f"the response {expectation(rule)}, but it states {' and '.join(labels)}"
        yield judgement.finding(CONTENT_TYPE, rule, message, of_response=True)


def response_schema_conformance(judgement: Judgement) -> Iterator[Finding]:
    """The body is JSON and keeps the rules documented for its status."""
    side, response = _documented(judgement), judgement.response
    if side is None or response is None or response.body is None:
        return
    label = media_type(response.headers)
    if label is not None and label != side.media_type:
        # `content_type_conformance` has found it already; reading it as JSON would repeat it.
        return
    payload, faults = strict_json.decode_again(response.body)
    fatal = [fault for fault in faults if not fault.tokens]
    if fatal:
        rule = judgement.operation.rules[f"{side.name}#json"]
        message = f"the response {expectation(rule)}, but {fatal[0].message}"
        yield judgement.finding(RESPONSE_SCHEMA, rule, message, of_response=True)
        return
    violations = validator(judgement.operation, side.name).of_json(
        payload, secrets=judgement.secrets
    )
    for violation in violations:
        where = violation.pointer
        if where in response.hidden:
            continue
        broken = f"{where or 'the body'} {violation.expected}, but {violation.actual}"
        message = f"in the response, {broken}"
        yield judgement.finding(
            RESPONSE_SCHEMA, violation.rule, message, where=where, of_response=True
        )


CHECKS: dict[str, Check] = {
    SERVER_ERROR: not_a_server_error,
    STATUS: status_code_conformance,
    CONTENT_TYPE: content_type_conformance,
    RESPONSE_SCHEMA: response_schema_conformance,
}
"""The checks on a response by itself, by the names that Schemathesis gives them."""


def _documented(judgement: Judgement) -> Side | None:
    """Return the side of the document that describes a response, None if there is none."""
    response = judgement.response
    if response is None or judgement.outcome == "error":
        return None
    return judgement.operation.response(response.status)


def _reason(response: Response, secrets: Secrets) -> str:
    """Quote a response in plain text, in which a server gives the reason of its failure."""
    if media_type(response.headers) != "text/plain" or not response.body:
        return ""
    return f" ({shorten(response.body.decode('utf-8', 'replace'), secrets)})"
