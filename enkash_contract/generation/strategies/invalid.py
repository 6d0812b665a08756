"""Invalid requests as they are drawn, printed as the call that makes the same again.

Hypothesis prints what fails a test, and a person pastes that into `@example(...)`. So the text is
short, names the rule and the family, and holds what was drawn only where it is not the example.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from enkash_contract.contract.contract import BUNDLED, Contract, bundled
from enkash_contract.errors import UsageError, did_you_mean
from enkash_contract.generation.known_good import example_of
from enkash_contract.generation.mutation import Mutation, mutations_of
from enkash_contract.judging.case import family_of
from enkash_contract.validation.violation import shorten
from enkash_contract.wire import strict_json
from enkash_contract.wire.pointer import ABSENT, get, pointer, put, tokens
from enkash_contract.wire.printing import Printed, spelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from enkash_contract.contract.evidence import Evidence
    from enkash_contract.contract.operation import Operation
    from enkash_contract.contract.rules import Rule
    from enkash_contract.wire.draft import Draft
    from enkash_contract.wire.message import Request


@dataclass(frozen=True, eq=False)
class InvalidPayload(Printed):
    """A request that breaks one rule, and how.

    `payload` is None when the body is not JSON. `family` is the name of the change, with the rule's
    keyword in front: `pattern/trailing-newline`. `evidence` is that a receiver must reject it:
    the rule's, or less where the rule does not settle it. `valid` is the payload that was changed.
    """

    payload: Any
    rule: Rule
    family: str
    evidence: Evidence
    wire: Draft
    path: str
    valid: Any = None
    origin: Origin | None = field(default=None, repr=False)

    @classmethod
    def of(
        cls,
        rule: str,
        family: str,
        *,
        on: Mapping[str, Any] | None = None,
        says: str = "",  # noqa: ARG003 - it is for the people who read the call
        contract: Contract | None = None,
        operation: str | None = None,
    ) -> InvalidPayload:
        """Return the request that breaks `rule` by `family`, as the text of a failed test does.

        Args:
            rule: the id of the rule.
            family: the name of the change, with the rule's keyword in front.
            on: the values of the valid payload that are not the example's, by JSON Pointer.
            says: a sentence on what is invalid, for people.
            contract: the contract, by default the bundled one.
            operation: the operation's id, needed only where the contract has several.

        Raises:
            UsageError: there is no such operation or rule, or no such way to break it.

        """
        origin = Origin(contract if contract is not None else bundled(), operation)
        valid = example_of(origin.operation.request)
        for place, value in (on or {}).items():
            valid = put(valid, tokens(place), value)
        return made(origin, _mutation(origin.operation, rule, family), valid)

    @property
    def body(self) -> bytes:
        """The bytes to send."""
        return self.wire.body

    @property
    def method(self) -> str:
        """The method to send them by."""
        return self.wire.method

    @property
    def content_type(self) -> str | None:
        """The media type they are labelled with, or None when they have no label."""
        return self.wire.content_type

    def request(self, url: str | None = None) -> Request:
        """Return the request to send to `url`, by default the operation's own path."""
        return self.wire.request(self.path, url)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, InvalidPayload) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    @property
    def _key(self) -> tuple[object, ...]:
        # The same rule may have been read twice, from one document.
        return (self.rule.id, self.family, self.wire, self.path)

    def __repr__(self) -> str:
        words = [repr(self.rule.id), repr(self.family)]
        if self.origin is not None:
            words += [f"{name}={text}" for name, text in self.origin.printed(self.valid)]
        return f"InvalidPayload.of({', '.join([*words, f'says={self._says()!r}'])})"

    def _says(self) -> str:
        if self.rule.path:
            value = get(self.payload, tokens(self.rule.pointer))
            shown = "is missing" if value is ABSENT else f"is {shorten(value)}"
            return f"{self.rule.pointer or 'the payload'} {shown}"
        label = self.content_type or "no content type"
        return f"{self.method}, {label}, {shorten(self.body.decode(errors='replace'))}"


@dataclass(frozen=True)
class Origin:
    """The contract and the operation that a request was drawn for, as they were named."""

    contract: Contract
    named: str | None = None

    @property
    def operation(self) -> Operation:
        """The operation itself."""
        return self.contract.pick(self.named)

    def printed(self, valid: Any) -> Iterator[tuple[str, str]]:
        """Yield the arguments that lead to a request made of the payload `valid`, as text."""
        different = dict(_differences(example_of(self.operation.request), valid))
        if different:
            yield "on", spelled(different)
        document, *overlays = self.contract.document.layers
        files = [repr(name) for name in overlays]
        if document != BUNDLED:
            files.append(f"document={document!r}")
        if files:
            yield "contract", f"load({', '.join(files)})"
        if self.named is not None:
            yield "operation", repr(self.named)


def made(origin: Origin, mutation: Mutation, valid: Any) -> InvalidPayload:
    """Return the request that `mutation` makes of a valid payload."""
    operation = origin.operation
    sent = mutation.broken(operation, valid)
    return InvalidPayload(
        strict_json.decode(sent.body)[0],
        mutation.rule,
        mutation.family,
        mutation.evidence_of(operation, sent),
        sent,
        operation.path,
        valid,
        origin,
    )


def _mutation(operation: Operation, rule_id: str, family: str) -> Mutation:
    rule = operation.rule(rule_id)
    found = mutations_of(operation, rule, {family.removeprefix(family_of(rule, ""))})
    for mutation in found:
        if mutation.family == family:
            return mutation
    every = [mutation.family for mutation in mutations_of(operation, rule, None)]
    hint = did_you_mean(family, every, f"there is {', '.join(every) or 'none'}")
    raise UsageError(f"{operation.id}: nothing breaks {rule_id} by {family!r}; {hint}")


def _differences(before: Any, after: Any, at: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Yield the values that make `after` of `before`, each with its pointer."""
    both = isinstance(before, dict) and isinstance(after, dict)
    if both and [*before] == [*after]:
        for name, value in before.items():
            yield from _differences(value, after[name], (*at, name))
    # The texts are compared, because 1 equals True in Python and not in JSON.
    elif repr(before) != repr(after):
        yield pointer(at), after
