"""Entries of recordings: members are read by name and kind, and each problem is named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract.errors import RecordingError
from enkash_contract.traffic.entry import BrokenError, Entry, address, json_of, member, raw

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("value", "kind"), [({}, dict), ("", str), (0, int), ({"a": 1}, dict), ("a", str), (7, int)]
)
def test_a_member_is_read(value: Any, kind: type) -> None:
    """Whatever its value, if it is of the kind that is asked for."""
    assert member({"name": value}, "name", kind) == value


@pytest.mark.parametrize(
    ("owner", "kind", "problem"),
    [
        ([], str, "what should hold 'name' is not an object"),
        (None, str, "what should hold 'name' is not an object"),
        ({}, str, "'name' is missing"),
        ({"name": None}, str, "'name' is not a string"),
        ({"name": "a"}, dict, "'name' is not an object"),
        ({"name": "1"}, int, "'name' is not an integer"),
        ({"name": 1.0}, int, "'name' is not an integer"),
        # A boolean is an integer in Python, and nowhere else.
        ({"name": True}, int, "'name' is not an integer"),
    ],
)
def test_a_member_that_is_missing_or_of_another_kind(owner: Any, kind: type, problem: str) -> None:
    """The problem names the member, and quotes no value."""
    with pytest.raises(BrokenError) as raised:
        member(owner, "name", kind)
    assert str(raised.value) == problem


def test_an_address_is_a_url() -> None:
    """What is no URL may hold a password, so nothing of it is quoted."""
    assert address({"url": "http://h/a?b"}, "url") == "http://h/a?b"
    with pytest.raises(BrokenError) as raised:
        address({"url": "http://user:hunter2@[bad"}, "url")
    assert str(raised.value) == "'url' is no URL"
    assert raised.value.__suppress_context__


def test_the_bytes_of_a_file(tmp_path: Path) -> None:
    """A file that cannot be opened is named with the reason."""
    file = tmp_path / "a.har"
    file.write_bytes(b"\xff")
    assert raw(file) == b"\xff"
    for missing, reason in ((tmp_path / "b.har", "No such file or directory"), (tmp_path, "Is a")):
        with pytest.raises(RecordingError) as raised:
            raw(missing)
        assert str(raised.value).startswith(f"{missing} cannot be read: {reason}")


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b"{}", {}),
        (b"\xef\xbb\xbf[1]", [1]),
        (b'"\xff"', "\ufffd"),
        (b'"\\ud800"', "\ud800"),
        (b"[1e999]", [float("inf")]),
        (b"[" * 1000 + b"]" * 1000, ...),
    ],
)
def test_json_as_recorders_write_it(tmp_path: Path, content: bytes, value: Any) -> None:
    """A byte order mark, stray bytes, half characters and depth are no reason to give up."""
    file = tmp_path / "a.json"
    file.write_bytes(content)
    assert value is ... or json_of(file) == value
    assert json_of(file) is not None


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"{\n]", ":2 is not JSON: Expecting property name enclosed in double quotes"),
        (b"[" * 100_000, " is nested too deeply, or holds too long a number, to be read"),
        (b"1" * 5000, " is nested too deeply, or holds too long a number, to be read"),
    ],
)
def test_a_file_that_is_not_json(tmp_path: Path, content: bytes, problem: str) -> None:
    """The line is named where the mistake has one."""
    file = tmp_path / "a.json"
    file.write_bytes(content)
    with pytest.raises(RecordingError) as raised:
        json_of(file)
    assert str(raised.value) == f"{file}{problem}"


def test_an_entry_has_an_interaction_or_a_problem() -> None:
    """By default there is no problem; entries are values."""
    assert Entry("a.har:log.entries[0]", None) == Entry("a.har:log.entries[0]", None, "")
