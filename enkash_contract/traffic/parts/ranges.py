"""Parts of a large file that can be cut at the same time, by several processes.

Lines begin behind any line break, so a file of lines is divided by its size alone: each part has
the lines that begin in it, and numbers them from its own beginning. How an item of a list begins is
known from the first two, and in JSON no text within another can look so, because its quotes would
be escaped. In a file of one line they are numbered by part as well. Where there are more lines, the
items and lines before each part are counted, to which it is held. Where items hold such items
themselves, either shows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from enkash_contract.traffic import detection
from enkash_contract.traffic.counting.numbering import within
from enkash_contract.traffic.cutting import json_text, ndjson
from enkash_contract.traffic.cutting.piece import TOP
from enkash_contract.traffic.cutting.window import BrokenTextError, TextWindow
from enkash_contract.traffic.reading import access
from enkash_contract.traffic.reading.address import BLOCK
from enkash_contract.traffic.reading.stream import CHUNK, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from typing import BinaryIO

    from enkash_contract.traffic.cutting.piece import Piece
    from enkash_contract.traffic.cutting.run import Run
    from enkash_contract.traffic.formats.format import Format
    from enkash_contract.traffic.reading.address import Address

_LINE = b"\n"
_CLOSED = re.compile(rb"\}\s*+(\])[\s}]*+\Z")
_TAIL = 4096

AHEAD = 1 << 16
"""So many bytes are read behind a part elsewhere: mostly its last line ends there."""


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a file of so many bytes that begin from one byte to another."""

    path: Path | Address
    start: int
    end: int
    size: int

    def runs(self, ended: Callable[[int], object] = int) -> Iterator[Piece | Run]:
        """Yield the lines, by their numbers in this part; tell `ended` how many end."""
        with access.opened(self.path, AHEAD) as file:
            chunks = self._chunks(file)
            beginning = within(str(self.path))
            yield from ndjson.numbered(lambda _: next(chunks, b""), beginning, ended)

    def _chunks(self, file: BinaryIO) -> Iterator[bytes]:
        # A line begins with the part if the one before ends just there.
        place = file.seek(max(self.start - 1, 0))
        begun, last = not self.start, self.end - 1
        # What is read in one piece elsewhere is asked for once.
        step = CHUNK if isinstance(self.path, Path) else BLOCK
        read = _limited(file, last - place)
        while chunk := read(step):
            if not begun:
                _, ends, chunk = chunk.partition(_LINE)
                begun = bool(ends)
            if chunk and begun:
                yield chunk
        read, ends = _limited(file, self.size - last), b""
        while begun and not ends and (chunk := read(CHUNK)):
            line, ends, _ = chunk.partition(_LINE)
            yield line + ends


@dataclass(frozen=True, slots=True)
class Items:
    """Items of the list `where` in a file: `count` of them, the first of which is at `index`.

    They stand from one byte to another, on the line with the number `line` and those below it.
    """

    path: Path | Address
    start: int
    end: int
    line: int
    where: str
    index: int
    count: int

    def runs(self, _: Callable[[int], object] = int) -> Iterator[Piece | Run]:
        """Yield what is in this part, with the places that it has in the whole file.

        Raises:
            UnevenError: the file has to be cut as a whole.

        """
        name, number = str(self.path), 0
        with access.opened(self.path) as file:
            file.seek(self.start)
            read = _limited(file, self.end - self.start)
            for found in json_text.items(read, name, self.where, self.index, self.line):
                yield found
                number += found.number
        if number != self.count:
            raise UnevenError(name)


@dataclass(frozen=True, slots=True)
class Uncounted:
    """Items of the list `where` in a file of one line, from one byte to another.

    Nobody has counted those before them, so they are numbered from the beginning of this part.
    """

    path: Path | Address
    start: int
    end: int
    where: str

    def runs(self, ended: Callable[[int], object] = int) -> Iterator[Piece | Run]:
        """Yield what is in this part, by its numbers in it; tell `ended` how many items end.

        Raises:
            UnevenError: the file has to be cut as a whole.

        """
        name = str(self.path)
        with access.opened(self.path) as file:
            file.seek(self.start)
            window = TextWindow(_on_one_line(_limited(file, self.end - self.start)))
            window.byte()
            cutter = json_text.Cutter(window, name, (self.where,))
            try:
                for found in cutter.listed(self.where, within(name, self.where)):
                    # What is no item, but stands between two, is seen better in the whole file.
                    if not found.where:
                        raise UnevenError(name)
                    yield found
                    ended(found.number)
            except BrokenTextError:
                raise UnevenError(name) from None
            # An item that holds such items itself may have been divided.
            if window.byte():
                raise UnevenError(name)


