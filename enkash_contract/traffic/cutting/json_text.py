"""JSON text of any size, cut into the items of the lists that recordings have.

Nothing is built but what is asked for: each item of a list of interactions is found where it
stands, and all that is beside the list is passed over. Where a text is broken, the next item or the
next line is looked for, so that what is broken is lost and nothing else.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import TYPE_CHECKING

from enkash_contract.traffic.cutting.piece import TOP, Piece
from enkash_contract.traffic.cutting.run import ItemRun
from enkash_contract.traffic.cutting.window import BREAKS_OFF, TOO_LONG, BrokenTextError, TextWindow

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator, Iterator

    from enkash_contract.traffic.cutting.run import Run

_DECODER = json.JSONDecoder()
_FIRST_NAME = re.compile(rb'\{\s*+("(?:[^"\\]|\\.)*+")')
_LINE = re.compile(rb"[\n\x1e]([{\[])")
_ANY = re.compile(rb'(,)\s*+\{\s*+"')
"""The beginning of an item that follows another, where nothing is known of any."""

_NEAR = 1 << 16
"""A value of at most so many bytes is looked at once more, without msgspec."""

_LONG = 1000
"""The first name in an item ends within so many bytes."""


def runs(read: Callable[[int], bytes], name: str, lists: Collection[str]) -> Iterator[Piece | Run]:
    """Yield the items of each value in a text; a value without such a list is a piece by itself.

    `name` is what the text is called, and `lists` are the dotted paths of the lists.
    """
    yield from Cutter(TextWindow(read), name, lists).runs()


def items(
    read: Callable[[int], bytes], name: str, where: str, index: int, line: int
) -> Iterator[Piece | Run]:
    """Yield the items in a part of a list, of which the first has this number and line."""
    window = TextWindow(read, line=line)
    window.byte()
    try:
        yield from Cutter(window, name, (where,)).listed(where, f"{name}:{where}[", index)
    except BrokenTextError as error:
        yield Piece(f"{name}:{window.line(error.at)}", 0, problem=error.problem)


class Cutter:
    """Cuts the values of a text, of which there is one as a rule."""

    def __init__(self, window: TextWindow, name: str, lists: Collection[str]) -> None:
        self._window, self._name, self._lists = window, name, lists
        self._found: set[str] = set()
        # A value that was broken here began before. Each that begins in it may go on to here as
        # well, so they are looked for one by one: otherwise the time would be quadratic.
        self._suspect = self._odd = 0
        self._first = 0
        # How the next item begins, with the separator before it: as a pattern, and exactly.
        self._following, self._between = _ANY, b""
        names = "|".join({re.escape(path.rpartition(".")[2]) for path in lists})
        self._resume = re.compile(rf'"({names})"\s*:\s*(\[)|[\n\x1e]([{{\[])'.encode())

    @property
    def seam(self) -> tuple[int, bytes]:
        """The place where the first item of a list begins, and the text before each of the others.

        The latter is a comma and all up to the first name in an item; it is known when the second
        is cut, and empty where the first has no name.
        """
        return self._first, self._between

    def runs(self) -> Iterator[Piece | Run]:
        """Yield the pieces of all values."""
        window, place = self._window, self._name
        while window.byte():
            line = window.line()
            if window.at < self._suspect:
                yield self._line(line)
            else:
                yield from self._value(place or f"{self._name}:{line}", line)
            place = ""

    def _line(self, line: int) -> Piece:
        """Return what stands before the next line at which a value may begin."""
        text, _ = self._window.segment(_LINE)
        return Piece(f"{self._name}:{line}", line, raw=text, problem="" if text else TOO_LONG)

    def _value(self, place: str, line: int) -> Iterator[Piece | Run]:
        window = self._window
        start = window.kept = window.at
        self._found.clear()
        try:
            first = window.byte()
            if first == b"[":
                yield from self._items(TOP, f"{place}:[")
            elif first == b"{":
                yield from self._object("", place)
            else:
                window.at = window.end()
        except BrokenTextError as error:
            yield from self._recovered(error, start, place)
        else:
            if not self._found:
                yield Piece(f"{self._name}:{line}", line, raw=window.since(start))
        window.kept = None

    def _recovered(self, error: BrokenTextError, start: int, place: str) -> Iterator[Piece | Run]:
        """Yield what is wrong with a value, and go on to the next; to its list, if that follows."""
        window = self._window
        line, shown = window.line(start if window.kept else None), window.line(error.at)
        self._suspect = max(self._suspect, error.at)
        if self._found:
            window.find(_LINE)
            yield Piece(f"{self._name}:{shown}", shown, problem=error.problem)
            return
        window.at, window.kept = start + 1, None
        found = window.find(self._resume)
        at = shown if error.at <= window.at else line
        yield Piece(f"{self._name}:{at}", at, problem=error.problem)
        if found and found[1]:
            name = found[1].decode()
            where = next(path for path in self._lists if path.rpartition(".")[2] == name)
            # The value is broken, and that was said.
            with suppress(BrokenTextError):
                yield from self._items(where, f"{place}:{where}[")
            window.find(_LINE)

    def _object(self, path: str, place: str) -> Iterator[Piece | Run]:
        """Look for the lists in an object, which begins here."""
        window = self._window
        window.at += 1
        more = window.byte() != b"}"
        while more:
            name = self._member_name()
            inner = f"{path}.{name}" if path else name
            opened = window.byte()
            if opened == b"[" and inner in self._lists:
                if inner in self._found:
                    problem = f"repeats {name!r} in one object; keep one of them"
                    yield Piece(self._name, window.line(), problem=problem)
                yield from self._items(inner, f"{place}:{inner}[")
            elif opened == b"{" and any(listed.startswith(f"{inner}.") for listed in self._lists):
                yield from self._object(inner, place)
            else:
                window.at = self._end_here()
            more = window.byte() == b","
            window.at += more
        self._expect(b"}", "',' or '}' is expected")

    def _member_name(self) -> str:
        window = self._window
        if window.byte() != b'"':
            raise BrokenTextError("is not JSON: a name in double quotes is expected", window.at)
        end = self._end_here()
        name = str(json.loads(window.text(end).decode("utf-8", "replace")))
        window.at = end
        self._expect(b":", "':' is expected")
        return name

    def _end_here(self) -> int:
        """Return the end of the value here, also of one that has half a character in a text.

        Raises:
            BrokenTextError: there is none that is whole.

        """
        window = self._window
        try:
            return window.end()
        except BrokenTextError:
            # msgspec reads no such text, which is cut off in the middle of an emoji.
            size = _end(window.text(window.at + _NEAR))
            if size is None:
                raise
            return window.at + size

    def _expect(self, byte: bytes, reason: str) -> None:
        found = self._window.byte()
        if found != byte:
            raise BrokenTextError(
                f"is not JSON: {reason}" if found else BREAKS_OFF, self._window.at
            )
        self._window.at += 1

    def _items(self, where: str, place: str) -> Iterator[Piece | Run]:
        """Yield the items of a list, which begins here."""
        window = self._window
        window.at += 1
        more = window.byte() != b"]"
        if more or where != TOP:
            self._found.add(where)
            window.kept = None
        self._following, self._between = _ANY, b""
        if more:
            yield from self.listed(where, place)
        self._expect(b"]", "',' or ']' is expected")

    def listed(self, where: str, place: str, index: int = 0) -> Iterator[Piece | Run]:
        """Yield items up to the end of their list, or of the text; here the first begins.

        Raises:
            BrokenTextError: something else comes after an item.

        """
        window, more = self._window, True
        self._first = window.at
        while more:
            index += yield from self._several(place, index, where)
            separator = window.byte()
            more = separator not in (b"]", b"")
            if separator == b",":
                self._between = self._between or window.match(self._following)
                window.at += 1
                window.byte()
            elif more:
                line, problem = window.line(), "is not JSON: ',' or ']' is expected"
                if separator != b"{" and not window.segment(self._following)[1]:
                    raise BrokenTextError(problem, window.at)
                yield Piece(f"{self._name}:{line}", line, problem=problem)
                window.at += separator != b"{"
                window.byte()

    def _several(self, place: str, index: int, where: str) -> Generator[Piece | Run, None, int]:
        """Yield the items that begin here, all at once or one; return how many there were."""
        window, between = self._window, self._between
        is_even = between and window.at >= max(self._suspect, self._odd)
        end = window.ahead(between) if is_even else window.at
        if end > window.at:
            breaks = between.partition(b"{")[0].count(b"\n")
            run = ItemRun(window.text(end), window.line(), where, place, index, breaks)
            yield run
            if run.number:
                window.at = end
                return run.number
            # Each is looked for by itself up to there, and not all of them again.
            self._odd = end
        yield self._item(f"{place}{index}]", window.line(), where)
        return 1

    def _item(self, place: str, line: int, where: str) -> Piece:
        """Return the item that begins here, and go on to its end."""
        window, error = self._window, None
        if window.at >= self._suspect:
            try:
                end = self._end_here()
            except BrokenTextError as broken:
                self._suspect, error = broken.at, broken
                if self._following is _ANY:
                    self._following = _following(window.text(window.at + _LONG))
            else:
                raw = window.text(end)
                window.at = end
                if self._following is _ANY:
                    self._following = _following(raw)
                return Piece(place, line, where, raw=raw)
        text, found = window.segment(self._following)
        if found:
            return Piece(place, line, where, raw=text, problem="" if text else TOO_LONG)
        # It is the last one, or nothing else is where it should be.
        size = None if text is None else _end(text)
        if text is None or size is None:
            raise error or BrokenTextError(BREAKS_OFF, window.at)
        window.at -= len(text) - size
        return Piece(place, line, where, raw=text[:size])


def _following(raw: bytes) -> re.Pattern[bytes]:
    """Return how an item begins that follows one like `raw`: the same member is the first."""
    name = _FIRST_NAME.match(raw)
    return re.compile(rb"(,)\s*+\{\s*+" + re.escape(name[1]) + rb"\s*+:") if name else _ANY


def _end(text: bytes) -> int | None:
    """Return where the value ends with which a text begins, if Python can read it."""
    try:
        # Each byte is a character here.
        return _DECODER.raw_decode(text.decode("latin-1"))[1]
    except (ValueError, RecursionError):
        return None
