"""Notes of what is not known, each with its number and a remedy."""

from __future__ import annotations

import pytest

from enkash_contract.traffic.counting.lacks import Lack, Seen, note_of


@pytest.mark.parametrize(
    ("lack", "seen", "note"),
    [
        (
            Lack("request body", "odd", "mend it"),
            Seen(1, ["a:1"], "(b)"),
            "1 request body was odd (b): mend it; at a:1",
        ),
        (
            Lack("request body", "odd"),
            Seen(2, ["a:1", "a:2"], "(b)"),
            "2 request bodies were odd; at a:1, 2",
        ),
        (Lack("", ""), Seen(1, ["a:1"]), "1 part was missing for other reasons; at a:1"),
    ],
)
def test_a_note_counts(lack: Lack, seen: Seen, note: str) -> None:
    """What is true of one alone is said of one alone."""
    assert note_of(lack, seen) == note
