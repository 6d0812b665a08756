"""A reading: a verdict in place of the rule's own, wider or narrower than it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from enkash_contract.contract.contract import bundled
from enkash_contract.sandbox.misreadings.reading import (
    is_number,
    lenient,
    of_number,
    of_text,
    strict,
    unenforced,
    verdict,
)

RULES = bundled().pick().rules
REQUIRED, PATTERN = RULES["request/device#required"], RULES["request/b2bIds/buyerB2BId#pattern"]


@pytest.mark.parametrize(
    ("value", "holds"), [({}, False), ({"device": 1}, True), ([], True), ("device", True)]
)
def test_the_verdict_on_a_missing_member_is_one_on_its_object(value: Any, holds: bool) -> None:  # noqa: FBT001 - the verdict
    """Of `required`, the value judged is the object; another type breaks another rule."""
    assert verdict(REQUIRED)(value) is holds


def test_half_a_character_breaks_another_rule() -> None:
    """A lone surrogate is no text that a pattern could be held against."""
    assert verdict(PATTERN)("\ud800")
    assert not verdict(PATTERN)("")


def test_readings_are_wider_or_narrower_than_their_rule() -> None:
    """A lenient one accepts some values more, a strict one some fewer, and one accepts all."""
    wide = lenient("n", "says", PATTERN, of_text(lambda text: text == ""), "")
    narrow = strict("n", "says", PATTERN, of_text(str.isascii, otherwise=True), "é")
    values = ["a", "é", "", '"', 7]

    assert [wide.holds(value) for value in values] == [True, True, True, False, True]
    assert [narrow.holds(value) for value in values] == [True, False, False, False, True]
    assert all(unenforced().holds(value) for value in values)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (1, True),
        (1.5, True),
        (Decimal("1e999"), True),
        (True, False),
        ("1", False),
        (None, False),
        ([], False),
        ({}, False),
    ],
)
def test_the_numbers_of_json(value: Any, number: bool) -> None:  # noqa: FBT001 - the answer
    """A boolean is none, and what no float can hold is one."""
    assert is_number(value) is number
    assert of_number(lambda _: True)(value) is number
