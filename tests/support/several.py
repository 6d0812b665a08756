"""Three small operations whose rules have the same ids: `smallPay`, `smallRefund`, `smallAsk`.

They stand in a document of their own, or in an overlay on the bundled one. No example of the last
is known.
"""

from __future__ import annotations

import copy
import functools
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from enkash_contract.contract.contract import load

if TYPE_CHECKING:
    from enkash_contract.contract.contract import Contract

PAY, REFUND, ASK = "smallPay", "smallRefund", "smallAsk"

PATHS = {PAY: "/small/pay", REFUND: "/small/refund", ASK: "/small/ask"}

PAYLOAD = {"amount": 5}

RULE = "request/amount#minimum"

SOURCE = "documented change-invoice-status"
"""Evidence that is in the bundled document as well."""

_WIRE = (
    "content-type",
    "content-type-present",
    "content-type-single",
    "encoding",
    "json",
    "duplicate-names",
)


def operation(name: str) -> dict[str, Any]:
    """Return one of the operations as it stands in a document."""
    schema = {
        "type": "object",
        "required": ["amount"],
        "properties": {
            "amount": {
                "type": "integer",
                "minimum": 1,
                "x-evidence": {"type": SOURCE, "minimum": SOURCE},
            }
        },
        "x-evidence": {"type": SOURCE, "required": {"amount": SOURCE}},
    }
    media: dict[str, Any] = {
        "x-evidence": dict.fromkeys(_WIRE, SOURCE),
        "schema": schema,
        "example": copy.deepcopy(PAYLOAD),
    }
    if name == ASK:
        del media["example"]
    statuses = {"accepted": {"const": 200}, "rejected": {"minimum": 400, "maximum": 499}}
    return {
        "operationId": name,
        "tags": ["Small"],
        "x-evidence": {"method": SOURCE, "path": SOURCE},
        "requestBody": {"content": {"application/json": media}},
        "responses": {
            "x-evidence": {"status": SOURCE},
            "200": {"description": "Done."},
            "4XX": {"description": "Rejected."},
        },
        "x-outcome": {
            "x-evidence": {"accepted": SOURCE, "rejected": SOURCE, "error": SOURCE},
            **{key: {"properties": {"status": value}} for key, value in statuses.items()},
            "error": True,
        },
    }


def paths() -> dict[str, Any]:
    """Return the paths of all three."""
    return {path: {"post": operation(name)} for name, path in PATHS.items()}


def document(default: str | None = PAY) -> dict[str, Any]:
    """Return a document of the three, with or without a default."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Small", "version": "1"},
        "tags": [{"name": "Small"}],
        "x-sources": {"change-invoice-status": {"read": "2026-01-02", "shows": "All of it."}},
        **({} if default is None else {"x-default-operation": default}),
        "paths": paths(),
    }


@functools.cache
def three(default: str | None = PAY) -> Contract:
    """Return the contract of that document, of which no file is left."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "small.json"
        file.write_text(json.dumps(document(default)), encoding="utf-8")
        return load(document=file)


def overlay(folder: Path) -> Path:
    """Write the overlay that adds the three to the bundled document, and return its path."""
    actions = [
        {"target": "$", "update": {"x-default-operation": "changeInvoiceStatus"}},
        {"target": "$.tags", "update": [{"name": "Small"}]},
        {"target": "$.paths", "update": paths()},
    ]
    file = folder / "small.overlay.json"
    info = {"title": "Three small operations", "version": "1"}
    text = json.dumps({"overlay": "1.0.0", "info": info, "actions": actions})
    file.write_text(text, encoding="utf-8")
    return file
