"""Parts of recordings, each of which is judged by itself: in a process, or on another machine.

A large file is divided into ranges; any other, and one that is packed or written in YAML, is one
part. A part says which bytes of which file it is, and holds none of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from enkash_contract.traffic import detection
from enkash_contract.traffic.cutting.piece import Piece
from enkash_contract.traffic.parts.ranges import ranges
from enkash_contract.traffic.reading import unpacking
from enkash_contract.traffic.reading.stream import GrownError, UnreadableError

if TYPE_CHECKING:
    import os
    from collections.abc import Collection, Iterator

    from enkash_contract.traffic.formats.format import Format
    from enkash_contract.traffic.parts.ranges import Range
    from enkash_contract.traffic.reading.files import Found

SIZE = 4 << 20
"""A range is of about so many bytes: it takes a worker a moment."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the file that is called `number`: a range of it, or all."""

    number: int
    file: Found
    size: int = 0
    range: Range | None = None
    is_first: bool = False
    as_it_was: os.stat_result | None = None
    """The file before it was divided, for the last range of it."""

    def pieces(self, formats: Collection[Format] | None = None) -> Iterator[Piece]:
        """Yield the interactions in it.

        Raises:
            UnevenError: the file has to be cut as a whole.

        """
        path = self.file.path
        if self.range is None:
            yield from detection.pieces(path, named=self.file.named, formats=formats)
            return
        attached = unpacking.beside(path)
        for piece in self.range.pieces():
            piece.attached = attached
            yield piece
        if self.as_it_was is not None:
            try:
                unpacking.unchanged(self.as_it_was, path.stat())
            except UnreadableError as error:
                harmless = isinstance(error, GrownError)
                yield Piece(str(path), 0, problem=str(error), harmless=harmless)


def divided(number: int, file: Found, formats: Collection[Format] | None = None) -> Iterator[Part]:
    """Yield the parts of a file, in their order."""
    before, found = None, []
    first = next(detection.pieces(file.path, named=file.named, formats=formats), None)
    if first is not None and first.raw is not None and not first.problem:
        before = file.path.stat()
        found = ranges(file.path, before.st_size // SIZE, formats) if before.st_size >= SIZE else []
    for index, each in enumerate(found):
        was = before if index == len(found) - 1 else None
        yield Part(number, file, each.end - each.start, each, index == 0, was)
    if not found:
        yield Part(number, file, before.st_size if before else 0)
