"""The quick way for what most recordings hold: valid requests that were accepted as documented.

An entry in JSON is decoded once, with no more than the members that decide; its bodies are parsed
once, and those that were judged before are known by their text. Either the entry is certainly valid
and accepted, and is only counted, or nothing is said of it, and it is judged as any other. So this
may be as narrow as it likes, but it never decides otherwise than `judge_record`, whose result for
the first entry of each kind is what the others are counted as.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from orjson import dumps, loads

from enkash_contract.contract.routing import match_request
from enkash_contract.judging import durations
from enkash_contract.judging.judge import judge_record
from enkash_contract.judging.result import Result, Tally, add
from enkash_contract.traffic.bodies import EMPTY_STATUSES
from enkash_contract.traffic.entry import MOST_SECONDS
from enkash_contract.traffic.typed import glance
from enkash_contract.validation.outcome import first_outcome
from enkash_contract.validation.validator import validator
from enkash_contract.wire import strict_json
from enkash_contract.wire.message import Interaction, Request, labelled, media_types

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from enkash_contract.contract.evidence import Level
    from enkash_contract.contract.operation import Operation, Side
    from enkash_contract.traffic.typed import Fields, Glance
    from enkash_contract.validation.validator import Validator

KNOWN = 4096
"""So many addresses, labels or bodies of a kind are known at a time."""

LONGEST = 10_000
"""No longer body is kept, to be known when it comes again."""

Key = TypeVar("Key")
Value = TypeVar("Value")


class _Kind:
    """Entries that add the same to a result: it, how many they are, and how long they took."""

    def __init__(self, operation: Operation, result: Result) -> None:
        self.operation, self.result, self.number = operation, result, 0
        self.durations: Counter[int] = Counter()
        self._rounded: dict[float, int] = {}

    def count(self, seconds: float) -> None:
        """Count how long a response took, unless it cannot have."""
        if 0 <= seconds < MOST_SECONDS:
            took = self._rounded.get(seconds)
            if took is None:
                took = _kept(self._rounded, seconds, durations.rounded(seconds))
            self.durations[took] += 1

    @property
    def whole(self) -> Result:
        """The sum of their results."""
        counts = {(self.operation.id, took): number for took, number in self.durations.items()}
        return replace(_times(self.result, self.number), durations=counts)


class _Part:
    """A side of an operation, with its bodies that are known to be valid, or to accept."""

    __slots__ = ("bodies", "kind", "label", "operation", "rules")

    def __init__(self, operation: Operation, side: Side) -> None:
        self.operation, self.label = operation, side.media_type
        self.rules = validator(operation, side.name)
        self.bodies: dict[str, None] = {}
        self.kind: _Kind | None = None


class _Target(_Part):
    """The side of an operation's requests, with those of its responses by their status."""

    __slots__ = ("statuses",)

    def __init__(self, operation: Operation) -> None:
        super().__init__(operation, operation.request)
        self.statuses: dict[int, _Part | None] = {}


class _Fields(dict[str, str]):
    """The names of headers in any spelling, each in lower case if it decides, else ""."""

    def __missing__(self, name: str) -> str:
        lower = name.lower()
        decides = lower in ("content-type", "content-encoding")
        return _kept(self, name, lower if decides else "")


class _Labels(dict[str, str]):
    """The values of labels, each with the only media type that it names, else ""."""

    def __missing__(self, value: str) -> str:
        types = media_types((("Content-Type", value),))
        return _kept(self, value, types[0] if len(types) == 1 else "")


