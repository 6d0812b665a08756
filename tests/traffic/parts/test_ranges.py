"""Parts of a file: together they are the whole, however many there are."""

from __future__ import annotations

import json
from contextlib import nullcontext, suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.traffic import detection
from enkash_contract.traffic.counting.numbering import below
from enkash_contract.traffic.cutting.run import pieces_of
from enkash_contract.traffic.parts import ranges
from enkash_contract.traffic.parts.ranges import UnevenError
from enkash_contract.traffic.reading.stream import UnreadableError
from tests.support.recorded import entry, interaction, log, written

if TYPE_CHECKING:
    from collections.abc import Iterable

    from enkash_contract.traffic.cutting.piece import Piece

ENTRIES = [entry(comment="é\n" * index, _index=index) for index in range(12)]


def located(file: Path, parts: Iterable[Any]) -> list[tuple[str, Piece]]:
    """Return the pieces in parts of a file, each with its place in the whole file."""
    found, ended = [], [0]
    for part in parts:
        place = partial(below, str(file), sum(ended))
        found += [(place(each.place), each) for each in pieces_of(part.runs(ended.append))]
    return found


@given(st.integers(1, 12), st.integers(2, 12), st.sampled_from([None, 1]), st.integers(20, 3000))
def test_parts_are_the_whole(number: int, length: int, indent: int | None, chunk: int) -> None:
    """Each piece is in one of them, with the place and line that it has in the file."""
    content = json.dumps(log(*ENTRIES[:length]), indent=indent).encode()
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranges, "CHUNK", chunk)
        file = written(Path(folder), content)
        parts = ranges.ranges(file, number)
        found = located(file, parts)
        whole = [(piece.place, piece) for piece in detection.pieces(file)]

    assert 1 <= len(parts) <= number
    assert [(place, one.line, one.where, one.value) for place, one in found] == [
        (place, one.line, one.where, one.value) for place, one in whole
    ]


@given(st.lists(st.integers(0, 3), min_size=2, max_size=6), st.integers(1, 40))
def test_items_that_hold_such_items_are_whole_or_uneven(children: list[int], number: int) -> None:
    """Wherever they are divided, nothing else is found than in the whole file."""
    items = [{"a": 1, "b": [{"a": 2}] * many, "c": {"a": 3}} for many in children]
    with TemporaryDirectory() as folder:
        file = written(Path(folder), json.dumps(log(*items)))
        whole = [(each.place, each.value) for each in detection.pieces(file)]
        with suppress(UnevenError):
            found = located(file, ranges.ranges(file, number))
            assert [(place, each.value) for place, each in found] == (whole if found else [])


@given(
    st.lists(st.sampled_from(["{}", '{"a":1}', "", " ", f'{{"b":"{"é" * 40}"}}']), min_size=2),
    st.integers(1, 40),
    st.integers(1, 50),
    st.sampled_from(["\n", "\r\n"]),
)
def test_lines_are_numbered_by_those_before(
    lines: list[str], number: int, chunk: int, end: str
) -> None:
    """Each is in the part in which it begins, whatever the parts hold and how it is read."""
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranges, "CHUNK", chunk)
        file = written(Path(folder), end.join(['{"c":2}', '{"c":3}', *lines]))
        parts = ranges.ranges(file, number)
        found = [(place, each.raw) for place, each in located(file, parts)]
        whole = [(each.place, each.raw) for each in detection.pieces(file)]

    assert 1 <= len(parts) <= number
    assert found == whole


def test_a_line_is_read_by_the_part_that_it_begins_in_alone(tmp_path: Path) -> None:
    """The others do not look for its end."""
    file = written(tmp_path, f'{{}}\n{{"a":"{"x" * 9000}"}}\n{{}}')
    first, *within, last = ranges.ranges(file, 9)
    assert [len([*pieces_of(each.runs())]) for each in (first, last)] == [2, 1]
    for part in within:
        read: list[int] = []
        assert ([*part.runs(read.append)], sum(read)) == ([], 0)


