"""The table of the formats is complete, and says of a value which format reads it."""

from __future__ import annotations

import importlib
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.traffic.formats import table
from enkash_contract.traffic.formats.format import Format
from enkash_contract.traffic.formats.table import FORMATS
from enkash_contract.traffic.gateways.profiles import PROFILES, mapped
from tests.support.paths import ROOT
from tests.support.recorded import URL, anything, damaged, entry, interaction


def test_the_table_is_complete() -> None:
    """Each module that has a format is in the table, under its name."""
    names = [file.stem for file in (ROOT / "enkash_contract/traffic/formats").glob("*.py")]
    modules = [importlib.import_module(f"enkash_contract.traffic.formats.{one}") for one in names]
    found = [one.FORMAT for one in modules if isinstance(getattr(one, "FORMAT", None), Format)]

    assert sorted(one.name for one in found) == sorted(FORMATS)
    assert all(FORMATS[one.name] is one for one in found)


def test_places_are_named_once() -> None:
    """However many formats share one."""
    assert table.lists([FORMATS["har"], FORMATS["har"]]) == ("log.entries", "")
    assert {"log.entries", "interactions", "http_interactions", ""} <= set(table.lists())


BETAMAX = {**interaction({}, {"url": URL}), "recorded_at": "2026-11-27T10:00:00"}
RUBY = {**interaction(), "recorded_at": "Fri, 27 Nov 2026 10:00:00 GMT"}
OURS: dict[str, dict[str, Any]] = {
    "request": {"method": "POST", "url": URL, "body": "{}"},
    "response": {"status": 200, "body": "{}"},
}


def ours(request: Any = None) -> Any:
    """Return an interaction in our shape, some members of its request changed."""
    return {
        "request": OURS["request"] | {"headers": {}, "size": 2} | (request or {}),
        "response": OURS["response"] | {"headers": {}},
    }


KONG = {"request": {"uri": "/a", "url": URL}, "response": {"status": 200}, "latencies": {}}
EXECUTION = {"request": {"method": "POST", "url": {"raw": URL}, "header": []}, "response": {}}

EXCHANGES: list[tuple[Any, str]] = [
    (entry(), "har"),
    (interaction(), "vcrpy"),
    (BETAMAX, "betamax"),
    (RUBY, "ruby-vcr"),
    ({**RUBY, "checks": []}, "schemathesis"),
    ({**OURS, "response": {"code": 200, "body": ""}}, "go-vcr"),
    (EXECUTION, "newman"),
    ({**OURS, "response": {"status": {"code": "200"}, "body": ""}}, "php-vcr"),
    (OURS, "interaction"),
    ({**OURS, "response": None}, "interaction"),
    ({**OURS, "response": 7}, "php-vcr"),
    ({"request": {"url": URL}, "response": None}, "har"),
]


@pytest.mark.parametrize(("exchange", "name"), EXCHANGES)
def test_an_interaction_by_itself(exchange: Any, name: str) -> None:
    """Its format is known by its members, and its address is read without the rest."""
    known = table.alone(exchange)

    assert known is FORMATS[name]
    assert known.url_of(exchange) == URL
    assert table.alone(exchange, []) is None


@pytest.mark.parametrize(
    "value",
    [7, None, [], {}, {"request": 7}, "request", {"request": []}, KONG, {"request": "GET /"}],
)
def test_other_values_are_in_no_format(value: Any) -> None:
    """A line of a log is read when its gateway is named."""
    assert table.alone(value) is None
    assert {one.url_of(value) for one in FORMATS.values()} <= {None, URL, "/a"}


def test_a_value_that_holds_interactions() -> None:
    """A line of events may hold some, or none."""
    known = table.within({"ScenarioFinished": {"recorder": {"interactions": {"a": entry()}}}})

    assert known is not None
    assert known[0] is FORMATS["schemathesis"]
    assert [*known[1]] == [("ScenarioFinished.recorder.interactions.a", entry())]
    assert table.within(entry()) is None
    assert table.within({"Initialize": {}}, [FORMATS["har"]]) is None


def test_an_interaction_in_a_list() -> None:
    """The first format of a list takes what no format knows by itself."""
    assert table.listed(7, "log.entries") is FORMATS["har"]
    assert table.listed(entry(), "") is FORMATS["har"]
    assert table.listed(interaction(), "") is FORMATS["vcrpy"]
    assert table.listed(7, "interactions") is FORMATS["vcrpy"]
    assert table.listed(7, "http_interactions") is FORMATS["ruby-vcr"]


def test_the_table_in_the_documentation_is_complete() -> None:
    """It names each format, and who wrote the recording that its tests read."""
    text = (ROOT / "docs" / "recordings.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^\| `([a-z-]+)` \|", text, re.MULTILINE)) == sorted(FORMATS)


ANYTHING = anything(
    "request response method url uri headers status code content postData text encoding base64 "
    "body string base64_string $base64 stream type Buffer data header key value host path query "
    "raw mode bodySize size comment recorded_at timestamp checks elapsed ScenarioFinished recorder "
    "interactions attributes stringValue arrayValue values resourceLogs scopeLogs logRecords "
    "events message event isBase64Encoded url.path http.request.header. http://h/ /a POST",
    st.floats(),
    st.binary(max_size=3),
    st.integers(10**3, 10**400),
)
EVERY = [*FORMATS.values(), *(mapped(profile) for profile in PROFILES)]


@given(
    damaged(entry, ANYTHING) | damaged(interaction, ANYTHING) | damaged(ours, ANYTHING) | ANYTHING
)
def test_no_value_breaks_a_reader(value: Any) -> None:
    """Whatever stands in a file, each reader makes one entry of it, and each address is a text."""
    for known in EVERY:
        assert known.entry(value, "x").source == "x"
        assert isinstance(known.url_of(value) or "", str)
        assert isinstance(known.alone(value), bool)
        for place, recorded in (known.within(value) if known.within else None) or ():
            assert known.entry(recorded, place).source == place


def test_no_depth_breaks_a_reader() -> None:
    """A value may be nested deeper than the stack is."""
    deep: Any = URL
    for _ in range(3_000):
        deep = {"request": deep, "body": [deep]} if isinstance(deep, list) else [deep]
    for known in EVERY:
        for value in (deep, {"request": deep, "response": deep}, ours({"body": deep})):
            assert known.entry(value, "x").source == "x"
