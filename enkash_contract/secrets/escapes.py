"""A text with its escapes undone, level by level, and the source of each part of it.

The same few characters are written in many ways: JSON inside of JSON, percent-encoded, as an entity
of HTML, in UTF-16 that was read as something else. To find them, all
of these are undone first, and each part of the result leads back to its part of the text.
"""

from __future__ import annotations

import bisect
import re
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LEVELS = 6
"""How many escapes of escapes are undone."""

# A run is taken at once and never given back: so a long one takes no memory for ways to divide it.
_ESCAPE = re.compile(
    r"""(?P<json>(?:\\u[0-9A-Fa-f]{4})++)
    | (?P<hex>(?:\\x[89A-Fa-f][0-9A-Fa-f])++ | \\x[0-7][0-9A-Fa-f])
    | (?P<octal>(?:\\[23][0-7]{2})++ | \\[01][0-7]{2})
    | (?P<percent>(?:%[89A-Fa-f][0-9A-Fa-f])++ | %[0-7][0-9A-Fa-f])
    | (?P<point>\\u\{[0-9A-Fa-f]{1,6}\})
    | (?P<entity>&(?:(?:\#\d{1,7}|\#[xX][0-9A-Fa-f]{1,6});?|(?:quot|apos|amp|lt|gt);))
    | \\(?P<short>["'\\/bfnrt])
    | (?P<blank>\+)
    | (?P<nothing>\x00|\\)""",
    re.VERBOSE,
)

_BEGIN = "\\%&+\0"
"""The characters that escapes begin with; most texts hold none of them."""

_GAP = re.compile(r"(?P<nothing>\s+|<[^<>]{0,80}>)")
"""White space and tags, which a page or a mail puts into a long word to break it."""

_SHORT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def _of_utf16(text: str) -> str:
    raw = bytes.fromhex(text.replace("\\u", ""))
    # ASCII in UTF-16, read as another encoding, has U+0000 beside each character.
    return raw.decode("utf-16-be", "surrogatepass").replace("\0", "")


def _of_point(text: str) -> str:
    point = int(text[3:-1], 16)
    return chr(point) if point <= sys.maxunicode else ""


def _of_bytes(raw: bytes) -> str:
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        # Bytes that are no UTF-8 mostly come from an encoding of one byte for each character.
        text = raw.decode("latin-1")
    return text.replace("\0", "")


def _of_entity(text: str) -> str:
    # The names of all entities take long to import.
    from html import unescape

    return unescape(text)


_UNDONE: dict[str, Callable[[str], str]] = {
    "json": _of_utf16,
    "hex": lambda text: _of_bytes(bytes.fromhex(text.replace("\\x", ""))),
    "octal": lambda text: _of_bytes(bytes(int(digits, 8) for digits in text.split("\\")[1:])),
    "percent": lambda text: _of_bytes(bytes.fromhex(text.replace("%", ""))),
    "point": _of_point,
    "entity": _of_entity,
    "short": lambda char: _SHORT.get(char, char),
    "blank": lambda _: " ",
    "nothing": lambda _: "",
}
"""The text that each kind of escape stands for."""


class Layer:
    """A text after one level of escapes was undone in the text before it."""

    def __init__(self, text: str, before: Layer | None = None) -> None:
        self.text = text
        self._before = before
        self._ends: list[int] = []
        self._units: list[tuple[int, int, int, int]] = []

    def undone(self) -> Layer:
        """Return the next level; its text is the same where nothing is left to undo."""
        if not any(char in self.text for char in _BEGIN):
            return self
        return self._without(_ESCAPE)

    def squeezed(self) -> Layer:
        """Return a level without white space and tags, of which a text may be full."""
        return self._without(_GAP)

    def _without(self, pattern: re.Pattern[str]) -> Layer:
        """Return a level with what each match of `pattern` stands for in its place."""
        parts: list[str] = []
        layer, at, size = Layer("", self), 0, 0
        for escape in pattern.finditer(self.text):
            kind = str(escape.lastgroup)
            stands_for = _UNDONE[kind](escape[kind])
            between = self.text[at : escape.start()]
            parts += [between, stands_for]
            start = size + len(between)
            size, at = start + len(stands_for), escape.end()
            layer._ends.append(size)
            layer._units.append((start, size, escape.start(), at))
        layer.text = "".join([*parts, self.text[at:]])
        return layer

    def source(self, start: int, end: int) -> tuple[int, int]:
        """Return where in the text of the first level a part of this one stood."""
        if self._before is None:
            return start, end
        return self._before.source(
            self._position(start, last=False), self._position(end, last=True)
        )

    def _position(self, at: int, *, last: bool) -> int:
        """Return where before the escapes were undone a part begins, or ends with `last`."""
        # A part begins behind what was taken out before it, and ends in front of what follows.
        index = (bisect.bisect_left if last else bisect.bisect_right)(self._ends, at)
        if index < len(self._units):
            start, _, began, ended = self._units[index]
            if start < at:
                return ended if last else began
        if not index:
            return at
        _, end, _, ended = self._units[index - 1]
        return ended + at - end


def layers(text: str) -> list[Layer]:
    """Return `text` as it stands, and after each level of escapes that can be undone."""
    undone = [Layer(text)]
    while len(undone) <= LEVELS:
        further = undone[-1].undone()
        if further.text == undone[-1].text:
            break
        undone.append(further)
    return undone


def plain(text: str) -> str:
    """Return what `text` stands for when all its escapes are undone."""
    return layers(text)[-1].text