def test_a_file_that_is_shorter_by_now(tmp_path: Path) -> None:
    """It is no longer what was divided."""
    file = written(tmp_path, '{"a":1}\n' * 9)
    *_, last = ranges.ranges(file, 3)
    file.write_text('{"a":1}\n' * 8)
    with pytest.raises(UnreadableError, match="changed while it was read"):
        [*last.runs()]


@pytest.mark.parametrize(
    "content",
    [
        log(),
        log(entry()),
        {"interactions": [interaction()] * 2, "version": [1]},
        {"log": {"entries": [1, 2]}},
        [entry(), entry()],
        json.dumps(log(entry(), entry()))[:-9],
        "interactions: []",
        b"\xef\xbb\xbf{}",
        json.dumps(log(entry(), entry())).encode("utf-16-le"),
        "[",
    ],
    ids=str,
)
def test_what_is_not_divided(content: Any, tmp_path: Path) -> None:
    """Anything that is not plainly a long list or lines is cut as a whole."""
    assert ranges.ranges(written(tmp_path, content), 2) == []


def test_yaml_is_not_divided(tmp_path: Path) -> None:
    """Not even where it looks like JSON."""
    assert ranges.ranges(written(tmp_path, "{a: 1}", "a.yaml"), 2) == []


def test_items_that_hold_such_items(tmp_path: Path) -> None:
    """A part does not hold what was counted, and so nothing is taken from it."""
    nested = entry(deep=[entry(), entry()])
    file = written(tmp_path, log(*[nested] * 6))
    with pytest.raises(UnevenError):
        [*(piece for part in ranges.ranges(file, 4) for piece in pieces_of(part.runs()))]


def test_a_broken_item(tmp_path: Path) -> None:
    """It costs what it costs in the whole file."""
    content = json.dumps(log(*ENTRIES)).replace('"_index": 5', '"_index": ]').encode()
    file = written(tmp_path, content)
    found = located(file, ranges.ranges(file, 3))
    assert [place for place, piece in found if piece.is_broken] == [f"{file}:log.entries[5]"]
    assert len(found) == len(ENTRIES)


@pytest.mark.parametrize("end", ["", "\n"])
def test_the_last_item_is_broken(tmp_path: Path, end: str) -> None:
    """It costs what it costs in the whole file, or that is cut as a whole."""
    content = json.dumps(log(*ENTRIES)).replace('"_index": 11', '"_index": ]')
    file = written(tmp_path, content.replace('{"log": ', f'{{"log": {end}'))
    whole = [(piece.place, piece.problem) for piece in detection.pieces(file)]
    with nullcontext() if end else pytest.raises(UnevenError):
        found = located(file, ranges.ranges(file, 3))
        assert [(place, piece.problem) for place, piece in found] == whole


@pytest.mark.parametrize("end", ["", "\n"])
@pytest.mark.parametrize("between", [";", "; 1", " x,"])
def test_what_follows_an_item_is_broken(tmp_path: Path, between: str, end: str) -> None:
    """The rest of the part may be lost, and so the file is cut as a whole."""
    content = json.dumps(log(*ENTRIES)).replace('"_index": 5},', f'"_index": 5}}{between}')
    # Where there is more than one line, all items are counted.
    file = written(tmp_path, content.replace('{"log": ', f'{{"log": {end}'))
    with pytest.raises(UnevenError):
        located(file, ranges.ranges(file, 3))


@pytest.mark.parametrize("end", ["", "\n"])
def test_an_item_that_was_divided(tmp_path: Path, end: str) -> None:
    """It shows by its number of items, or by what is not whole."""
    items = [{"a": 1, "b": [{"a": 2}] * 9, "c": 3}] * 3
    file = written(tmp_path, json.dumps(log(*items)).replace('{"log": ', f'{{"log": {end}'))
    with pytest.raises(UnevenError):
        located(file, ranges.ranges(file, 9))


def test_a_line_that_ends_late(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its items are numbered by nobody, and so the file is cut as a whole."""
    monkeypatch.setattr(detection, "HEAD", 100)
    content = json.dumps(log(*ENTRIES)).replace('"_index": 9', '\n"_index": 9')
    file = written(tmp_path, content)
    with pytest.raises(UnevenError):
        located(file, ranges.ranges(file, 3))
