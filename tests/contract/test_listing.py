"""Lists of the contract as JSON: a head, and one item a line."""

from __future__ import annotations

import json

import enkash_contract as ec
from enkash_contract.contract import listing


def test_a_list_is_one_object_with_an_item_a_line() -> None:
    """Whatever reads JSON reads it, and tools that compare lines compare items."""
    written = listing.text({"version": 1}, rules=[{"id": "ä"}, {"id": "b"}], errors=[])

    assert written == '{"version": 1, "rules": [\n{"id": "\\u00e4"},\n{"id": "b"}\n], "errors": []}'
    assert json.loads(written) == {
        "version": 1,
        "rules": [{"id": "ä"}, {"id": "b"}],
        "errors": [],
    }


def test_the_head_names_the_document() -> None:
    """By its digest, and with the overlays that were laid on it."""
    contract = ec.load()
    assert listing.head(contract, contract["changeInvoiceStatus"]) == {
        "version": 1,
        "document": {"sha256": contract.document.sha256, "overlays": []},
        "operation": "changeInvoiceStatus",
    }


def test_a_rule_as_data() -> None:
    """What it demands is told in words and as the document has it; receivers have requests only."""
    operation = ec.load().pick()
    rule = operation.rule("request/invoiceStatus/objectVersion/newVersion#minimum")
    assert listing.rule_data(rule) == {
        "id": rule.id,
        "side": "request",
        "pointer": "/invoiceStatus/objectVersion/newVersion",
        "keyword": "minimum",
        "value": 1,
        "demands": "must be at least 1",
        "evidence": {"level": "assumed", "source": None},
        "receiver": {"level": "assumed", "source": None},
        "document": str(rule.place),
        "note": rule.schema.get("description"),
    }
    of_response = operation.rule("response.200/response_code#type")
    assert listing.rule_data(of_response)["receiver"] is None
