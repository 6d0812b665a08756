"""Strings to draw: printable, plausible, in many scripts, and on the bounds.

Hypothesis draws a whole string about as fast as it makes one choice, so a string is one draw from
an alphabet wherever its pattern is a sequence of character sets. What decides how it is drawn (its
`Manner`) is chosen once for a payload, not once for each string in it.
"""

from __future__ import annotations

import enum
import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from enkash_contract.generation import patterns
from enkash_contract.generation.patterns import Atom, Characters
from enkash_contract.wire.pointer import ABSENT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from enkash_contract.generation.patterns import Shape

    Strategy = st.SearchStrategy[Any]

LIMIT = 10_000
"""The greatest length at which a string is built to reach its upper bound."""

LONG = 500
"""How many characters are drawn one by one, at most, to reach a lower bound."""

SEED = 8
"""How many characters are drawn for what is longer; they are repeated."""


class Manner(enum.Enum):
    """How the strings of a payload are drawn: simplest first, for that is what shrinks to."""

    EVERYDAY = "short, in the scripts of everyday business"
    ANY = "of any length and any printable characters"
    EDGE = "as long as the bounds allow"


_SURROGATES = range(0xD800, 0xE000)

_BLOCKS = (
    (0x20, 0x7E),  # ASCII
    (0xC0, 0x17F),  # accented Latin
    (0x410, 0x44F),  # Cyrillic
    (0x905, 0x939),  # Devanagari
    (0x627, 0x64A),  # Arabic
    (0x3041, 0x3096),  # Hiragana
    (0x4E00, 0x4E3F),  # Chinese, Japanese, Korean
    (0xAC00, 0xAC2F),  # Hangul
    (0x1F600, 0x1F64F),  # faces, beyond the basic plane
    (0x20000, 0x2001F),  # rare ideographs, beyond it too
)


def _span(low: int, high: int) -> Iterator[str]:
    return (chr(code) for code in range(low, high + 1) if code not in _SURROGATES)


EVERYDAY = "".join(char for block in _BLOCKS for char in _span(*block) if char.isprintable())
"""The characters that ordinary text is drawn from, where a set would admit nearly all."""

ANYTHING = Characters((), negated=True)


@dataclass(frozen=True, slots=True)
class Demand:
    """The rules of a string: all of them must hold."""

    least: int = 0
    most: int | None = None
    patterns: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()


def text(demand: Demand, example: Any, manner: Manner) -> tuple[Strategy | None, bool]:
    """Return a strategy for such strings that shrinks to `example`, where there is one.

    It is None when there is no such string or none can be built. The flag says whether the demand
    is met by construction; otherwise the strings may break it and must be filtered.
    """
    if demand.formats:
        alone = demand == Demand(formats=demand.formats[:1])
        return _or_example(FORMATS[demand.formats[0]](), example), alone
    if not demand.patterns:
        return _of_atoms((Atom(ANYTHING, 0, None),), demand, example, manner)
    shape = _narrowest(demand.patterns)
    if shape is not None:
        return _of_atoms(shape.atoms, demand, example, manner)
    return _of_regex(demand.patterns, example), False


def _or_example(strategy: Strategy, example: Any) -> Strategy:
    return strategy if example is ABSENT else st.one_of(st.just(example), strategy)


# Sequences of character sets


def _of_atoms(
    atoms: tuple[Atom, ...], demand: Demand, example: Any, manner: Manner
) -> tuple[Strategy | None, bool]:
    fitted, exact = _fitted(atoms, demand)
    if any(atom.most is not None and atom.most < atom.least for atom in fitted):
        return None, True
    if len(fitted) == 1 and fitted[0].least == 1 and example is not ABSENT:
        # No string is empty here, so the empty draw is free to stand for the example.
        (atom,) = fitted
        return _drawn(Atom(atom.characters, 0, atom.most), manner).map(_or(example)), exact
    return _or_example(_joined(fitted, manner), example), exact


def _or(example: str) -> Callable[[str], str]:
    return lambda drawn: drawn or example


def _fitted(atoms: tuple[Atom, ...], demand: Demand) -> tuple[list[Atom], bool]:
    """Narrow the counts of `atoms` to the bounds, and return whether nothing is left to do."""
    shape = patterns.Shape(atoms)
    over = demand.most is not None and (shape.longest is None or shape.longest > demand.most)
    if shape.shortest >= demand.least and not over:
        return [*atoms], True
    elastic = [atom for atom in atoms if atom.most != atom.least]
    if not elastic:
        return [Atom(atoms[0].characters, 1, 0)], True
    if len(elastic) > 1:
        return [*atoms], False
    (bent,) = elastic
    rest = shape.shortest - bent.least
    least = max(bent.least, demand.least - rest)
    most = bent.most
    if demand.most is not None:
        most = demand.most - rest if most is None else min(most, demand.most - rest)
    fit = Atom(bent.characters, least, most)
    return [fit if atom.most != atom.least else atom for atom in atoms], True


