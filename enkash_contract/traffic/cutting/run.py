"""Items that stand one after the other, cut out only where somebody asks for each of them.

Most items of a long recording are only counted: whoever can read all of a text at once needs no
piece of any, and what they hold in memory stays in the caches of the processor.
"""

from __future__ import annotations

import functools
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import msgspec

from enkash_contract.traffic.cutting.piece import Piece

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

BLANK = b" \t\r\n\x1e"
"""The bytes that may stand around a line; the last begins each in a sequence (RFC 7464)."""

STEP = 1 << 16
"""A run is of about so many bytes."""

_LIST = msgspec.json.Decoder(list[msgspec.Raw])


class Run(ABC):
    """Interactions in one text, each of which is whole; `where` is the path of their list, if any.

    The text is a list of them in JSON, or else `is_lines`, of which each may be anything.
    """

    is_lines = False
    harmless = False

    def __init__(self, text: bytes, line: int, where: str = "") -> None:
        self.text, self.line, self.where = text, line, where
        self.attached: Callable[[str], bytes | None] | None = None
        self._number: int | None = None

    @functools.cached_property
    def pieces(self) -> list[Piece]:
        """Each interaction by itself; none if the text is no list of values."""
        pieces = self._cut()
        for piece in pieces:
            piece.attached = self.attached
        return pieces

    @property
    def size(self) -> int:
        """The bytes that it takes in the recording."""
        return len(self.text)

    @property
    def number(self) -> int:
        """The number of interactions."""
        return len(self.pieces) if self._number is None else self._number

    def counts(self, number: int) -> None:
        """Take the number from whoever has read all of them, so that none need be cut out."""
        self._number = number

    @abstractmethod
    def _cut(self) -> list[Piece]:
        """Cut the text."""


class ItemRun(Run):
    """Items of a list, the first of which has the number `index`; `place` is that of the list.

    There are as many line `breaks` between one and the next.
    """

    def __init__(
        self, text: bytes, line: int, where: str, place: str, index: int, breaks: int
    ) -> None:
        super().__init__(b"[%b]" % text, line, where)
        self._place, self._index, self._breaks = place, index, breaks

    def _cut(self) -> list[Piece]:
        try:
            values = _LIST.decode(self.text)
        except (msgspec.DecodeError, RecursionError):
            return []
        pieces, line = [], self.line
        # Nearly all recordings are written in one line.
        has_breaks = b"\n" in self.text
        for number, value in enumerate(values, self._index):
            raw = bytes(value)
            pieces.append(Piece(f"{self._place}{number}]", line, self.where, raw=raw))
            if has_breaks:
                line += raw.count(b"\n") + self._breaks
        return pieces


class LineRun(Run):
    """Lines whose places begin alike, of which those that are blank stand for nothing."""

    is_lines = True

    def __init__(self, text: bytes, line: int, beginning: str) -> None:
        super().__init__(text, line)
        self._beginning = beginning

    @property
    def height(self) -> int:
        """The number of lines."""
        # Where all were read at once, none is blank.
        return self.text.count(b"\n") + 1 if self._number is None else self._number

    def _cut(self) -> list[Piece]:
        beginning = self._beginning
        return [
            Piece(f"{beginning}{number}", number, raw=raw)
            for number, line in enumerate(self.text.split(b"\n"), self.line)
            if (raw := line.strip(BLANK))
        ]


def pieces_of(found: Iterable[Piece | Run]) -> Iterator[Piece]:
    """Yield the pieces, each by itself."""
    for each in found:
        yield from each.pieces if isinstance(each, Run) else (each,)
