"""JSON: one value or many, also of a file that breaks off, and what recorders write beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.errors import RecordingError
from enkash_contract.traffic.json_text import documents

PATH = Path("a.har")


def read(data: bytes) -> tuple[list[tuple[int, Any]], str]:
    """Return what is read, each value with its line, and the error at its end."""
    found: list[tuple[int, Any]] = []
    try:
        found.extend(documents(data, PATH))
    except RecordingError as error:
        return found, str(error)
    return found, ""


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b"{}", {}),
        (b'"\xff"', "\ufffd"),
        (b'"\\ud800"', "\ud800"),
        (b"[1e999]", [float("inf")]),
    ],
)
def test_json_as_recorders_write_it(content: bytes, value: Any) -> None:
    """Stray bytes, half characters and numbers without end are no reason to give up."""
    assert read(content) == ([(0, value)], "")


def test_deep_json_is_read() -> None:
    """Deeper than orjson reads."""
    assert read(b"[" * 900 + b"]" * 900)[1] == ""


VALUES = st.lists(st.dictionaries(st.text(), st.integers() | st.text()), min_size=2, max_size=4)


@given(VALUES, st.sampled_from([None, 2]), st.sampled_from(["\n", "\r\n\n", "\x1e", " "]))
def test_values_one_after_the_other(values: list[Any], indent: int | None, between: str) -> None:
    """Mostly one a line; but they may as well be indented, or follow a record separator."""
    text = between.join(json.dumps(value, indent=indent) for value in values) + between
    found, problem = read(text.encode())
    assert ([value for _, value in found], problem) == (values, "")


@pytest.mark.parametrize(
    ("content", "found", "problem"),
    [
        (b'{"a":1}\n\n[2]\n', [(1, {"a": 1}), (3, [2])], ""),
        (
            b'{"a":1}\n{"b":\n{"c":3}\n{]\n',
            [(1, {"a": 1}), (3, {"c": 3})],
            ":4 is not JSON: Expecting ',' delimiter",
        ),
        (
            b'{}\n{"a": "b',
            [(1, {})],
            ":2 is not JSON: Unterminated string starting at",
        ),
        (
            b"{}\n" + b"[" * 100_000,
            [(1, {})],
            ":2 is not JSON: nested too deeply, or too long a number",
        ),
    ],
    ids=["whole", "amid", "end", "deep"],
)
def test_lines_that_are_broken(content: bytes, found: Any, problem: str) -> None:
    """All other lines are read, and the first place is named that is none."""
    told = f"{PATH}{problem}" if problem else ""
    assert read(content)[1] == told
    assert [one for one in read(content)[0] if one in found] == found


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (
            b'{"log": {"entries": [{"a": 1}, {"b": 2},\n {"c"',
            {"log": {"entries": [{"a": 1}, {"b": 2}]}},
        ),
        (b'{"log": {"entries" :\n[', {"log": {"entries": []}}),
        (b'{"interactions": [1, 2', {"interactions": [1, 2]}),
        (b'{"http_interactions": [{}]', {"http_interactions": [{}]}),
    ],
)
def test_a_recording_that_breaks_off(content: bytes, value: Any) -> None:
    """Its whole entries are read, and the line is named where it breaks off."""
    found, problem = read(content)
    assert found == [(0, value)]
    assert problem.startswith(f"{PATH}:")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", ":1 is not JSON: Expecting value"),
        (b" \n ", ":2 is not JSON: Expecting value"),
        (b"{\n]", ":2 is not JSON: Expecting property name enclosed in double quotes"),
        (b"[" * 100_000, " is nested too deeply, or holds too long a number, to be read"),
        (b"1" * 5000, " is nested too deeply, or holds too long a number, to be read"),
    ],
    ids=["empty", "blank", "broken", "deep", "long"],
)
def test_what_is_not_json(content: bytes, problem: str) -> None:
    """The line is named where the mistake has one."""
    assert read(content) == ([], f"{PATH}{problem}")
