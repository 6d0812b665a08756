"""YAML text that was read and may be needed again: from where the present item begins."""

from __future__ import annotations

import codecs
import re
from bisect import bisect
from typing import TYPE_CHECKING

from enkash_contract.traffic.cutting.window import LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable

MOST = LIMIT // 2
"""An item of more characters is not read: libyaml needs several times as much."""

TOO_LONG = f"is longer than {MOST >> 20} MB, and such an interaction is not read; leave it out"


_STRAYS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]+")
"""Characters that may not be in YAML; they must not cost more than the item in which they are."""


_USUAL = bytes({*b"\t\n\r", *range(32, 127), *range(128, 256)})
_LONGER = (b"\xc2", b"\xef\xbf")
"""Bytes without which there is no such character, or none of several bytes: to be quick."""


_AHEAD = 1 << 16
"""libyaml reads so far ahead."""


class LongError(Exception):
    """An item is longer than any that is read."""


class Tape:
    """A text that libyaml reads. Places are counted in characters, as it counts them.

    All from `kept` on is at hand; what comes before is forgotten.
    """

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self._read = read
        # Recorders write stray bytes, and no byte of a text is reason to lose the others.
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._held, self._before = "", 0
        self._unread = 0
        self._line = 1
        self._strays: list[int] = []
        self.kept = 0

    def read(self, _: int = -1) -> str:
        """Return what comes next, as much as is at hand.

        Raises:
            LongError: it is part of an item that is too long.

        """
        if self._unread == self._before + len(self._held):
            if self._unread - self.kept > MOST:
                raise LongError
            self._more()
        found = self._held[self._unread - self._before :]
        self._unread += len(found)
        return found

    def rewind(self, at: int) -> int:
        """Begin anew at a place that is at hand, which becomes 0; return its line."""
        self._line += self._held.count("\n", 0, at - self._before)
        self._strays = [stray - at for stray in self._strays if stray >= at]
        self._held, self._before = self._held[at - self._before :], 0
        self._unread = self.kept = 0
        return self._line

    def keep(self, at: int) -> None:
        """Forget what is before a place, but for what is blank on its line."""
        place = at - self._before
        line = self._held.rfind("\n", 0, place) + 1
        self.kept = at if self._held[line:place].strip() else self._before + line

    def go_to(self, item: re.Pattern[str], around: re.Pattern[str]) -> bool:
        """Go on to the next item, unless the text around the list begins before it."""
        while not (found := item.search(self._held, self.kept - self._before)):
            if len(self._held) > MOST or not self._more():
                return False
        if around.search(self._held, self.kept - self._before, found.start()):
            return False
        self.kept = self._before + found.start()
        return True

    def strayed(self, end: int) -> bool:
        """Return whether there was a character before a place that may not be in YAML.

        It is asked once of each item, and forgotten then.
        """
        found = False
        while self._strays and self._strays[0] < end:
            self._strays.pop(0)
            found = True
        return found

    def until(self, pattern: re.Pattern[str], start: int) -> tuple[str | None, int | None]:
        """Return the text from `start` up to a match behind it, and where that is.

        The latter is None at the end of the text, and the former if it is too long.
        """
        self.kept, long = start, False
        at = start + 1
        while not (found := pattern.search(self._held, at - self._before)):
            # It may have begun on the last line, which may go on.
            last = self._held.rfind("\n", at - self._before)
            at = self._before + (len(self._held) if last < 0 else last)
            if len(self._held) > MOST:
                long, self.kept = True, at
            if not self._more():
                break
        end = self._before + (found.start() if found else len(self._held))
        text = None if long else self._held[start - self._before : end - self._before]
        return text, end if found else None

    def starts(self, pattern: re.Pattern[str]) -> bool:
        """Return whether a pattern matches at `kept`."""
        return pattern.match(self._held, self.kept - self._before) is not None

    def next(self, pattern: re.Pattern[str]) -> int | None:
        """Return where a pattern matches at `kept` or behind it."""
        return self.kept if self.starts(pattern) else self.until(pattern, self.kept)[1]

    def line(self, at: int) -> int:
        """Return the line of a place that is at hand."""
        return self._line + self._held.count("\n", 0, at - self._before)

    def _more(self) -> bool:
        chunk = self._read(-1)
        text = self._decode(chunk, final=not chunk)
        if chunk.translate(None, _USUAL) or any(sign in chunk for sign in _LONGER):
            end = self._before + len(self._held)
            # libyaml is nearly at the end, so all but the last are in the present item.
            long_ago = bisect(self._strays, end - _AHEAD)
            del self._strays[1:long_ago]
            self._strays += [end + strays.start() for strays in _STRAYS.finditer(text)]
            text = _STRAYS.sub(lambda found: "_" * len(found[0]), text)
        # One more is kept, by which it is known whether a line begins.
        forgotten = max(0, self.kept - self._before - 1)
        self._line += self._held.count("\n", 0, forgotten)
        self._held = self._held[forgotten:] + text
        self._before += forgotten
        return bool(chunk)
