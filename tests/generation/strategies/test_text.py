"""Strings to draw: as long as is demanded, of the characters that are, in each manner."""

from __future__ import annotations

import re

import pytest

from enkash_contract.generation.strategies.text import LONG, SEED, Demand, Manner, text
from enkash_contract.wire.pointer import ABSENT
from tests.support.draws import draws, simplest


@pytest.mark.parametrize("manner", [*Manner])
def test_lengths_are_kept_by_construction(manner: Manner) -> None:
    """Each string is as long as is demanded, and nothing has to be filtered."""
    strategy, exact = text(Demand(2, 5), ABSENT, manner)
    assert strategy is not None
    lengths = {len(drawn) for drawn in draws(strategy, 60)}

    assert exact
    assert lengths <= {2, 3, 4, 5}
    assert (lengths == {5}) == (manner is Manner.EDGE)


def test_a_pattern_of_character_sets_is_kept_by_construction() -> None:
    """Counts and characters of a sequence of sets are drawn as they are."""
    strategy, exact = text(Demand(patterns=("^INV[0-9]{2,3}$",)), ABSENT, Manner.ANY)
    assert strategy is not None

    assert exact
    assert [one for one in draws(strategy, 60) if not re.fullmatch("INV[0-9]{2,3}", one)] == []


def test_a_pattern_of_another_kind_is_to_be_filtered() -> None:
    """Alternatives are drawn by Python's reading of them, which promises nothing."""
    strategy, exact = text(Demand(patterns=("^(?:ab|cd)$",)), ABSENT, Manner.ANY)
    assert strategy is not None

    assert not exact
    assert {*draws(strategy, 60)} == {"ab", "cd"}


def test_what_is_very_long_repeats_a_few_characters() -> None:
    """Beyond what is drawn one by one, a few characters are repeated to the lower bound."""
    strategy, _ = text(Demand(LONG + 1), ABSENT, Manner.EVERYDAY)
    assert strategy is not None
    drawn = draws(strategy, 20)

    assert {len(one) for one in drawn} == {LONG + 1}
    assert max(len({*one}) for one in drawn) <= SEED


@pytest.mark.parametrize(
    "demand",
    [Demand(), Demand(1), Demand(patterns=("^[a-z]+$",)), Demand(formats=("date",))],
)
def test_a_string_shrinks_to_the_example(demand: Demand) -> None:
    """The simplest string is the one that the document shows."""
    strategy, _ = text(demand, "example", Manner.EVERYDAY)
    assert strategy is not None

    assert simplest(strategy, lambda _: True) == "example"


def test_where_no_length_is_left_nothing_is_drawn() -> None:
    """Bounds that exclude each other have no strategy, and need no filter."""
    assert text(Demand(3, 2), ABSENT, Manner.ANY) == (None, True)
