"""One interaction, cut out of a recording and not read yet: its place, and its own bytes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import orjson

from enkash_contract.errors import RecordingError

if TYPE_CHECKING:
    from collections.abc import Callable

_UNREAD: Any = object()

TOP = "[]"
"""The path of a list that is all there is in a file."""

TOO_DEEP = "is nested too deeply, or holds too long a number, to be read"


class Piece:
    """A place in a recording at which an interaction is expected, and what stands there.

    `place` names it in words, such as `x.har:log.entries[7]` or `x.ndjson:41`; `line` is where it
    begins (counted from 1; 0 where that is unknown); `where` is the dotted path of the list that it
    is an item of, and empty if it stands by itself. `raw` are its own bytes where it is written in
    JSON, and None otherwise. What cannot be read has a `problem`, a phrase that follows its place,
    which is `harmless` where nothing is lost that anybody asked for; its `address` may be known all
    the same, and is "" otherwise. `attached` returns the content of a file beside the recording, by
    its name.
    """

    __slots__ = (
        *("_value", "address", "attached", "harmless"),
        *("line", "place", "problem", "raw", "where"),
    )

    number = 1
    """The interactions that are counted for it, though a line may hold a whole recording."""

    def __init__(
        self,
        place: str,
        line: int,
        where: str = "",
        *,
        raw: bytes | None = None,
        value: Any = _UNREAD,
        problem: str = "",
        harmless: bool = False,
    ) -> None:
        self.place, self.line, self.where = place, line, where
        self.raw, self._value, self.problem, self.harmless = raw, value, problem, harmless
        self.address = ""
        self.attached: Callable[[str], bytes | None] | None = None

    @property
    def size(self) -> int:
        """How many bytes it takes in the recording, where that is known."""
        return len(self.raw or b"")

    @property
    def value(self) -> Any:
        """The value of the interaction, read when it is asked for.

        Raises:
            RecordingError: it cannot be read; the message is one line that names the place.

        """
        if self._value is _UNREAD and self.raw is not None and not self.problem:
            self._value, self.problem = read(self.raw)
        if self.problem:
            # The place of an item does not tell its line.
            at = f" (line {self.line})" if self.where and self.raw is not None else ""
            raise RecordingError(f"{self.place} {self.problem}{at}")
        return self._value

    @property
    def is_broken(self) -> bool:
        """Whether it cannot be read."""
        try:
            return self.value is self
        except RecordingError:
            return True

    def __repr__(self) -> str:
        return f"<Piece {self.place}{f': {self.problem}' if self.problem else ''}>"


def read(raw: bytes) -> tuple[Any, str]:
    """Return the value that JSON text stands for, and what is wrong with it."""
    try:
        return orjson.loads(raw), ""
    except ValueError:
        # orjson rejects lone surrogates and great depth, and recorders write both.
        try:
            return json.loads(raw.decode("utf-8", "replace")), ""
        except json.JSONDecodeError as error:
            return None, f"is not JSON: {error.msg}"
        except (RecursionError, ValueError):
            return None, TOO_DEEP
