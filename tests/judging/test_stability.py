"""Stability: a value that adds up, and the point from which on nothing is concluded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.judging.result import Result
from enkash_contract.judging.stability import Stability

NUMBERS = st.integers(0, 9)
STABILITIES = st.builds(
    Stability,
    NUMBERS,
    NUMBERS,
    NUMBERS,
    NUMBERS,
    st.sampled_from([None, 5.0]),
    st.booleans(),
)


@given(STABILITIES, STABILITIES, STABILITIES)
def test_stabilities_add_up_in_any_grouping(
    first: Stability, second: Stability, third: Stability
) -> None:
    """And nothing is added by nothing."""
    assert (first + second) + third == first + (second + third)
    assert Stability() + first == first == first + Stability()


@pytest.mark.parametrize(
    ("stability", "exceeded"),
    [
        (Stability(100, 2, limit=2.0), False),
        (Stability(100, 3, limit=2.0), True),
        (Stability(150, 3, limit=2.0), False),
        (Stability(10, 2, limit=2.0), False),
        (Stability(100, 100), False),
        (Stability(100, 3, limit=3.0), False),
        (Stability(100, 3, limit=0.0), True),
        (Stability(1000, 3, 100, 3, 2.0), True),
        (Stability(1000, 3, 150, 3, 2.0), False),
    ],
)
def test_above_the_limit_nothing_is_concluded(stability: Stability, *, exceeded: bool) -> None:
    """Above the percentage that is borne, if it is more than two; a violation stays one."""
    assert stability.exceeded == exceeded
    result = Result(verdicts={"held": 1}, baseline="accepted", stability=stability)
    assert result.exit_code == (3 if exceeded else 0)
