"""How long responses took, in counts that add up."""

from __future__ import annotations

import pytest

from enkash_contract.judging import durations
from enkash_contract.wire.message import Interaction, Request, Response

REQUEST = Request("POST", "http://h/x")


@pytest.mark.parametrize(
    ("seconds", "rounded"),
    [(0.0, 0), (0.000_000_4, 0), (0.000_007, 7), (0.001_249, 1200), (61.9, 62_000_000), (-1.0, 0)],
)
def test_two_digits_are_kept(seconds: float, rounded: int) -> None:
    """So that there are few different ones, however long the run."""
    interaction = Interaction(REQUEST, Response(200), seconds=seconds)

    assert durations.duration(interaction) == rounded
    assert durations.of("pay", interaction) == {("pay", rounded): 1}


@pytest.mark.parametrize(
    "interaction",
    [Interaction(REQUEST, Response(200)), Interaction(REQUEST, None, "gone", seconds=1.0)],
)
def test_what_was_not_measured_counts_nothing(interaction: Interaction) -> None:
    """Neither a response without a time, nor a time without a response."""
    assert durations.of("pay", interaction) == {}


def test_a_share_of_the_responses() -> None:
    """The median, the slowest, and nothing of nothing."""
    counts = {10: 5, 20: 4, 900: 1}

    assert [durations.quantile(counts, share) for share in (0.0, 0.5, 0.9, 1.0)] == [
        10,
        10,
        20,
        900,
    ]
    assert durations.quantile({}, 0.5) == 0
