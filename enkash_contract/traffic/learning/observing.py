"""From an interaction to what is learned of it, at the places that the documents leave open."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, TypeGuard

from orjson import loads

from enkash_contract.contract.operation import REQUEST, RESPONSE
from enkash_contract.traffic.entries.marks import is_mark
from enkash_contract.traffic.fast.typed import text
from enkash_contract.traffic.learning import plain
from enkash_contract.traffic.learning.learned import (
    CODE,
    MEMBER,
    MESSAGE,
    STEP,
    TRANSITION,
    VALUE,
    Kind,
    Learned,
    Spot,
)
from enkash_contract.traffic.learning.places import place_of
from enkash_contract.traffic.learning.plain import SEVERAL
from enkash_contract.validation.outcome import outcome_of
from enkash_contract.wire import strict_json

if TYPE_CHECKING:
    from enkash_contract.contract.operation import Operation
    from enkash_contract.traffic.fast.typed import Glance
    from enkash_contract.traffic.learning.places import Place
    from enkash_contract.wire.message import Interaction

MOST_STEP = 999
"""A greater difference is no step of versions, and may be a number of something."""

NAMES, VALUES, STEPS, MESSAGES, CODES = (
    "names of members",
    "values of open lists",
    "steps",
    "messages of responses",
    "codes of responses",
)
"""The kinds of things that are left out where they may be personal, or are too long."""

ANOTHER = "(left out)"
"""Stands for the code of a response that may be a number of something."""

_IS_CODE = re.compile(r".*code", re.IGNORECASE)
_IS_MESSAGE = re.compile(
    r".*(?:message|msg|reason|payload|error|detail|details|description)", re.IGNORECASE
)

_TYPES = {
    str: "string",
    bool: "boolean",
    int: "integer",
    dict: "object",
    list: "array",
    type(None): "null",
}


def type_of(value: Any) -> str:
    """Return the type that JSON Schema gives a value."""
    return _TYPES.get(type(value), "number")


def observe(learned: Learned, operation: Operation, interaction: Interaction) -> None:
    """Learn from an interaction with `operation`, as far as its bodies are JSON."""
    response = interaction.response
    learn(
        learned,
        operation,
        _payload(interaction.request.body),
        None if response is None else response.status,
        None if response is None else _payload(response.body),
        accepted=outcome_of(operation, interaction) == "accepted",
        at=interaction.at,
    )


def glimpse(learned: Learned, operation: Operation, seen: Glance, at: float | None) -> None:
    """Learn from what is certainly valid, and was accepted."""
    sent, received = loads(text(seen.request)), loads(text(seen.response))
    learn(learned, operation, sent, seen.response.status, received, accepted=True, at=at)


def _payload(body: bytes | None) -> Any:
    """Return what a body stands for; None if it is no JSON, or was not recorded."""
    if not body:
        return None
    payload, faults = strict_json.decode_again(body)
    return None if any(not fault.tokens for fault in faults) else payload


def learn(
    learned: Learned,
    operation: Operation,
    sent: Any,
    status: int | None,
    received: Any,
    *,
    accepted: bool,
    at: float | None,
) -> None:
    """Learn from what was sent and received."""
    learned.number += 1
    learned.time(at, at)
    observation = _Observation(learned, operation, sent, accepted=accepted)
    if sent is not None:
        observation.walk(REQUEST, place_of(operation, REQUEST), sent)
    side = None if status is None else operation.response(status)
    if side is not None and received is not None:
        observation.walk(side.name, place_of(operation, side.name), received)
    if status is not None:
        observation.response(f"{RESPONSE}.{status}", received if isinstance(received, dict) else {})


@dataclass
class _Observation:
    """The observation of one interaction, which is counted as `learned`."""

    learned: Learned
    operation: Operation
    sent: Any
    accepted: bool

    def __post_init__(self) -> None:
        self._codes: set[str] = set()

    @functools.cached_property
    def _hash(self) -> int:
        """A number for the payload; one that comes again has the same."""
        raw = repr(self.sent).encode("utf-8", "surrogatepass")
        return int.from_bytes(blake2b(raw, digest_size=8).digest(), "big")

    def _count(self, side: str, pointer: str, what: str, kind: Kind, needed: int) -> None:
        """Count one of a kind, and remember a few of the payloads that it was in."""
        kinds = self.learned.at(Spot(self.operation.id, side, pointer, what))
        tally = kinds.count(kind, accepted=self.accepted)
        if len(tally.payloads) < SEVERAL and (
            needed <= plain.ONCE or not self._is_spoken(what, kind)
        ):
            tally.payloads.add(self._hash)

    def _is_spoken(self, what: str, kind: Kind) -> bool:
        """Return whether texts of the request speak of what may be somebody's name."""
        if what == MEMBER:
            words = plain.unknown_words(str(kind[0]))
        else:
            words = (word for part in kind for word in plain.words(str(part)))
        return not self._spoken.isdisjoint(words)

    def walk(self, side: str, place: Place, value: Any) -> None:
        """Learn from a value at a place, and from what is described in it."""
        if isinstance(value, dict):
            self._members(side, place, value)
        elif isinstance(value, list) and place.items:
            for item in value:
                self.walk(side, place.items, item)
        elif place.is_open and _is_value(value, place):
            self._codes.add(value.casefold())
            self._count(side, place.pointer, VALUE, (value,), plain.of_value(value))
        elif place.is_open and value:
            self.learned.left[VALUES] += 1

    def _members(self, side: str, place: Place, value: dict[str, Any]) -> None:
        for name, inner in value.items():
            below = place.members.get(name, place.others)
            if below is not None:
                self.walk(side, below, inner)
            elif place.takes_more and plain.of_name(name):
                kind = (name, type_of(inner))
                self._count(side, place.pointer, MEMBER, kind, plain.of_name(name))
            elif place.takes_more:
                self.learned.left[NAMES] += 1
        for pair in place.pairs:
            before, after = value.get(pair.before), value.get(pair.after)
            if pair.is_number:
                self._step(side, place.pointer, before, after)
            elif _is_code(before) and _is_code(after):
                needed = max(plain.of_code(before), plain.of_code(after))
                self._count(side, place.pointer, TRANSITION, (before, after), needed)

    def _step(self, side: str, pointer: str, before: Any, after: Any) -> None:
        if type(before) is not int or type(after) is not int:
            return
        if abs(after - before) <= MOST_STEP:
            self._count(side, pointer, STEP, (after - before,), plain.ONCE)
        else:
            self.learned.left[STEPS] += 1

    def response(self, side: str, received: dict[str, Any]) -> None:
        """Learn which code and which messages a response has."""
        code: Any = ""
        for name, value in received.items():
            if _IS_CODE.fullmatch(name) and isinstance(value, (str, int)):
                if plain.of_response_code(value):
                    code = value
                else:
                    code = ANOTHER
                    self.learned.left[CODES] += 1
                break
        self._count(side, "", CODE, (code,), plain.ONCE)
        for name, value in received.items():
            if isinstance(value, str) and _IS_MESSAGE.fullmatch(name) and plain.of_name(name):
                self._message(side, code, name, value)

    def _message(self, side: str, code: Any, name: str, text: str) -> None:
        known = plain.common_words(text, self.operation.described)
        if known:
            # Only common words are left of it.
            self._count(side, "", MESSAGE, (code, name, known), plain.ONCE)
        else:
            self.learned.left[MESSAGES] += 1

    @functools.cached_property
    def _spoken(self) -> frozenset[str]:
        """The words of the texts of the request that are no codes."""
        return frozenset(
            word
            for text in plain.texts(self.sent)
            if text.casefold() not in self._codes
            for word in plain.words(text)
        )


def _is_value(value: object, place: Place) -> TypeGuard[str]:
    is_label = place.has_labels and isinstance(value, str) and plain.is_label(value)
    return is_label or _is_code(value)


def _is_code(value: object) -> TypeGuard[str]:
    # A mark such as REDACTED is a word in capitals too.
    return isinstance(value, str) and plain.of_code(value) != plain.NEVER and not is_mark(value)
