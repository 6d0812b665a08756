"""Lines of JSON: each a piece, however long the file is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.traffic.cutting import ndjson
from enkash_contract.traffic.cutting.run import BLANK, pieces_of
from enkash_contract.traffic.cutting.window import TOO_LONG
from tests.support.streams import Trickle


@given(st.lists(st.binary(max_size=9), max_size=9), st.integers(1, 30))
def test_lines_are_pieces(lines: list[bytes], step: int) -> None:
    """Each by its number, without what is blank, wherever the stream is divided."""
    lines = [line.replace(b"\n", b"") for line in lines]
    found = pieces_of(ndjson.runs(Trickle(b"\n".join(lines), step).read, "a.ndjson"))
    expected = [
        (f"a.ndjson:{number}", number, line.strip(BLANK))
        for number, line in enumerate(lines, 1)
        if line.strip(BLANK)
    ]
    assert [(piece.place, piece.line, piece.raw) for piece in found] == expected


@given(st.lists(st.binary(max_size=9), max_size=9), st.integers(1, 30))
def test_the_lines_that_end_are_told(lines: list[bytes], step: int) -> None:
    """Also those that are blank, and but for the last; no run is longer than a step."""
    ended: list[int] = []
    text = b"\n".join(lines)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ndjson, "STEP", 8)
        found = [*ndjson.numbered(Trickle(text, step).read, "a:", ended.append)]
    assert sum(ended) == text.count(b"\n")
    assert b"\n".join(lines).strip(BLANK) == b"" or found


@pytest.mark.parametrize("end", [b"", b"\n", b"\n{}"])
def test_a_line_that_is_too_long(end: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is one that cannot be read, and the others are read."""
    monkeypatch.setattr(ndjson, "LIMIT", 20)
    text = b"{}\n" + b"x" * 50 + end
    found = [
        (piece.line, piece.raw, piece.problem)
        for piece in pieces_of(ndjson.runs(Trickle(text, 8).read, "a.ndjson"))
    ]
    rest = [(3, b"{}", "")] if end.endswith(b"}") else []
    assert found == [(1, b"{}", ""), (2, None, TOO_LONG), *rest]
