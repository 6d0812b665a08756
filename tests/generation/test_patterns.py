"""A pattern is read into characters and counts, or honestly not at all."""

from __future__ import annotations

import re
import string
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.generation import patterns
from enkash_contract.generation.patterns import Atom, Characters, Shape
from enkash_contract.generation.strategies import text as text_strategies

if TYPE_CHECKING:
    from collections.abc import Callable

OBJECT_ID = "^[INV]{3}[A-Za-z0-9]{32}$"


@dataclass(frozen=True)
class Part:
    """One part of a pattern as it is written, and the counts that were meant by it."""

    characters: str
    count: str
    least: int
    most: int | None

    @property
    def text(self) -> str:
        """The part as it stands in a pattern."""
        return self.characters + self.count


def escaped(code: int) -> str:
    """Write a code point so that ECMA-262 and Python both take it for itself."""
    return f"\\u{code:04x}"


@st.composite
def sets(draw: st.DrawFn) -> str:
    """Draw a set of characters, as it is written in a pattern."""
    # Sets that are negated leave most everyday characters out: their ranges stay small.
    negated = draw(st.booleans())
    codes = st.integers(0x21, 0x5A) if negated else st.integers(0x21, 0x2FF)
    pairs = draw(st.lists(st.tuples(codes, codes).map(sorted), min_size=1, max_size=3))
    inside = "".join(
        escaped(low) if low == high else f"{escaped(low)}-{escaped(high)}" for low, high in pairs
    )
    return f"[{'^' if negated else ''}{inside}]"


@st.composite
def parts(draw: st.DrawFn) -> Part:
    """Draw one part: characters and how often they stand there."""
    single = st.integers(0x21, 0x2FF).map(escaped)
    characters = draw(st.one_of(sets(), single, st.sampled_from([r"\d", r"\w", ".", "[^a]"])))
    least, more = draw(st.integers(0, 4)), draw(st.integers(0, 4))
    bounds: list[tuple[str, int, int | None]] = [
        ("", 1, 1),
        ("?", 0, 1),
        ("*", 0, None),
        ("+", 1, None),
        (f"{{{least}}}", least, least),
        (f"{{{least},}}", least, None),
        (f"{{{least},{least + more}}}", least, least + more),
    ]
    count, low, high = draw(st.sampled_from(bounds))
    lazy = "?" if count and draw(st.booleans()) else ""
    return Part(characters, count + lazy, low, high)


@st.composite
def models(draw: st.DrawFn) -> tuple[str, list[Part]]:
    """Draw a pattern together with the parts it was made of; some stand in groups."""
    found = draw(st.lists(parts(), min_size=1, max_size=4))
    forms = st.sampled_from(["{}", "({})", "(?:{})", "((?:{}))"])
    return "^" + "".join(draw(forms).format(part.text) for part in found) + "$", found


def matches(pattern: str, text: str) -> bool:
    """Say whether `text` matches, by Python's engine and by the one that judges payloads."""
    python = re.fullmatch(pattern.removesuffix("$"), text, re.ASCII) is not None
    rust = jsonschema_rs.Draft202012Validator({"pattern": pattern}).is_valid(text)
    assert python == rust
    return python


@given(models())
def test_counts_are_those_of_the_pattern(model: tuple[str, list[Part]]) -> None:
    """The shortest and the longest length are the sums of what the parts allow."""
    pattern, found = model
    shape = patterns.read(pattern)
    tops = [part.most for part in found]

    assert shape is not None
    assert shape.shortest == sum(part.least for part in found)
    assert shape.longest == (None if None in tops else sum(top for top in tops if top is not None))


@given(models(), st.integers(0, 8))
def test_a_text_of_any_allowed_length_matches(model: tuple[str, list[Part]], more: int) -> None:
    """A text is as long as was asked for, or as near to it as the counts allow, and matches."""
    pattern, _ = model
    shape = patterns.read(pattern)
    assert shape is not None
    wanted = shape.shortest + more
    text = shape.text(wanted)

    assert len(text) == (wanted if shape.longest is None else min(wanted, shape.longest))
    assert len(shape.text(0)) == shape.shortest
    assert matches(pattern, text)


