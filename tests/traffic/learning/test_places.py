"""The places at which the documents leave something open."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from enkash_contract.contract.contract import bundled
from enkash_contract.traffic.learning.places import Pair, Place, place_of

if TYPE_CHECKING:
    from collections.abc import Iterator

OPERATION = bundled().pick()


def test_open_lists_and_pairs_are_found() -> None:
    """In the request of the default operation."""
    invoice = place_of(OPERATION, "request").members["invoiceStatus"]
    assert invoice.takes_more
    assert invoice.members["supplierAction"].is_open
    assert not invoice.members["supplierRemarks"].is_open
    change = invoice.members["statusTransition"]
    assert change.pairs == (Pair("currentStatus", "newStatus", is_number=False),)
    versions = invoice.members["objectVersion"]
    assert versions.pairs == (Pair("currentVersion", "newVersion", is_number=True),)
    assert versions.pointer == "/invoiceStatus/objectVersion"


def test_lists_that_are_asked_for_are_open() -> None:
    """All that the bundled document asks for, and no text that it asks something else of."""
    names = {
        place.pointer.rpartition("/")[2]
        for operation in bundled().values()
        for side in operation.sides
        for place in _all(place_of(operation, side))
        if place.is_open
    }
    assert names == set(
        "buyerAction buyerResponse costOfFundBearer currency currentStatus documentName errorCd "
        "financingType name newStatus noteType operator privacyType result supplierAction "
        "supplierResponse type".split()
    )


def _all(place: Place) -> Iterator[Place]:
    yield place
    for inner in (*place.members.values(), place.items, place.others):
        yield from _all(inner) if inner else ()


def test_all_parts_of_a_schema_count() -> None:
    """One that closes an object closes all of it, and an enum is no open list."""
    schema = {
        "type": ["object", "null"],
        "properties": {
            "kind": {"type": "string", "examples": ["GOOD"], "enum": ["GOOD"]},
            "list": {"type": "array", "items": {"type": "string", "examples": ["GOOD"]}},
            "currentName": {"type": "string"},
            "newName": {"type": "string"},
        },
        "allOf": [{"additionalProperties": {"type": "object"}}],
    }
    side = replace(OPERATION.request, schema=schema)
    place = place_of(replace(OPERATION, sides={"request": side}), "request")
    items, others = place.members["list"].items, place.others
    assert not place.takes_more
    assert not place.members["kind"].is_open
    assert items
    assert others
    assert (items.pointer, items.is_open) == ("/list/*", True)
    assert (others.pointer, others.takes_more) == ("/*", True)
    assert place.pairs == ()
