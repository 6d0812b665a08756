"""Items that stand one after the other: they are cut out when somebody asks for them."""

from __future__ import annotations

from enkash_contract.traffic.cutting.piece import Piece
from enkash_contract.traffic.cutting.run import ItemRun, LineRun, Run, pieces_of


def shown(run: Run) -> list[tuple[str, int, str, bytes | None]]:
    """Return what the pieces of a run are."""
    return [(piece.place, piece.line, piece.where, piece.raw) for piece in run.pieces]


def test_items_of_a_list() -> None:
    """Each with its number, and the line on which it begins."""
    run = ItemRun(b'{"a":\n1},\n\n{}, 2', 3, "b", "x:b[", 7, 2)
    assert shown(run) == [
        ("x:b[7]", 3, "b", b'{"a":\n1}'),
        ("x:b[8]", 6, "b", b"{}"),
        ("x:b[9]", 8, "b", b"2"),
    ]
    assert (run.number, run.is_lines) == (3, False)


def test_what_is_no_list_has_no_items() -> None:
    """Each of them is looked for by itself then."""
    for text in (b'{"a": }', b"1], [2", b'"\\ud800"', b"[" * 100_000):
        run = ItemRun(text, 1, "b", "x:b[", 0, 0)
        assert (run.pieces, run.number) == ([], 0)


def test_lines() -> None:
    """Those that are blank stand for nothing, but are counted."""
    run = LineRun(b"{}\r\n\n \x1e[1]\n2", 5, "x:")
    assert shown(run) == [("x:5", 5, "", b"{}"), ("x:7", 7, "", b"[1]"), ("x:8", 8, "", b"2")]
    assert (run.number, run.height, run.is_lines) == (3, 4, True)


def test_whoever_reads_all_knows_the_number() -> None:
    """Nothing is cut then."""
    lines, items = LineRun(b"?\n?", 1, "x:"), ItemRun(b"?, ?", 1, "b", "x:b[", 0, 0)
    for run in (lines, items):
        run.counts(2)
        assert run.number == 2
    assert lines.height == 2


def test_pieces_hold_what_is_attached() -> None:
    """As if they had been cut out at once."""
    run = LineRun(b"1\n2", 1, "x:")
    run.attached = lambda name: name.encode()
    alone = Piece("y", 1)
    assert [*pieces_of([run, alone])] == [*run.pieces, alone]
    assert [piece.attached and piece.attached("z") for piece in run.pieces] == [b"z", b"z"]
    assert (run.size, alone.size, alone.number, Piece("y", 1, raw=b"12").size) == (3, 0, 1, 2)
