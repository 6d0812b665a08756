"""Values are compared as JSON means them, at any size."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.contract.engines.exact import Identities, is_multiple, is_number, number, text
from tests.support.anything import JSON


@pytest.mark.parametrize(
    ("value", "unit", "multiple"),
    [
        (19.99, 0.01, True),
        (Decimal("0.015"), 0.01, False),
        (0.0, 0.01, True),
        (1e-5, 0.01, False),
        (-4.5, 1.5, True),
        (10**5000, 3, False),
        (Decimal("3" + "0" * 5000), 3, True),
        (Decimal("1e999999999"), 7, False),
        (Decimal("1e-999999999"), 7, False),
        (Decimal("0e-999999999"), 7, True),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_multiple_is_one_at_any_size(value: Any, unit: Any, multiple: bool) -> None:  # noqa: FBT001 - a verdict
    """In no time, also where the number itself would fill the memory."""
    before = time.perf_counter()
    assert is_multiple(value, unit) is multiple
    assert time.perf_counter() - before < 1


@pytest.mark.parametrize("value", [1, 1.5, -0.0, Decimal(1), 10**400])
def test_numbers_of_json(value: Any) -> None:
    """Of any size, in each of Python's types."""
    assert is_number(value)


@pytest.mark.parametrize("value", [True, float("nan"), float("inf"), Decimal("nan"), "1", None])
def test_what_is_no_number_of_json(value: Any) -> None:
    """JSON knows no infinity, and true is not 1."""
    assert not is_number(value)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_double_is_the_decimal_that_it_is_written_as(value: float) -> None:
    """So a tenth is a tenth."""
    assert number(value) == Decimal(repr(value))
    assert number(0.1) == Decimal("0.1")


@given(JSON, JSON)
def test_equal_values_are_the_same(one: Any, other: Any) -> None:
    """Wherever they stand, and only they."""
    same = Identities()
    assert same.of([one]) == same.of((one,))
    assert (same.of({"a": one}) == same.of({"a": other})) == (same.of(one) == same.of(other))


def test_equal_values_are_the_same_examples() -> None:
    """1 is 1.0 and not true; half of a surrogate pair is U+FFFD, in names as well."""
    same = Identities()
    assert same.of(1) == same.of(1.0) == same.of(Decimal("1.00")) != same.of(True)
    assert same.of({"a": 1, "b": 2}) == same.of({"b": 2, "a": 1})
    assert same.of({"a\ud800": ["\udfff"]}) == same.of({"a\ufffd": ["\ufffd"]})
    assert text("a\ud800") == "a\ufffd"
