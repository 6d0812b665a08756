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


def numbered(read: Callable[[int], bytes], beginning: str) -> Iterator[Piece | Run]:
    """Yield the lines, each by its number behind the `beginning` of its place."""
    line = 1
    begun: list[bytes] = []
    size = 0
    while chunk := read(STEP):
        first, last = chunk.find(b"\n"), chunk.rfind(b"\n")
        if first < 0:
            size += len(chunk)
            _hold(begun, chunk, size)
            continue
        is_long = size + first > LIMIT
        if is_long:
            yield Piece(f"{beginning}{line}", line, problem=TOO_LONG)
            line += 1
        if first < last or not is_long:
            text = chunk[first + 1 : last] if is_long else b"".join((*begun, chunk[:last]))
            lines = LineRun(text, line, beginning)
            yield lines
            line += lines.height
        begun, size = [chunk[last + 1 :]], len(chunk) - last - 1
    if size > LIMIT:
        yield Piece(f"{beginning}{line}", line, problem=TOO_LONG)
    elif raw := b"".join(begun).strip(BLANK):
        yield Piece(f"{beginning}{line}", line, raw=raw)


def _hold(begun: list[bytes], chunk: bytes, size: int) -> None:
    """Hold a line that goes on, unless it is too long by now."""
    if size > LIMIT:
        begun.clear()
    else:
        begun.append(chunk)
