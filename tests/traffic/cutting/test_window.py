"""The window: the end of a value, wherever the stream is divided."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.traffic.cutting import window
from enkash_contract.traffic.cutting.window import BREAKS_OFF, TOO_DEEP, TOO_LONG, BrokenTextError
from tests.support.anything import JSON
from tests.support.streams import Trickle

if TYPE_CHECKING:
    from typing import Any


def opened(text: bytes, step: int = 1 << 20) -> window.TextWindow:
    """Return the window on a text, at its first byte that is not blank."""
    found = window.TextWindow(Trickle(text, step).read)
    found.byte()
    return found


@given(JSON, st.sampled_from([b"", b",", b"]", b" }", b"\n[", b"x"]), st.integers(1, 40))
def test_the_end_of_a_value(value: Any, rest: bytes, step: int) -> None:
    """It is found, whatever follows and however msgspec tells it."""
    text = json.dumps(value).encode()
    if text[-1:].isalnum() and rest == b"x":
        rest = b" x"
    found = opened(b" " + text + rest, step)
    assert found.text(found.end()).rstrip() == text


@pytest.mark.parametrize(
    ("text", "problem", "at"),
    [
        (b'{"a": ]}', "is not JSON: invalid character", 6),
        (b'{"a"', BREAKS_OFF, 4),
        (b"[" * 100_000, TOO_DEEP, 0),
    ],
    ids=["broken", "cut", "deep"],
)
def test_no_value(text: bytes, problem: str, at: int) -> None:
    """The place is told at which that shows."""
    with pytest.raises(BrokenTextError) as raised:
        opened(text).end()
    assert (raised.value.problem, raised.value.at) == (problem, at)


def test_a_value_that_is_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """No more is held than the limit."""
    monkeypatch.setattr(window, "LIMIT", 64)
    monkeypatch.setattr(window, "STEP", 8)
    monkeypatch.setattr(window, "_OVERLAP", 16)
    found = opened(b"[" + b"1," * 500 + b'1],{"a":1}', 8)
    with pytest.raises(BrokenTextError) as raised:
        found.end()
    assert raised.value.problem == TOO_LONG
    assert found.segment(re.compile(rb"(,)\{")) == (None, True)
    found.at += 1
    assert found.text(found.end()) == b'{"a":1}'


def test_a_segment() -> None:
    """What stands before a pattern, or before the end."""
    comma = re.compile(rb"(,)")
    found = opened(b"ab,cd", 1)
    assert found.segment(comma) == (b"ab", True)
    assert found.segment(comma) == (b",cd", False)
    assert found.byte() == b""


def test_the_last_separator(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many, the last of those that are near; where none is near, the last of all."""
    monkeypatch.setattr(window, "STEP", 4)
    found = opened(b"1,23,45,678,9,0000000000000000", 100)
    assert [found.ahead(b","), found.ahead(b"x")] == [7, 0]
    found.at = 14
    assert found.ahead(b",") == 14
    found = opened(b"1234567890123,4,5", 100)
    assert found.ahead(b",") == 15


def test_lines_are_counted_both_ways() -> None:
    """Also those of a place that was passed."""
    found = opened(b"1\n\n2\n3", 100)
    assert [found.line(at) for at in (0, 3, 5, 1, 4)] == [1, 3, 4, 1, 3]
