"""Text that holds one JSON value a line, cut at the ends of the lines and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from enkash_contract.traffic.cutting.piece import Piece
from enkash_contract.traffic.cutting.run import BLANK, STEP, LineRun
from enkash_contract.traffic.cutting.window import LIMIT, TOO_LONG

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from enkash_contract.traffic.cutting.run import Run


def runs(read: Callable[[int], bytes], name: str) -> Iterator[Piece | Run]:
    """Yield the lines, as many at once as are at hand."""
    yield from numbered(read, f"{name}:")


def numbered(
    read: Callable[[int], bytes], beginning: str, ended: Callable[[int], object] = int
) -> Iterator[Piece | Run]:
    """Yield the lines, each by its number behind the `beginning` of its place.

    `ended` is told how many lines have ended.
    """
    line = 1
    begun: list[bytes] = []
    size = 0
    for chunk in _chunks(read):
        first, last = chunk.find(b"\n"), chunk.rfind(b"\n")
        if first < 0:
            size += len(chunk)
            _hold(begun, chunk, size)
            continue
        is_long = size + first > LIMIT
        if is_long:
            yield Piece(f"{beginning}{line}", line, problem=TOO_LONG)
            line += 1
            ended(1)
        if first < last or not is_long:
            text = chunk[first + 1 : last] if is_long else b"".join((*begun, chunk[:last]))
            lines = LineRun(text, line, beginning)
            yield lines
            line += lines.height
            ended(lines.height)
        begun, size = [chunk[last + 1 :]], len(chunk) - last - 1
    if size > LIMIT:
        yield Piece(f"{beginning}{line}", line, problem=TOO_LONG)
    elif raw := b"".join(begun).strip(BLANK):
        yield Piece(f"{beginning}{line}", line, raw=raw)


def _chunks(read: Callable[[int], bytes]) -> Iterator[bytes]:
    """Yield what is read, also where it is more at a time than a run should be."""
    while chunk := read(STEP):
        for at in range(0, len(chunk), STEP):
            yield chunk[at : at + STEP]


def _hold(begun: list[bytes], chunk: bytes, size: int) -> None:
    """Hold a line that goes on, unless it is too long by now."""
    if size > LIMIT:
        begun.clear()
    else:
        begun.append(chunk)