@given(models())
def test_a_text_beyond_the_bounds_does_not_match(model: tuple[str, list[Part]]) -> None:
    """One character fewer than the shortest, and one more than the longest, is too much."""
    pattern, _ = model
    shape = patterns.read(pattern)
    assert shape is not None
    short = [shape.text(0)[:-1]] if shape.shortest else []
    long = [] if shape.longest is None else [shape.text(shape.longest) + "a"]

    assert [text for text in short + long if matches(pattern, text)] == []


@given(parts())
def test_samples_are_inside_and_outsiders_outside(part: Part) -> None:
    """What is offered as a character of the set is one, and what is offered as none is none."""
    shape = patterns.read(f"^{part.characters}$")
    assert shape is not None
    characters = shape.atoms[0].characters

    def found(text: str) -> list[tuple[bool, bool]]:
        return [(char in characters, matches(f"^{part.characters}$", char)) for char in text]

    assert set(found(characters.samples())) == {(True, True)}
    assert set(found(characters.outsiders())) <= {(False, False)}


@given(models(), st.integers(0, 8))
def test_spans_follow_one_another(model: tuple[str, list[Part]], more: int) -> None:
    """Each atom's slice begins where the one before it ended, and holds its characters only."""
    shape = patterns.read(model[0])
    assert shape is not None
    text = shape.text(shape.shortest + more)
    found = list(shape.spans(text))

    assert [atom for atom, _, _ in found] == list(shape.atoms)
    assert [start for _, start, _ in found] == [0, *(end for _, _, end in found[:-1])]
    assert all(char in atom.characters for atom, start, end in found for char in text[start:end])


def test_the_pattern_of_an_object_id() -> None:
    """The pattern of `objectId` is three characters of INV, then 32 letters and digits."""
    shape = patterns.read(OBJECT_ID)
    first = Atom(Characters(((73, 73), (78, 78), (86, 86))), 3, 3)
    second = Atom(Characters(((65, 90), (97, 122), (48, 57))), 32, 32)

    assert shape == Shape((first, second))
    assert (shape.shortest, shape.longest, shape.text(99)) == (35, 35, "INV" + "AZaz09" * 5 + "AZ")
    assert [atom.characters.outsiders() for atom in shape.atoms] == ["HJMOUW", "@[`{/:"]
    assert [(start, end) for _, start, end in shape.spans("INV" + "0" * 32)] == [(0, 3), (3, 35)]


def test_a_greedy_part_leaves_what_the_others_need() -> None:
    """A part takes as much as it may, but no more than that, and not what others must have."""
    bounded = patterns.read("^[a-z]{1,2}[a-z]*$")
    shape = patterns.read("^[a-z]+[0-9]*[a-z][a-z]{2}$")

    assert shape is not None
    assert [(start, end) for _, start, end in shape.spans("abcde")] == [
        (0, 2),
        (2, 2),
        (2, 3),
        (3, 5),
    ]
    assert bounded is not None
    assert [(start, end) for _, start, end in bounded.spans("abcde")] == [(0, 2), (2, 5)]


def test_the_pattern_of_most_texts() -> None:
    """The pattern of the other texts forbids two characters and has no better samples."""
    shape = patterns.read(r'^[^\\"]{1,100}$')

    assert shape == Shape((Atom(Characters(((92, 92), (34, 34)), negated=True), 1, 100),))
    assert shape.text(3) == "abc"
    assert shape.atoms[0].characters.outsiders() == '\\"'


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("^[^ -~]{2}$", "इन"),
        ("^[^a-z]{3}$", " AB"),
        (r"^a{0}$", ""),
        (r"^(?:ab|ac)$", "ab"),
    ],
)
def test_texts_of_unusual_patterns(pattern: str, text: str) -> None:
    """Sets without everyday characters, empty parts and factored alternatives are read."""
    shape = patterns.read(pattern)

    assert shape is not None
    assert shape.text(shape.shortest) == text
    assert matches(pattern, text)


