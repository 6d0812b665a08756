"""Combinations of parameters: a few for every run, in which each value has its turn."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable


def combined(*columns: Iterable[Any]) -> list[Any]:
    """Return all combinations of the values of `columns`, for `pytest.mark.parametrize`.

    Only as many as the longest column has values are for every run, and each value is in one of
    them; the others are slow.
    """
    lists = [[*column] for column in columns]
    longest = max(map(len, lists))
    quick = [[at % len(values) for values in lists] for at in range(longest)]
    found = []
    for places in itertools.product(*(range(len(values)) for values in lists)):
        values = [values[at] for values, at in zip(lists, places, strict=True)]
        marks = () if [*places] in quick else (pytest.mark.slow,)
        found.append(pytest.param(*values, marks=marks))
    return found
