"""The window of time: how people write it, and what is outside."""

from __future__ import annotations

import datetime as dt

import pytest

from enkash_contract import clock
from enkash_contract.errors import UsageError
from enkash_contract.traffic.window import EARLY, LATE, Moment, Window, window

NOW = 1_800_000_000.0


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def local(*parts: int) -> float:
    """Return a time here."""
    year, month, day, hour = (*parts, 0)[:4]
    return dt.datetime(year, month, day, hour).timestamp()  # noqa: DTZ001 - it is here


@pytest.mark.parametrize(
    ("moment", "since", "until"),
    [
        ("2026-03-31", local(2026, 3, 31), local(2026, 4, 1)),
        (dt.date(2026, 3, 31), local(2026, 3, 31), local(2026, 4, 1)),
        (" 2026-03-31T14:00 ", local(2026, 3, 31, 14), local(2026, 3, 31, 14)),
        ("2026-03-31T14:00:00Z", 1_774_965_600.0, 1_774_965_600.0),
        ("2026-03-31 19:30+05:30", 1_774_965_600.0, 1_774_965_600.0),
        (dt.datetime(2026, 3, 31, 14, tzinfo=dt.UTC), 1_774_965_600.0, 1_774_965_600.0),
        ("90s", NOW - 90, NOW - 90),
        ("30m", NOW - 1_800, NOW - 1_800),
        ("24h", NOW - 86_400, NOW - 86_400),
        ("7d", NOW - 604_800, NOW - 604_800),
        ("2w", NOW - 1_209_600, NOW - 1_209_600),
        (dt.timedelta(hours=1), NOW - 3_600, NOW - 3_600),
    ],
)
def test_moments(moment: Moment, since: float, until: float) -> None:
    """A day at the end belongs to the window; without an offset it is the time here."""
    assert window(since=moment) == Window(since, None)
    assert window(until=moment) == Window(None, until)


@pytest.mark.parametrize("moment", ["", "yesterday", "24", "2026-02-30", "9" * 10 + "w"])
def test_what_is_no_time(moment: str) -> None:
    """The error says how a time is written."""
    with pytest.raises(UsageError) as raised:
        window(until=moment)

    assert str(raised.value) == (
        f"--until {moment!r} is no time; write a day (2026-03-31), a time (2026-03-31T14:00:00Z) "
        "or how long ago it was (90m, 24h, 7d)"
    )


def test_a_window_that_holds_nothing() -> None:
    """It would leave everything alone, and look as if nothing was recorded."""
    with pytest.raises(UsageError) as raised:
        window("24h", "48h")

    assert str(raised.value) == "--since 24h is not before --until 48h; nothing is between them"


def test_what_is_outside() -> None:
    """Its end does not belong to it."""
    whole = Window(10, 20)

    assert [whole.outside(at) for at in (9.9, 10, 19.9, 20)] == [EARLY, "", "", LATE]
    assert [Window().outside(0), bool(Window()), bool(whole), bool(Window(0))] == [
        "",
        False,
        True,
        True,
    ]
