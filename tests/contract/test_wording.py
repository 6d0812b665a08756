"""Parts of sentences."""

from __future__ import annotations

from enkash_contract.contract.wording import (
    a_type,
    as_json,
    at_least,
    at_most,
    counted,
)


def test_a_number_is_written_with_its_noun() -> None:
    """One is singular, all else is plural, and thousands are set apart."""
    numbers = [counted(number, "case") for number in (0, 1, 2, 1000)]
    assert numbers == ["0 cases", "1 case", "2 cases", "1,000 cases"]


def test_a_bound_is_written_with_its_noun() -> None:
    """A bound on a count names what is counted."""
    assert at_least("item", 1) == "must have at least 1 item"
    assert at_most("character", 1000) == "must have at most 1,000 characters"


def test_a_type_is_written_with_its_article() -> None:
    """Each type has its own, and null has none."""
    assert a_type("string") == "a string"
    assert a_type(["integer", "null", "array"]) == "an integer or null or an array"


def test_a_value_is_written_as_json() -> None:
    """Characters of any script are written as they are."""
    assert as_json({"ä": [True, None]}) == '{"ä": [true, null]}'