def test_a_bracket_in_a_set_is_a_bracket() -> None:
    """What only Python means to give a meaning one day is read as ECMA-262 has it, in silence."""
    shape = patterns.read("^[[a]{2}$")

    assert shape == Shape((Atom(Characters(((91, 91), (97, 97))), 2, 2),))


@pytest.mark.parametrize(
    ("written", "characters"),
    [
        (".", Characters(((10, 10), (13, 13), (0x2028, 0x2029)), negated=True)),
        ("[^a]", Characters(((97, 97),), negated=True)),
        (r"\d", Characters(((48, 57),))),
        (r"\w", Characters(((48, 57), (65, 90), (95, 95), (97, 122)))),
        (
            r"\s",
            Characters(
                ((9, 13), (32, 32), (160, 160), (0xFEFF, 0xFEFF), (0x2028, 0x2029)),
            ),
        ),
        (r"[^\d_-]", Characters(((48, 57), (95, 95), (45, 45)), negated=True)),
    ],
)
def test_sets_with_a_name(written: str, characters: Characters) -> None:
    """Classes mean what ECMA-262 says, which is ASCII but for blanks."""
    assert patterns.read(f"^{written}$") == Shape((Atom(characters, 1, 1),))


def test_space_is_that_of_ecma_262() -> None:
    r"""`\s` holds the blanks beyond ASCII, as the engine has it and Python in ASCII has not."""
    shape = patterns.read(r"^\s{6}$")

    assert shape is not None
    assert shape.text(6) == "\t\r \xa0\ufeff\u2028"
    assert jsonschema_rs.Draft202012Validator({"pattern": r"^\s{6}$"}).is_valid(shape.text(6))


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "^",
        "^$",
        "abc",
        "^abc",
        "abc$",
        "^ab|cd$",
        "^(?:ab|cd)$",
        "^(?=a)a$",
        "^(?!a)b$",
        "^a(?<=a)$",
        r"^(a)\1$",
        "^(?:ab){2}$",
        r"^a\b$",
        r"^[\D]$",
        r"^[^\s\S]$",
        r"^[^\u0000-\uffff]$",
        r"^\p{L}$",
        "^(?i:a)$",
        "(?i)^a$",
        "^a++$",
        "^a{1000001}$",
        "^a{2,1000001}$",
        "^[a$",
        "^a^b$",
    ],
)
def test_what_is_no_sequence_is_not_read(pattern: str) -> None:
    """Alternatives, look-around, back-references, flags and unanchored patterns give None."""
    assert patterns.read(pattern) is None


# Texts where the shape cannot be told


@given(st.lists(models(), min_size=1, max_size=4), st.sampled_from(["", "{2}", "?", "*", "+?"]))
def test_every_sample_matches(choices: list[tuple[str, list[Part]]], count: str) -> None:
    """What is made from alternatives, groups and repetitions is matched, and each only once."""
    pattern = f"^(?:{'|'.join(f'(?:{one[1:-1]})' for one, _ in choices)}){count}$"
    made = patterns.samples(pattern)

    assert made
    assert len(set(made)) == len(made)
    assert [text for text in made if not matches(pattern, text)] == []


