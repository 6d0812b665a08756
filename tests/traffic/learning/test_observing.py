"""What one interaction shows that no page describes."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import Any

from enkash_contract.contract.contract import bundled
from enkash_contract.traffic.learning import observing
from enkash_contract.traffic.learning.learned import Learned, Spot
from enkash_contract.traffic.learning.observing import observe, type_of
from enkash_contract.wire.message import Interaction, Request, Response

OPERATION = bundled().pick()
PAYMENT = bundled()["payInvoice"]
CHANGED_ORDER = bundled()["statusChangePurchaseOrderResponse"]


def learned(sent: bytes | None, *received: Response, operation: Any = OPERATION) -> Any:
    """Return what is learned of one interaction: by pointer and kind of fact; what was left."""
    total = Learned()
    response = received[0] if received else None
    request = Request("POST", f"https://api.example{operation.path}", (), sent)
    observe(total, operation, Interaction(request, response))
    found = {
        (spot.side, spot.pointer, spot.what): [kind for kind, _ in kinds.most()]
        for spot, kinds in total.spots.items()
    }
    return found, dict(total.left)


def changed(**members: Any) -> bytes:
    """Return the example with members of its invoice changed."""
    payload: Any = copy.deepcopy(OPERATION.request.example)
    payload["invoiceStatus"] |= members
    return json.dumps(payload).encode()


def test_a_documented_request_shows_its_codes() -> None:
    """And nothing of anybody."""
    found, left = learned(changed())
    assert left == {}
    assert found == {
        ("request", "/device/tag/name", "value"): [("GEOCODE",)],
        ("request", "/invoiceStatus/objectVersion", "step"): [(0,)],
        ("request", "/invoiceStatus/supplierAction", "value"): [("CANCEL",)],
        ("request", "/invoiceStatus/statusTransition/currentStatus", "value"): [("CREATED",)],
        ("request", "/invoiceStatus/statusTransition/newStatus", "value"): [("CREATED",)],
        ("request", "/invoiceStatus/statusTransition", "transition"): [("CREATED", "CREATED")],
    }


def test_what_may_be_somebody_s_is_only_counted() -> None:
    """Names, values, steps, codes and messages alike."""
    body = json.dumps({"response_code": 9_876_543_210, "payload": "17 no", "token_msg": "OPEN"})
    found, left = learned(
        changed(
            Ramesh=1,
            supplierAction="ramesh",
            objectVersion={"currentVersion": 1, "newVersion": 98_765},
            statusTransition={"currentStatus": 7, "newStatus": "PAID"},
        ),
        Response(400, (), body.encode()),
    )
    assert left == {
        observing.NAMES: 1,
        observing.VALUES: 2,
        observing.STEPS: 1,
        observing.CODES: 1,
        observing.MESSAGES: 1,
    }
    assert found["response.400", "", "code"] == [("(left out)",)]
    assert ("request", "/invoiceStatus/objectVersion", "step") not in found
    assert ("request", "/invoiceStatus/statusTransition", "transition") not in found


def test_a_mark_of_a_recorder_is_no_code() -> None:
    """Nobody has sent it."""
    found, left = learned(changed(supplierAction="REDACTED"))

    assert ("request", "/invoiceStatus/supplierAction", "value") not in found
    assert left == {"values of open lists": 1}


def test_members_are_learned_with_their_types() -> None:
    """Of both sides."""
    body = json.dumps({"response_code": 0, "payload": {"reference": 1}, "trace": None})
    found, _ = learned(
        changed(channel="x", objectVersion={"currentVersion": "1"}),
        Response(200, (), body.encode()),
    )
    assert found["request", "/invoiceStatus", "member"] == [("channel", "string")]
    assert found["response.200", "/payload", "member"] == [("reference", "integer")]
    assert found["response.200", "", "member"] == [("trace", "null")]
    assert found["response.200", "", "code"] == [(0,)]
    values: list[Any] = [True, 1.5, [], {}]
    assert [*map(type_of, values)] == ["boolean", "number", "array", "object"]


def test_what_the_request_speaks_of_has_no_payload() -> None:
    """It is counted, but never often enough: a name of nobody's words, and an acronym."""
    total = Learned()
    sent = changed(
        supplierRemarks="for Acme and RKM", supplierAction="RKM", acme=1, xyzFlag=2, channel="acme"
    )
    request = Request("POST", f"https://api.example{OPERATION.path}", (), sent)
    observe(total, OPERATION, Interaction(request, None))
    payloads = {
        kind[0]: len(tally.payloads)
        for spot, kinds in total.spots.items()
        for kind, tally in kinds.most()
        if spot.pointer.startswith("/invoiceStatus") and spot.what in ("member", "value")
    }
    assert payloads == {"acme": 0, "RKM": 0, "xyzFlag": 1, "channel": 1, "CREATED": 1}


