"""Known values searched for in a text, as many as there are, in a time that grows with the text.

Whoever sends a request chooses how many secrets it holds and how they look; so neither their number
nor their length may multiply the length of a text. A value is found by its beginning, and hidden as
far as the text goes on like it: one that was cut off a little is found too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SHORTEST = 4
"""Fewer characters than this are no secret, and too likely to stand somewhere by chance."""

CUT = 4
"""A long value is known without as many characters at its end."""

LONGEST = 64
"""After so many characters a value is known, whatever follows."""

LONG = 16
"""From so many characters on a value is long."""

_SIZES = (64, 48, 32, 24, 16, 12, 8)
"""The lengths of the beginnings of values; few, because each of them is looked up everywhere."""

_WHOLES = 8
"""So many values with the same long beginning are told from each other."""

_FEW = 64
"""So many different beginnings are searched for one by one, which is quicker."""


_WORD = re.compile(r"[^\s\"'<>,;&]*")


class Needles:
    """Values to search for, each with the characters that its first ones may go on with."""

    def __init__(self) -> None:
        self._starts: dict[str, dict[int, dict[str, list[str]]]] = {}
        self._endless: set[str] = set()

    def add(self, value: str, *, goes_on: bool = False) -> None:
        """Search for `value` from now on, in any case; what hangs on to one that `goes_on` too."""
        value = _folded(value)
        size = len(value)
        if size >= SHORTEST:
            size = next((length for length in _SIZES if length <= max(size - CUT, 8)), 8)
            size = min(size, len(value))
            wholes = (
                self._starts.setdefault(value[:SHORTEST], {})
                .setdefault(size, {})
                .setdefault(value[:size], [])
            )
            if value not in wholes and len(wholes) < _WHOLES:
                wholes.append(value)
                if goes_on:
                    self._endless.add(value)

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where in `text` values stand; what lies within an earlier one is left out."""
        text, end = _folded(text), 0
        for at in self._candidates(text):
            for size, beginnings in self._starts[text[at : at + SHORTEST]].items():
                if at + size <= end:
                    continue
                for whole in beginnings.get(text[at : at + size], ()):
                    last = at + _common(text, at, whole, size)
                    if last - at >= _least(whole):
                        if last - at == len(whole) and whole in self._endless:
                            last = _end(text, last)
                        end = max(end, last)
                        yield at, last

    def _candidates(self, text: str) -> Iterator[int]:
        """Yield where in `text` one of the values may begin."""
        if len(self._starts) > _FEW:
            for at in range(len(text) - SHORTEST + 1):
                if text[at : at + SHORTEST] in self._starts:
                    yield at
            return
        found = []
        for start in self._starts:
            at = text.find(start)
            while at >= 0:
                found.append(at)
                at = text.find(start, at + 1)
        yield from sorted(found)


def _least(whole: str) -> int:
    """Return how many characters of a value must be there."""
    return min(len(whole) - CUT, LONGEST) if len(whole) >= LONG else len(whole)


def _common(text: str, at: int, whole: str, size: int) -> int:
    """Return how many characters of `whole` are there, of which the first `size` are."""
    if text.startswith(whole, at):
        return len(whole)
    last = min(len(whole), len(text) - at)
    while size < last and text[at + size] == whole[size]:
        size += 1
    return size


def _end(text: str, at: int) -> int:
    """Return where the word ends in the middle of which `at` is."""
    word = _WORD.match(text, at)
    return word.end() if word else at


def _folded(text: str) -> str:
    """Return `text` in lower case, one character for each, so that positions stay the same."""
    low = text.lower()
    same = len(low) == len(text)
    return low if same else "".join(char.lower()[:1] for char in text)
