"""Text that holds one JSON value a line, cut at the ends of the lines and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from enkash_contract.traffic.cutting.piece import Piece
from enkash_contract.traffic.cutting.window import LIMIT, STEP, TOO_LONG

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BLANK = b" \t\r\n\x1e"
"""What may stand around a value; the last of them begins each in a sequence (RFC 7464)."""


def pieces(read: Callable[[int], bytes], name: str) -> Iterator[Piece]:
    """Yield each line that is not blank, by its number."""
    yield from numbered(read, f"{name}:")


def numbered(read: Callable[[int], bytes], beginning: str) -> Iterator[Piece]:
    """Yield each line that is not blank, by its number behind the `beginning` of its place."""
    for number, raw in enumerate(_lines(read), 1):
        if raw is None:
            yield Piece(f"{beginning}{number}", number, problem=TOO_LONG)
        else:
            text = raw.strip(BLANK)
            if text:
                yield Piece(f"{beginning}{number}", number, raw=text)


def _lines(read: Callable[[int], bytes]) -> Iterator[bytes | None]:
    """Yield each line; None for one that is too long, of which no more is held than the limit."""
    begun: list[bytes] = []
    size = 0
    while chunk := read(STEP):
        first, *rest = chunk.split(b"\n")
        size += len(first)
        if size <= LIMIT:
            begun.append(first)
        else:
            begun.clear()
        if rest:
            yield b"".join(begun) if size <= LIMIT else None
            last = rest.pop()
            yield from rest
            begun, size = [last], len(last)
    if size:
        yield b"".join(begun) if size <= LIMIT else None
