"""Parts of sentences: numbers with nouns, types, JSON, and text that is safe to print."""

from __future__ import annotations

import json
from typing import Any


def as_json(value: Any) -> str:
    """Write `value` as JSON, with every character of its texts as it is."""
    return json.dumps(value, ensure_ascii=False)


def a_type(value: str | list[str]) -> str:
    """Write a JSON type, or several, each with its article."""
    names = [value] if isinstance(value, str) else value
    return " or ".join(
        "null" if name == "null" else f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
        for name in names
    )


def counted(number: int, word: str) -> str:
    """Write a number with its noun, in the singular or the plural."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def at_least(word: str, number: int) -> str:
    """Word a lower bound on a count."""
    return f"must have at least {counted(number, word)}"


def at_most(word: str, number: int) -> str:
    """Word an upper bound on a count."""
    return f"must have at most {counted(number, word)}"
