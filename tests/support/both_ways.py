"""Interactions of a path that is known in both directions, and recordings of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from enkash_contract.contract.contract import bundled

if TYPE_CHECKING:
    from pathlib import Path

CONTRACT = bundled()
CALL, WEBHOOK = CONTRACT["changeInvoiceStatus"], CONTRACT["statusChangeInvoiceRequest"]
OTHER, CONFIRM = CONTRACT["editInvoiceResponse"], CONTRACT["confirmInvoice"]
VALID: Any = CALL.request.example
ACCEPTED: Any = CALL.sides["response.200"].example
BANK, ENKASH = f"https://hooks.bank.example{CALL.path}", f"https://uat.enkash.example{CALL.path}"


def exchange(url: str, payload: Any = VALID, answer: Any = ACCEPTED) -> dict[str, Any]:
    """Return one interaction, in which a payload was answered with 200."""
    label = {"Content-Type": "application/json"}
    return {
        "request": {"method": "POST", "url": url, "headers": label, "body": payload},
        "response": {"status": 200, "headers": label, "body": answer},
    }


def recorded(folder: Path, *exchanges: dict[str, Any]) -> Path:
    """Return a recording of interactions, one a line."""
    file = folder / "day.ndjson"
    file.write_text("".join(f"{json.dumps(each)}\n" for each in exchanges))
    return file
