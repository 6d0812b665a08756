"""Parts of a large file that can be cut at the same time, by several processes.

Lines begin behind any line break. How an item of a list begins is known from the first two, and in
JSON no text within another can look so, because its quotes would be escaped. Each part is held to
the number of items that were counted in it: where items hold such items themselves, that shows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from enkash_contract.traffic import detection
from enkash_contract.traffic.cutting import json_text, ndjson
from enkash_contract.traffic.cutting.piece import TOP
from enkash_contract.traffic.cutting.window import Window
from enkash_contract.traffic.reading.stream import CHUNK

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path
    from typing import BinaryIO

    from enkash_contract.traffic.cutting.piece import Piece
    from enkash_contract.traffic.formats.format import Format

_LINE = b"\n"
_CLOSED = re.compile(rb"\}\s*+(\])[\s}]*+\Z")
_TAIL = 4096


@dataclass(frozen=True, slots=True)
class Range:
    """A part of a file, from one byte to another, which begins on a line.

    If it holds items of the list `where`, it has `count` of them, and the first has the number
    `index`. Otherwise it holds lines.
    """

    path: Path
    start: int
    end: int
    line: int
    where: str = ""
    index: int = 0
    count: int = 0

    def pieces(self) -> Iterator[Piece]:
        """Yield the pieces of this part, with the places that they have in the whole file.

        Raises:
            UnevenError: the file has to be cut as a whole.

        """
        name, number = str(self.path), 0
        with self.path.open("rb") as file:
            file.seek(self.start)
            read = _limited(file, self.end - self.start)
            if not self.where:
                yield from ndjson.pieces(read, name, self.line)
                return
            for piece in json_text.items(read, name, self.where, self.index, self.line):
                number += 1
                yield piece
        if number != self.count:
            raise UnevenError(name)


class UnevenError(Exception):
    """A part of a file does not hold the items that were counted in it."""


def ranges(path: Path, number: int, formats: Collection[Format] | None = None) -> list[Range]:
    """Return at most so many parts of a file, in their order; none if it cannot be divided."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(0)
        beginning = file.read(detection.HEAD)
        if not beginning.lstrip().startswith((b"{", b"[")) or b"\0" in beginning[:4]:
            return []
        cut = detection.cutter(beginning, path.name)
        if cut is ndjson.pieces:
            parts = _parts(file, 0, size, _LINE, number)
            return [Range(path, *place, 1 + lines) for place, lines, _, _ in parts]
        if cut is json_text.pieces:
            return _of_items(path, file, number, detection.lists(formats))
    return []


def _of_items(path: Path, file: BinaryIO, number: int, lists: Collection[str]) -> list[Range]:
    file.seek(0)
    cutter = json_text.Cutter(Window(file.read), str(path), lists)
    found = [*islice(cutter.pieces(), 2)]
    start, seam = cutter.seam
    size = file.seek(0, 2)
    file.seek(max(start, size - _TAIL))
    tail = file.read()
    closed = _CLOSED.search(tail)
    if not seam or not closed or found[0].where == TOP:
        return []
    end = size - len(tail) + closed.start(1)
    parts = _parts(file, start, end, seam, number)
    return [
        Range(path, *place, found[0].line + lines, found[0].where, index, count)
        for place, lines, index, count in parts
    ]


def _parts(
    file: BinaryIO, start: int, end: int, mark: bytes, number: int
) -> Iterator[tuple[tuple[int, int], int, int, int]]:
    """Yield parts of a file that begin behind the first byte of a mark, or where the file does.

    With the place of each come the line breaks and the marks before it, and how many parts that
    such a mark divides are in it.
    """
    size = -(-(end - start) // number)
    begun, lines, marks = start, 0, 0
    while begun < end:
        file.seek(begun)
        read, held = _limited(file, end - begun), b""
        place, broken, met = begun, 0, 0
        found = -1
        while found < 0 and (chunk := read(CHUNK)):
            held += chunk
            # A mark may begin in one chunk and end in the next.
            found = held.find(mark, max(0, begun + size - place))
            done = found + 1 if found >= 0 else max(0, len(held) - len(mark) + 1)
            met += held.count(mark, 0, done + len(mark) - 1)
            broken += held.count(_LINE, 0, done)
            place, held = place + done, held[done:]
        if found < 0:
            place = end + 1
        yield (begun, place - 1), lines, marks, met + (found < 0)
        begun, lines, marks = place, lines + broken, marks + met


def _limited(file: BinaryIO, size: int) -> Callable[[int], bytes]:
    left = size

    def read(wanted: int) -> bytes:
        nonlocal left
        chunk = file.read(min(wanted, left))
        left -= len(chunk)
        return chunk

    return read
