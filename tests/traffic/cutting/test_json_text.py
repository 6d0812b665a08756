"""JSON of any size: the items of its lists, also of a text that is broken or breaks off."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from enkash_contract.errors import RecordingError
from enkash_contract.traffic.cutting import json_text
from enkash_contract.traffic.cutting.run import pieces_of
from tests.support.anything import JSON
from tests.support.streams import Trickle

if TYPE_CHECKING:
    from enkash_contract.traffic.cutting.piece import Piece

LISTS = ("log.entries", "interactions", "http_interactions")


def cut(text: bytes, step: int = 1 << 20) -> list[Piece]:
    """Return the pieces of a text that comes a few bytes at a time."""
    return [*pieces_of(json_text.runs(Trickle(text, step).read, "a.har", LISTS))]


def read(text: bytes, step: int = 1 << 20) -> list[tuple[str, Any]]:
    """Return the place of each piece, and its value or its problem."""
    found: list[tuple[str, Any]] = []
    for piece in cut(text, step):
        try:
            found.append((piece.place.removeprefix("a.har"), piece.value))
        except RecordingError as error:
            found.append((str(error), piece.problem))
    return found


ITEMS = st.lists(st.dictionaries(st.sampled_from("abc"), JSON, min_size=1), max_size=4)


@given(ITEMS, st.sampled_from([None, 2]), st.integers(1, 60))
@example([{"a": "]}"}, {"a": '"'}], None, 1)
def test_the_items_of_a_list(items: list[Any], indent: int | None, step: int) -> None:
    """As they stand, whatever is beside the list and wherever the stream is divided."""
    value = {"x": items, "log": {"creator": {"entries": 1}, "entries": items, "z": []}, "y": [1]}
    text = json.dumps(value, indent=indent).encode()
    pieces = cut(text, step)

    assert [(piece.place, piece.where, piece.value) for piece in pieces] == [
        (f"a.har:log.entries[{index}]", "log.entries", item) for index, item in enumerate(items)
    ]
    assert all(piece.raw is not None and json.loads(piece.raw) == piece.value for piece in pieces)


@given(st.lists(JSON, min_size=1, max_size=4), st.sampled_from([None, 2]), st.integers(1, 60))
def test_values_one_after_the_other(values: list[Any], indent: int | None, step: int) -> None:
    """Mostly one a line; but they may as well be indented, or follow a record separator."""
    values = [value for value in values if not isinstance(value, list)]
    for between in ("\n", "\r\n\n", "\x1e", " "):
        text = between.join(json.dumps(value, indent=indent) for value in values) + between
        assert [value for _, value in read(text.encode(), step)] == values


def test_the_lines_of_items() -> None:
    """Each piece knows the line on which it begins."""
    text = b'{"log":\n{"entries":[\n{"a":1},\n\n{"a":\n2},{"a":3}\n]}}\n{"b":1}'
    assert [(piece.place, piece.line) for piece in cut(text)] == [
        ("a.har:log.entries[0]", 3),
        ("a.har:log.entries[1]", 5),
        ("a.har:log.entries[2]", 6),
        ("a.har:8", 8),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b'{"interactions": [1], "version": 1}', [(":interactions[0]", 1)]),
        (b'[{"a": 1}, 2]', [(":[0]", {"a": 1}), (":[1]", 2)]),
        (b"[]", [(":1", [])]),
        (b"{}", [(":1", {})]),
        (b"", []),
        (b" 7 ", [(":1", 7)]),
        (b'{"log": {"entries": []}}', []),
        (b'{"log": {"entries": {}}}', [(":1", {"log": {"entries": {}}})]),
        (b'{"log": {"entries": [1]}} {"interactions": [2]}', [
            (":log.entries[0]", 1), (":1:interactions[0]", 2),
        ]),
        (b'{"log": {"entries": [1], "entries": [2]}}', [
            (":log.entries[0]", 1),
            ("a.har repeats 'entries' in one object; keep one of them",) * 2,
            (":log.entries[0]", 2),
        ]),
    ],
)  # fmt: skip
def test_other_texts(text: bytes, found: list[Any]) -> None:
    """A value without a list stands by itself."""
    assert [(at, value if at.startswith(":") else at) for at, value in read(text)] == found


LONG = b"x" * 70_000


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # What Python reads and msgspec does not.
        (b'[{"a": NaN}, {"a": "\\ud800"}, {"a": 2}]', [
            (":[0]", {"a": float("inf")}), (":[1]", {"a": "\ud800"}), (":[2]", {"a": 2}),
        ]),
        # Half a character beside the list, in a name, and in a list that is an item itself.
        (b'{"log": {"a": "\\ud800", "entries": [1]}, "\\ud83d": 2}', [(":log.entries[0]", 1)]),
        (b'[[1, {"\\ud800": 2}], [3]]', [(":[0]", [1, {"\ud800": 2}]), (":[1]", [3])]),
        (b'[{"a": 1}, {"a": "\\ud800", "b": "%b"}]' % LONG, [
            (":[0]", {"a": 1}), (":[1]", {"a": "\ud800", "b": LONG.decode()}),
        ]),
    ],
)  # fmt: skip
def test_what_only_python_reads(text: bytes, found: list[Any]) -> None:
    """It is read all the same."""
    assert read(text.replace(b"NaN", b"Infinity")) == found


BROKEN: dict[str, tuple[bytes, list[str]]] = {
    "an item": (
        b'[{"a": 1}, {"a": ]2},\n {"a": 3}]',
        [":[0]", "a.har:[1] is not JSON: Expecting value (line 1)", ":[2]"],
    ),
    "the first item": (
        b'[{"a": ]2}, {"a": 3}]',
        ["a.har:[0] is not JSON: Expecting value (line 1)", ":[1]"],
    ),
    "the first item, from its beginning": (
        b'[{]2}, {"a": 3}]',
        [
            "a.har:[0] is not JSON: Expecting property name enclosed in double quotes (line 1)",
            ":[1]",
        ],
    ),
    "an item that goes on": (
        b'[{"a": 1}, {"a": [2}, {"a": 3}, {"a": 4}]',
        [":[0]", "a.har:[1] is not JSON: Expecting ',' delimiter (line 1)", ":[2]", ":[3]"],
    ),
    "no comma": (
        b'[{"a": 1} {"a": 2}]',
        [":[0]", "a.har:1 is not JSON: ',' or ']' is expected", ":[1]"],
    ),
    "another sign": (
        b'[{"a": 1}; {"a": 2}, {"a": 3}]',
        [":[0]", "a.har:1 is not JSON: ',' or ']' is expected", ":[1]"],
    ),
    "a sign before nothing": (
        b'{"log": {"entries": [{"a": 1} x]}}',
        [":log.entries[0]", "a.har:1 is not JSON: ',' or ']' is expected"],
    ),
    "a text without an end": (
        b'[{"a": 1}, {"a": "2}, {"a": 3}, {"a": 4}]',
        [":[0]", "a.har:[1] is not JSON: Unterminated string starting at (line 1)", ":[2]", ":[3]"],
    ),
    "what comes before the list": (
        b'{"x" 1,\n"log": {"entries": [{"a": 1}, {"a": 2}]}}',
        ["a.har:1 is not JSON: ':' is expected", ":log.entries[0]", ":log.entries[1]"],
    ),
    "what comes after the list": (
        b'{"log": {"entries": [1], x}}\n{"log": {"entries": [2]}}',
        [
            ":log.entries[0]",
            "a.har:1 is not JSON: a name in double quotes is expected",
            ":2:log.entries[0]",
        ],
    ),
    "the end": (
        b'{"log": {"entries": [{"a": 1}, {"b": 2},\n {"c"',
        [":log.entries[0]", ":log.entries[1]", "a.har:2 is not JSON: it breaks off"],
    ),
    "the end of the list": (
        b'{"interactions": [1, 2',
        [":interactions[0]", ":interactions[1]", "a.har:1 is not JSON: it breaks off"],
    ),
    "the beginning": (b'{"log": {"entries" :\n[', ["a.har:2 is not JSON: it breaks off"]),
    "a value in a row": (
        b'{"a": 1}\n{"b":\n{"c": 3}\n{]\n{"d": 1}',
        [
            ":1",
            "a.har:2 is not JSON: ',' or '}' is expected",
            ":3",
            "a.har:4 is not JSON: a name in double quotes is expected",
            ":5",
        ],
    ),
    "depth": (b"[" * 100_000, ["a.har:1 is nested too deeply to be read"]),
    "depth amid items": (
        b'[{"a": 1}, {"a": ' + b"[" * 100_000 + b'}, {"a": 2}]',
        [
            ":[0]",
            "a.har:[1] is nested too deeply, or holds too long a number, to be read (line 1)",
            ":[2]",
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", BROKEN)
def test_what_is_broken(kind: str) -> None:
    """It is named in one line, and all that is whole is read."""
    text, found = BROKEN[kind]
    assert [at for at, _ in read(text)] == found
