"""The overlay that is written: its actions, and what no document asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from enkash_contract.contract.contract import bundled
from enkash_contract.traffic.learning import overlay as module
from enkash_contract.traffic.learning.learned import Learned, Spot
from enkash_contract.traffic.learning.overlay import Overlay
from tests.support.small_documents import small

if TYPE_CHECKING:
    from pathlib import Path


def learned(*seen: tuple[Spot, tuple[Any, ...]]) -> Learned:
    """Count each kind once."""
    total = Learned()
    for spot, kind in seen:
        total.at(spot).count(kind, accepted=True).payloads.add(1)
    return total


def updates(overlay: Overlay) -> dict[str, Any]:
    """Return the updates behind that of the source, by their targets."""
    actions = yaml.safe_load(overlay.text)["actions"]
    return {action["target"]: action["update"] for action in actions[1:]}


def test_an_answer_stands_with_its_operation() -> None:
    """To the question of the document where there is one, else to one that is asked beside it."""
    overlay = Overlay(
        learned(
            (Spot("changeInvoiceStatus", "request", "/device/tag/name", "value"), ("IP",)),
            (Spot("changeInvoiceStatus", "response.302", "", "code"), ("",)),
        ),
        bundled(),
    )
    (source,) = yaml.safe_load(overlay.text)["actions"][0]["update"]["x-sources"]
    answer = {"evidence": f"observed {source}"}
    assert updates(overlay) == {
        "$.paths['/api/v0/invoice/req-status-change-invoice'].post": {
            "x-open-questions": {
                "observed-responses": {"asks": "Which codes and messages do responses have?"}
            },
            "x-answers": {
                "tag-names": {
                    "request/device/tag/name": {"says": "IP (1 time, always accepted)", **answer}
                },
                "observed-responses": {
                    "operation": {"says": "status 302: no code (1 time)", **answer}
                },
            },
        }
    }
    assert overlay.summary == "1 value, 1 code"


def test_a_member_of_a_component_is_described_once() -> None:
    """With all the operations that it was seen in, and all its types."""
    overlay = Overlay(
        learned(
            (Spot("changeInvoiceStatus", "request", "/device", "member"), ("model", "integer")),
            (Spot("payInvoice", "request", "/device", "member"), ("model", "number")),
            (Spot("payInvoice", "request", "/device", "member"), ("brand", "string")),
            (Spot("payInvoice", "request", "/device", "member"), ("brand", "null")),
            (Spot("payInvoice", "request", "/device", "member"), ("made", "null")),
        ),
        bundled(),
    )
    found = updates(overlay)["$.components.schemas.Device"]["properties"]
    assert {name: (each["type"], each["x-known-good"]) for name, each in found.items()} == {
        "model": ("number", False),
        "brand": (["null", "string"], False),
    }
    assert found["model"]["description"] == (
        "Seen in changeInvoiceStatus (1 time, always accepted), "
        "payInvoice (1 time, always accepted)"
    )
    says = updates(overlay)["$.paths['/api/v0/payment/req-pay'].post"]["x-answers"]
    assert says["unknown-members"]["operation"]["says"] == (
        "request/device/brand (null) (1 time, always accepted); "
        "request/device/brand (string) (1 time, always accepted); "
        "request/device/made (null) (1 time, always accepted); "
        "request/device/model (number) (1 time, always accepted)"
    )


def test_a_closed_object_stays_closed(tmp_path: Path) -> None:
    """What is not allowed there is told, and not described; a document may ask nothing."""
    contract = small(tmp_path, {"type": "object", "additionalProperties": False})
    (operation,) = contract.values()
    spot = Spot(operation.id, "request", "", "member")
    overlay = Overlay(learned((spot, ("extra", "string"))), contract)
    ((_, update),) = updates(overlay).items()
    assert update["x-open-questions"] == {
        "unknown-members": {"asks": "Which members are there that no page describes?"}
    }
    assert Overlay(Learned(), contract).summary == "nothing new"


def test_a_list_in_the_way_and_a_name_with_a_quote_are_written_as_paths() -> None:
    """As JSONPath has them."""
    assert module.action(("a", "b'c\\", 0), {})["target"] == "$.a['b\\'c\\\\'][0]"
