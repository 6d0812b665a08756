"""Where something stands in a text file: the unit in which every message points."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A line (counted from 1) of a file, as a person would type it."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


def pointer(tokens: tuple[str | int, ...]) -> str:
    """Write `tokens` as a JSON Pointer (RFC 6901); the whole document is the empty string."""
    return "".join("/" + str(token).replace("~", "~0").replace("/", "~1") for token in tokens)


def tokens(pointer: str) -> tuple[str, ...]:
    """Read a JSON Pointer (RFC 6901) into its reference tokens.

    Raises:
        ValueError: the text neither is empty nor begins with a slash.

    """
    if pointer and not pointer.startswith("/"):
        raise ValueError(f"a JSON Pointer begins with a slash: {pointer!r}")
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])
