"""What tests of families share: all that a keyword, or a rule of the wire, is offered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from enkash_contract.wire.draft import Draft
from enkash_contract.wire.spelling import compact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from enkash_contract.generation.families import reject

Named = dict[str, Any]


def offered(
    table: Mapping[str, tuple[reject.Family, ...]], keyword: str, schema: Any, right: Any
) -> Named:
    """Return everything that the families of `keyword` offer, by name."""
    pairs = [pair for family in table[keyword] for pair in family(schema, right)]
    assert all(type(name) is str and name and not set(name) & set(" /#") for name, _ in pairs)
    return dict(pairs)


def families_in(*tables: Mapping[str, tuple[Any, ...]]) -> set[Any]:
    """Return all families of some tables."""
    return {one for table in tables for row in table.values() for one in row}


PATH = "/v0/change"
PAYLOAD = {"a": "é", "n": 1}
VALID = Draft("POST", "application/json", compact(PAYLOAD), PATH)
BODY = '{"a":"é","n":1}'
XML = "<?xml version='1.0'?><change><value>é</value><value>1</value></change>"
FORM = "a=%C3%A9&n=1"


def drafts(table: Mapping[str, Any], keyword: str, payload: Any = None) -> dict[str, Draft]:
    """Return everything that the families of a wire rule offer, by name."""
    payload = PAYLOAD if payload is None else payload
    valid = VALID.but(body=compact(payload))
    return {name: draft for family in table[keyword] for name, draft in family(valid, payload)}
