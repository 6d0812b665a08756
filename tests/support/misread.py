"""The misreadings of one rule of a small document, for tests of each kind of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from enkash_contract.sandbox.defects import misreadings
from enkash_contract.sandbox.misreadings import wire
from enkash_contract.wire.message import Request
from tests.support.keyword_cases import in_object
from tests.support.small_documents import PATH, small

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.sandbox.misreadings.wire import WireReading

LABEL = ("Content-Type", "application/json")
PAYLOAD = {"a": "b", "n": 1}
VALID = Request("POST", PATH, (LABEL,), b'{"a":"b","n":1}')


def proven_names(folder: Path, schema: dict[str, Any], valid: Any, keyword: str) -> list[str]:
    """Return the names of the misreadings of one keyword that differ from it on some request."""
    operation = small(folder, in_object(schema), example={"it": valid}).pick()
    found = misreadings(operation, operation.rules[f"request/it#{keyword}"])
    return [candidate.name for candidate in found if candidate.witness is not None]


def wire_readings(
    keyword: str, valid: Request = VALID, payload: Any = None
) -> dict[str, WireReading]:
    """Return the readings of one rule of the wire by their names."""
    found = wire.MISREADINGS[keyword](valid, PAYLOAD if payload is None else payload)
    return {reading.name: reading for reading in found}


def read_body(keyword: str, name: str, body: bytes) -> bytes | None:
    """Return the body that one reading of the wire makes of `body`."""
    read_as = wire_readings(keyword)[name].read_as
    assert read_as is not None
    request = read_as(Request("POST", PATH, (LABEL,), body))
    assert request is not None
    return request.body