def _joined(atoms: list[Atom], manner: Manner) -> Strategy:
    """Return a strategy for the atoms one after another; what has no choice is not drawn."""
    fixed = [""]
    drawn: list[Strategy] = []
    for atom in atoms:
        (low, high), *others = atom.characters.ranges or ((0, 1),)
        if low == high and not others and not atom.characters.negated and atom.least == atom.most:
            fixed[-1] += chr(low) * atom.least
        else:
            drawn.append(_drawn(atom, manner))
            fixed.append("")

    def join(texts: tuple[str, ...]) -> str:
        return fixed[0] + "".join(map("".join, zip(texts, fixed[1:], strict=True)))

    if len(drawn) == 1:
        return drawn[0] if fixed == ["", ""] else drawn[0].map(lambda one: join((one,)))
    return st.tuples(*drawn).map(join)


def _drawn(atom: Atom, manner: Manner) -> st.SearchStrategy[str]:
    letters = _alphabet(atom.characters, everyday=manner is Manner.EVERYDAY)
    most = atom.most
    on_edge = manner is Manner.EDGE and most is not None and atom.least < most <= LIMIT
    if not on_edge and atom.least <= LONG:
        return st.text(letters, min_size=atom.least, max_size=most)
    size = most if on_edge and most is not None else atom.least
    seeds = st.text(letters, min_size=min(1, atom.least), max_size=min(SEED, size))
    return seeds.map(lambda seed: (seed * size)[:size])


@functools.lru_cache(maxsize=256)
def _alphabet(characters: Characters, *, everyday: bool) -> str | st.SearchStrategy[str]:
    """Return the printable characters of the set, or all of them when none is printable."""
    if characters.negated:
        ordinary = "".join(char for char in EVERYDAY if char in characters)
        if everyday and ordinary:
            return ordinary
        without = "".join(char for pair in characters.ranges for char in _span(*pair))
        blank = "" if " " in without else " "
        return st.characters(
            categories=("L", "M", "N", "P", "S"),
            include_characters=blank,
            exclude_characters=without,
        )
    every = "".join(dict.fromkeys(char for pair in characters.ranges for char in _span(*pair)))
    return "".join(filter(str.isprintable, every)) or every


# Several patterns at once


def _narrowest(said: Sequence[str]) -> Shape | None:
    """Return the shape whose strings match all the patterns, if one of them can be seen to."""
    shapes = [shape for shape in map(patterns.read, said) if shape is not None]
    if len(shapes) < len(said):
        return None
    found = (one for one in shapes if all(_within(one, other) for other in shapes))
    return next(found, None)


def _within(narrow: Shape, wide: Shape) -> bool:
    """Return whether each string of one shape surely is one of the other, place by place."""
    if narrow == wide:
        return True
    ours, theirs = list(_steps(narrow)), list(_steps(wide))
    return len(ours) == len(theirs) and all(
        _subset(one, other) and spare <= room
        for (one, spare), (other, room) in zip(ours, theirs, strict=True)
    )


def _steps(shape: Shape) -> Iterator[tuple[Characters, float]]:
    """Yield the characters of each place, and how many more may follow there."""
    for atom in shape.atoms:
        yield from [(atom.characters, 0.0)] * atom.least
        if atom.most != atom.least:
            yield atom.characters, float("inf") if atom.most is None else atom.most - atom.least


def _subset(one: Characters, other: Characters) -> bool:
    if one.negated:
        return other.negated and _covered(other.ranges, one.ranges)
    if other.negated:
        return not any(a <= d and c <= b for a, b in one.ranges for c, d in other.ranges)
    return _covered(one.ranges, other.ranges)


def _covered(ranges: tuple[tuple[int, int], ...], by: tuple[tuple[int, int], ...]) -> bool:
    return all(any(c <= a and b <= d for c, d in by) for a, b in ranges)


# What is no sequence of character sets


def _of_regex(said: Sequence[str], example: Any) -> Strategy | None:
    """Return strings that match the first pattern, as Python reads it; the others need a filter."""
    try:
        # Python's `$` lets a newline follow, and its classes are not those of ECMA-262.
        compiled = re.compile(re.sub(r"\$$", r"\\Z", said[0]), re.ASCII)
    except re.error:
        return None if example is ABSENT else st.just(example)
    printable = st.characters(categories=("L", "M", "N", "P", "S"), include_characters=" ")
    return _or_example(st.from_regex(compiled, alphabet=printable), example)


# Formats

_WORD = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=12)


def _dotted(parts: list[str]) -> str:
    return ".".join(parts)


_HOST = st.builds("{}.{}".format, _WORD, st.sampled_from(["com", "in", "co.in", "example"]))
_PATH = st.text("abcdefghijklmnopqrstuvwxyz0123456789-._~/", max_size=20)

FORMATS: dict[str, Callable[[], Strategy]] = {
    "date": lambda: st.dates().map(str),
    "date-time": lambda: st.datetimes().map(lambda moment: f"{moment.isoformat()}Z"),
    "uuid": lambda: st.uuids().map(str),
    "email": lambda: st.builds(
        "{}@{}".format, st.lists(_WORD, min_size=1, max_size=3).map(_dotted), _HOST
    ),
    "uri": lambda: st.builds("https://{}/{}".format, _HOST, _PATH),
}
"""How to draw each honoured format."""
