"""Misreadings of `pattern`: bounds one off, sets too wide or too narrow, anchors forgotten.

Most need to know what the pattern says, so they read it into parts (`patterns.read`) and write one
part differently. The readings that change the whole text apply to any pattern.
"""

from __future__ import annotations

import functools
import math
import re
import unicodedata
from typing import TYPE_CHECKING, Any

from enkash_contract.generation import patterns
from enkash_contract.sandbox.misreadings.pattern_parts import Parts, characters_of, times
from enkash_contract.sandbox.misreadings.reading import (
    Reading,
    lenient,
    of_text,
    strict,
    unenforced,
    verdict,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from enkash_contract.contract.rules import Rule
    from enkash_contract.generation.patterns import Atom

ANY = r"[\s\S]"
"""Whatever character."""

FULL_WIDTH = 0xFEE0
"""How far the full-width form of a character lies from its ASCII form."""

ACCENTED, ASTRAL, DIGIT = "é", "😀", "٣"
"""A letter beyond ASCII, a character of two UTF-16 units, and a digit of another script."""

_WIDE = "\\\"'<x7 \n"
"""Characters put beside a valid text; nearly every set leaves some of them out."""


def of_pattern(rule: Rule, valid: Any) -> Iterator[Reading]:
    """The pattern is read as another expression, or by another engine."""
    text = valid if isinstance(valid, str) else ""
    shape = patterns.read(rule.value)
    parts = None if shape is None else Parts(shape, text)
    outside = _WIDE if parts is None else parts.outside() + _WIDE
    beside = [*(text + one for one in outside), *(one + text for one in outside)]
    long = text if parts is None else parts.longest()
    yield unenforced(*beside, "", *(long + one for one in outside))
    yield from _of_whole(rule, text, long, outside)
    yield from _too_narrow(rule, text)
    if parts is not None:
        yield from _anchors(rule, parts, beside)
        yield from _sets_of_others(rule, parts)
        yield from _counts(parts)
        for number in range(len(parts.atoms)):
            yield from _bounds(parts, number)
            yield from _characters(parts, number)


def _matching(expression: str, flags: int = 0) -> Callable[[str], bool]:
    # Most readings of a pattern are never asked: of a sandbox with a defect only one.
    compiled = functools.cache(lambda: re.compile(expression, flags))
    return lambda text: compiled().fullmatch(text) is not None


def _of_whole(rule: Rule, text: str, long: str, outside: str) -> Iterator[Reading]:
    """The text is changed before it is matched."""
    own = verdict(rule)

    def after(name: str, says: str, change: Callable[[str], str], *witnesses: str) -> Reading:
        return lenient(name, says, rule, of_text(lambda one: own(change(one))), *witnesses)

    says = "accepts the empty string"
    yield lenient("empty-string-taken", says, rule, of_text(lambda one: not one), "")
    says = "removes blanks from both ends first"
    yield after("trimming", says, str.strip, text + " ", " " + text, long + " ", " " + long)
    says = "ignores a line feed at the end, as $ does in many languages"
    yield after("line-feed-at-end-taken", says, _without_line_feed, text + "\n", long + "\n")
    says = "reads only up to the first NUL"
    after_nul = (text + "\0" + one for one in outside)
    yield after("up-to-nul", says, lambda one: one.partition("\0")[0], text + "\0", *after_nul)
    says = "folds full-width and other compatible forms (NFKC) first"
    yield after("normalising", says, _folded, *_swapped(text, _full_width))
    says = "does not distinguish capital letters from small ones"
    cases = (text.swapcase(), text.lower(), text.upper())
    either = of_text(lambda one: own(one.lower()) or own(one.upper()) or own(one.swapcase()))
    yield lenient("ignoring-case", says, rule, either, *cases)


def _without_line_feed(text: str) -> str:
    return text.removesuffix("\n")


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _full_width(char: str) -> str:
    return chr(ord(char) + FULL_WIDTH) if "!" <= char <= "~" else char


def _swapped(text: str, change: Callable[[str], str]) -> Iterator[str]:
    """Yield the text with one character changed, the last one first."""
    for at in reversed(range(len(text))):
        yield text[:at] + change(text[at]) + text[at + 1 :]


def _too_narrow(rule: Rule, text: str) -> Iterator[Reading]:
    """A text is rejected although the pattern allows it."""

    def only(name: str, says: str, test: Callable[[str], bool], *witnesses: str) -> Reading:
        return strict(name, says, rule, of_text(test, otherwise=True), *witnesses)

    yield only("blank-refused", "rejects a text of nothing but blanks", _is_said, " ", " " * 3)
    says = "rejects every character beyond ASCII"
    yield only("beyond-ascii-refused", says, str.isascii, *_swapped(text, lambda _: ACCENTED))
    says = "rejects characters beyond U+FFFF, as three-byte UTF-8 does"
    yield only("beyond-bmp-refused", says, _is_basic, *_swapped(text, lambda _: ASTRAL))
    says = "rejects a line feed, as . does"
    inside = _swapped(text, lambda _: "\n")
    yield only("line-feed-refused", says, lambda one: "\n" not in one, *inside)
    says = "rejects all but letters, digits, blanks, hyphens and underscores"
    punctuated = _swapped(text, lambda _: "/")
    yield only("punctuation-refused", says, _matching(r"[\w -]*"), *punctuated)


def _is_said(text: str) -> bool:
    return bool(text.strip())


def _is_basic(text: str) -> bool:
    return all(ord(char) <= 0xFFFF for char in text)  # noqa: PLR2004 - the plane's end


def _anchors(rule: Rule, parts: Parts, beside: list[str]) -> Iterator[Reading]:
    """The pattern is searched for inside of a longer text."""
    expression = parts.expression()
    says = "looks for it {}"
    for name, where, written, flags in (
        ("unanchored-start", "up to the end, from anywhere", rf"{ANY}*{expression}", 0),
        ("unanchored-end", "from the start, up to anywhere", rf"{expression}{ANY}*", 0),
        ("unanchored", "anywhere in the text", rf"{ANY}*{expression}{ANY}*", 0),
        ("line-by-line", "in any line", rf"(?m:{ANY}*^{expression}${ANY}*)", re.MULTILINE),
    ):
        lines = [f"{parts.text}\n{one}" for one in parts.outside()]
        found = of_text(_matching(written, flags))
        yield lenient(name, says.format(where), rule, found, *beside, *lines)


def _sets_of_others(rule: Rule, parts: Parts) -> Iterator[Reading]:
    """Letters and digits of other scripts are accepted, because a class is read as Unicode's."""
    matches = _matching(parts.expression())
    every = range(len(parts.atoms))

    def with_digits(text: str) -> str:
        return "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in text)

    def with_letters(text: str) -> str:
        return "".join("a" if one.isalpha() and not one.isascii() else one for one in text)

    for name, says, change, char in (
        ("other-digits-taken", "accepts digits of every script", with_digits, DIGIT),
        ("other-letters-taken", "accepts letters of every script", with_letters, ACCENTED),
    ):
        read_as = of_text(_changed(change, matches))
        spots = [text for number in every for text in parts.with_character(number, char)]
        yield lenient(name, says, rule, read_as, *spots)


def _changed(change: Callable[[str], str], matches: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda one: matches(change(one))


def _counts(parts: Parts) -> Iterator[Reading]:
    """Another unit of length is counted, where the pattern is one set."""
    (atom, *more) = parts.atoms
    if more:
        return
    inside = _matching(f"{characters_of(atom.characters)}*")
    for name, says, size, char in (
        ("counting-bytes", "counts bytes of UTF-8", utf8_bytes, ACCENTED),
        ("counting-utf-16", "counts units of UTF-16", utf16_units, ASTRAL),
    ):
        fits = of_text(_sized(size, atom, inside), otherwise=True)
        most = atom.most or atom.least
        witnesses = (char * most, char * (most - 1), char * (atom.least - 1))
        yield Reading(name, f"{says} instead of characters", fits, witnesses)


def utf8_bytes(text: str) -> int:
    """Return how many bytes `text` takes."""
    return len(text.encode("utf-8", "surrogatepass"))


def utf16_units(text: str) -> int:
    """Return how many 16-bit units `text` takes, as in Java and JavaScript."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _sized(
    size: Callable[[str], int], atom: Atom, inside: Callable[[str], bool]
) -> Callable[[str], bool]:
    most = math.inf if atom.most is None else atom.most
    return lambda one: inside(one) and atom.least <= size(one) <= most


def _bounds(parts: Parts, number: int) -> Iterator[Reading]:
    """Each bound is one off, each way."""
    atom, suffix = parts.atoms[number], parts.suffix(number)
    least, most = atom.least, atom.most
    changes: list[tuple[str, str, int, int | None, int]] = []
    if least:
        changes.append(
            ("lower-bound-minus-1", "accepts one character fewer", least - 1, most, least - 1)
        )
    if most is None or least < most:
        changes.append(
            ("lower-bound-plus-1", "requires one character more", least + 1, most, least)
        )
    if most is not None:
        changes.append(
            ("upper-bound-plus-1", "accepts one character more", least, most + 1, most + 1)
        )
        changes.append(
            ("no-upper-bound", "accepts any number of characters", least, None, most + 1)
        )
        if least < most:
            changes.append(
                ("upper-bound-minus-1", "requires one character fewer", least, most - 1, most)
            )
    for name, says, low, high, count in changes:
        written = parts.expression(number, times(characters_of(atom.characters), low, high))
        fits = of_text(_matching(written), otherwise=True)
        yield Reading(name + suffix, says + _of_part(suffix), fits, (parts.sized(number, count),))


def _of_part(suffix: str) -> str:
    return suffix.replace("-", " ")


def _characters(parts: Parts, number: int) -> Iterator[Reading]:
    """A set is wider or narrower by one character, or checked in some places only."""
    atom, suffix = parts.atoms[number], parts.suffix(number)
    inside, where = characters_of(atom.characters), _of_part(suffix)
    outside = atom.characters.outsiders()
    invalid = [text for char in outside for text in parts.with_character(number, char)]

    def instead(name: str, says: str, written: str, *witnesses: str) -> Reading:
        fits = of_text(_matching(parts.expression(number, written)), otherwise=True)
        return Reading(name + suffix, says + where, fits, witnesses)

    least, most = atom.least, atom.most
    rest = times(ANY, least - 1, None if most is None else most - 1)
    optional = "" if least else "?"
    says = "accepts any character"
    yield instead("any-character-taken", says, times(ANY, least, most), *invalid)
    if most is None or most > 1:
        says = "looks at the first character only"
        yield instead("first-character-only", says, f"(?:{inside}{rest}){optional}", *invalid)
        says = "looks at the last character only"
        yield instead("last-character-only", says, f"(?:{rest}{inside}){optional}", *invalid)
    for char in outside:
        wider = times(f"(?:{inside}|{re.escape(char)})", least, most)
        spots = parts.with_character(number, char)
        yield instead(f"u{ord(char):04x}-taken", f"accepts {char}", wider, *spots)
    if not atom.characters.negated:
        for char in atom.characters.samples():
            narrower = times(f"(?:(?!{re.escape(char)}){inside})", least, most)
            spots = parts.with_character(number, char)
            yield instead(f"u{ord(char):04x}-refused", f"rejects {char}", narrower, *spots)
