"""Plugs this package into a user's own Schemathesis run: outcomes, checks and payloads.

    SCHEMATHESIS_HOOKS=enkash_contract.schemathesis_hooks schemathesis run enkash.yaml --url …

Schemathesis reads an answer by its status, and the schemas as if each rule were certain. Here a 200
may be a refusal, and what is merely assumed fails nobody. So its checks are replaced under their
own names, for the operations of our contract alone: they are chosen, left out and reported as ever.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import requests
import schemathesis
from hypothesis import strategies as st
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import Failure, FailureGroup

from enkash_contract.contract.contract import Contract, bundled, load
from enkash_contract.contract.evidence import FAIL_ON, Level
from enkash_contract.contract.export import EXTENSION, exported
from enkash_contract.contract.routing import described_at
from enkash_contract.errors import EnkashContractError, UsageError
from enkash_contract.judging import checks, judge
from enkash_contract.judging.case import BASELINE
from enkash_contract.schemathesis_hooks import cases
from enkash_contract.validation.outcome import outcome_of
from enkash_contract.wire.message import Interaction, Request, Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from enkash_contract.contract.operation import Operation
    from enkash_contract.judging.result import Finding

    Asked = schemathesis.APIOperation[Any, Any, Any, Any]
    Sent = schemathesis.Case[Any]

JUDGED = (checks.POSITIVE, checks.NEGATIVE, *checks.CHECKS)
"""The checks that are ours now, by the names that both sides know them by."""

SILENCED = "unsupported_method"
"""Wants 405 and nothing else of a method that is not served; to us any refusal is one, and it is
`negative_data_rejection` that looks for it."""

FUZZED = ("fuzzing", "stateful")
"""The phases in which Schemathesis draws what it sends."""

_OWN = ("content-length", "content-type", "host", "transfer-encoding", "x-schemathesis-testcaseid")
"""Headers that belong to one request, and not to everything that a user's run sends."""

_loaded: dict[str, Contract] = {}
"""The contracts that were turned into schemas in this process, by what the schemas call them."""

_accepting: set[tuple[Operation, str, int]] = set()
"""The operations that have accepted a right request: at which address, of which application."""


class Violated(Failure):
    """A violation of the contract, told as everywhere else in this package."""

    __slots__ = ("finding",)

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        lines = [
            f"{finding.message}",
            "",
            f"Evidence: {finding.evidence}",
            f"Document: {finding.document}",
        ]
        if finding.case:
            lines.append(f"Case: {finding.case}")
        lines.append(f"Fingerprint: {finding.fingerprint}")
        title = f"{finding.check} {finding.rule}"
        super().__init__(operation=finding.operation, title=title, message="\n".join(lines))

    @property
    def _unique_key(self) -> str:
        # One finding must never hide another: without this, all of them count as one failure.
        return self.finding.fingerprint


class Inconclusive(Failure):
    """The server has accepted nothing yet, so that what it refuses shows nothing."""

    __slots__ = ()

    def __init__(self, operation: Operation, answer: Interaction | None) -> None:
        response = answer and answer.response
        said = f"the answer is {response.status}" if response else "there is no answer"
        message = (
            f"The document's example is not accepted ({said}), so that refusals show nothing.\n"
            "Let an overlay name a request that this server accepts: its `example`, "
            "and `examples` of each\nmember that only this server knows. Or let the requests in, "
            "for instance with -H."
        )
        title = "Nothing can be concluded"
        super().__init__(operation=operation.id, title=title, message=message)


def schema_of(
    contract: Contract, *, app: Any, url: str | None, fail_on: Level | str
) -> schemathesis.BaseSchema:
    """Return the document of `contract` as a schema; `Contract.schemathesis` says more."""
    document = exported(contract, fail_on)
    name = f"{id(contract):x}"
    document[EXTENSION]["loaded"] = name
    _loaded[name] = contract
    schema = schemathesis.openapi.from_dict(document)
    schema.app = app
    if url is not None:
        schema.config.update(base_url=url)
    return schema


# Whose operation it is


def _contract(document: Mapping[str, Any]) -> Contract:
    ours = document.get(EXTENSION, {})
    overlays = ours.get("overlays", ())
    known = _loaded.get(ours.get("loaded"))
    return known or (_from_overlays(*overlays) if overlays else bundled())


_from_overlays = functools.lru_cache(maxsize=8)(load)


def _operation(asked: Asked) -> Operation | None:
    """Return our operation behind one of Schemathesis', or None when it is somebody else's."""
    operations = _contract(asked.schema.raw_schema).values()
    return described_at(operations, asked.path, asked.method)


def _fail_on(asked: Asked) -> Level:
    return Level.of(asked.schema.raw_schema.get(EXTENSION, {}).get("fail-on", FAIL_ON))


