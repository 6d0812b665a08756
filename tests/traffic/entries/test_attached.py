"""Bodies in files of their own."""

from __future__ import annotations

from typing import Any

import pytest

from enkash_contract.traffic.entries.attached import with_attached

FILES = {"a.json": b"{}"}


@pytest.mark.parametrize(
    ("recorded", "body"),
    [
        ({"response": {"content": {"_file": "a.json", "size": 2}}}, "e30="),
        ({"response": {"content": {"_file": "a.json", "text": ""}}}, "e30="),
        ({"response": {"content": {"_file": "b.json"}}}, None),
        ({"response": {"content": {"_file": "a.json", "text": "[]"}}}, "[]"),
        ({"response": {"content": {"_file": 7}}}, None),
        ({"response": {"content": 7}}, None),
        ({"response": 7}, None),
        (7, None),
    ],
)
def test_a_body_in_a_file(recorded: Any, body: str | None) -> None:
    """It is read if it is there and nothing else was recorded; the recording stays as it is."""
    before = repr(recorded)
    found = with_attached(recorded, FILES.get)

    if body is None:
        assert found == recorded
    else:
        assert found["response"]["content"]["text"] == body
    assert repr(recorded) == before


def test_both_sides() -> None:
    """A request may have one, too."""
    part = {"_file": "a.json"}
    found = with_attached({"request": {"postData": part}, "response": {"content": part}}, FILES.get)
    read = {"text": "e30=", "encoding": "base64"}
    assert found == {"request": {"postData": read}, "response": {"content": read}}
