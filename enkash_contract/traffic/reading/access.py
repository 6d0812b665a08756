"""Files opened and read, whether they are on this machine or elsewhere.

Only what a file held when it was opened is read. If it is another one by the end, that is an error.
"""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from enkash_contract.traffic.reading.address import BLOCK, Address
from enkash_contract.traffic.reading.stream import CHUNK, GrownError, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ATTACHED = 32 << 20
"""The most bytes that are read of a file that lies beside a recording."""


_folder = Path()
"""The folder at which paths begin: that of the user, also in a worker that runs elsewhere."""


@contextmanager
def paths_below(folder: str) -> Iterator[None]:
    """Let paths begin in a folder, where they are read by somebody else than their user."""
    global _folder  # noqa: PLW0603 - a process reads one recording at a time
    before, _folder = _folder, Path(folder)
    try:
        yield
    finally:
        _folder = before


CHANGED = "changed while it was read; judge it again when it is complete"


class State(NamedTuple):
    """The size of a file, if it is known, and what changes whenever the file does."""

    size: int | None
    mark: object


def opened(file: Path | Address, ahead: int = BLOCK) -> BinaryIO:
    """Open a file that has an end; of one elsewhere, so many bytes are read ahead.

    Raises:
        UnreadableError: there is none.

    """
    try:
        # A pipe may never be written to, and to open a device may do something.
        if isinstance(file, Address):
            content: BinaryIO = file.open(ahead=ahead)
            return content
        path = _folder / file
        kind = path.stat().st_mode
        if not stat.S_ISREG(kind) and not stat.S_ISDIR(kind):
            raise UnreadableError("cannot be read: it is no file; save it as one first")
        return path.open("rb")
    except (OSError, ValueError) as error:
        raise UnreadableError(unread(error)) from None


def unread(error: Exception) -> str:
    """Return the phrase for a file that cannot be read."""
    return f"cannot be read: {getattr(error, 'strerror', None) or error}"


def state(file: Path | Address, content: BinaryIO | None = None) -> State:
    """Return the state of a file, or of what was opened as its `content`.

    Raises:
        OSError: it cannot be looked at.

    """
    if isinstance(file, Address):
        return State(*file.state())
    found = (_folder / file).stat() if content is None else os.fstat(content.fileno())
    return State(found.st_size, found.st_mtime_ns)


def size(file: Path | Address) -> int:
    """Return the size of a file as far as it is known without a question to anybody else."""
    if isinstance(file, Address):
        return file.size or 0
    try:
        return (_folder / file).stat().st_size
    except OSError:
        return 0


def chunks(file: Path | Address, content: BinaryIO, before: State) -> Iterator[bytes]:
    """Yield what a file held `before`.

    Raises:
        UnreadableError: it is another by now.

    """
    left = before.size
    while left != 0 and (chunk := content.read(CHUNK if left is None else min(CHUNK, left))):
        left = None if left is None else left - len(chunk)
        yield chunk
    unchanged(before, state(file, content), left or 0)


def unchanged(before: State, after: State, left: int = 0) -> None:
    """Return if a file is what it was before, and nothing of that is `left` to be read.

    Raises:
        UnreadableError: it is another by now.

    """
    if (after.size or 0) > (before.size or 0):
        raise GrownError("has grown while it was read; judge it again to see the rest")
    if left or after.mark != before.mark:
        raise UnreadableError(CHANGED)


def beside(file: Path | Address) -> Callable[[str], bytes | None]:
    """Return the function that reads the files beside a recording, and no others."""

    def read(name: str) -> bytes | None:
        with suppress(OSError, ValueError, UnreadableError):
            other = _beside(file, name)
            if other is not None and (state(other).size or 0) <= ATTACHED:
                with opened(other) as content:
                    return content.read(ATTACHED)
        return None

    return read


def _beside(file: Path | Address, name: str) -> Path | Address | None:
    if isinstance(file, Address):
        return file.beside(name)
    folder = (_folder / file.parent).resolve()
    other = (folder / name).resolve()
    return other if other.is_relative_to(folder) else None
