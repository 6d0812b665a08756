"""The plain text of a recording as a stream of bytes, whatever it came out of."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

CHUNK = 1 << 16
"""So many bytes are read from a file at a time."""

FREE, RATIO, MOST = 256 << 20, 200, 64 << 30
"""Bytes that any file may unpack to, how many more for each of its own, and never more than."""


class UnreadableError(Exception):
    """A stream cannot be read on; its text is a phrase that follows the name of the stream."""


class GrownError(UnreadableError):
    """A file has become longer since it was opened; what it held then was read."""


class Stream:
    """A recording, by its name. What has stood in its way to its end is its `problem`.

    `harmless` tells that a problem has cost nothing of what the file once held. `attached` returns
    what a file that lies beside the recording holds, by its name; None if there is none. `found`
    tells that nobody has named the recording: it was in an archive or in a folder.
    """

    def __init__(
        self,
        name: str,
        chunks: Iterable[bytes],
        attached: Callable[[str], bytes | None] = lambda _: None,
        *,
        found: bool = False,
    ) -> None:
        self.name, self.attached, self.found = name, attached, found
        self.problem, self.harmless = "", False
        self._chunks: Iterator[bytes] = iter(chunks)
        self._peeked = b""

    def peek(self, size: int) -> bytes:
        """Return so many bytes, or all that there are; they will be read once more."""
        while len(self._peeked) < size:
            more = self._next()
            if not more:
                break
            self._peeked += more
        return self._peeked[:size]

    def read(self, _: int = -1) -> bytes:
        """Return what comes next, as many bytes as are at hand; none at the end."""
        if self._peeked:
            found, self._peeked = self._peeked, b""
            return found
        return self._next()

    def unread(self, chunk: bytes) -> None:
        """Put back what was read last."""
        self._peeked = chunk + self._peeked

    def skip(self, size: int) -> None:
        """Leave out so many bytes, which were peeked at."""
        self._peeked = self._peeked[size:]

    def chunks(self) -> Iterator[bytes]:
        """Yield all that follows.

        Raises:
            UnreadableError: there is more, but it cannot be read.

        """
        while chunk := self.read():
            yield chunk
        if self.problem:
            raise GrownError(self.problem) if self.harmless else UnreadableError(self.problem)

    def _next(self) -> bytes:
        try:
            return next(filter(None, self._chunks), b"")
        except UnreadableError as error:
            self.problem, self.harmless = str(error), isinstance(error, GrownError)
        except OSError as error:
            self.problem = f"cannot be read: {error.strerror or error}"
        self._chunks = iter(())
        return b""


def failed(name: str, problem: str) -> Stream:
    """Return the stream of what cannot be read at all."""
    stream = Stream(name, ())
    stream.problem = problem
    return stream


class Budget:
    """The bytes that a file may unpack to, all that is in it together; nobody may know its size."""

    def __init__(self, size: int | None) -> None:
        self.left = MOST if size is None else min(FREE + RATIO * size, MOST)

    def spend(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Yield what a part of it unpacks to, and end where that is too much.

        Raises:
            UnreadableError: so it is.

        """
        for chunk in chunks:
            self.left -= len(chunk)
            if self.left < 0:
                raise UnreadableError(TOO_MUCH)
            yield chunk


TOO_MUCH = (
    f"unpacks to more than {RATIO} times its size and {FREE >> 20} MB; unpack it, and judge what "
    "is a recording"
)
