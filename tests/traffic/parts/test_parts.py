"""Parts of files: together they hold what the file holds."""

from __future__ import annotations

import json
import os
import pickle
from typing import TYPE_CHECKING

import pytest

from enkash_contract.traffic import detection
from enkash_contract.traffic.counting.numbering import below
from enkash_contract.traffic.cutting.run import pieces_of
from enkash_contract.traffic.parts import parts
from enkash_contract.traffic.parts.parts import Part, divided
from enkash_contract.traffic.reading.files import RecordingFile
from enkash_contract.traffic.reading.stream import GrownError, UnreadableError
from tests.support.recorded import entry, log, written

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.traffic.cutting.piece import Piece

ENTRIES = [entry(comment=str(number)) for number in range(9)]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Divide small files too."""
    monkeypatch.setattr(parts, "SIZE", 2000)


def read(found: list[Part]) -> list[tuple[str, bytes | None, str]]:
    """Return what stands in parts."""
    shown, ended = [], [0]
    for part in found:
        before = sum(ended)
        shown += [_shown(piece, before) for piece in pieces_of(part.runs(ended=ended.append))]
    return shown


def _shown(piece: Piece, before: int = 0) -> tuple[str, bytes | None, str]:
    name = piece.place.partition(":")[0]
    return below(name, before, piece.place), piece.raw, piece.problem


@pytest.mark.parametrize("lines", [True, False])
def test_a_large_file_is_divided(tmp_path: Path, lines: bool) -> None:  # noqa: FBT001 - a kind
    """Each part can be sent to another process, and knows the files beside the recording."""
    content = "\n".join(map(json.dumps, ENTRIES)) if lines else json.dumps(log(*ENTRIES))
    file = written(tmp_path, content)
    written(tmp_path, b"{}", "body.json")
    found = [*divided(0, RecordingFile(file), parts.SIZE)]

    assert len(found) > 2
    assert [part.is_first for part in found] == [True, *[False] * (len(found) - 1)]
    sent = pickle.loads(pickle.dumps(found))  # noqa: S301 - written in the same line
    assert read(sent) == [*map(_shown, detection.pieces(file))]
    attached = next(found[0].runs()).attached
    assert attached is not None
    assert attached("body.json") == b"{}"


@pytest.mark.parametrize("content", ["", "{", log(entry()), "interactions: []\n" + "#\n" * 2000])
def test_any_other_file_is_one_part(tmp_path: Path, content: object) -> None:
    """Small ones, those of other formats, and those that cannot be read."""
    file = written(tmp_path, content)
    (part,) = divided(7, RecordingFile(file), parts.SIZE)

    assert (part.number, part.range, part.is_first) == (7, None, False)
    assert read([part]) == [*map(_shown, detection.pieces(file))]


def test_a_file_that_changes_is_told_of(tmp_path: Path) -> None:
    """As one that is not divided, at its end."""
    file = written(tmp_path, "\n".join(map(json.dumps, ENTRIES)))
    found = [*divided(0, RecordingFile(file), parts.SIZE)]
    with file.open("a") as more:
        more.write("\n{}")
    with pytest.raises(GrownError) as grown:
        [*found[-1].runs()]
    assert str(grown.value) == "has grown while it was read; judge it again to see the rest"

    found = [*divided(0, RecordingFile(file), parts.SIZE)]
    os.utime(file, (1, 1))
    with pytest.raises(UnreadableError) as changed:
        [*found[-1].runs()]
    assert str(changed.value) == "changed while it was read; judge it again when it is complete"


def test_parts_of_large_recordings_are_larger(monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as they are read in a moment."""
    monkeypatch.undo()
    sizes = [1000, 1 << 30, 10 << 30, 1 << 40]
    assert [parts.length(size) >> 20 for size in sizes] == [4, 16, 128, 128]