@schemathesis.hook
def after_load_schema(_: schemathesis.HookContext, schema: schemathesis.BaseSchema) -> None:
    """Say at once when there is nothing to do here, or an overlay cannot be read."""
    try:
        operations = _contract(schema.raw_schema).values()
    except EnkashContractError as problem:
        # Schemathesis shows the way an error has come; of this one, only its words help.
        raise UsageError(f"{problem}; or print the document anew") from None
    if not any(described_at(operations, path) for path in schema.raw_schema.get("paths", {})):
        known = ", ".join(operation.path for operation in operations)
        what = f"this document has no operation of the contract ({known})"
        raise UsageError(f"{what}; `enkash-contract document` prints one that has")


# What is sent


@schemathesis.hook
def before_add_examples(context: schemathesis.HookContext, examples: list[Sent]) -> None:
    """Let the suite take part in the examples phase, in place of the document's example."""
    asked = context.operation
    found = asked and _operation(asked)
    if not asked or not found:
        return
    modes = [mode.value for mode in asked.schema.config.generation_for(operation=asked).modes]
    wanted = {"accept": "positive" in modes, "reject": "negative" in modes}
    # What a user's own hooks and authentication put into a request, ours carry too.
    like = examples[0] if examples else asked.Case()
    examples[:] = [
        cases.put(found, case, asked.Case(headers=dict(like.headers), cookies=like.cookies))
        for case in cases.suite_cases(found)
        if wanted[case.polarity]
    ]


@schemathesis.hook
def flatmap_case(context: schemathesis.HookContext, case: Sent) -> st.SearchStrategy[Sent]:
    """Let what is drawn in fuzzing come from our strategies."""
    asked, meta = context.operation, case.meta
    found = asked and _operation(asked)
    if not asked or not found or not meta or meta.phase.name.value not in FUZZED:
        return st.just(case)
    contract = _contract(asked.schema.raw_schema)
    right = meta.generation.mode.is_positive
    return cases.drawn(contract, found, valid=right).map(
        lambda drawn: cases.put(found, drawn, case)
    )


# How answers are judged


def _replace(name: str) -> None:
    """Put our reading in the place of a check, where the operation is ours."""
    stock: Any = CHECKS.get_one(name)

    @functools.wraps(stock)
    def check(
        context: schemathesis.CheckContext, response: schemathesis.Response, case: Sent
    ) -> Any:
        found = _operation(case.operation)
        if found is None:
            return stock(context, response, case)
        failures = _failures(name, found, response, case) if name in JUDGED else []
        if len(failures) > 1:
            raise FailureGroup(failures)
        for failure in failures:
            raise failure
        return None

    CHECKS.register(check)


def _failures(
    name: str, found: Operation, response: schemathesis.Response, case: Sent
) -> list[Failure]:
    interaction, fail_on = _interaction(response), _fail_on(case.operation)
    expected = cases.expected(found, interaction.request)
    if expected is None:
        result = judge.judge_record(found, interaction, fail_on=fail_on)
    else:
        result = judge.judge_case(found, expected, interaction, fail_on=fail_on)
    made: list[Failure] = [Violated(one) for one in result.violations if one.check == name]
    if name != checks.POSITIVE or expected is None or expected.polarity == "reject":
        return made
    certain = expected.id == BASELINE or expected.evidence.at_least(fail_on)
    return _of_refusal(made, found, interaction, case) if certain else []


def _of_refusal(
    made: list[Failure], found: Operation, interaction: Interaction, case: Sent
) -> list[Failure]:
    """Return what a right request shows: nothing, if the baseline is not accepted here and now."""
    outcome = outcome_of(found, interaction)
    at = found, _base(found, interaction.request), id(case.operation.app)
    if outcome == "accepted":
        _accepting.add(at)
    if outcome in ("accepted", "error"):
        return []
    again = _baseline(found, interaction, case)
    if again and outcome_of(found, again) == "accepted":
        return made
    return [] if at in _accepting else [Inconclusive(found, again)]


def _baseline(found: Operation, interaction: Interaction, case: Sent) -> Interaction | None:
    """Send the baseline as `interaction` was sent, and return what came of it."""
    kept = {name: value for name, value in interaction.request.headers if name.lower() not in _OWN}
    asked = cases.put(found, cases.baseline(found), case.operation.Case(headers=kept))
    base = _base(found, interaction.request)
    try:
        # An application that is called without a network has no address.
        return _interaction(asked.call(None if case.operation.app else base or None))
    except requests.RequestException:
        return None


def _base(found: Operation, request: Request) -> str:
    before, there, _ = request.url.partition(found.path)
    return before if there else ""


def _interaction(response: schemathesis.Response) -> Interaction:
    asked = response.request
    body = asked.body.encode() if isinstance(asked.body, str) else asked.body or b""
    sent = Request(str(asked.method), str(asked.url), tuple(asked.headers.items()), body)
    headers = [(name, value) for name, values in response.headers.items() for value in values]
    # Of a very long answer only the beginning is kept, and nobody can say how it goes on.
    whole = getattr(response, "content_size", len(response.content)) == len(response.content)
    content = response.content if whole else None
    return Interaction(sent, Response(response.status_code, tuple(headers), content))


load_all_checks()
for _name in (*JUDGED, SILENCED):
    _replace(_name)
