"""A strategy for one of many mutations, in which no rule drowns another."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from enkash_contract.generation.mutation import Mutation

_T = TypeVar("_T")


def any_of(mutations: Iterable[Mutation]) -> st.SearchStrategy[Mutation]:
    """Generate one of `mutations`: each rule as often as any other, and each family of a rule.

    Shrinks to the first family of the first rule.
    """
    by_rule: dict[str, list[Mutation]] = {}
    for mutation in mutations:
        by_rule.setdefault(mutation.rule.id, []).append(mutation)
    return picked(list(by_rule.values())).flatmap(picked)


def picked(options: Sequence[_T]) -> st.SearchStrategy[_T]:
    """Generate one of `options`, the first being the simplest.

    By index, because Hypothesis prints the options of `sampled_from`, and each has a whole schema.
    Not by `integers`: what Hypothesis has chosen in one place it likes to try in every other of the
    kind, and the many zeros of payloads would make the first option a third of all.
    """
    return st.sampled_from(range(len(options))).map(lambda at: options[at])