@pytest.mark.parametrize(
    ("pattern", "texts"),
    [
        # Alternatives, each once, with as many repetitions as must be and with two more.
        ("^(?:ab|cd)$", ["ab", "cd"]),
        ("^(?:a|)$", ["a", ""]),
        ("^(a)|(b)$", ["a", "b"]),
        ("^(?:(?:a|b)(?:c|d))+$", ["ac", "acacac", "bd", "bdbdbd"]),
        (r"^(?:[A-C]\d|x)$", ["A0", "x"]),
        ("^(?:a|b|c|d|e|f|g|h|i)$", ["a", "b", "c", "d", "e", "f", "g", "h"]),
        # Groups and what refers to them.
        ("^(?:ab){2}$", ["abab"]),
        (r"^(a|b)\1$", ["aa", "bb"]),
        ("^(?P<x>a|bb)-(?P=x)$", ["a-a", "bb-bb"]),
        (r"^\1?(a)$", []),
        ("(a)?(?(1)b|c)", []),
        # What only looks at the text adds nothing to it.
        ("^(?=a)a$", ["a"]),
        ("^(?!a)b$", ["b"]),
        ("^a(?<=a)$", ["a"]),
        (r"\bab\b", ["ab"]),
        ("^(?=b)a$", []),
        # Repetitions, greedy or not, and as few as there may be.
        ("a+?b*?", ["a", "aaabb"]),
        ("a{3,}", ["aaa", "aaaaa"]),
        ("^a{2,3}$", ["aa", "aaa"]),
        ("a{10001,}|b", ["b"]),
        # Of a set more than the first character is tried, too.
        ("^[x-z](?:ab|cd)$", ["xab", "zcd"]),
        ("(?i)^a$", ["a"]),
        ("^(?i:a)b$", ["ab"]),
        ("^[[a](?:b|c)$", ["[b", "ac"]),
        ("", [""]),
        # Nothing is made where nothing can be told.
        ("^[a$", []),
        (r"^\p{L}$", []),
        ("^a++$", []),
        ("^(?>ab|c)$", []),
        (r"^[\D]x$", []),
        (r"^[^\s\S]$", []),
    ],
)
def test_texts_made_from_a_pattern(pattern: str, texts: list[str]) -> None:
    """Each text is what one walk through the pattern spells out, if it really is matched."""
    assert list(patterns.samples(pattern)) == texts


# Characters for readers that count or compare in another way


@given(models(), st.integers(0, 8), st.text(st.characters(max_codepoint=0x2FF), max_size=4))
def test_preferred_characters_stand_wherever_they_may(
    model: tuple[str, list[Part]], more: int, preferred: str
) -> None:
    """A text of preferred characters is as long as any other, matches, and is made of them."""
    shape = patterns.read(model[0])
    assert shape is not None
    usual, text = (shape.text(shape.shortest + more, these) for these in ("", preferred))
    wanted = [
        set(preferred).intersection(char for char in preferred if char in atom.characters)
        for atom, start, end in places_of(shape, shape.shortest + more)
        for _ in range(start, end)
    ]

    assert len(text) == len(usual) == len(wanted)
    assert matches(model[0], text)
    assert [
        (char, usually)
        for char, usually, these in zip(text, usual, wanted, strict=True)
        if (char not in these if these else char != usually)
    ] == []


def places_of(shape: Shape, length: int) -> list[tuple[Atom, int, int]]:
    """Return where each part of a text of that length stands: the first ones take what is spare."""
    spare, at, found = length - shape.shortest, 0, []
    for atom in shape.atoms:
        more = spare if atom.most is None else min(spare, atom.most - atom.least)
        found.append((atom, at, at + atom.least + more))
        spare, at = spare - more, at + atom.least + more
    return found


@pytest.mark.parametrize(
    ("pattern", "length", "preferred", "text"),
    [
        ("^[^x]{2}[0-9]{3}$", 5, "𠮷5", "𠮷5555"),
        ("^[^x]{4}$", 4, "ab", "abab"),
        ("^[0-9]{2}$", 2, "𠮷", "09"),
        ("^[^x]{2}$", 2, "x", "ab"),
        ("^[^x]{2}$", 2, "", "ab"),
    ],
)
def test_texts_of_preferred_characters(
    pattern: str, length: int, preferred: str, text: str
) -> None:
    """Where none of the preferred characters may stand, the usual ones do."""
    shape = patterns.read(pattern)

    assert shape is not None
    assert shape.text(length, preferred) == text