class UnevenError(Exception):
    """A part of a file does not hold whole items, or not as many as were counted in it."""


def ranges(
    path: Path | Address, number: int, formats: Collection[Format] | None = None
) -> Sequence[Lines | Items | Uncounted]:
    """Return at most so many parts of a file, in their order; none if it cannot be divided."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(0)
        beginning = file.read(detection.HEAD)
        if not beginning.lstrip().startswith((b"{", b"[")) or b"\0" in beginning[:4]:
            return []
        cut = detection.cutter(beginning, path.name)
        if cut is ndjson.runs:
            length = -(-size // number)
            starts = range(0, size, length)
            return [Lines(path, start, min(start + length, size), size) for start in starts]
        # Items have to be counted first, for which a file elsewhere is too far away.
        if cut is json_text.runs and isinstance(path, Path):
            return _of_items(path, file, number, detection.lists(formats))
    return []


def _of_items(
    path: Path, file: BinaryIO, number: int, lists: Collection[str]
) -> Sequence[Items | Uncounted]:
    file.seek(0)
    is_one_line = _LINE not in file.read(detection.HEAD)
    file.seek(0)
    cutter = json_text.Cutter(TextWindow(file.read), str(path), lists)
    found = [*islice(cutter.runs(), 2)]
    start, seam = cutter.seam
    size = file.seek(0, 2)
    file.seek(max(start, size - _TAIL))
    tail = file.read()
    closed = _CLOSED.search(tail)
    if not seam or not closed or found[0].where == TOP:
        return []
    end = size - len(tail) + closed.start(1)
    if is_one_line:
        cuts = _cuts(file, start, end, seam, number)
        return [Uncounted(path, *place, found[0].where) for place in cuts]
    parts = _parts(file, start, end, seam, number)
    return [
        Items(path, *place, found[0].line + lines, found[0].where, index, count)
        for place, lines, index, count in parts
    ]


def _cuts(
    file: BinaryIO, start: int, end: int, mark: bytes, number: int
) -> Iterator[tuple[int, int]]:
    """Yield parts of a file that begin behind the first byte of a mark, or where the file does."""
    size = -(-(end - start) // number)
    begun, overlap = start, len(mark) - 1
    while begun < end:
        place = min(begun + size, end)
        file.seek(place)
        read, held, found = _limited(file, end - place), b"", -1
        while found < 0 and (chunk := read(CHUNK)):
            # A mark may begin in one chunk and end in the next.
            place += max(0, len(held) - overlap)
            held = held[-overlap:] + chunk
            found = held.find(mark)
        after = place + found + 1 if found >= 0 else end + 1
        yield begun, after - 1
        begun = after


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
            # To find none takes less than to count none.
            broken += held.count(_LINE, 0, done) if held.find(_LINE, 0, done) >= 0 else 0
            place, held = place + done, held[done:]
        if found < 0:
            place = end + 1
        yield (begun, place - 1), lines, marks, met + (found < 0)
        begun, lines, marks = place, lines + broken, marks + met


def _on_one_line(read: Callable[[int], bytes]) -> Callable[[int], bytes]:
    """Return what reads the same, and raises `UnevenError` where there is more than one line."""

    def on_one_line(wanted: int) -> bytes:
        chunk = read(wanted)
        if _LINE in chunk:
            raise UnevenError
        return chunk

    return on_one_line


def _limited(file: BinaryIO, size: int) -> Callable[[int], bytes]:
    """Return what reads so many bytes of a file.

    It raises `UnreadableError` where there are not so many any more.
    """
    left = size

    def read(wanted: int) -> bytes:
        nonlocal left
        chunk = file.read(min(wanted, left))
        if left and not chunk:
            raise UnreadableError(access.CHANGED)
        left -= len(chunk)
        return chunk

    return read
