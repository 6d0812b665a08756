"""A half of an exchange: what its messages must be so that there is nothing to say about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orjson import dumps, loads

from enkash_contract.traffic.entries.bodies import EMPTY_STATUSES
from enkash_contract.traffic.fast.known import Bodies, Fields, Labels, kept
from enkash_contract.validation.outcome import readers
from enkash_contract.validation.validator import validator
from enkash_contract.wire import strict_json

if TYPE_CHECKING:
    from enkash_contract.contract.operation import Operation, Side
    from enkash_contract.traffic.fast.kind import Kind
    from enkash_contract.traffic.fast.typed import Received, Sent


class Half:
    """A side of an operation, with its bodies that are known to be as they should be.

    Where no header is the label of a body, that of its content counts if it `has_content_label`.
    """

    has_content_label = False

    def __init__(self, operation: Operation, side: Side) -> None:
        rules = validator(operation, side.name)
        self.operation, self.label = operation, side.media_type
        self._surely_valid, self._is_valid = rules.surely_valid_json, rules.accepts
        self._fields, self._labels = Fields(), Labels()
        self._bodies: Bodies | None = Bodies()

    def holds(self, message: Sent | Received) -> bool:
        """Return whether a message is certainly as it should be."""
        body, bodies = self.body(message), self._bodies
        if body is None:
            return False
        if bodies is not None and bodies.knows(body):
            return True
        payload = self._payload(body)
        if payload is None or not self._accepts(payload):
            return False
        if bodies is not None and not bodies.add(body):
            self._bodies = None
        return True

    def body(self, message: Sent | Received) -> str | None:
        """Return the body of a message with the label of this side; None if it is not certain."""
        content, fields, found = message.content, self._fields, None
        if content is None or content.encoding or content.text is None:
            return None
        for header in message.headers:
            field = fields[header.name]
            if not field:
                continue
            if field == "content-encoding":
                # Recorders undo it, and then the body is text.
                if not (content.text.isascii() and content.text.isprintable()):
                    return None
            elif found is None:
                found = header.value
            else:
                return None
        if found is None:
            found = content.mime_type if self.has_content_label else ""
        return content.text if self._labels[found] == self.label else None

    def _payload(self, body: str) -> Any:
        """Return the object that a body stands for, if it certainly keeps the rules."""
        # Texts that begin otherwise may spell bytes.
        if body[:1] != "{":
            return None
        try:
            payload = loads(body)
            written, read = dumps(payload), body.encode()
        except (ValueError, TypeError):
            return None
        if written != read and not strict_json.survives(payload, written, read):
            return None
        return payload if self._surely_valid(payload) or self._is_valid(payload) else None

    def _accepts(self, _: Any) -> bool:
        """Return whether a valid payload is an acceptance; that of a request is none."""
        return True


class Response(Half):
    """The responses of a status, with the kind of entries that they make of valid requests."""

    has_content_label = True

    def __init__(self, operation: Operation, side: Side, status: int) -> None:
        super().__init__(operation, side)
        self._status = status
        self._outcomes = [(name, reader.is_valid) for name, reader in readers(operation)]
        self.kind: Kind | None = None

    def _accepts(self, payload: Any) -> bool:
        shown = {"status": self._status, "body": payload}
        for name, matches in self._outcomes:
            if matches(shown):
                return name == "accepted"
        return False


class Target(Half):
    """The requests of an operation, with its responses by their status."""

    def __init__(self, operation: Operation) -> None:
        super().__init__(operation, operation.request)
        self.responses: dict[int, Response | None] = {}

    def response(self, status: int) -> Response | None:
        """Return the responses of a status, if the document describes their bodies."""
        if status in self.responses:
            return self.responses[status]
        side = self.operation.response(status)
        described = side is not None and status not in EMPTY_STATUSES
        response = Response(self.operation, side, status) if side and described else None
        return kept(self.responses, status, response)
