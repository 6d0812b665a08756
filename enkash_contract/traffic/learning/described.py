"""The place in the document at which an undescribed member can be described."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from enkash_contract.contract.keywords import CONSTRAINTS
from enkash_contract.contract.operation import REQUEST, RESPONSE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.contract.document import Document
    from enkash_contract.contract.operation import Operation
    from enkash_contract.contract.yaml_nodes import Tokens

_OWN = CONSTRAINTS | {"properties", "items", "allOf"}


def schema_at(
    document: Document, operation: Operation, side: str, members: tuple[str, ...]
) -> Tokens | None:
    """Return the place of the schema of a member of a side, if it is certain to be met there.

    A schema that closes its object is none that could have a further member.
    """
    at: Tokens = (*operation.at, "requestBody")
    if side != REQUEST:
        at = (*operation.at, "responses", side.removeprefix(f"{RESPONSE}."))
    at = _followed(document, at)
    media = operation.sides[side].media_type
    found = next(_found(document, (*at, "content", media, "schema"), members), None)
    if found is None or document.at(found).get("additionalProperties", True) is not True:
        return None
    return found


def _followed(document: Document, at: Tokens) -> Tokens:
    target = document.resolve(document.at(at).get("$ref"))
    return at if target is None else _followed(document, target)


def _found(document: Document, at: Tokens, members: tuple[str, ...]) -> Iterator[Tokens]:
    """Yield the places of the schemas that speak of a member of what the one at `at` speaks of."""
    node: dict[str, Any] = document.at(at)
    target = document.resolve(node.get("$ref"))
    if target is not None and not node.keys() & _OWN:
        yield from _found(document, target, members)
    elif members:
        yield from _below(document, at, members)
    else:
        yield at


def _below(document: Document, at: Tokens, members: tuple[str, ...]) -> Iterator[Tokens]:
    """Yield the places of the schemas of members in the schema at `at`, which holds some itself."""
    node: dict[str, Any] = document.at(at)
    if members[0] in node.get("properties", {}):
        yield from _found(document, (*at, "properties", members[0]), members[1:])
    for keyword in ("items", "additionalProperties"):
        if members[0] == "*" and isinstance(node.get(keyword), dict):
            yield from _found(document, (*at, keyword), members[1:])
    for index in range(len(node.get("allOf", ()))):
        yield from _found(document, (*at, "allOf", index), members)
    target = document.resolve(node.get("$ref"))
    if target is not None:
        yield from _found(document, target, members)
