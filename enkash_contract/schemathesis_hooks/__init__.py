"""Our outcomes, checks and payloads in a user's own Schemathesis run.

    SCHEMATHESIS_HOOKS=enkash_contract.schemathesis_hooks schemathesis run enkash.yaml --url …

Schemathesis reads a response by its status, and the schemas as if each rule were certain. Here a
200 may be a rejection, and a violated assumption is no failure. So its checks are replaced under
their own names, for the operations of our contract alone: they are chosen, left out and reported as
before.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import requests
import schemathesis
from hypothesis import strategies as st
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import FailureGroup

from enkash_contract.contract.contract import Contract, bundled, load
from enkash_contract.contract.evidence import FAIL_ON, Level
from enkash_contract.contract.export import EXTENSION, exported
from enkash_contract.contract.operation import TO_ENKASH
from enkash_contract.contract.routing import described_at
from enkash_contract.errors import EnkashContractError, UsageError
from enkash_contract.judging import checks, judge
from enkash_contract.judging.case import BASELINE
from enkash_contract.schemathesis_hooks import cases
from enkash_contract.schemathesis_hooks.failures import Inconclusive, Violated
from enkash_contract.schemathesis_hooks.servers import Server
from enkash_contract.validation.outcome import outcome_of
from enkash_contract.wire.message import Interaction, Request, Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schemathesis.core.failures import Failure

    from enkash_contract.contract.operation import Operation
    from enkash_contract.judging.case import Case
    from enkash_contract.judging.result import Result

    TheirOperation = schemathesis.APIOperation[Any, Any, Any, Any]
    TheirCase = schemathesis.Case[Any]

JUDGED = (checks.POSITIVE, checks.NEGATIVE, *checks.CHECKS)
"""The checks that are replaced by ours, which have the same names."""

SILENCED = "unsupported_method"
"""The check that demands 405 for a method that is not served. Here any rejection will do, and
`negative_data_rejection` looks for it."""

NAMED = 3
"""So many paths are named that a document could have."""

FUZZED = ("fuzzing", "stateful")
"""The phases in which Schemathesis draws the requests it sends."""

_OWN = ("content-length", "content-type", "host", "transfer-encoding", "x-schemathesis-testcaseid")
"""Headers that belong to one request; all others belong to every request of a user's run."""

_loaded: dict[str, Contract] = {}
"""The contracts that became schemas in this process, by the names in those schemas."""

_servers: dict[tuple[Operation, str, int], Server] = {}
"""What is known of each server, by the operation, the address and the application's id."""


def schema_of(
    contract: Contract, *, app: Any, url: str | None, fail_on: Level | str, wanted: list[str]
) -> schemathesis.BaseSchema:
    """Return the `wanted` operations as a schema; `Contract.schemathesis` says more."""
    document = exported(contract, fail_on)
    name = f"{id(contract):x}"
    document[EXTENSION]["loaded"] = name
    _loaded[name] = contract
    schema = schemathesis.openapi.from_dict(document)
    schema.app = app
    if url is not None:
        schema.config.update(base_url=url)
    return schema.include(operation_id=wanted)


# Our contract and operation behind theirs


def _contract(document: Mapping[str, Any]) -> Contract:
    ours = document.get(EXTENSION, {})
    overlays = ours.get("overlays", ())
    known = _loaded.get(ours.get("loaded"))
    return known or (_from_overlays(*overlays) if overlays else bundled())


_from_overlays = functools.lru_cache(maxsize=8)(load)


def _operation(theirs: TheirOperation) -> Operation | None:
    """Return our operation behind one of Schemathesis', or None when the contract has none."""
    operations = _contract(theirs.schema.raw_schema).values()
    return described_at(operations, theirs.path, theirs.method)


def _fail_on(theirs: TheirOperation) -> Level:
    return Level.of(theirs.schema.raw_schema.get(EXTENSION, {}).get("fail-on", FAIL_ON))


@schemathesis.hook
def after_load_schema(_: schemathesis.HookContext, schema: schemathesis.BaseSchema) -> None:
    """Check at once that the document has our operation, and that its overlays can be read.

    Raises:
        UsageError: the document has no such operation, or an overlay cannot be read.

    """
    try:
        operations = _contract(schema.raw_schema).values()
    except EnkashContractError as problem:
        # Schemathesis shows the whole chain of an error; of this one, only its words help.
        raise UsageError(f"{problem}; or print the document anew") from None
    if not any(described_at(operations, path) for path in schema.raw_schema.get("paths", {})):
        paths = [one.path for one in operations if one.direction == TO_ENKASH]
        more = f" and {len(paths) - NAMED} more" if paths[NAMED:] else ""
        known = ", ".join(paths[:NAMED]) + more
        raise UsageError(
            f"this document has no operation of the contract ({known}); "
            "`enkash-contract document` prints one that has"
        )


# Requests


