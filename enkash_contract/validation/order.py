"""The order in which the errors of a value are told.

Each engine has an order of its own. Here it is that of the document, rule by rule; where items or
further members have a schema, it is that of the payload, and all errors of one come before those of
the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from enkash_contract.contract.engines.choice import SchemaError

_MEMBERS = ("properties", "additionalProperties")


def in_order(errors: list[SchemaError], schema: Any, payload: Any) -> list[SchemaError]:
    """Return the errors of `payload` in the order of the document."""
    if len(errors) == 1:
        return errors
    places = _Places()
    return sorted(errors, key=lambda error: _ranks(error, schema, payload, places))


class _Places:
    """Where names and items stand in what holds them, looked up once for each container."""

    def __init__(self) -> None:
        self._known: dict[int, dict[str, int]] = {}

    def of(self, token: Any, container: Any) -> int:
        """Return the position of an item, or of a member by its name."""
        if isinstance(container, (list, tuple)):
            return int(token)
        known = self._known.get(id(container))
        if known is None:
            known = {name: at for at, name in enumerate(container)}
            self._known[id(container)] = known
        return known[token]


def _ranks(error: SchemaError, schema: Any, payload: Any, places: _Places) -> list[int]:
    """Return the positions along the way to an error, from the whole schema and payload."""
    ranks: list[int] = []
    keywords, members = iter(error.schema_path), iter(error.instance_path)
    for keyword in keywords:
        inner = schema[keyword]
        # Further members and those that are described stand among each other in a payload.
        mixed = keyword in _MEMBERS and isinstance(schema.get("additionalProperties"), dict)
        first = min(places.of(name, schema) for name in _MEMBERS if name in schema) if mixed else 0
        ranks.append(first if mixed else places.of(keyword, schema))
        if keyword == "properties":
            name = next(members)
            ranks.append(places.of(name, payload if mixed else inner))
            schema, payload = inner[next(keywords)], payload[name]
        elif keyword == "allOf":
            branch = int(next(keywords))
            ranks.append(branch)
            schema = inner[branch]
        elif isinstance(inner, dict) and keyword in ("items", "additionalProperties"):
            name = next(members)
            ranks.append(places.of(name, payload))
            schema, payload = inner, payload[name]
    return ranks
