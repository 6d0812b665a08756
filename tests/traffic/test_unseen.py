"""Parts of an interaction that nobody has seen: they break no rule, and a note names them."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract.contract.contract import bundled
from enkash_contract.traffic.entries.entry import Entry
from enkash_contract.traffic.judging import judge
from enkash_contract.traffic.unseen import (
    HEADERS,
    METHOD,
    RESPONSE_HEADERS,
    completed,
    with_hidden,
)
from enkash_contract.wire.message import Interaction, Request, Response

if TYPE_CHECKING:
    from enkash_contract.judging.result import Result

CONTRACT = bundled()
LABEL = (("Content-Type", "application/json"),)


def note(side: str, pointer: str) -> str:
    """Return what is said of a hidden member."""
    hidden = f"1 {side} member was replaced by a mark of the recorder at {pointer}"
    return f"{hidden}: record bodies as they were sent; at a.har:1"


def example(name: str, side: str = "request", **members: Any) -> Any:
    """Return an example with other values at pointers; None removes a member."""
    payload: Any = copy.deepcopy(CONTRACT[name].sides[side].example)
    for pointer, value in members.items():
        *outer, last = pointer.split("__")
        owner = payload
        for token in outer:
            owner = owner[token]
        owner[last] = value
        if value is None:
            del owner[last]
    return payload


def judged(name: str, sent: Any, received: Any, headers: Any = LABEL) -> Result:
    """Judge an interaction with these payloads."""
    url = f"https://api.example{CONTRACT[name].path}"
    request = Request("POST", url, headers, json.dumps(sent).encode())
    response = Response(200, headers, json.dumps(received).encode())
    result = judge(Entry("a.har:1", Interaction(request, response)), [CONTRACT[name]])
    assert result is not None
    return result


def told(result: Result) -> tuple[dict[str, int], list[tuple[str, str]], tuple[str, ...]]:
    """Return what a result comes to, without what is only assumed."""
    findings = [(f.check, f.pointer) for f in result.findings if f.severity == "violation"]
    return {k: v for k, v in result.verdicts.items() if v}, findings, result.notes


NAME = "changeInvoiceStatus"
CHECK = "request_schema_conformance"
ACCEPTED = "negative_data_rejection"


@pytest.mark.parametrize("mark", ["[REDACTED]", "***", "<OBJECT_ID>", "INV****cdef"])
def test_a_masked_member_breaks_no_rule(mark: str) -> None:
    """Neither by its pattern nor by its type; what one has broken is found all the same."""
    reply = example(NAME, "response.200")
    members: Any = {
        "invoiceStatus__objectId": mark,
        "invoiceStatus__objectVersion__newVersion": mark,
    }

    pointers = ("/invoiceStatus/objectId", "/invoiceStatus/objectVersion/newVersion")
    notes = tuple(note("request", pointer) for pointer in pointers)
    assert told(judged(NAME, example(NAME, **members), reply)) == ({"inconclusive": 1}, [], notes)

    broken = example(NAME, **members, b2bIds__buyerB2BId=None)
    buyer = "/b2bIds/buyerB2BId"
    assert told(judged(NAME, broken, reply))[:2] == (
        {"violation": 1},
        [(CHECK, buyer), (ACCEPTED, buyer)],
    )


def test_a_masked_member_that_breaks_no_rule_stays() -> None:
    """There is nothing to be said of it."""
    reply = example(NAME, "response.200", payload="***")
    sent = example(NAME, b2bIds__buyerB2BId="REDACTED")
    assert told(judged(NAME, sent, reply)) == ({"held": 1}, [], ())


def test_a_masked_member_of_a_response_breaks_no_rule() -> None:
    """Nobody knows what came of the request then; another member is judged."""
    reply = example(NAME, "response.200", response_code="[REDACTED]")
    notes = (note("response", "/response_code"),)
    assert told(judged(NAME, example(NAME), reply)) == ({"inconclusive": 1}, [], notes)

    reply["response_message"] = 7
    checked = ("response_schema_conformance", "/response_message")
    assert told(judged(NAME, example(NAME), reply)) == ({"violation": 1}, [checked], notes)


def test_a_masked_label_breaks_no_rule() -> None:
    """Neither that of the request nor that of the response."""
    reply = example(NAME, "response.200")
    result = judged(NAME, example(NAME), reply, (("content-type", "REDACTED"), ("A", "b")))
    remedy = "replaced by a mark of the recorder: record labels as they were sent; at a.har:1"
    notes = (f"1 request label was {remedy}", f"1 response label was {remedy}")
    assert told(result) == ({"held": 1}, [], notes)


def test_nothing_is_without_a_method_and_headers() -> None:
    """They were not recorded; a status that no page describes needs no label."""
    operation = CONTRACT[NAME]
    known = Interaction(Request("POST", "/", LABEL, b"{}"), Response(200, LABEL, b"{}"))
    bare = Interaction(Request("", "/", (), b"{}"), Response(200, (), b"{}"))
    assert completed(bare, operation) == (known, [METHOD, HEADERS, RESPONSE_HEADERS])
    assert completed(known, operation) == (known, [])

    odd = replace(known, response=Response(500))
    assert completed(odd, operation) == (odd, [])
    assert completed(replace(known, response=None), operation)[1] == []


def test_webhooks_are_judged_so_too() -> None:
    """And every other operation."""
    name = "paymentConfirmationResponse"
    notes = (note("request", "/b2bIds"),)
    assert told(judged(name, example(name, b2bIds="***"), {})) == ({"inconclusive": 1}, [], notes)


def test_the_items_of_a_list_are_one_member() -> None:
    """A scrubber has hidden them all."""
    name = "paymentConfirmationResponse"
    sent = example(name, paymentConfirmation__invoiceInfos=["***", "***"])
    notes = (note("request", "/paymentConfirmation/invoiceInfos/*"),)
    assert told(judged(name, sent, {})) == ({"inconclusive": 1}, [], notes)


@pytest.mark.parametrize("body", [None, b"", b"{", b"[" * 100_000])
def test_what_is_no_json_holds_no_mark(body: bytes | None) -> None:
    """However deep it is."""
    interaction = Interaction(Request("POST", "/", (), body), None)
    assert with_hidden(interaction, []) == (interaction, [])
