"""A pattern taken apart beside a text, and written back with one part changed."""

from __future__ import annotations

import re

from enkash_contract.generation import patterns
from enkash_contract.sandbox.misreadings.pattern_parts import Parts, times


def parts_of(pattern: str, text: str) -> Parts:
    """Return the parts of a pattern that can be read."""
    shape = patterns.read(pattern)
    assert shape is not None
    return Parts(shape, text)


def test_a_text_that_does_not_match_is_not_built_upon() -> None:
    """Where the text does not match, the pattern's own shortest text takes its place."""
    pattern = "^[ab]{2}[0-9]{1,3}$"
    assert (parts_of(pattern, "?").text, parts_of(pattern, "ba1").text) == ("ab090", "ba1")


def test_a_pattern_is_written_back() -> None:
    """Unchanged it matches what the pattern matches; one part can be written differently."""
    parts = parts_of("^[ab]{2}[0-9]{1,3}$", "ba1")
    changed = parts.expression(1, times("[x]", -1, None))

    assert re.fullmatch(parts.expression(), "ba123")
    assert not re.fullmatch(parts.expression(), "bax")
    assert re.fullmatch(changed, "ba")
    assert re.fullmatch(changed, "baxxxxx")


def test_a_part_takes_another_size() -> None:
    """One part is grown or cut, the others stay; the longest text fills the last part."""
    parts = parts_of("^[ab]{2}[0-9]{1,3}$", "ba1")
    assert (parts.sized(0, 3), parts.sized(1, 0), parts.longest()) == ("bab1", "ba", "ba111")
    assert parts_of("^x[0-9]+$", "x12").longest() == "x12"


def test_the_readings_of_a_lone_part_need_no_number() -> None:
    """The names of readings say which part they misread only where there are several."""
    assert parts_of("^[a-z]{1,3}$", "ab").suffix(0) == ""
    assert parts_of("^[a-z]{1,3}[0-9]$", "ab1").suffix(1) == "-in-part-2"