@schemathesis.hook
def before_add_examples(context: schemathesis.HookContext, examples: list[TheirCase]) -> None:
    """Put the cases of the suite into the examples phase, in place of the document's example."""
    theirs = context.operation
    operation = theirs and _operation(theirs)
    if not theirs or not operation:
        return
    modes = [mode.value for mode in theirs.schema.config.generation_for(operation=theirs).modes]
    wanted = {"accept": "positive" in modes, "reject": "negative" in modes}
    # What a user's own hooks and authentication put into a request, ours carry too.
    template = examples[0] if examples else theirs.Case()
    headers, cookies = template.headers, template.cookies
    examples[:] = [
        cases.put(operation, case, theirs.Case(headers=dict(headers), cookies=cookies))
        for case in cases.suite_cases(operation)
        if wanted[case.polarity]
    ]


@schemathesis.hook
def flatmap_case(
    context: schemathesis.HookContext, case: TheirCase
) -> st.SearchStrategy[TheirCase]:
    """Draw the requests of fuzzing from our strategies."""
    theirs, meta = context.operation, case.meta
    operation = theirs and _operation(theirs)
    if not theirs or not operation or not meta or meta.phase.name.value not in FUZZED:
        return st.just(case)
    contract = _contract(theirs.schema.raw_schema)
    valid = meta.generation.mode.is_positive
    return cases.drawn(contract, operation, valid=valid).map(
        lambda drawn: cases.put(operation, drawn, case)
    )


# Responses


def _replace(name: str) -> None:
    """Replace a check by ours, where the operation is ours."""
    stock: Any = CHECKS.get_one(name)

    @functools.wraps(stock)
    def check(
        context: schemathesis.CheckContext, response: schemathesis.Response, case: TheirCase
    ) -> Any:
        operation = _operation(case.operation)
        if operation is None:
            return stock(context, response, case)
        failures = _failures(name, operation, response, case) if name in JUDGED else []
        if len(failures) > 1:
            raise FailureGroup(failures)
        for failure in failures:
            raise failure
        return None

    CHECKS.register(check)


def _failures(
    name: str, operation: Operation, response: schemathesis.Response, case: TheirCase
) -> list[Failure]:
    interaction, fail_on = _interaction(response), _fail_on(case.operation)
    expected = cases.expected(operation, interaction.request)
    if expected is None:
        result = judge.judge_record(operation, interaction, fail_on=fail_on)
    else:
        result = judge.judge_case(operation, expected, interaction, fail_on=fail_on)
    if name != checks.POSITIVE or expected is None or expected.polarity == "reject":
        return [Violated(finding) for finding in result.violations if finding.check == name]
    certain = expected.id == BASELINE or expected.evidence.at_least(fail_on)
    return _of_valid(operation, expected, interaction, result, case) if certain else []


def _of_valid(
    operation: Operation, ours: Case, interaction: Interaction, result: Result, case: TheirCase
) -> list[Failure]:
    """Return the failures of a valid request: its rejection is none without an accepted baseline.

    The baseline is sent again here and now, because the server may have stopped accepting it.
    """
    outcome, server = outcome_of(operation, interaction), _server(operation, interaction, case)
    if outcome == "accepted":
        server.accepts(ours, result)
    if outcome in ("accepted", "error"):
        return []
    send = functools.partial(_sent, operation, interaction, case)
    baseline = send(cases.baseline(operation))
    if baseline is None or outcome_of(operation, baseline) != "accepted":
        # A server that keeps state may reject what it once accepted: that is no fault, and no news.
        return [] if server.accepting else [Inconclusive(operation, baseline)]
    found = [finding for finding in result.findings if finding.check == checks.POSITIVE]
    findings = server.findings(ours, result, send) if found else []
    return [
        Violated(finding)
        for finding in findings
        if finding.check == checks.POSITIVE and finding.severity == "violation"
    ]


def _server(operation: Operation, interaction: Interaction, case: TheirCase) -> Server:
    """Return what is known of the server that a request was sent to."""
    theirs = case.operation
    key = operation, _base(operation, interaction.request), id(theirs.app)
    if key not in _servers:
        contract = _contract(theirs.schema.raw_schema)
        _servers[key] = Server(contract, operation, _fail_on(theirs), theirs.app)
    return _servers[key]


def _sent(
    operation: Operation, interaction: Interaction, case: TheirCase, ours: Case
) -> Interaction | None:
    """Send our case as `interaction` was sent; return both sides, None without a response."""
    kept = {name: value for name, value in interaction.request.headers if name.lower() not in _OWN}
    put = cases.put(operation, ours, case.operation.Case(headers=kept))
    base = _base(operation, interaction.request)
    try:
        # An application that is called without a network has no address.
        return _interaction(put.call(None if case.operation.app else base or None))
    except requests.RequestException:
        return None


def _base(operation: Operation, request: Request) -> str:
    base, path, _ = request.url.partition(operation.path)
    return base if path else ""


def _interaction(response: schemathesis.Response) -> Interaction:
    prepared = response.request
    body = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body or b""
    headers_sent = tuple(prepared.headers.items())
    request = Request(str(prepared.method), str(prepared.url), headers_sent, body)
    headers = [(name, value) for name, values in response.headers.items() for value in values]
    # Schemathesis keeps only the beginning of a very long response, which is no JSON by itself.
    whole = getattr(response, "content_size", len(response.content)) == len(response.content)
    content = response.content if whole else None
    return Interaction(request, Response(response.status_code, tuple(headers), content))


load_all_checks()
for _name in (*JUDGED, SILENCED):
    _replace(_name)
