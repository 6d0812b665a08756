"""The quick way for what most recordings hold: valid requests that were accepted as documented.

An entry in JSON is decoded once, with no more than the members that decide; its bodies are parsed
once, and those that were judged before are known by their text. Either the entry is certainly valid
and accepted, and is only counted, or nothing is said of it, and it is judged as any other. So this
may be as narrow as it likes, but it never decides otherwise than `judge_record`, whose result for
the first entry of each kind is what the others are counted as.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from orjson import dumps, loads

from enkash_contract.contract.routing import match_request
from enkash_contract.judging.judge import judge_record
from enkash_contract.judging.result import Result, Tally, add
from enkash_contract.traffic.bodies import EMPTY_STATUSES
from enkash_contract.validation.outcome import first_outcome
from enkash_contract.validation.validator import validator
from enkash_contract.wire import strict_json
from enkash_contract.wire.message import Interaction, Request, labelled, media_types

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from enkash_contract.contract.evidence import Level
    from enkash_contract.contract.operation import Operation, Side
    from enkash_contract.validation.validator import Validator

KNOWN = 4096
"""So many addresses, labels or bodies of a kind are known at a time."""

LONGEST = 10_000
"""No longer body is kept, to be known when it comes again."""

Key = TypeVar("Key")
Value = TypeVar("Value")


class _Header(msgspec.Struct, gc=False):
    name: str
    value: str


class _Body(msgspec.Struct, gc=False, rename="camel"):
    text: str
    mime_type: str = ""
    encoding: None = None


class _Request(msgspec.Struct, gc=False, rename="camel"):
    method: str
    url: str
    headers: list[_Header]
    post_data: _Body
    # With either of these, it is an interaction of another format.
    body: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    uri: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


class _Response(msgspec.Struct, gc=False):
    status: int
    headers: list[_Header]
    content: _Body
    body: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


class _Entry(msgspec.Struct, gc=False):
    """The members of an entry of HAR that decide whether it is valid and accepted."""

    request: _Request
    response: _Response


_decode = msgspec.json.Decoder(_Entry).decode


class _Kind:
    """Entries that add the same to a result: it, and how many they are."""

    __slots__ = ("number", "result")

    def __init__(self, result: Result) -> None:
        self.result, self.number = result, 0


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
        try:
            entry = _decode(raw)
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
            return False
        request, response = entry.request, entry.response
        try:
            target = self._targets[request.method, request.url]
        except KeyError:
            target = self._target(request)
        if target is None or not (where or _is_alone(entry)):
            return False
        try:
            part = target.statuses[response.status]
        except KeyError:
            part = self._part(target, response.status)
        if part is None or not (self._is_valid(target, request) and self._accepts(part, response)):
            return False
        kind = part.kind or self._first(target, part, entry)
        if kind is None:
            target.statuses[response.status] = None
            return False
        kind.number += 1
        return True

    @property
    def result(self) -> Result:
        """The sum of what was counted."""
        return add(_times(kind.result, kind.number) for kind in self._kinds)

    def _target(self, request: _Request) -> _Target | None:
        """Return the target of requests by a method to an address, if there is one for certain."""
        sent, target = Request(request.method.upper(), request.url), None
        try:
            operation = self._operation_of(sent)
            if operation is not None and match_request(operation, sent) == "own":
                target = self._operations.setdefault(operation, _Target(operation))
        except ValueError:
            pass
        return _kept(self._targets, (request.method, request.url), target)

    def _part(self, target: _Target, status: int) -> _Part | None:
        """Return the side of responses of a status, if the document describes their bodies."""
        side = target.operation.response(status)
        described = side is not None and status not in EMPTY_STATUSES
        part = _Part(target.operation, side) if side and described else None
        return _kept(target.statuses, status, part)

    def _is_valid(self, target: _Target, request: _Request) -> bool:
        """Return whether a request is certainly valid."""
        body = request.post_data.text
        if self._label(request.headers, body) != target.label:
            return False
        if body in target.bodies:
            return True
        return _read(target.rules, body) is not None and _remember(target, body)

    def _accepts(self, part: _Part, response: _Response) -> bool:
        """Return whether a response is certainly as documented, and accepts the request."""
        body = response.content.text
        if self._label(response.headers, body, response.content.mime_type) != part.label:
            return False
        if body in part.bodies:
            return True
        payload = _read(part.rules, body)
        if payload is None:
            return False
        seen = {"status": response.status, "body": payload}
        return first_outcome(part.operation, seen) == "accepted" and _remember(part, body)

    def _label(self, headers: list[_Header], body: str, otherwise: str = "") -> str:
        """Return the media type of a body, unless its headers say more that decides."""
        label = None
        for header in headers:
            field = self._fields[header.name]
            if not field:
                continue
            if field == "content-encoding":
                # Recorders undo it, and then the body is text.
                if not (body.isascii() and body.isprintable()):
                    return ""
            elif label is None:
                label = header.value
            else:
                return ""
        return self._labels[otherwise if label is None else label]

    def _first(self, target: _Target, part: _Part, entry: _Entry) -> _Kind | None:
        """Judge the first entry of a kind; return None if there is more to say than a count."""
        sent, received = entry.request, entry.response
        headers = (("Content-Type", target.label),)
        request = Request(target.operation.method, sent.url, headers, sent.post_data.text.encode())
        response = labelled(received.status, part.label, received.content.text.encode())
        interaction = Interaction(request, response)
        result = judge_record(target.operation, interaction, fail_on=self._fail_on)
        held = result.verdicts == {"held": 1} and result.requests == {"accept": Tally(1, 1)}
        if not held or result.findings or result.notes:
            return None
        part.kind = _Kind(result)
        self._kinds.append(part.kind)
        return part.kind


def _is_alone(entry: _Entry) -> bool:
    """Return whether an entry that stands by itself is one of HAR."""
    others = (entry.request.body, entry.request.uri, entry.response.body)
    return others == (msgspec.UNSET,) * 3


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
