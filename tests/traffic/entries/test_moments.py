"""The time of an exchange is known however a recorder writes it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.traffic.entries.moments import duration, seconds_since_epoch

AT = 1_795_773_600.0


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-27T10:00:00Z",
        "2026-11-27T15:30:00.000+05:30",
        "2026-11-27T10:00:00",
        "Fri, 27 Nov 2026 10:00:00 GMT",
        "27/Nov/2026:15:30:00 +0530",
        datetime(2026, 11, 27, 10, tzinfo=UTC),
        AT,
        int(AT),
        str(int(AT)),
        AT * 1000,
        int(AT) * 10**6,
        str(int(AT) * 10**9),
        f"{int(AT)}.000",
    ],
)
def test_a_time_in_all_ways_of_writing(value: Any) -> None:
    """Numbers count from the epoch, in any unit down to nanoseconds; UTC is assumed."""
    assert seconds_since_epoch(value) == AT


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        "",
        "soon",
        [],
        -1,
        10**30,
        10**400,
        float("nan"),
        "9" * 20,
        "27/Nov",
        "0001-01-01",
    ],
)
def test_what_is_no_time(value: Any) -> None:
    """Nothing is made up."""
    found = seconds_since_epoch(value)
    assert found is None or (value == "0001-01-01" and found < 0)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [(1500, 1.5), (0, 0), (-1, None), (10**12, None), (10**400, None), (True, None), ("1", None)],
)
def test_durations(value: Any, seconds: float | None) -> None:
    """What no exchange takes is none."""
    assert duration(value, 1000) == seconds
    assert duration(float("nan")) is None
    assert duration(2) == 2


def test_a_time_that_no_clock_has() -> None:
    """A zone may carry it out of all years."""
    assert seconds_since_epoch(datetime.max.replace(tzinfo=UTC)) is not None
    assert seconds_since_epoch("0001-01-01T00:00:00+14:00") is not None


@given(st.text() | st.floats() | st.integers())
def test_anything_is_a_time_or_none(value: Any) -> None:
    """Nothing is raised."""
    found = seconds_since_epoch(value)
    assert found is None or isinstance(found, float)
