"""A stream of JSON text, seen through a window that is as long as one value and no longer.

msgspec finds the end of a value without building it, and tells it in the message that something
follows. So a value is found at the speed of C in text of any length, and nothing is held but the
window.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable

STEP = 1 << 16
"""So many bytes are read at a time, more where a value is longer."""

LIMIT = 32 << 20
"""An interaction of more bytes is not read: it counts as one that cannot be read."""

TOO_LONG = f"is longer than {LIMIT >> 20} MB, and such an interaction is not read; leave it out"

BREAKS_OFF = "is not JSON: it breaks off"
TOO_DEEP = "is nested too deeply to be read"

_OVERLAP = 4096
_BLANK = re.compile(rb"[\s\x1e]*")
_FOLLOWED = re.compile(r"JSON is malformed: trailing characters \(byte (\d+)\)")
_MALFORMED = re.compile(r"JSON is malformed: (.*?)(?: \(byte (\d+)\))?")
_DECODER = msgspec.json.Decoder(msgspec.Raw)
_AHEAD = 1
"""msgspec counts the byte that follows from 1, and every other from 0."""

_WHOLE = b'}]"'
"""The bytes at which a value ends that nothing can go on with; a number may go on."""


class BrokenTextError(ValueError):
    """No value begins at a place, or it is not whole; `at` is where that shows in the stream."""

    def __init__(self, problem: str, at: int) -> None:
        super().__init__(problem, at)
        self.problem, self.at = problem, at


class TextWindow:
    """The part of a stream in which the value at `at` is looked for.

    All places are counted from the beginning of the stream.
    """

    def __init__(self, read: Callable[[int], bytes], at: int = 0, line: int = 1) -> None:
        self._read = read
        self._data, self._before = b"", at
        self._line, self._counted = line, at
        self._ended = False
        self.at = at
        self.kept: int | None = None
        """The place from which on all is kept; by default it is `at`."""

    def line(self, at: int | None = None) -> int:
        """Return the line on which a place is, which is in the window; by default `at`."""
        place = self.at if at is None else at
        first, last = sorted((self._counted - self._before, place - self._before))
        # Most recordings have no line breaks, and to find none takes less than to count none.
        if self._data.find(b"\n", first, last) >= 0:
            lines = self._data.count(b"\n", first, last)
            self._line += lines if place >= self._counted else -lines
        self._counted = place
        return self._line

    def byte(self) -> bytes:
        """Go on to the next byte that is not blank, and return it; nothing at the end."""
        while True:
            blank = _BLANK.match(self._data, self.at - self._before)
            end = blank.end() if blank else 0
            self.at = self._before + end
            if end < len(self._data):
                return self._data[end : end + 1]
            if not self._grow():
                return b""

    def text(self, end: int) -> bytes:
        """Return what stands between `at` and another place."""
        return self._data[self.at - self._before : end - self._before]

    def since(self, start: int) -> bytes:
        """Return what stands between a place that is kept and `at`."""
        return self._data[start - self._before : self.at - self._before]

    def end(self) -> int:
        """Return the end of the value that begins at `at`.

        Raises:
            BrokenTextError: there is none that is whole.

        """
        while True:
            broken: BrokenTextError | None = None
            try:
                _DECODER.decode(memoryview(self._data)[self.at - self._before :])
            except msgspec.DecodeError as error:
                found = _FOLLOWED.fullmatch(str(error))
                if found:
                    return self.at + int(found[1]) - _AHEAD
                broken = self._broken(str(error))
            except RecursionError:
                raise BrokenTextError(TOO_DEEP, self.at) from None
            end = self._before + len(self._data)
            if broken is not None and broken.at < end:
                raise broken
            if (broken is None and self._data[-1] in _WHOLE) or not self._grow():
                if broken is None:
                    return end
                raise broken if self._ended else BrokenTextError(TOO_LONG, end)

    def ahead(self, separator: bytes) -> int:
        """Return where the last separator stands in the window; if there is none, `at`."""
        end = self._last(separator)
        if end <= self.at and self._grow():
            end = self._last(separator)
        return max(self.at, end)

    def _last(self, separator: bytes) -> int:
        """Return where the last separator is; of many, where what stands before is long enough."""
        start = self.at - self._before
        near = self._data.rfind(separator, start, start + 2 * STEP)
        return self._before + (near if near >= 0 else self._data.rfind(separator))

    def _broken(self, message: str) -> BrokenTextError:
        found = _MALFORMED.fullmatch(message)
        if found is None:
            return BrokenTextError(BREAKS_OFF, self._before + len(self._data))
        return BrokenTextError(f"is not JSON: {found[1]}", self.at + int(found[2] or 0))

    def match(self, pattern: re.Pattern[bytes]) -> bytes:
        """Return what matches a pattern at `at`, as far as the window goes; it may be nothing."""
        found = pattern.match(self._data, self.at - self._before)
        return found[0] if found else b""

    def find(self, pattern: re.Pattern[bytes]) -> re.Match[bytes] | None:
        """Go on to where the last group of a pattern matches, or to the end."""
        while True:
            found = pattern.search(self._data, self.at - self._before)
            if found:
                self.at = self._before + found.start(found.lastindex or 0)
                return found
            end = self._before + len(self._data)
            # What begins in the window may go on behind it.
            self.at = max(self.at, end - _OVERLAP)
            if not self._grow():
                self.at = end if self._ended else self.at
                return None

    def segment(self, pattern: re.Pattern[bytes]) -> tuple[bytes | None, bool]:
        """Go on to where a pattern matches behind `at`, or to the end, and return what is between.

        The latter is None if it is too long; with it comes whether the pattern was found.
        """
        start = self.kept = self.at
        self.at += 1
        found = self.find(pattern)
        text = self.since(start) if found or self._ended else None
        self.kept = None
        if text is None:
            found = self.find(pattern)
        return text, found is not None

    def _grow(self) -> bool:
        """Read on, and forget what stands before `kept`; return False where that cannot be."""
        keep = self.at if self.kept is None else self.kept
        held = self._before + len(self._data) - keep
        if self._ended or held >= LIMIT:
            return False
        more = self._read(max(STEP, held))
        self._ended = not more
        self.line(keep)
        self._data = self._data[keep - self._before :] + more
        self._before = keep
        return bool(more)


def begins(text: bytes) -> bool:
    """Return whether a text begins with a value in JSON, or with what may become one."""
    return _problem(text) in ("", BREAKS_OFF)


def breaks_off(text: bytes) -> bool:
    """Return whether a text is the beginning of a value in JSON, and no more."""
    return _problem(text) == BREAKS_OFF


def _problem(text: bytes) -> str:
    window = TextWindow(io.BytesIO(text).read)
    try:
        window.byte()
        window.end()
    except BrokenTextError as error:
        return error.problem
    return ""
