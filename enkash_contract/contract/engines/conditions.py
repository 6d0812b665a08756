"""Errors of conditions, told as one of the keyword `if`: it is one rule with all that it demands.

jsonschema-rs reports each keyword within `then` by itself, where it stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NAMED = ("properties", "allOf")
"""Keywords behind which the way goes on with a name or a number."""

_DOWN = ("properties", "items", "additionalProperties")
"""Keywords behind which the way leads to a part of the value."""


class Engine:
    """A compiled schema that has conditions."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self.is_valid = engine.is_valid

    def iter_errors(self, instance: Any) -> Iterator[Any]:
        """Yield every error, one for each condition."""
        return whole(self._engine.iter_errors(instance))


class _Kind(NamedTuple):
    property: None = None


class Unmet(NamedTuple):
    """A value that matches a condition, and not what it demands."""

    instance_path: tuple[str | int, ...]
    schema_path: tuple[str | int, ...]
    message: str = "does not match then"
    kind: _Kind = _Kind()


def whole(errors: Iterable[Any]) -> Iterator[Any]:
    """Yield the errors, and in the place of all that are within one condition a single one."""
    known: set[Unmet] = set()
    for error in errors:
        unmet = _unmet(error) if "then" in error.schema_path else None
        if unmet is None:
            yield error
        elif unmet not in known:
            known.add(unmet)
            yield unmet


def _unmet(error: Any) -> Unmet | None:
    path, index, depth = tuple(error.schema_path), 0, 0
    while index < len(path) and path[index] != "then":
        depth += path[index] in _DOWN
        index += 2 if path[index] in _NAMED else 1
    if index >= len(path):
        return None
    return Unmet(tuple(error.instance_path)[:depth], (*path[:index], "if"))
