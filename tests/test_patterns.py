"""A pattern is read into characters and counts, or honestly not at all."""

from __future__ import annotations

import re
from dataclasses import dataclass

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enkash_contract import patterns
from enkash_contract.patterns import Atom, Characters, Shape

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
@settings(deadline=None)
def test_counts_are_those_of_the_pattern(model: tuple[str, list[Part]]) -> None:
    """The shortest and the longest length are the sums of what the parts allow."""
    pattern, found = model
    shape = patterns.read(pattern)
    tops = [part.most for part in found]

    assert shape is not None
    assert shape.shortest == sum(part.least for part in found)
    assert shape.longest == (None if None in tops else sum(top for top in tops if top is not None))


@given(models(), st.integers(0, 8))
@settings(deadline=None)
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
@settings(deadline=None)
def test_a_text_beyond_the_bounds_does_not_match(model: tuple[str, list[Part]]) -> None:
    """One character fewer than the shortest, and one more than the longest, is too much."""
    pattern, _ = model
    shape = patterns.read(pattern)
    assert shape is not None
    short = [shape.text(0)[:-1]] if shape.shortest else []
    long = [] if shape.longest is None else [shape.text(shape.longest) + "a"]

    assert [text for text in short + long if matches(pattern, text)] == []


@given(parts())
@settings(deadline=None)
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
@settings(deadline=None)
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
