"""Cassettes as a test writes them."""

from __future__ import annotations

import json
from typing import Any

from enkash_contract.contract import contract

OPERATION = contract.bundled().pick()
URL = f"https://api.example{OPERATION.path}"


def taped(*bodies: Any, status: int = 200, code: int = 0) -> str:
    """Return a cassette in which each of `bodies` was sent, and answered."""
    word = "FAILED" if code else "SUCCESS"
    answer = {"payload": word, "response_code": code, "response_message": word}
    label = {"Content-Type": ["application/json"]}
    return json.dumps(
        {
            "version": 1,
            "interactions": [
                {
                    "request": {"method": "POST", "uri": URL, "headers": label, "body": body},
                    "response": {
                        "status": {"code": status, "message": ""},
                        "headers": label,
                        "body": {"string": json.dumps(answer)},
                    },
                }
                for body in bodies
            ],
        }
    )


def without_buyer() -> Any:
    """Return a payload in which one member is missing."""
    made = json.loads(json.dumps(OPERATION.request.example))
    del made["b2bIds"]["buyerB2BId"]
    return made


WRONG = json.dumps(without_buyer(), separators=(",", ":"))
RIGHT = json.dumps(OPERATION.request.example)


WEAK = json.dumps({**OPERATION.request.example, "device": {"tag": {"name": "", "value": "x"}}})
