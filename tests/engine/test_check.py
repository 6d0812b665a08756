"""The keywords of a check: bases, pins, choices and headers, told before anything is sent."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest

import enkash_contract as ec
from enkash_contract.errors import UsageError
from tests.support.implementations import wsgi_app

if TYPE_CHECKING:
    from collections.abc import Iterable


def test_a_base_that_is_wrong_is_not_vouched_for(payload: Any) -> None:
    """A base payload that breaks a rule is an error, with the rule and what to do."""
    payload["b2bIds"]["buyerB2BId"] = "\\"
    with pytest.raises(UsageError) as caught:
        ec.check_target(base=payload)
    message = str(caught.value)
    assert message.startswith("the base payload itself breaks the contract: /b2bIds/buyerB2BId ")
    assert message.endswith("Mend it, or say in an overlay what you know better")


def test_a_base_that_breaks_an_assumption_is_vouched_for(payload: Any) -> None:
    """What the user knows beats what we assume; the assumed rule is then not held by anything."""
    payload["invoiceStatus"]["objectVersion"]["newVersion"] = 0
    result = ec.check_target(base=payload)
    rule = "request/invoiceStatus/objectVersion/newVersion#minimum"
    assert result.exit_code == 0
    assert (rule, "accept") not in result.tallies or result.tallies[rule, "accept"].exercised < 2


def _pinned(body: bytes) -> bool:
    try:
        return bool(json.loads(body)["b2bIds"]["buyerB2BId"] == "KNOWN-BUYER")
    except (ValueError, LookupError, TypeError, RecursionError):
        return True


def test_pins_hold_through_every_case() -> None:
    """A server that knows one buyer is checked with that buyer in every request."""
    unknown: list[bytes] = []

    def app(environ: Any, start_response: Any) -> Iterable[bytes]:
        body = environ["wsgi.input"].read()
        if not _pinned(body):
            unknown.append(body)
        environ["wsgi.input"] = io.BytesIO(body)
        return wsgi_app.app(environ, start_response)

    skip = ["request/b2bIds/buyerB2BId#*", "request/b2bIds#type"]
    result = ec.check_target(app, pins={"/b2bIds/buyerB2BId": "KNOWN-BUYER"}, skip=skip)
    assert result.exit_code == 0
    assert unknown == []


@pytest.mark.parametrize("where", ["/nowhere/at/all", "b2bIds", "/b2bIds/buyerB2BId/deeper"])
def test_a_pin_that_points_at_nothing_is_an_error(where: str) -> None:
    """A mistyped pointer is named, with one written right."""
    with pytest.raises(UsageError) as caught:
        ec.check_target(pins={where: "x"})
    assert str(caught.value) == (
        f"the pin {where!r} points at nothing in the payload; "
        "write it as a JSON Pointer, e.g. /b2bIds/buyerB2BId"
    )


def test_nothing_left_to_send_is_a_mistake() -> None:
    """A run of the baseline alone, by a slip in --skip, is no success."""
    with pytest.raises(UsageError, match="^nothing is left to send: "):
        ec.check_target(skip=["*"])
    with pytest.raises(UsageError, match="^nothing is left to send: "):
        ec.check_target(only=["request#json"], skip=["request#json"])
    assert ec.check_target(only=["request#type/baseline"]).total == 1


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({"Content-Type": "x"}, "the header Content-Type cannot be given: it is what the cases"),
        ({"a b": "x"}, "the header 'a b' or its value is not what HTTP can carry"),
        ({"a": "é"}, "the header 'a' or its value is not what HTTP can carry"),
    ],
)
def test_headers_that_cannot_be_sent_are_refused(headers: dict[str, str], message: str) -> None:
    """What the cases vary, and what HTTP cannot carry, is told before anything is sent."""
    with pytest.raises(UsageError) as caught:
        ec.check_target(headers=headers)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("timeout", [0, -1, float("nan"), float("inf")])
def test_a_wait_without_end_is_refused(timeout: float) -> None:
    """A time-out is a number of seconds."""
    with pytest.raises(UsageError, match="give a number of seconds above 0$"):
        ec.check_target(timeout=timeout)


def test_values_that_a_partner_confirmed_are_tried(tmp_path: Any) -> None:
    """An enum from an overlay is known good: every value of it is an accept case."""
    overlay = tmp_path / "partner.yaml"
    overlay.write_text(
        "overlay: 1.0.0\n"
        "info: {title: mine, version: 1.0.0}\n"
        "actions:\n"
        "  - target: $.components.schemas.Status\n"
        "    update: {enum: [CREATED, PAID], x-evidence: {enum: confirmed}}\n"
    )
    made = ec.cases(contract=ec.load(overlay))
    accepted = [case for case in made if case.family == "enum/value-2"]
    assert [
        json.loads(case.wire.body)["invoiceStatus"]["statusTransition"] for case in accepted
    ] == [
        {"currentStatus": "PAID", "newStatus": "CREATED"},
        {"currentStatus": "CREATED", "newStatus": "PAID"},
    ]