def test_only_uncommon_words_of_a_name_are_looked_for_in_the_request() -> None:
    """A type is no word of a name, and neither is the name of a person without its common words."""
    total = Learned()
    sent = changed(
        supplierRemarks="order number 7 of a string, for Acme",
        orderXyz="",
        xyz_number=1.5,
        acmeId=1,
    )
    request = Request("POST", f"https://api.example{OPERATION.path}", (), sent)
    observe(total, OPERATION, Interaction(request, None))
    members = total.at(Spot(OPERATION.id, "request", "/invoiceStatus", "member"))
    assert {kind: len(tally.payloads) for kind, tally in members.most()} == {
        ("orderXyz", "string"): 1,
        ("xyz_number", "number"): 1,
        ("acmeId", "integer"): 0,
    }


def test_lists_that_a_question_asks_for_are_learned() -> None:
    """The pages show no code there, and codes of errors may have digits."""
    payload: Any = copy.deepcopy(CHANGED_ORDER.request.example)
    payload["resp"] |= {"result": "FAILURE", "errorCd": "U30", "errorDtl": "Ramesh"}
    payload["poStatus"]["buyerAction"] = "U30"
    payload["poStatus"]["poStatusTransition"] = {"currentStatus": "OPEN", "newStatus": "PAID"}
    found, left = learned(json.dumps(payload).encode(), operation=CHANGED_ORDER)
    place = "/poStatus/poStatusTransition"
    assert found == {
        ("request", "/resp/result", "value"): [("FAILURE",)],
        ("request", "/resp/errorCd", "value"): [("U30",)],
        ("request", "/poStatus/objectVersion", "step"): [(0,)],
        ("request", f"{place}/currentStatus", "value"): [("OPEN",)],
        ("request", f"{place}/newStatus", "value"): [("PAID",)],
        ("request", place, "transition"): [("OPEN", "PAID")],
    }
    assert left == {observing.VALUES: 1}


def test_an_empty_value_is_that_of_nobody() -> None:
    """Nothing of it is left out."""
    _, left = learned(changed(supplierAction=""))
    assert left == {}


def test_of_a_message_the_common_words_are_learned() -> None:
    """The rest may be somebody's."""
    body = json.dumps({"response_code": 1, "response_message": "refused for ramesh"}).encode()
    found, left = learned(changed(), Response(400, (), body))
    assert found["response.400", "", "message"] == [(1, "response_message", "refused for …")]
    assert left == {}


def test_what_is_no_json_shows_nothing() -> None:
    """Nor what was not recorded, or has no described response."""
    assert learned(None) == ({}, {})
    assert learned(b"{") == ({}, {})
    assert learned(b"[1]", Response(302, (), b"[]")) == (
        {("response.302", "", "code"): [("",)]},
        {},
    )


def test_a_closed_object_has_no_members_to_learn() -> None:
    """Whoever sends one breaks a rule, and that is what is said of it."""
    schema = {"type": "object", "additionalProperties": False}
    side = replace(OPERATION.request, schema=schema)
    closed = replace(OPERATION, sides={**OPERATION.sides, "request": side})
    assert learned(b'{"channel": 1, "Ramesh": 2}', operation=closed) == ({}, {})


def test_items_of_lists_are_looked_at() -> None:
    """Each of them."""
    payload: Any = copy.deepcopy(PAYMENT.request.example)
    infos = payload["payment"]["invoicesPayInfos"]
    infos += [{**infos[0], "statusTransition": {"currentStatus": "PAID", "newStatus": "PAID"}}]
    found, _ = learned(json.dumps(payload).encode(), operation=PAYMENT)
    place = "/payment/invoicesPayInfos/*/statusTransition"
    assert found["request", place, "transition"] == [("CREATED", "CREATED"), ("PAID", "PAID")]
