"""The way through pieces of files."""

from __future__ import annotations

import json
from pathlib import Path

from enkash_contract.contract.contract import bundled
from enkash_contract.traffic.check import Check
from enkash_contract.traffic.counting.reduction import PATH
from enkash_contract.traffic.cutting.piece import Piece
from enkash_contract.traffic.judging import Judge
from enkash_contract.traffic.reading.files import RecordingFile
from enkash_contract.traffic.walk import Walk
from tests.support.recorded import entry

OPERATION = bundled().pick()
CHECK = Check(Judge((OPERATION,)))


def test_what_is_only_counted_is_added_in_time() -> None:
    """A file of which something was read is not one that holds nothing."""
    walk = Walk(CHECK)
    file = RecordingFile(Path("x"))
    for number in range(2):
        walk.begin(file)
        walk.add(Piece(f"x:{number}", number, raw=json.dumps(entry()).encode()))
        walk.add(Piece(f"x:{number}", number, problem="is not JSON: it breaks off"))
    walk.flush()

    assert walk.total.result(lenient=True).exit_code == 0
    assert walk.total.recordings.read == 2


def test_amid_a_file_something_was_read_before() -> None:
    """So a part of it that holds nothing does not stand for the whole."""
    walk = Walk(CHECK)
    broken = Piece("x", 0, problem="is no recording")
    walk.begin(RecordingFile(Path("x")), amid=True)
    walk.add(broken)
    assert walk.total.result(lenient=True).unread == ()

    walk = Walk(CHECK)
    walk.begin(RecordingFile(Path("x")))
    walk.add(broken)
    assert walk.total.result(lenient=True).unread != ()


def test_the_address_decides_of_what_cannot_be_read() -> None:
    """Whatever else is broken, an entry of other people costs nobody anything."""
    walk = Walk(CHECK)
    walk.begin(RecordingFile(Path("x")))
    url = f"https://h{OPERATION.path}"
    for address in ("https://h/other", url, "https://[", "", url):
        piece = Piece("x:1", 1, "interactions", problem="is odd")
        piece.address = address
        walk.add(piece)
    result = walk.total.result()

    assert result.unread == ("x:1, 1, 1 is odd",)
    assert dict(result.recordings.left) == {PATH: 2, "unreadable": 3}
