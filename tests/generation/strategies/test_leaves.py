"""What is drawn for a value, side by side, and how the value is built of it."""

from __future__ import annotations

from hypothesis import strategies as st

from enkash_contract.generation.strategies.leaves import Leaves, constant, either, leaf
from tests.support.draws import draws, simplest


def test_a_value_is_built_of_its_leaves_in_order() -> None:
    """Each leaf is drawn once, and the value is built around them."""
    pair = Leaves((st.just(1), st.just(2)), lambda drawn: {"a": next(drawn), "b": next(drawn)})

    assert draws(pair.strategy(), 1) == [{"a": 1, "b": 2}]


def test_a_failure_shows_the_value_and_not_how_it_was_built() -> None:
    """The function that builds has no name to be called by, so Hypothesis shows the value."""
    assert "<built>" in repr(Leaves((st.just(1),), lambda drawn: [next(drawn)]).strategy())


def test_a_constant_cannot_be_changed_by_who_gets_it() -> None:
    """A list is copied for each draw, and when it becomes a constant."""
    value = [1]
    strategy = constant(value).strategy()
    value.append(2)
    for drawn in draws(strategy, 2):
        assert drawn == [1]
        drawn.append(3)

    assert draws(strategy, 1) == [[1]]
    assert draws(constant(None).strategy(), 1) == [None]


def test_a_choice_leaves_out_what_cannot_be() -> None:
    """Of no alternative nothing is left, of one itself; of more, the first is the simplest."""
    one, other = constant(1), leaf(st.just(2))
    choice = either([None, one, other])

    assert leaf(None) is None
    assert either([None, None]) is None
    assert either([None, one]) is one
    assert choice is not None
    assert {*draws(choice.strategy(), 20)} == {1, 2}
    assert simplest(choice.strategy(), lambda _: True) == 1
