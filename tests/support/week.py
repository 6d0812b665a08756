"""A generated week of traffic, with surprises that no page describes and words that identify."""

from __future__ import annotations

import copy
import json
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from enkash_contract.contract.contract import bundled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

OPERATION = bundled().pick()
FIRST, DAY = 1_763_942_400, 86_400
"""Monday, 2025-11-24, in UTC, and the seconds of a day."""

CANARIES = "Ramesh Canary 98765 ZQXJ canary Mumbai RAMESH CANARY ramesh zqxj".split()
"""Each stands in what is anybody's, and never among what is learned."""

SURPRISES = (
    "channel (string)",
    "deviceModel (object)",
    "retryCount (integer)",
    "traceRef (string)",
    "PARTIALLY_PAID",
    "PAID (",
    "ON_HOLD (1 time",
    "DISPUTE",
    "IP_ADDRESS",
    "+2 (",
    "-1 (",
    "CREATED to PAID",
    "PAID to PARTIALLY_PAID",
    "status 409",
    "code 1001",
    '"The invoice is closed for changes"',
    "code E-17",
    '"Invoice … is settled already"',
    "loyaltyPoints (integer)",
)
"""What is planted, as the overlay says it."""


def interactions(number: int) -> Iterator[dict[str, Any]]:
    """Yield so many interactions, many of which hold a surprise."""
    chance = random.Random(7)
    for index in range(number):
        yield _interaction(index, number, f"{chance.getrandbits(64):016X}")


def write(path: Path, number: int) -> Path:
    """Write a week of so many interactions, one a line."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{json.dumps(each)}\n" for each in interactions(number))
    return path


ACCEPTED: dict[str, Any] = {"payload": "SUCCESS", "response_code": 0, "response_message": "SUCCESS"}


@dataclass
class _Spoken:
    """What was sent, and what came back."""

    sent: Any
    word: str
    status: int = 200
    received: Any = field(default_factory=lambda: dict(ACCEPTED))

    @property
    def invoice(self) -> Any:
        """The invoice of the request."""
        return self.sent["invoiceStatus"]

    def turn(self, before: str, after: str) -> None:
        """Change from one status to another."""
        self.invoice["statusTransition"] = {"currentStatus": before, "newStatus": after}

    def step(self, size: int) -> None:
        """Change the version by so much."""
        versions = self.invoice["objectVersion"]
        versions["newVersion"] = versions["currentVersion"] + size

    def reject(self, status: int, code: Any, message: str) -> None:
        """Reject the request."""
        self.status = status
        self.received = {
            "payload": message,
            "response_code": code,
            "response_message": "FAILED",
        }


SOMEBODY = {"Ramesh": 1, "98765432": 2, "ramesh@canary.example": 3, "authToken": "ZQXJ"}

PLANTED: dict[int, Callable[[_Spoken], Any]] = {
    1: lambda one: one.invoice.update(channel="Ramesh 98765", retryCount=98765),
    2: lambda one: one.sent["device"].update(deviceModel={"canaryName": "Ramesh"}),
    3: lambda one: one.turn("CREATED", "PAID"),
    4: lambda one: one.turn("PAID", "PARTIALLY_PAID"),
    5: lambda one: one.invoice.update(supplierAction="DISPUTE"),
    6: lambda one: one.sent["device"]["tag"].update(name="IP_ADDRESS"),
    7: lambda one: one.step(2),
    8: lambda one: one.step(-1),
    9: lambda one: one.reject(409, 1001, "The invoice is closed for changes"),
    10: lambda one: one.reject(400, "E-17", f"Ramesh canary {one.word} is unknown"),
    11: lambda one: one.received.update(traceRef=f"canary-{one.word}"),
    12: lambda one: one.sent.update(SOMEBODY),
    13: lambda one: one.turn("CREATED", f"ZQXJ{one.word}"),
    14: lambda one: one.reject(400, 9_876_543_210, "Refused by Ramesh Canary"),
    15: lambda one: one.reject(400, 400, "ramesh canary may not do this"),
    16: lambda one: one.step(98_765_432),
    17: lambda one: one.turn("CREATED", "ramesh"),
    18: lambda one: one.turn("CREATED", "RAMESH"),
    19: lambda one: one.invoice.update(supplierAction="RAMESH CANARY"),
    20: lambda one: one.sent["device"]["tag"].update(name="ZQXJ-TRADERS"),
    21: lambda one: one.reject(400, 400, f"Invoice {one.invoice['objectId']} is settled already"),
    22: lambda one: one.reject(400, "RAMESH", "settled for ZQXJ TRADERS by zqxj@canary already"),
    23: lambda one: one.invoice.update(ramesh=1, loyaltyPoints=2),
}
"""What is special in one of forty interactions, by its place among them."""


def _interaction(index: int, number: int, word: str) -> dict[str, Any]:
    sent: Any = copy.deepcopy(OPERATION.request.example)
    one = _Spoken(sent, word)
    sent["b2bIds"] = {"buyerB2BId": f"ZQXJ{word}", "supplierB2BId": f"Canary {word}"}
    sent["device"]["tag"]["value"] = f"Mumbai {word}"
    one.invoice["objectId"] = f"INV98765{word:0>27}"
    one.invoice["supplierRemarks"] = f"Ramesh canary {word}"
    one.invoice["objectVersion"] = {"currentVersion": index % 9 + 2, "newVersion": index % 9 + 3}
    if index % 40 in PLANTED:
        PLANTED[index % 40](one)
    if index == number // 2:
        one.turn("CREATED", "ON_HOLD")
    if index == number // 3:
        one.invoice["supplierAction"] = "RAMESH CANARY"
    label = {"Content-Type": "application/json"}
    url = f"https://api.example{OPERATION.path}"
    return {
        "at": FIRST + index * 7 * DAY / number,
        "request": {"method": "POST", "url": url, "headers": label, "body": json.dumps(sent)},
        "response": {
            "status": one.status,
            "headers": label,
            "body": json.dumps(one.received),
        },
    }
