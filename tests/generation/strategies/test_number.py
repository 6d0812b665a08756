"""Numbers to draw: within the bounds, on the multiples, and shrinking to the example."""

from __future__ import annotations

from fractions import Fraction

import pytest

from enkash_contract.generation.strategies.number import PLACES, SAFE, Range, integers, numbers
from enkash_contract.wire.pointer import ABSENT
from tests.support.draws import draws, simplest


@pytest.mark.parametrize(
    ("wanted", "lowest", "highest"),
    [
        (Range(lows=(2,), highs=(4,)), 2, 4),
        (Range(open_lows=(2,), open_highs=(4,)), 3, 3),
        (Range(lows=(0.5, 1.5), highs=(4.5, 9)), 2, 4),
        (Range(lows=(1,), highs=(20,), units=(4, 6)), 12, 12),
    ],
)
def test_integers_are_within_all_bounds(wanted: Range, lowest: int, highest: int) -> None:
    """All bounds hold at once, and a number is a multiple of every unit."""
    strategy = integers(wanted, ABSENT)

    assert strategy is not None
    assert {*draws(strategy, 60)} == {*range(lowest, highest + 1)}


def test_multiples_are_meant_as_they_are_written() -> None:
    """A hundredth is a hundredth, though no float is one."""
    strategy = numbers(Range(lows=(0,), highs=(1,), units=(0.01,)), ABSENT)
    assert strategy is not None
    drawn = draws(strategy, 60)

    assert {Fraction(str(number)) % Fraction("0.01") for number in drawn} == {0}
    assert len({*drawn}) > 10


@pytest.mark.parametrize("example", [7, -3, 0])
def test_a_number_shrinks_to_the_example(example: int) -> None:
    """The simplest number is the one that the document shows, and not zero."""
    for strategy in (
        integers(Range(), example),
        numbers(Range(), example),
        numbers(Range(units=(0.5,)), example),
    ):
        assert strategy is not None
        assert simplest(strategy, lambda _: True) == example


def test_without_bounds_a_number_can_be_read_by_every_reader() -> None:
    """No integer is drawn that a reader of floats would change, and no decimal too fine."""
    whole, tenths = integers(Range(), ABSENT), numbers(Range(units=(0.1,)), ABSENT)
    assert whole is not None
    assert tenths is not None

    assert max(abs(number) for number in draws(whole)) <= SAFE
    assert max(abs(number) for number in draws(tenths)) <= PLACES / 10


@pytest.mark.parametrize(
    "wanted",
    [
        Range(lows=(3,), highs=(2,)),
        Range(open_lows=(1,), open_highs=(2,)),
        Range(lows=(1.1,), highs=(1.9,)),
    ],
)
def test_where_no_integer_is_nothing_is_drawn(wanted: Range) -> None:
    """Bounds that no integer keeps have no strategy."""
    assert integers(wanted, ABSENT) is None
