"""A half of exchanges: what its messages must be so that there is nothing to say about them.

The bodies of a run are read and validated in one call each: to make a call for every small body
costs more than the work itself.
"""

from __future__ import annotations

from itertools import compress
from operator import not_
from typing import TYPE_CHECKING, Any

import msgspec
from orjson import dumps

from enkash_contract.traffic.entries.bodies import EMPTY_STATUSES
from enkash_contract.traffic.fast.known import Bodies, Fields, Labels, kept
from enkash_contract.validation.outcome import all_accepted, first_outcome
from enkash_contract.validation.validator import validator
from enkash_contract.wire import strict_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from enkash_contract.contract.operation import Operation, Side
    from enkash_contract.judging.result import Result
    from enkash_contract.traffic.fast.typed import Received, Sent

_objects = msgspec.json.Decoder(tuple[dict[str, Any]]).decode_lines

SEVERAL = 2
"""So many bodies are divided where one of them is in doubt."""


class Half:
    """A side of an operation, with its bodies that are known to be as they should be.

    Where no header is the label of a body, that of its content counts if it `has_content_label`.
    """

    has_content_label = False

    def __init__(self, operation: Operation, side: Side) -> None:
        self.operation, self.label = operation, side.media_type
        self._rules = validator(operation, side.name)
        self._fields, self._labels = Fields(), Labels()
        self._bodies: Bodies | None = Bodies()

    def hold(self, messages: Iterable[Sent | Received]) -> list[bool]:
        """Return of each message whether it is certainly as it should be."""
        bodies = [*map(self.body, messages)]
        certain = [body for body in bodies if body is not None]
        new = certain if self._bodies is None else self._bodies.new(certain)
        right = self._are_right(new)
        wrong = set() if all(right) else {*compress(new, map(not_, right))}
        if self._bodies is not None and not self._bodies.add(new, wrong):
            self._bodies = None
        if not wrong and len(certain) == len(bodies):
            return [True] * len(bodies)
        return [body is not None and body not in wrong for body in bodies]

    def body(self, message: Sent | Received) -> str | None:
        """Return the body of a message with the label of this side; None if it is not certain."""
        content, fields, found = message.content, self._fields, None
        body = content.text if content is not None and not content.encoding else None
        # Texts that begin otherwise than an object may spell bytes.
        if content is None or body is None or body[:1] != "{":
            return None
        for header in message.headers:
            field = fields[header.name]
            if not field:
                continue
            if field == "content-encoding":
                # Recorders undo it, and then the body is text.
                if not (body.isascii() and body.isprintable()):
                    return None
            elif found is None:
                found = header.value
            else:
                return None
        if found is None:
            found = content.mime_type if self.has_content_label else ""
        return body if self._labels[found] == self.label else None

    def _are_right(self, bodies: list[str]) -> list[bool]:
        """Return of each body whether it certainly is as it should be."""
        payloads = _payloads(bodies)
        if payloads is not None:
            return self._are_valid(payloads)
        if len(bodies) < SEVERAL:
            return [False] * len(bodies)
        middle = len(bodies) // 2
        return self._are_right(bodies[:middle]) + self._are_right(bodies[middle:])

    def _are_valid(self, payloads: list[Any]) -> list[bool]:
        """Return of each payload whether it is certainly valid."""
        if self._rules.surely_all_valid_json(payloads):
            return [True] * len(payloads)
        return [*map(self._rules.accepts, payloads)]


class Target(Half):
    """The requests of an operation, with its responses by their status."""

    def __init__(self, operation: Operation) -> None:
        super().__init__(operation, operation.request)
        self._responses: dict[int, Response | None] = {}

    def response(self, status: int) -> Response | None:
        """Return the responses of a status, if the document describes their bodies."""
        if status in self._responses:
            return self._responses[status]
        side = self.operation.response(status)
        described = side is not None and status not in EMPTY_STATUSES
        response = Response(self, side, status) if side and described else None
        return kept(self._responses, status, response)


class Response(Half):
    """The responses of a status to requests, with the `result` of the first that was judged.

    They are `odd` if there is more to say of them than a count.
    """

    has_content_label = True

    def __init__(self, target: Target, side: Side, status: int) -> None:
        super().__init__(target.operation, side)
        self.target, self.status = target, status
        self.result: Result | None = None
        self.is_odd = False
        self._all_accepted = all_accepted(target.operation)

    def _are_valid(self, payloads: list[Any]) -> list[bool]:
        valid = super()._are_valid(payloads)
        shown = [{"status": self.status, "body": each} for each in compress(payloads, valid)]
        if self._all_accepted(shown):
            return valid
        accepted = (first_outcome(self.operation, each) == "accepted" for each in shown)
        return [right and next(accepted) for right in valid]


def _payloads(bodies: list[str]) -> list[Any] | None:
    """Return the objects that texts in JSON stand for, if that is certain of all of them."""
    # Nothing goes on behind such brackets, so no body is read as several, or as a part of one.
    lines, listed = "]\n[".join(bodies), ",".join(bodies)
    try:
        payloads = [payload for (payload,) in _objects(f"[{lines}]")]
        written, read = dumps(payloads), f"[{listed}]".encode()
    except (msgspec.MsgspecError, ValueError, TypeError, RecursionError):
        return None
    survives = written == read or strict_json.survives(payloads, written, read)
    return payloads if survives else None
