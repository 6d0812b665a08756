"""A partner's receiver of webhooks: tolerant, strict, with mistakes, and crashing."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

import enkash_contract as ec
from enkash_contract.sandbox.server import in_background
from tests.support import receivers
from tests.support.receivers import WEBHOOK, receiver
from tests.support.transport import hang
from tests.support.typed_commands import said, typed


def _check(respond: Any, **more: Any) -> ec.Result:
    return ec.check_target(receiver(respond), operation=WEBHOOK, **more)


@pytest.mark.parametrize("robustness", [False, True])
@pytest.mark.parametrize("respond", [receivers.tolerant, receivers.strict])
def test_a_receiver_may_take_or_reject_what_is_invalid(respond: Any, *, robustness: bool) -> None:
    """Nothing published says that it must reject anything."""
    result = _check(respond, robustness=robustness)
    assert (result.exit_code, result.violations) == (0, ())
    assert result.count("inconclusive") == 0


def test_a_crash_counts_for_valid_deliveries_always_and_for_others_on_demand() -> None:
    """What a receiver breaks down on is a violation."""
    assert _check(receivers.careless).violations == ()
    found = _check(receivers.careless, robustness=True).violations
    assert {finding.check for finding in found} == {"not_a_server_error"}
    assert "request#json/empty" in {finding.case for finding in found}


def test_a_valid_delivery_that_is_rejected_is_found() -> None:
    """Here it is one in another script."""
    found = _check(receivers.picky).violations
    assert {finding.check for finding in found} == {"positive_data_acceptance"}
    assert "request/invoiceStatus/supplierRemarks#pattern" in {finding.rule for finding in found}


def test_the_same_delivery_comes_again_and_twice_at_once() -> None:
    """A receiver that cannot bear it is found; one that says it knows the first is not."""
    assert _check(receivers.once()).exit_code == 1
    conflicting = _check(receivers.conflicting())
    assert (conflicting.exit_code, conflicting.violations) == (0, ())
    named = {finding.case for finding in conflicting.assumptions}
    assert {"request#type/delivered-again", "request#type/delivered-twice-at-once"} <= named


def test_two_deliveries_are_under_way_at_once() -> None:
    """The second begins before the first has ended."""
    under_way, most = 0, 0

    async def app(scope: Any, receive: Any, send: Any) -> None:
        nonlocal under_way, most
        if scope["type"] != "http":
            return
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.01)
        under_way -= 1
        await receiver(receivers.tolerant)(scope, receive, send)

    case = "request#type/delivered-twice-at-once"
    ec.check_target(app, operation=WEBHOOK, only=[case], workers=1)
    assert most == 2


def test_a_hang_is_found() -> None:
    """A receiver has to respond in time."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        body = json.loads((await receive())["body"])
        if body["invoiceStatus"]["supplierRemarks"] != "string":
            await hang()
        reading = {"type": "http.response.start", "status": 200, "headers": []}
        await send(reading)
        await send({"type": "http.response.body"})

    only = ["request/invoiceStatus/supplierRemarks#pattern/longest"]
    result = ec.check_target(app, operation=WEBHOOK, only=only)
    assert [finding.check for finding in result.violations] == ["not_a_server_error"]


def test_deliveries_go_to_exactly_that_address() -> None:
    """The command says so too."""
    paths: set[str] = set()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            paths.add(scope["method"] + " " + scope["path"])
            await receiver(receivers.tolerant)(scope, receive, send)

    with in_background(app) as address:
        words = ["check", f"{address}/hooks/", "--operation", WEBHOOK, "--robustness"]
        code, out, _ = said(typed(*words, "--only", "request#json"))
    assert code == 0
    assert paths == {"POST /hooks/"}
    assert "0 violations" in out


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (
            ["--operation", WEBHOOK, "--polarity", "reject"],
            f"{WEBHOOK} is a webhook, whose receivers get invalid deliveries only with "
            "robustness; add it",
        ),
        (
            ["--robustness"],
            "robustness is for receivers of webhooks, and changeInvoiceStatus is none; "
            "leave it out",
        ),
    ],
)
def test_choices_that_contradict_each_other_are_told(words: list[str], problem: str) -> None:
    """In one line."""
    code, _, err = said(typed("check", "http://127.0.0.1:1", *words))
    assert (code, err) == (2, f"error: {problem}\n")
