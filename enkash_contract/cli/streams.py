"""Standard output and error that may be full or closed, as pipes and files are.

`enkash-contract rules | head` closes a pipe before all is written, and a disk may be full. Neither
is the fault of what writes, and nothing is gained by stopping in the middle of a run: what cannot
be written is dropped, a reader who has left changes no exit code, and a full disk is told at the
end, in one line.
"""

from __future__ import annotations

import contextlib
import errno
import io
import sys
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

GONE = (errno.EPIPE, errno.EINVAL)
"""The errors of a pipe whose reader has left; the second is Windows'."""

MISUSED = 2
"""The exit code where output cannot be written; a test holds it equal to that of `result`."""


class _Output(io.FileIO):
    """A file that takes all that is written, and keeps the first problem."""

    problem: OSError | None = None

    def write(self, data: Any) -> int:
        if self.problem is None:
            try:
                return super().write(data)
            except OSError as problem:
                self.problem = problem
        return len(data)


class _Text(io.TextIOWrapper):
    """A text stream to where `stream` leads."""

    def __init__(self, stream: io.TextIOWrapper) -> None:
        self._file = _Output(stream.fileno(), "w", closefd=False)
        super().__init__(
            io.BufferedWriter(self._file),
            encoding=stream.encoding,
            errors=stream.errors,
            line_buffering=stream.line_buffering,
            write_through=stream.write_through,
        )

    @property
    def problem(self) -> OSError | None:
        """The first problem of writing."""
        return self._file.problem


@contextlib.contextmanager
def forgiving() -> Iterator[None]:
    """Drop what cannot be written to the standard streams until the end.

    Raises:
        SystemExit: with code 2, standard output cannot be written, though somebody wants it.

    """
    before = sys.stdout, sys.stderr
    sys.stdout = _replaced(sys.stdout, sys.__stdout__)
    sys.stderr = _replaced(sys.stderr, sys.__stderr__)
    try:
        yield
    finally:
        _flush(sys.stdout)
        why = unwritable()
        if why:
            click.echo(f"error: standard output cannot be written: {why}", err=True)
        _flush(sys.stderr)
        sys.stdout, sys.stderr = before
        if why:
            sys.exit(MISUSED)


def unwritable() -> str:
    """Return why standard output could not be written so far; "" where it could, or nobody reads.

    What was written, but not flushed, is not known yet.
    """
    problem = sys.stdout.problem if isinstance(sys.stdout, _Text) else None
    if problem is None or problem.errno in GONE:
        return ""
    return problem.strerror or str(problem)


def _replaced(stream: Any, original: Any) -> Any:
    """Return what to write to in place of `stream`, unless it is a terminal's, a test's or none."""
    if stream is None or stream is not original or stream.isatty():
        return stream
    return _Text(stream)


def _flush(stream: Any) -> None:
    if isinstance(stream, _Text):
        stream.flush()
