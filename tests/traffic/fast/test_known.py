"""What is known stays bounded, and is forgotten where it is of no use."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

from enkash_contract.traffic.fast import known

if TYPE_CHECKING:
    import pytest


def test_no_more_is_kept_than_the_most(monkeypatch: pytest.MonkeyPatch) -> None:
    """All is forgotten at once, and found out again."""
    monkeypatch.setattr(known, "MOST", 2)
    numbers = {"a": 1, "b": 2}
    assert known.kept(numbers, "c", 3) == 3
    assert numbers == {"c": 3}


def test_another_process_finds_out_by_itself() -> None:
    """What is known here may be nothing that can be handed over."""
    shared = known.Shared({"a": lambda: 1})
    assert pickle.loads(pickle.dumps(shared)) == {}  # noqa: S301 - it was written here
    assert isinstance(pickle.loads(pickle.dumps(shared)), known.Shared)  # noqa: S301 - as above


def test_headers_that_decide() -> None:
    """In any spelling; all others are nothing."""
    fields = known.Fields()
    names = ("Content-Type", "CONTENT-ENCODING", "Accept")
    assert [fields[name] for name in names] == ["content-type", "content-encoding", ""]


def test_labels_that_name_one_media_type() -> None:
    """With or without parameters."""
    labels = known.Labels()
    values = ("application/json; charset=utf-8", "", "a/b, c/d")
    assert [labels[value] for value in values] == ["application/json", "", ""]


def test_bodies_are_worth_remembering_while_some_come_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """That is asked when as many are known as may be; long or wrong ones are not kept."""
    monkeypatch.setattr(known, "MOST", 8)
    monkeypatch.setattr(known, "LONGEST", 3)
    numbers = [str(number) for number in range(8)]
    bodies = known.Bodies()
    assert (bodies.add(numbers[:7], ()), bodies.add(numbers[7:], ())) == (True, False)
    assert not bodies

    assert bodies.add(["1", "2", "1234"], {"2"})
    assert bodies.new(["3", "1", "2", "3"]) == ["3", "2"]
    assert (bodies.again, bodies.add(numbers, ())) == (2, True)
