"""The strategy for one of many mutations: rules first, then families."""

from __future__ import annotations

from typing import TYPE_CHECKING

from enkash_contract.generation.mutation import selected
from enkash_contract.generation.strategies.mutations import any_of, picked
from tests.support.draws import draws, simplest

if TYPE_CHECKING:
    from enkash_contract.contract.operation import Operation


def test_the_first_is_the_simplest(operation: Operation) -> None:
    """A failure on any mutation shrinks to the first family of the first rule."""
    every = selected(operation, "request", "request/b2bIds/*", None)

    named = any_of(every).map(lambda mutation: (mutation.rule.id, mutation.name))

    assert simplest(named, lambda _: True) == (every[0].rule.id, every[0].name)
    assert simplest(picked("abc"), lambda letter: letter != "a") == "b"


def test_all_are_drawn(operation: Operation) -> None:
    """Each family of each rule is drawn sooner or later."""
    every = selected(operation, "request", "request/b2bIds/*", "type/*")

    assert set(draws(any_of(every))) == {*every}
