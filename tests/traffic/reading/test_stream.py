"""Streams: what was peeked at is read once more, and what goes wrong ends them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from enkash_contract.traffic.reading import stream
from enkash_contract.traffic.reading.stream import (
    Budget,
    GrownError,
    Stream,
    UnreadableError,
    failed,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_what_is_read() -> None:
    """All of it, in its order."""
    found = Stream("a", [b"ab", b"", b"cd", b"ef"])
    assert found.peek(3) == b"abc"
    found.skip(1)
    assert found.read() == b"bcd"
    found.unread(b"d")
    assert found.peek(9) == b"def"
    assert [*found.chunks()] == [b"def"]
    assert (found.read(), found.attached("a")) == (b"", None)


@pytest.mark.parametrize(
    ("error", "problem", "harmless"),
    [
        (UnreadableError("is odd"), "is odd", False),
        (GrownError("is longer"), "is longer", True),
        (OSError(5, "Input/output error"), "cannot be read: Input/output error", False),
        (OSError("odd"), "cannot be read: odd", False),
    ],
)
def test_what_goes_wrong(error: Exception, problem: str, harmless: bool) -> None:  # noqa: FBT001
    """It is a problem of the stream once all before it was read, and of those that read it."""

    def chunks() -> Iterator[bytes]:
        yield b"a"
        raise error

    outer = Stream("b", Stream("a", chunks()).chunks())
    assert (outer.read(), outer.problem) == (b"a", "")
    assert (outer.read(), outer.problem, outer.harmless) == (b"", problem, harmless)


def test_a_stream_that_cannot_be_read_at_all() -> None:
    """It has its problem from the beginning."""
    found = failed("a", "is gone")
    assert (found.read(), found.problem, found.found) == (b"", "is gone", False)


def test_a_budget_is_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    """By all that is in a file."""
    monkeypatch.setattr(stream, "FREE", 4)
    monkeypatch.setattr(stream, "RATIO", 2)
    budget = Budget(3)
    assert [*budget.spend([b"123456"])] == [b"123456"]
    second = budget.spend([b"1234", b"5"])
    assert next(second) == b"1234"
    with pytest.raises(UnreadableError, match="unpacks to more than 200 times its size and 256 MB"):
        next(second)