def test_a_character_beyond_the_basic_plane() -> None:
    """One character to Unicode, two units to UTF-16, four bytes to UTF-8; the scripts hold none."""
    sizes = [len(patterns.ASTRAL), len(patterns.ASTRAL.encode("utf-16-le")) // 2]

    assert [*sizes, len(patterns.ASTRAL.encode())] == [1, 2, 4]
    assert patterns.ASTRAL.isalpha()
    assert max(patterns.SCRIPTS) < "\uffff"


@given(st.integers(0, 50))
def test_combining_characters_count_twice(length: int) -> None:
    """As many code points as asked for, which composed, or seen, are half as many."""
    text = patterns.combining(length)

    assert len(text) == length
    assert unicodedata.normalize("NFC", text) == "é" * (length // 2) + "e" * (length % 2)


ALIKE: list[tuple[str, str, str]] = [
    ("full-width-digit", string.digits, "FULLWIDTH DIGIT "),
    ("arabic-indic-digit", string.digits, "ARABIC-INDIC DIGIT "),
    ("superscript-digit", string.digits, "SUPERSCRIPT "),
    ("full-width-letter", string.ascii_letters, "FULLWIDTH LATIN "),
    ("cyrillic-letter", "ABCEHIJKMOPSTVXacehijopsvxy", "CYRILLIC "),
]
"""What each table is of: its name, what its characters are like, how Unicode calls them."""


@pytest.mark.parametrize(("name", "like", "called"), ALIKE)
def test_look_alikes_are_alike(name: str, like: str, called: str) -> None:
    """Every look-alike is one other character of the kind that its table is named for."""
    table = patterns.LOOK_ALIKES[name]
    others = list(table.values())

    assert sorted(table) == sorted(like)
    assert len(set(others)) == len(table)
    assert [char for char in others if len(char) != 1 or char.isascii()] == []
    assert {unicodedata.name(char)[: len(called)] for char in others} == {called}
    assert [char.isupper() for char in others] == [char.isupper() for char in table]


def test_every_table_of_look_alikes_is_known() -> None:
    """No table is forgotten here."""
    assert list(patterns.LOOK_ALIKES) == [name for name, _, _ in ALIKE]


def test_what_look_alikes_fool() -> None:
    r"""Unicode's `\d` and `\w`, classes of characters, and normalising readers take them."""
    kinds: dict[str, Callable[[str, str], bool]] = {
        r"\d": lambda _, char: re.fullmatch(r"\d", char) is not None,
        r"\w": lambda _, char: re.fullmatch(r"\w", char) is not None,
        "isdigit": lambda _, char: char.isdigit(),
        "isalpha": lambda _, char: char.isalpha(),
        "int": lambda like, char: char.isdecimal() and int(char) == int(like),
        "NFKC": lambda like, char: unicodedata.normalize("NFKC", char) == like,
    }
    fooled = {
        name: {
            kind for kind, is_fooled in kinds.items() if all(map(is_fooled, table, table.values()))
        }
        for name, table in patterns.LOOK_ALIKES.items()
    }

    assert fooled == {
        "full-width-digit": {r"\d", r"\w", "isdigit", "int", "NFKC"},
        "arabic-indic-digit": {r"\d", r"\w", "isdigit", "int"},
        "superscript-digit": {r"\w", "isdigit", "NFKC"},
        "full-width-letter": {r"\w", "isalpha", "NFKC"},
        "cyrillic-letter": {r"\w", "isalpha"},
    }


@pytest.mark.parametrize(
    ("narrow", "wide", "is_within"),
    [
        ("^[a-c]{2}$", "^[a-z]{2}$", True),
        ("^[a-z]{2}$", "^[a-c]{2}$", False),
        ("^[a-c]{1,3}$", "^[^x]{1,4}$", True),
        ("^[a-x]{1,3}$", "^[^x]{1,4}$", False),
        ("^[^a-c]$", "^[^b]$", True),
        ("^[^b]$", "^[a-z]$", False),
        ("^a{1,3}$", "^a+$", True),
        ("^a+$", "^a{1,3}$", False),
    ],
)
def test_one_shape_is_within_another(narrow: str, wide: str, is_within: bool) -> None:  # noqa: FBT001
    """Where each of its strings surely is one of the other."""
    one, other = patterns.read(narrow), patterns.read(wide)
    assert one is not None
    assert other is not None
    assert text_strategies._within(one, other) is is_within
