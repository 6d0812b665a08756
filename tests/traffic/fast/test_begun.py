"""When an entry in JSON began, as far as that is certain from the entry alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.traffic import check_traffic
from enkash_contract.traffic.fast import fast
from enkash_contract.traffic.fast.begun import begun
from tests.support.recorded import entry, log, written

if TYPE_CHECKING:
    from pathlib import Path

NOON = "2026-03-31T12:00:00Z"
AT = 1_774_958_400.0


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [
        ({"startedDateTime": NOON}, AT),
        ({"at": NOON}, AT),
        ({"at": AT}, AT),
        ({"at": NOON, "startedDateTime": NOON}, None),
        ({"startedDateTime": "noon"}, None),
        ({"startedDateTime": None}, None),
        ({}, None),
        ([], None),
    ],
)
def test_times(recorded: Any, expected: float | None) -> None:
    """Where two formats would read it in two ways, nothing is certain."""
    assert begun(json.dumps(recorded).encode(), "") == expected


def test_only_har_lists_entries() -> None:
    """So a list has no interactions of our own."""
    assert begun(b'{"at": 7}', "") == 7
    assert begun(b'{"at": 7}', "log.entries") is None


TIMES = st.sampled_from([None, NOON, "2026-03-30T12:00:00Z", "2026-04-02T12:00:00Z", "noon"])
ENTRIES = st.builds(
    lambda at, request, response: {**entry(request, response), "startedDateTime": at},
    TIMES,
    st.sampled_from(
        [{}, {"url": "https://other.example/"}, {"url": 7}, {"postData": {"text": ""}}]
    ),
    st.sampled_from([{}, {"status": 500}]),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for recordings."""
    return tmp_path_factory.mktemp("begun")


@given(st.lists(ENTRIES, max_size=6), st.sampled_from(["log.har", "lines.ndjson"]))
def test_the_quick_way_leaves_the_same_alone(folder: Path, entries: list[Any], name: str) -> None:
    """As if each entry had been built and looked at."""
    lines = "\n".join(map(json.dumps, entries))
    file = written(folder, log(*entries) if name.endswith("har") else lines, name)
    window: Any = {"since": "2026-03-31T00:00Z", "until": "2026-04-01T00:00Z"}
    quick = check_traffic(file, **window)
    with pytest.MonkeyPatch.context() as patch:
        for method in ("adds", "leaves"):
            patch.setattr(fast.Fast, method, lambda *_: False)
        slow = check_traffic(file, **window)

    assert quick.recordings == slow.recordings
    assert (quick.verdicts, quick.unread, {*quick.notes}) == (
        slow.verdicts,
        slow.unread,
        {*slow.notes},
    )
    assert quick.tallies == slow.tallies
