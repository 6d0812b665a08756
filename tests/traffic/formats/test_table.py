"""The table of the formats is complete, and says of a value which format reads it."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

from enkash_contract.traffic.formats import table
from enkash_contract.traffic.formats.format import Format
from enkash_contract.traffic.formats.table import FORMATS
from tests.support.paths import ROOT
from tests.support.recorded import URL, entry, interaction


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
OURS = {
    "request": {"method": "POST", "url": URL, "body": "{}"},
    "response": {"status": 200, "body": "{}"},
}
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


@pytest.mark.parametrize("value", [7, None, [], {}, {"request": 7}, "request", {"request": []}])
def test_other_values_are_in_no_format(value: Any) -> None:
    """Neither has any an address."""
    assert table.alone(value) is None
    assert [one.url_of(value) for one in FORMATS.values()] == [None] * len(FORMATS)


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
