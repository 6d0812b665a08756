"""The tape: what is kept of a text, and where its lines are."""

from __future__ import annotations

import re

import pytest

from enkash_contract.traffic.cutting import tape
from enkash_contract.traffic.cutting.tape import LongError, Tape
from tests.support.streams import Trickle

LINE = re.compile(r"^- ", re.MULTILINE)
NEVER = re.compile(r"(?!)")


@pytest.mark.parametrize("step", [1, 3, 100])
def test_a_text_is_read_and_cut(step: int) -> None:
    """What was read is at hand again, up to the next line of a kind."""
    found = Tape(Trickle("é\n- a\n  b\n- c".encode(), step).read)
    while found.read():
        pass
    assert found.next(LINE) == 2
    assert (found.until(LINE, 2), found.line(2)) == (("- a\n  b\n", 10), 2)
    assert found.rewind(10) == 4
    assert found.read() + found.read() == "- c"
    assert found.until(LINE, 0) == ("- c", None)
    assert not found.go_to(NEVER, NEVER)


@pytest.mark.parametrize(
    ("at", "kept", "goes"), [(3, 3, True), (5, 4, True), (1, 1, False), (0, 0, False)]
)
def test_where_the_next_item_is(at: int, kept: int, goes: object) -> None:
    """Behind blanks and the rest of a line, but not behind a line of another kind."""
    found = Tape(Trickle(b"abc\n  - a", 3).read)
    while found.read():
        pass
    found.keep(at)
    assert found.kept == kept
    assert found.go_to(re.compile(r"^  - ", re.MULTILINE), re.compile(r"bc")) is goes
    assert found.kept == (4 if goes else kept)


def test_an_item_that_is_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Libyaml is not given more of it, and the next is looked for without it."""
    monkeypatch.setattr(tape, "MOST", 20)
    found = Tape(Trickle(b"- a" + b"b" * 99 + b"\n- c", 8).read)
    with pytest.raises(LongError):
        [*iter(found.read, "")]
    text, at = found.until(LINE, 0)
    assert (text, at) == (None, 103)
    assert found.rewind(103) == 2
    assert not found.go_to(NEVER, NEVER)


def test_characters_that_may_not_be_there() -> None:
    """They are replaced, and told of once."""
    found = Tape(Trickle(b"- \0\n- \x01a\n- b", 4).read)
    while found.read():
        pass
    assert found.until(LINE, 0)[0] == "- _\n"
    assert [found.strayed(4), found.strayed(4)] == [True, False]
    found.rewind(4)
    assert [found.strayed(2), found.strayed(9), found.strayed(9)] == [False, True, False]
