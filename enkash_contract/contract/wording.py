"""What a rule demands, in words: one phrase for each keyword, read after the place it speaks of.

The phrases stand in one table, so that a violation, `explain` and a report say the same of a rule.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from enkash_contract.contract.rules import Rule


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _type(value: Any) -> str:
    names = [value] if isinstance(value, str) else value
    return "must be " + " or ".join(
        "null" if name == "null" else f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
        for name in names
    )


def printable(text: str) -> str:
    """Write what would control the terminal, or be no text at all, as an escape."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def counted(number: int, word: str) -> str:
    """Write a number with its noun, in the singular or the plural."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _bounded(word: str, bound: str) -> Callable[[Any], str]:
    return lambda value: f"must have at {bound} {counted(value, word)}"


PHRASES: dict[str, Callable[[Any], str]] = {
    "type": _type,
    "enum": lambda value: f"must be one of {', '.join(map(_json, value))}",
    "const": lambda value: f"must be {_json(value)}",
    "required": lambda _: "is required",
    "additionalProperties": lambda value: (
        "may have members the document does not describe" if value else "must have no other members"
    ),
    "minLength": _bounded("character", "least"),
    "maxLength": _bounded("character", "most"),
    "pattern": lambda value: f"must match {value}",
    "format": lambda value: f"must have the format {value}",
    "minimum": lambda value: f"must be at least {value}",
    "maximum": lambda value: f"must be at most {value}",
    "exclusiveMinimum": lambda value: f"must be more than {value}",
    "exclusiveMaximum": lambda value: f"must be less than {value}",
    "multipleOf": lambda value: f"must be a multiple of {value}",
    "minItems": _bounded("item", "least"),
    "maxItems": _bounded("item", "most"),
    "uniqueItems": lambda _: "must have no two equal items",
    "anyOf": lambda value: f"must match at least one of {len(value)} schemas",
    "oneOf": lambda value: f"must match exactly one of {len(value)} schemas",
    "method": lambda value: f"must be sent by {value}",
    "path": lambda value: f"must be sent to exactly {value}",
    "content-type": lambda value: f"must be labelled {value}",
    "content-type-present": lambda _: "must state its media type",
    "content-type-single": lambda _: "must state one media type",
    "encoding": lambda _: "must be UTF-8",
    "json": lambda _: "must be JSON as RFC 8259 defines it",
    "duplicate-names": lambda _: "must not repeat a member's name",
    "status": lambda value: f"must have one of the documented statuses {', '.join(value)}",
}


def expectation(rule: Rule) -> str:
    """Say what `rule` demands of the value at its pointer."""
    return PHRASES[rule.keyword](rule.value)
