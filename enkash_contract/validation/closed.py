"""A schema made narrower, for an engine to say quickly of most valid values that they are valid.

What it accepts keeps the rules that the schema states, and the engine has looked at all of it; what
it refuses is judged by the schema itself. So it may be written in whichever way is quick: to search
for forbidden characters takes the engine a quarter of the time of a match from end to end.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_NUMERIC = frozenset(
    "minimum maximum exclusiveMinimum exclusiveMaximum multipleOf enum const".split()
)
"""Keywords that compare a number with another."""

_WITHOUT = re.compile(r'\^\[\^((?:[\w "\'/:;,.<>]|\\\\)+)\]\{(\d{1,9}),(\d{1,9})\}\$', re.ASCII)
"""A pattern that bounds the number of characters, and forbids those that it lists."""


def closed(schema: Mapping[str, Any], *, is_json: bool = False) -> dict[str, Any] | None:
    """Return `schema` refusing every value it does not look into; None if that cannot be told.

    Where `is_json`, values come from a strict reader of JSON, so that all can be looked into.
    """
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    if not types or {"allOf", "anyOf", "oneOf", "if"} & schema.keys():
        return None
    narrow = dict(schema)
    if types == ["string"] and not _NUMERIC & schema.keys():
        _search(narrow)
    if not is_json:
        _see(narrow, types)
    if "object" in types:
        if isinstance(schema.get("additionalProperties"), dict):
            return None
        members = {
            name: closed(member, is_json=is_json)
            for name, member in schema.get("properties", {}).items()
        }
        if None in members.values():
            return None
        narrow |= {"properties": members, "additionalProperties": False}
        if set(members) == {*schema.get("required", ())}:
            # Of so many members of these names, each is there.
            least = len(narrow.pop("required", ()))
            narrow["minProperties"] = max(least, narrow.get("minProperties", 0))
    if "array" in types:
        items = closed(schema.get("items", {}), is_json=is_json)
        if items is None:
            return None
        narrow["items"] = items
    return narrow


def _search(narrow: dict[str, Any]) -> None:
    """Search a text for the characters that its pattern forbids, if it demands nothing else."""
    found = _WITHOUT.fullmatch(narrow.get("pattern", ""))
    if found:
        characters, least, most = found.groups()
        del narrow["pattern"]
        narrow["not"] = {"pattern": f"[{characters}]"}
        narrow["minLength"] = max(int(least), narrow.get("minLength", 0))
        narrow["maxLength"] = min(int(most), narrow.get("maxLength", int(most)))


def _see(narrow: dict[str, Any], types: list[str]) -> None:
    """Make the engine look at a value whole."""
    if _NUMERIC & narrow.keys():
        # It takes an integer of more than 4,300 digits for 0.
        narrow["not"] = {"enum": [0, "\0"]}
    elif "string" in types and not {"pattern", "not"} & narrow.keys():
        # Only a comparison makes it read a text, and so notice a lone surrogate in it.
        narrow["not"] = {"enum": ["\0"]}