class Fast:
    """Counts the entries that are certainly valid and accepted."""

    def __init__(self, operation_of: Callable[[Request], Operation | None], fail_on: Level) -> None:
        """Count for the operations that `operation_of` finds requests to speak to."""
        self._operation_of, self._fail_on = operation_of, fail_on
        self._operations: dict[Operation, _Target] = {}
        self._targets: dict[tuple[str, str], _Target | None] = {}
        self._fields, self._labels = _Fields(), _Labels()
        self._kinds: list[_Kind] = []

    def counts(self, raw: bytes, where: str = "") -> bool:
        """Count an entry if it is certainly valid and accepted; return whether it was counted.

        `raw` is its own text, and `where` the path of the list that it was cut out of, if any.
        """
        seen = glance(raw, where)
        if seen is None:
            return False
        try:
            target = self._targets[seen.method, seen.url]
        except KeyError:
            target = self._target(seen.method, seen.url)
        if target is None:
            return False
        try:
            part = target.statuses[seen.status]
        except KeyError:
            part = self._part(target, seen.status)
        if part is None or not (self._is_valid(target, seen) and self._accepts(part, seen)):
            return False
        kind = part.kind or self._first(target, part, seen)
        if kind is None:
            target.statuses[seen.status] = None
            return False
        kind.number += 1
        if seen.seconds is not None:
            kind.count(seen.seconds)
        return True

    @property
    def result(self) -> Result:
        """The sum of what was counted."""
        return add(kind.whole for kind in self._kinds)

    def _target(self, method: str, url: str) -> _Target | None:
        """Return the target of requests by a method to an address, if there is one for certain."""
        sent, target = Request(method.upper(), url), None
        try:
            operation = self._operation_of(sent)
            if operation is not None and match_request(operation, sent) == "own":
                target = self._operations.setdefault(operation, _Target(operation))
        except ValueError:
            pass
        return _kept(self._targets, (method, url), target)

    def _part(self, target: _Target, status: int) -> _Part | None:
        """Return the side of responses of a status, if the document describes their bodies."""
        side = target.operation.response(status)
        described = side is not None and status not in EMPTY_STATUSES
        part = _Part(target.operation, side) if side and described else None
        return _kept(target.statuses, status, part)

    def _is_valid(self, target: _Target, seen: Glance) -> bool:
        """Return whether a request is certainly valid."""
        body = seen.sent_body
        if self._label(seen.sent_headers, body) != target.label:
            return False
        if body in target.bodies:
            return True
        return _read(target.rules, body) is not None and _remember(target, body)

    def _accepts(self, part: _Part, seen: Glance) -> bool:
        """Return whether a response is certainly as documented, and accepts the request."""
        body = seen.received_body
        if self._label(seen.received_headers, body, seen.label) != part.label:
            return False
        if body in part.bodies:
            return True
        payload = _read(part.rules, body)
        if payload is None:
            return False
        outcome = first_outcome(part.operation, {"status": seen.status, "body": payload})
        return outcome == "accepted" and _remember(part, body)

    def _label(self, headers: Fields, body: str, otherwise: str = "") -> str:
        """Return the media type of a body, unless its headers say more that decides."""
        label = None
        for name, value in headers:
            field = self._fields[name]
            if not field:
                continue
            if field == "content-encoding":
                # Recorders undo it, and then the body is text.
                if not (body.isascii() and body.isprintable()):
                    return ""
            elif label is None:
                label = value
            else:
                return ""
        return self._labels[otherwise if label is None else label]

    def _first(self, target: _Target, part: _Part, seen: Glance) -> _Kind | None:
        """Judge the first entry of a kind; return None if there is more to say than a count."""
        headers = (("Content-Type", target.label),)
        request = Request(target.operation.method, seen.url, headers, seen.sent_body.encode())
        response = labelled(seen.status, part.label, seen.received_body.encode())
        interaction = Interaction(request, response)
        result = judge_record(target.operation, interaction, fail_on=self._fail_on)
        held = result.verdicts == {"held": 1} and result.requests == {"accept": Tally(1, 1)}
        if not held or result.findings or result.notes:
            return None
        part.kind = _Kind(target.operation, result)
        self._kinds.append(part.kind)
        return part.kind


def _read(rules: Validator, body: str) -> Any:
    """Return the object that a text in JSON stands for, if it certainly keeps the rules."""
    # Texts that begin otherwise may spell bytes.
    if not body.startswith("{"):
        return None
    try:
        payload = loads(body)
        written = dumps(payload)
    except (ValueError, TypeError):
        return None
    if written != body.encode() and not strict_json.survives(payload, written, body):
        return None
    return payload if rules.surely_valid_json(payload) or rules.accepts(payload) else None


def _remember(part: _Part, body: str) -> bool:
    """Remember a body, unless it is long."""
    if len(body) <= LONGEST:
        _kept(part.bodies, body, None)
    return True


def _kept(known: dict[Key, Value], key: Key, value: Value) -> Value:
    """Return a value, which is known by its key from now on."""
    if len(known) >= KNOWN:
        known.clear()
    known[key] = value
    return value


def _times(result: Result, number: int) -> Result:
    """Return the sum of so many results that are all the same."""

    def all_of(tallies: Mapping[Key, Tally]) -> dict[Key, Tally]:
        return {key: tally.times(number) for key, tally in tallies.items()}

    return replace(
        result,
        verdicts=dict.fromkeys(result.verdicts, number),
        tallies=all_of(result.tallies),
        requests=all_of(result.requests),
        exercises=all_of(result.exercises),
    )
