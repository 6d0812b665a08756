"""Writing payloads as JSON text, down to the spelling of a single value.

JSON can say one value in many ways, and some mistakes live in the spelling alone (`-0`, `1e0`, a
member's name that is there twice). So a payload under construction may hold a `Spelled`, which is
written as it stands; once written, nothing but bytes is left, and only bytes are ever judged.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from typing import Any

JSON = "application/json"

_MARK = "\x00spelled"
"""Stands for a `Spelled` until the rest is written; made longer where a payload holds it."""


@dataclass(frozen=True, slots=True)
class Spelled:
    """A value, or more than a value, that goes into the JSON text as it stands."""

    text: str

    def __repr__(self) -> str:
        return self.text


def compact(payload: Any) -> bytes:
    """Write `payload` as the plainest JSON there is."""
    try:
        return written(payload).encode()
    except UnicodeEncodeError:
        # A lone surrogate has no UTF-8, only an escape; whether it is right is for others to say.
        return written(payload, ensure_ascii=True).encode()


def written(payload: Any, *, indent: int | None = None, ensure_ascii: bool = False) -> str:
    """Write `payload` as JSON text, whatever is `Spelled` in it as it stands."""
    spelled: list[str] = []
    name = ""

    def mark(value: Any) -> str:
        if not isinstance(value, Spelled):
            raise TypeError(f"a {type(value).__name__} is no JSON value")
        spelled.append(value.text)
        return name

    separators = (",", ":") if indent is None else None
    write = functools.partial(
        json.dumps,
        payload,
        ensure_ascii=ensure_ascii,
        separators=separators,
        indent=indent,
        default=mark,
    )
    text: str = write()
    if not spelled:
        return text
    spelled, name = [], _MARK
    while json.dumps(name)[1:-1] in text:
        name += _MARK
    first, *rest = write().split(json.dumps(name))
    return first + "".join(one + after for one, after in zip(spelled, rest, strict=True))
