"""Response times as a plot."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.report.html.plot import HEIGHT, Bar, Tick, plot, said

COUNTS = st.dictionaries(st.integers(0, 10**9), st.integers(1, 1000), min_size=1)


@given(COUNTS)
def test_all_is_inside(durations: dict[int, int]) -> None:
    """Bars, marks and ticks stand inside the plot, bars in order, and the tallest is full."""
    known = plot(durations)
    places = [tick.x for tick in (*known.ticks, known.median, known.most)]

    assert [x for x in places if not 0 <= x <= 100] == []
    assert [bar for bar in known.bars if bar.x < 0 or bar.x + bar.width > 100.1] == []
    assert [bar.x for bar in known.bars] == sorted(bar.x for bar in known.bars)
    assert max(bar.height for bar in known.bars) == HEIGHT
    assert (known.ticks[0].x, known.ticks[-1].x) == (0, 100)


def test_a_plot() -> None:
    """Its sentence says what its parts show."""
    known = plot({250: 3, 1500: 1})

    assert (
        known.sentence == "4 responses: half within 250 µs, 95 % within 1.5 ms, all within 1.5 ms"
    )
    assert known.ticks == (Tick(0, "100 µs"), Tick(50, "1 ms"), Tick(100, "10 ms"))
    assert known.bars == (
        Bar(18.75, 6.25, 96, "240 µs to 320 µs: 3 responses"),
        Bar(56.25, 6.25, 32, "1.3 ms to 1.8 ms: 1 response"),
    )
    assert (known.median, known.most) == (Tick(19.9, "half"), Tick(58.8, "95 %"))


def test_durations_are_said_in_their_unit() -> None:
    """Microseconds, milliseconds, seconds."""
    assert [said(each) for each in (0, 999, 1_000, 12_345, 2_000_000)] == [
        "0 µs",
        "999 µs",
        "1 ms",
        "12.3 ms",
        "2 s",
    ]
