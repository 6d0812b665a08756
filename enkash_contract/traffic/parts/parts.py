"""Parts of recordings, each of which is judged by itself: in a process, or on another machine.

A large file is divided into ranges; any other, and one that is packed or written in YAML, is one
part. A part says which bytes of which file it is, and holds none of them.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from enkash_contract.traffic import detection
from enkash_contract.traffic.parts.ranges import ranges
from enkash_contract.traffic.reading import access
from enkash_contract.traffic.reading.files import PACKED
from enkash_contract.traffic.reading.stream import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from enkash_contract.traffic.cutting.piece import Piece
    from enkash_contract.traffic.cutting.run import Run
    from enkash_contract.traffic.formats.format import Format
    from enkash_contract.traffic.parts.ranges import Items, Lines, Uncounted
    from enkash_contract.traffic.reading.access import State
    from enkash_contract.traffic.reading.files import RecordingFile

SIZE, MOST, MANY = 4 << 20, 128 << 20, 64
"""The least bytes of a range, the most, and the number of ranges that is aimed at.

Each range costs the process that hands it over some work. So in large recordings ranges grow, to
keep their number near `MANY`, until they are as large as `MOST`.
"""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the file that is called `number`: a range of it, or all."""

    number: int
    file: RecordingFile
    size: int = 0
    range: Lines | Items | Uncounted | None = None
    is_first: bool = False
    as_it_was: State | None = None
    """The file before it was divided, for the last range of it."""

    def runs(
        self, formats: Collection[Format] | None = None, ended: Callable[[int], object] = int
    ) -> Iterator[Piece | Run]:
        """Yield the interactions in it; tell `ended` how many lines end, if they are counted here.

        Raises:
            UnevenError: the file has to be cut as a whole.
            UnreadableError: there is more, but it cannot be read.

        """
        path = self.file.path
        if self.range is None:
            yield from detection.runs(path, named=self.file.named, formats=formats)
            return
        attached = access.beside(path)
        for found in self.range.runs(ended):
            found.attached = attached
            yield found
        if self.as_it_was is not None:
            access.unchanged(self.as_it_was, access.state(path))


def length(total: int) -> int:
    """Return how many bytes the parts of files have which together have so many."""
    return max(SIZE, min(total // MANY, MOST))


def divided(
    number: int, file: RecordingFile, length: int, formats: Collection[Format] | None = None
) -> Iterator[Part]:
    """Yield the parts of a file, in their order, of about so many bytes each."""
    size, before = access.size(file.path), None
    found: Sequence[Lines | Items | Uncounted] = []
    # What would be one part, and what is packed, is not even opened here.
    if size >= 2 * length and not file.path.name.lower().endswith(PACKED):
        with suppress(OSError, UnreadableError):
            before = access.state(file.path)
            first = next(detection.pieces(file.path, named=file.named, formats=formats), None)
            if first is not None and first.raw is not None and not first.problem:
                found = ranges(file.path, size // length, formats)
    for index, each in enumerate(found):
        was = before if index == len(found) - 1 else None
        yield Part(number, file, each.end - each.start, each, index == 0, was)
    if not found:
        yield Part(number, file, size)
