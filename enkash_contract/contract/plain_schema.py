"""Schemas of a few keywords, as outcomes and conditions are written in.

That they are schemas can be seen without loading the engine, which takes longer than all else about
a document.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

TYPES = ("string", "integer", "number", "boolean", "null", "object", "array")

if TYPE_CHECKING:
    from collections.abc import Callable


def is_plain(schema: Any) -> bool:
    """Return whether `schema` is a JSON Schema of the keywords that outcomes are written in."""
    return isinstance(schema, dict) and all(
        keyword in _PLAIN and _PLAIN[keyword](value) for keyword, value in schema.items()
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _are_names(value: Any) -> bool:
    """Return whether `value` is a list of strings, none of them twice."""
    is_list = isinstance(value, list) and all(isinstance(name, str) for name in value)
    return is_list and len({*value}) == len(value)


_PLAIN: dict[str, Callable[[Any], bool]] = {
    "const": lambda _: True,
    "enum": lambda value: isinstance(value, list),
    "type": lambda value: isinstance(value, str) and value in TYPES,
    "required": _are_names,
    "minimum": _is_number,
    "maximum": _is_number,
    "not": is_plain,
    "anyOf": lambda value: isinstance(value, list) and value != [] and all(map(is_plain, value)),
    "properties": lambda value: isinstance(value, dict) and all(map(is_plain, value.values())),
}
"""The keywords, each with the check of its value."""
