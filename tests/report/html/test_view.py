"""From a report to what its page shows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from enkash_contract.report.build import build
from enkash_contract.report.document import Body
from enkash_contract.report.html import view as of_view
from enkash_contract.report.html.view import view
from tests.support.pages import found, usual
from tests.support.results import RESULT, about, finding

if TYPE_CHECKING:
    import pytest


def causes(context: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the causes of all severities."""
    return [cause for group in context["groups"] for cause in group["causes"]]


def sample(case: str) -> dict[str, Any]:
    """Return the sample of the only cause of a finding of that case."""
    (cause,) = causes(view(found(case))[0])
    whole: dict[str, Any] = cause["sample"]
    return whole


def payloads(case: str) -> dict[str, list[str]]:
    """Return what is marked in the payloads of that sample."""
    return {
        title: [line.before + f"[{line.mark}]" for line in lines if line.differs]
        for title, lines in sample(case)["payloads"]
    }


def test_twins_stand_side_by_side() -> None:
    """An invalid request is shown beside its nearest valid one, a rejected valid one likewise."""
    assert payloads("request/invoiceStatus/objectVersion/currentVersion#type/numeric-string") == {
        "Valid": ['      "currentVersion": [1]'],
        "Invalid": ['      "currentVersion": ["1"]'],
    }
    assert [*payloads("request/b2bIds/buyerB2BId#pattern/longest")] == [
        "Valid",
        "Valid, but not accepted",
    ]
    assert payloads("request#type/baseline") == {"Valid, but not accepted": []}


def test_other_addresses_are_shown() -> None:
    """The address is the same for both, unless it is what the case is about."""
    assert payloads("request#path/trailing-slash")["Invalid"] == [
        "POST /api/v0/invoice/req-status-change-invoice[/]"
    ]


def test_the_exchange() -> None:
    """What was sent, what came back and when, and no body where none was recorded."""
    exchange = sample("request#type/baseline")["exchange"]
    lost = next(each["sample"] for each in causes(view(usual())[0]) if "fail" in each["sentence"])

    assert exchange["request"] == "POST http://h/api/v0/invoice/req-status-change-invoice"
    assert exchange["sent"][:3] == ["Content-Type: application/json", "", "{"]
    assert (exchange["at"], exchange["took"]) == ("1970-01-01T00:00:03.000+00:00", "250.0 ms")
    assert (exchange["response"], exchange["error"]) == ("200", "")
    assert exchange["received"] == ["", "{", '  "a": 1', "}"]
    assert lost["exchange"]["sent"] == ["", "(the body was not recorded)"]
    assert (lost["exchange"]["response"], lost["exchange"]["error"]) == ("", "timed out")


def test_long_bodies_are_cut() -> None:
    """The first lines of a body are shown, and how much more there is."""
    body = Body("\n".join(map(str, range(60))), 100_000, cut=True)
    shown = of_view._message((), body)

    assert shown[:2] == ["", "0"]
    assert shown[-2:] == ["… 20 more lines", "… of 100,000 bytes"]
    assert of_view._message((), Body("", 0)) == []


def test_what_is_broken_and_fails_nothing_is_apart() -> None:
    """The bar of all rules shows each state, and what is broken and fails no build by itself."""
    broken = finding(rule="request/device#required", pointer="/device")
    context, _ = view(build(replace(RESULT, findings=(broken, *RESULT.findings[:1])), about()))

    assert [part["says"] for part in context["share"]] == [
        "12 held",
        "1 broken",
        "2 broken, failing nothing",
        "72 not exercised",
    ]
    assert round(sum(part["width"] for part in context["share"]), 1) == 100
    assert context["share"][1]["begin"] == context["share"][0]["width"]


def test_rules_say_what_came_of_them() -> None:
    """From each side, in words; and the causes that they have part in."""
    context, _ = view(usual())
    whole = dict(context["operations"][0]["sides"])["Request"]
    (b2b,) = (each for each in whole["members"] if each["name"] == "b2bIds")
    required, _, pattern = b2b["members"][0]["rules"]

    assert [side["says"] for side in pattern["sides"]] == [
        "2 of 2 valid accepted",
        "4 of 6 invalid rejected, 2 masked, 1 inconclusive",
    ]
    assert pattern["sides"][1]["families"] == "pattern/a, pattern/b"
    assert required["severities"] == ["violation"]
    assert whole["rules"][-1]["sides"] == [{"says": "no valid request", "families": ""}]


def test_a_page_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many causes only the first are shown in full, and of many findings some are listed."""
    monkeypatch.setattr(of_view, "FULL", 1)
    monkeypatch.setattr(of_view, "LISTED", 3)
    monkeypatch.setattr(of_view, "ALL_LISTED", 5)
    report = usual()
    context, listed = view(report)

    assert [bool(cause["sample"]) for cause in causes(context)] == [
        number == 0 for number in range(len(report.causes))
    ]
    assert sum(map(len, listed["causes"])) == 5
    assert max(map(len, listed["causes"])) == 3
    assert len(listed["causes"]) == len(report.causes)


def test_many_members_are_counted() -> None:
    """A dozen is named."""
    many = tuple(finding(pointer=f"/a/{number}") for number in range(15))
    (cause,) = causes(view(build(replace(RESULT, findings=many), about()))[0])

    assert (len(cause["members"]), cause["more_members"]) == (12, 3)
