"""A text with its escapes undone, level by level, and where each part of it stood.

The same few characters are written in many ways: JSON inside of JSON, percent-encoded, as an entity
of HTML, in UTF-16 that was read as something else. Whoever looks for them looks at what all of
these stand for, and needs to know afterwards which part of the text it was.
"""

from __future__ import annotations

import bisect
import html
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LEVELS = 6
"""How many escapes of escapes are undone."""

_ESCAPE = re.compile(
    r"""(?P<json>(?:\\u[0-9A-Fa-f]{4})+)
    | (?P<hex>(?:\\x[89A-Fa-f][0-9A-Fa-f])+ | \\x[0-7][0-9A-Fa-f])
    | (?P<octal>(?:\\[23][0-7]{2})+ | \\[01][0-7]{2})
    | (?P<percent>(?:%[89A-Fa-f][0-9A-Fa-f])+ | %[0-7][0-9A-Fa-f])
    | (?P<entity>&(?:\#\d{1,7}|\#[xX][0-9A-Fa-f]{1,6}|quot|apos|amp|lt|gt);)
    | \\(?P<short>["'\\/bfnrt])
    | (?P<blank>\+)
    | (?P<nothing>\x00|\\)""",
    re.VERBOSE,
)

_BEGIN = "\\%&+\0"
"""The characters that escapes begin with; most texts hold none of them."""

_SHORT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def _of_utf16(text: str) -> str:
    raw = bytes.fromhex(text.replace("\\u", ""))
    # U+0000 is what UTF-16 looks like to who does not know it.
    return raw.decode("utf-16-be", "surrogatepass").replace("\0", "")


def _of_bytes(raw: bytes) -> str:
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        # What is no UTF-8 is most often what was read one byte for a character.
        text = raw.decode("latin-1")
    return text.replace("\0", "")


_UNDONE: dict[str, Callable[[str], str]] = {
    "json": _of_utf16,
    "hex": lambda text: _of_bytes(bytes.fromhex(text.replace("\\x", ""))),
    "octal": lambda text: _of_bytes(bytes(int(one, 8) for one in text.split("\\")[1:])),
    "percent": lambda text: _of_bytes(bytes.fromhex(text.replace("%", ""))),
    "entity": html.unescape,
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
        if not any(one in self.text for one in _BEGIN):
            return self
        parts: list[str] = []
        made, at, size = Layer("", self), 0, 0
        for found in _ESCAPE.finditer(self.text):
            kind = str(found.lastgroup)
            stands_for = _UNDONE[kind](found[kind])
            between = self.text[at : found.start()]
            parts += [between, stands_for]
            start = size + len(between)
            size, at = start + len(stands_for), found.end()
            made._ends.append(size)
            made._units.append((start, size, found.start(), at))
        made.text = "".join([*parts, self.text[at:]])
        return made

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
        found = (bisect.bisect_left if last else bisect.bisect_right)(self._ends, at)
        if found < len(self._units):
            start, _, began, ended = self._units[found]
            if start < at:
                return ended if last else began
        if not found:
            return at
        _, end, _, ended = self._units[found - 1]
        return ended + at - end


def layers(text: str) -> list[Layer]:
    """Return `text` as it stands, and after each level of escapes that can be undone."""
    found = [Layer(text)]
    while len(found) <= LEVELS:
        further = found[-1].undone()
        if further.text == found[-1].text:
            break
        found.append(further)
    return found


def plain(text: str) -> str:
    """Return what `text` stands for when all its escapes are undone."""
    return layers(text)[-1].text
