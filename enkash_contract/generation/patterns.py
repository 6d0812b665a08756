"""The strings that a regular expression matches, read off it: characters and counts.

Random generation never stands on a bound, and the bounds of this API stand inside patterns
(`{1,100}`). So a pattern is read with the standard library's own parser into a sequence of
character sets with counts. A pattern that is not such a sequence (alternatives, look-around,
back-references) has no shape: `read` returns None, what is derived from shapes is left out, and
`samples` makes texts from the parsed pattern instead.
"""

from __future__ import annotations

import functools
import re
import warnings
from dataclasses import dataclass
from re import _constants as sre  # type: ignore[attr-defined,unused-ignore]  # the parser has no public name
from re import _parser as parser  # type: ignore[attr-defined,unused-ignore]
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

SURROGATES = 0xD800
"""Where the code points begin that no text may hold."""

MOST = 1_000_000
"""The greatest count that is analysed: a string on every bound is built and sent."""

FAR = 10_000
"""How many repetitions stand for "any number" when a string must be built."""

PLAIN = "abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ-0123456789.,/_@"
"""Characters of everyday business text, tried in this order where a set would admit nearly all."""

SCRIPTS = "इनवॉइस 発票 счёт Ünïtéd "
"""Text that no ASCII-only implementation survives; every character is in Unicode's basic plane."""

ASTRAL = "𠮷"
"""A character of Japanese names beyond the basic plane: two UTF-16 units, four bytes of UTF-8."""

UMLAUT = "ü"
"""A letter that nearly every system can keep: two bytes of UTF-8, one of ISO 8859-1."""

_DIGITS = "0123456789"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

_LIKE_CYRILLIC = "ABCEHIJKMOPSTVXacehijopsvxy"
_CYRILLIC = (
    "\u0410\u0412\u0421\u0415\u041d\u0406\u0408\u041a\u041c\u041e\u0420\u0405\u0422\u0474\u0425"
    "\u0430\u0441\u0435\u04bb\u0456\u0458\u043e\u0440\u0455\u0475\u0445\u0443"
)

