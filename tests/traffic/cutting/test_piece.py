"""Pieces: a place, and what stands there, read when it is asked for."""

from __future__ import annotations

from typing import Any

import pytest

from enkash_contract.errors import RecordingError
from enkash_contract.traffic.cutting.piece import TOO_DEEP, Piece


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b"{}", {}),
        (b'"\xff"', "\ufffd"),
        (b'"\\ud800"', "\ud800"),
        (b"[1e999]", [float("inf")]),
        (b"[" * 500 + b"]" * 500, None),
    ],
)
def test_json_as_recorders_write_it(raw: bytes, value: Any) -> None:
    """Stray bytes, half characters, numbers without end and depth are no reason to give up."""
    piece = Piece("a.har:1", 1, raw=raw)
    assert value is None or piece.value == value
    assert (piece.value is piece.value, piece.problem) == (True, "")


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b"{]", "is not JSON: Expecting property name enclosed in double quotes"),
        (b"[" * 100_000, TOO_DEEP),
        (b"1" * 5_000, TOO_DEEP),
    ],
    ids=["broken", "deep", "long"],
)
def test_what_cannot_be_read(raw: bytes, problem: str) -> None:
    """It is named with its reason, each time that it is asked for."""
    piece = Piece("a.har:log.entries[7]", 1, "log.entries", raw=raw)
    for _ in range(2):
        with pytest.raises(RecordingError) as raised:
            assert piece.value
        assert str(raised.value) == f"a.har:log.entries[7] {problem} (line 1)"
    assert repr(piece) == f"<Piece a.har:log.entries[7]: {problem}>"


def test_a_value_that_is_known() -> None:
    """It may be nothing, and has no bytes of its own."""
    piece = Piece("a.yaml:3", 3, value=None)
    assert (piece.value, piece.raw, repr(piece)) == (None, None, "<Piece a.yaml:3>")
