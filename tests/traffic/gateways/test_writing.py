"""An interaction is written where a log holds its members, and is read there again."""

from __future__ import annotations

from typing import Any

import pytest

from enkash_contract.traffic.gateways.paths import path_of
from enkash_contract.traffic.gateways.profiles import PROFILES
from enkash_contract.traffic.gateways.writing import record

MADE: dict[str, Any] = {
    "request": {
        "method": "POST",
        "url": "https://h.invalid:81/a?b=c",
        "headers": [
            {"name": "Content-Type", "value": "application/json"},
            {"name": "X", "value": "1"},
            {"name": "X", "value": "2"},
        ],
        "body": "{}",
    },
    "response": {"status": 200, "headers": [], "body": "[]"},
    "at": "2026-11-27T10:00:00.000+00:00",
    "seconds": 0.25,
}


@pytest.mark.parametrize("name", PROFILES)
def test_each_profile_reads_what_is_written_for_it(name: str) -> None:
    """Of a record that has nothing to show, each member stands at its first path."""
    mapping = PROFILES[name]
    written = record(mapping.paths, {}, MADE)
    read, _ = mapping.read(written)
    request, response = read["request"], read["response"]
    assert (request["method"], request["url"]) == ("POST", MADE["request"]["url"])
    assert (request["body"], response["body"], response["status"]) == ("{}", "[]", 200)
    assert ["Content-Type", "application/json"] in request["headers"]


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({"to": "/x", "n": 7, "t": 1.5, "h": "acme"}, {"to": "/a?b=c", "n": 2, "t": 1.5}),
        ({"to": "http://x/"}, {"to": MADE["request"]["url"], "t": MADE["at"]}),
        ({"to": "/x", "t": "now (acme)"}, {"to": "/a?b=c", "t": MADE["at"]}),
    ],
)
def test_a_member_is_written_in_the_manner_of_another_record(other: Any, expected: Any) -> None:
    """An address as a path, a size where there was one, and a time as a number."""
    targets = {"request.url": "$.to", "request.size": "$.n", "at": "$.t", "request.host": "$.h"}
    paths = {target: (path_of(path),) for target, path in targets.items()}
    assert record(paths, other, MADE) == {**expected, "h": "h.invalid:81"}


def test_what_was_not_recorded_is_not_written() -> None:
    """Neither a response, nor the time, nor a host."""
    made = {"request": {"method": "GET", "url": "/a", "headers": []}}
    targets = {
        "request.size": "$.n",
        "request.host": "$.h",
        "response.status": "$.s",
        "at": "$.t",
        "request.url": "$.x[1].y[0]",
        "request.method": "$.x[0]",
    }
    paths = {target: (path_of(path),) for target, path in targets.items()}
    assert record(paths, {"n": 7, "t": 7}, made) == {"x": ["GET", {"y": ["/a"]}]}


def test_a_path_that_only_searches_is_no_place() -> None:
    """Nobody knows where it would look."""
    assert record({"request.url": (path_of("$..url"),)}, {}, MADE) is None