LOOK_ALIKES: dict[str, dict[str, str]] = {
    "full-width-digit": {char: chr(0xFF10 + int(char)) for char in _DIGITS},
    "arabic-indic-digit": {char: chr(0x0660 + int(char)) for char in _DIGITS},
    "superscript-digit": dict(zip(_DIGITS, "⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True)),
    "full-width-letter": {char: chr(0xFEE0 + ord(char)) for char in _LETTERS},
    "cyrillic-letter": dict(zip(_LIKE_CYRILLIC, _CYRILLIC, strict=True)),
}
"""Characters that people, normalising readers and Unicode's classes take for the ASCII ones."""

_CATEGORIES = {
    sre.CATEGORY_DIGIT: ((48, 57),),
    sre.CATEGORY_WORD: ((48, 57), (65, 90), (95, 95), (97, 122)),
    sre.CATEGORY_SPACE: ((9, 13), (32, 32), (160, 160), (0xFEFF, 0xFEFF), (0x2028, 0x2029)),
}


@dataclass(frozen=True, slots=True)
class Characters:
    """A set of characters: inclusive code point ranges, or all but these when `negated`."""

    ranges: tuple[tuple[int, int], ...]
    negated: bool = False

    def __contains__(self, char: str) -> bool:
        return self.negated != any(low <= ord(char) <= high for low, high in self.ranges)

    def samples(self) -> str:
        """Return characters of the set worth trying: range ends first, or plain text."""
        if self.negated:
            plain = "".join(char for char in PLAIN if char in self)
            return plain or "".join(char for char in SCRIPTS if char in self)
        ends = (chr(code) for pair in self.ranges for code in pair)
        return "".join(dict.fromkeys(ends))

    def outsiders(self) -> str:
        """Return printable characters just outside the set: each range's nearest neighbours."""
        if self.negated:
            near = [code for low, high in self.ranges for code in {low, high}]
        else:
            near = [code for low, high in self.ranges for code in (low - 1, high + 1)]
        found = (chr(code) for code in near if 0 < code < SURROGATES)
        return "".join(dict.fromkeys(c for c in found if c not in self and c.isprintable()))


@dataclass(frozen=True, slots=True)
class Atom:
    """A set of characters and how many of them in a row; `most` is None without an upper bound."""

    characters: Characters
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class Shape:
    """A whole string as a sequence of atoms."""

    atoms: tuple[Atom, ...]

    @property
    def shortest(self) -> int:
        """The least number of characters."""
        return sum(atom.least for atom in self.atoms)

    @property
    def longest(self) -> int | None:
        """The greatest number of characters, or None when there is none."""
        bounds = [atom.most for atom in self.atoms]
        return None if None in bounds else sum(bound for bound in bounds if bound is not None)

    def text(self, length: int, preferred: str = "") -> str:
        """Build a string of `length` characters, or as near to it as the counts allow.

        It is made of the `preferred` characters wherever they may stand.
        """
        spare = max(0, length - self.shortest)
        made = []
        for atom in self.atoms:
            more = spare if atom.most is None else min(spare, atom.most - atom.least)
            spare -= more
            wanted = "".join(char for char in preferred if char in atom.characters)
            choice = wanted or atom.characters.samples()
            made.append("".join(choice[at % len(choice)] for at in range(atom.least + more)))
        return "".join(made)

    def spans(self, text: str) -> Iterator[tuple[Atom, int, int]]:
        """Yield each atom with the slice of `text` it takes, taking as much as it may.

        Only as exact as greedy matching is: a caller proves what it builds from it.
        """
        start = 0
        for index, atom in enumerate(self.atoms):
            rest = sum(later.least for later in self.atoms[index + 1 :])
            limit = (
                len(text) - rest if atom.most is None else min(start + atom.most, len(text) - rest)
            )
            end = start
            while end < limit and text[end] in atom.characters:
                end += 1
            yield atom, start, end
            start = end


def combining(length: int) -> str:
    """Return `length` characters of which every second one only puts an accent on the first."""
    return ("e\u0301" * length)[:length]


def _parsed(pattern: str) -> Any:
    """Return the standard library's reading of `pattern`, or None where it cannot read it."""
    try:
        with warnings.catch_warnings():
            # "[[" and the like are plain in ECMA-262; only Python means to give them a meaning.
            warnings.simplefilter("ignore", FutureWarning)
            return parser.parse(pattern, re.ASCII)
    except re.error:
        return None


@functools.lru_cache(maxsize=256)
def read(pattern: str) -> Shape | None:
    """Return the shape of the strings that `pattern` matches, or None when it is not a sequence."""
    parsed = _parsed(pattern)
    if parsed is None:
        return None
    items = list(parsed)
    anchored = [*items[:1], *items[-1:]] == [(sre.AT, sre.AT_BEGINNING), (sre.AT, sre.AT_END)]
    if parsed.state.flags != re.ASCII or not anchored:
        return None
    atoms = [_atom(op, value) for op, value in _flat(items[1:-1])]
    known = tuple(atom for atom in atoms if atom is not None and atom.characters.samples())
    return Shape(known) if len(known) == len(atoms) and known else None


def _flat(items: list[tuple[Any, Any]]) -> Iterator[tuple[Any, Any]]:
    """Yield the items of groups in place, where a group only groups."""
    for op, value in items:
        if op is sre.SUBPATTERN and not value[1] and not value[2]:
            yield from _flat(list(value[3]))
        else:
            yield op, value


def _atom(op: Any, value: Any) -> Atom | None:
    if op in (sre.MAX_REPEAT, sre.MIN_REPEAT):
        least, most, inner = value
        characters = _characters(*inner[0]) if len(inner) == 1 else None
        top = None if most is sre.MAXREPEAT else int(most)
        if max(int(least), top or 0) > MOST:
            return None
        return None if characters is None else Atom(characters, int(least), top)
    characters = _characters(op, value)
    return None if characters is None else Atom(characters, 1, 1)


def _characters(op: Any, value: Any) -> Characters | None:
    if op is sre.LITERAL:
        return Characters(((value, value),))
    if op is sre.NOT_LITERAL:
        return Characters(((value, value),), negated=True)
    if op is sre.ANY:
        return Characters(((10, 10), (13, 13), (0x2028, 0x2029)), negated=True)
    if op is sre.IN:
        return _set(value)
    return None


def _set(items: list[tuple[Any, Any]]) -> Characters | None:
    ranges: list[tuple[int, int]] = []
    negated = items[0][0] is sre.NEGATE
    for op, value in items[1:] if negated else items:
        if op is sre.LITERAL:
            ranges.append((value, value))
        elif op is sre.RANGE:
            ranges.append(value)
        elif value in _CATEGORIES:
            ranges += _CATEGORIES[value]
        else:
            return None
    return Characters(tuple(ranges), negated)


BRANCHES = 8
"""How many alternatives of each choice in a pattern are tried for its samples."""


@functools.lru_cache(maxsize=256)
def samples(pattern: str) -> tuple[str, ...]:
    """Return texts that `pattern` matches, each alternative with few and with more repetitions.

    Nothing is known of bounds: a text is what one walk through the parsed pattern spells out.
    """
    parsed = _parsed(pattern)
    if parsed is None:
        return ()
    walks = (_Walk(branch, more) for branch in range(BRANCHES) for more in (0, 2))
    texts = dict.fromkeys(walk.text(parsed) for walk in walks)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        return tuple(text for text in texts if re.search(pattern, text, re.ASCII))


class _Walk:
    """One way through a parsed pattern: which alternative, and how many repetitions above least."""

    def __init__(self, branch: int, more: int) -> None:
        self._branch = branch
        self._more = more
        self._groups: dict[int, str] = {}

    def text(self, items: Any) -> str:
        """Spell out what `items` match; what only looks at the text adds nothing to it."""
        return "".join(self._one(op, value) for op, value in items)

    def _one(self, op: Any, value: Any) -> str:
        if op is sre.SUBPATTERN:
            made = self.text(value[3])
            if value[0] is not None:
                self._groups[value[0]] = made
            return made
        if op is sre.BRANCH:
            return self.text(value[1][self._branch % len(value[1])])
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            least, most, inner = value
            made = self.text(inner)
            # Repetitions of repetitions multiply; what is cut short here is no sample any more.
            count: int = min(int(most), least + self._more, FAR // max(1, len(made)))
            return made * count
        if op is sre.GROUPREF:
            return self._groups.get(value, "")
        found = _characters(op, value)
        choice = found.samples() if found is not None else ""
        return choice[self._branch % len(choice)] if choice else ""
