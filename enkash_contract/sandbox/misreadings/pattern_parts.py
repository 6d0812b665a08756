"""A pattern taken apart, so that it can be written back with one part misread.

The parts that `patterns.read` finds in a pattern become an expression of Python's again, beside a
valid text that is cut into the same parts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from enkash_contract.generation.patterns import Atom, Characters, Shape


SPOTS = 3
"""How many characters have a first, a middle and a last one."""


@dataclass
class Parts:
    """The parts of a pattern, with a valid text cut at their ends."""

    shape: Shape
    text: str

    def __post_init__(self) -> None:
        self.atoms = self.shape.atoms
        if sum(map(len, self._cut(self.text))) != len(self.text) or not self.text:
            self.text = self.shape.text(self.shape.shortest + 3)
        self.pieces = self._cut(self.text)

    def _cut(self, text: str) -> list[str]:
        return [text[start:end] for _, start, end in self.shape.spans(text)]

    def outside(self) -> str:
        """Return the characters just outside of the sets."""
        return "".join(atom.characters.outsiders() for atom in self.atoms)

    def longest(self) -> str:
        """Return the text with as many characters as the last part may have."""
        most = self.atoms[-1].most
        return self.text if most is None else self.sized(len(self.atoms) - 1, most)

    def sized(self, number: int, count: int) -> str:
        """Return the text with `count` characters in one part."""
        piece = self.pieces[number] or self.atoms[number].characters.samples()
        return self.put(number, (piece * (count // len(piece) + 1))[:count])

    def put(self, number: int, piece: str) -> str:
        """Return the text with another piece for one part."""
        return "".join((*self.pieces[:number], piece, *self.pieces[number + 1 :]))

    def with_character(self, number: int, char: str) -> list[str]:
        """Return the text with `char` in one part, at each place where a check may look."""
        return [
            self.put(number, piece[:at] + char + piece[at + 1 :])
            for piece in (self.pieces[number], self._grown(number))
            for at in ((len(piece) // 2, len(piece) - 1, 0) if piece else ())
        ]

    def _grown(self, number: int) -> str:
        """Return a piece with a middle, where the counts allow one."""
        atom, choice = self.atoms[number], self.atoms[number].characters.samples()
        count = max(atom.least, SPOTS if atom.most is None else min(atom.most, SPOTS))
        return (choice * count)[:count]

    def expression(self, number: int = -1, instead: str = "") -> str:
        """Write the pattern without its anchors, with one part written differently."""
        found = [written(atom) for atom in self.atoms]
        if instead:
            found[number] = instead
        return "".join(found)

    def suffix(self, number: int) -> str:
        """Return the end of the names of one part's readings, empty if there is one part."""
        return "" if len(self.atoms) == 1 else f"-in-part-{number + 1}"


def written(atom: Atom) -> str:
    """Write one part."""
    return times(characters_of(atom.characters), atom.least, atom.most)


def times(one: str, least: int, most: int | None) -> str:
    """Write `one`, at least and at most so many times."""
    return f"{one}{{{max(0, least)},{'' if most is None else most}}}"


def characters_of(characters: Characters) -> str:
    """Write a set."""
    listed = "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in characters.ranges)
    return f"[{'^' if characters.negated else ''}{listed}]"
