"""The fixed script of traffic that every recorder plays.

A recording is worth something only if one knows what is in it. So the traffic is written down once,
here: plain clients send `STEPS` with `play`, browsers open a page whose script (`browser_script`)
sends the same steps with `fetch`. What the server answers follows from `supplierInvoiceNumber`
alone (see `server`), so no request bears a marker that real traffic would not bear.
"""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import Mapping

OPERATION_PATH = "/api/v0/invoice/req-status-change-invoice"
OTHER_PATH = "/api/v0/invoice/req-create-invoice"
CANARY = "canary-5f1d"
JSON = "application/json"
PATIENCE = 0.5
"""Seconds after which a client gives up a request that is to be aborted."""

PAGE = ("/", "/traffic.js", "/pixel.png")
"""What a browser fetches before it sends the steps: the page, its script and its picture."""


@dataclass(frozen=True)
class Step:
    """One request of the script and whether its sender waits for the answer."""

    name: str
    path: str = OPERATION_PATH
    method: str = "POST"
    body: str | None = None
    content_type: str | None = JSON
    other_host: bool = False
    abort: bool = False
    headers: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        """Derive the headers: the content type, and the secret that must never be printed."""
        headers = {"Authorization": f"Bearer {CANARY}"}
        if self.content_type is not None:
            headers["Content-Type"] = self.content_type
        object.__setattr__(self, "headers", headers)


def right_payload(supplier_invoice_number: str = "SUP/2026/0042") -> dict[str, Any]:
    """Return a payload that keeps every rule; the invoice number says how to answer it."""
    return {
        "device": {"tag": {"name": "GEOCODE", "value": "19.0760,72.8777"}},
        "b2bIds": {"buyerB2BId": "BUYER-0001", "supplierB2BId": "SUPPLIER-0001"},
        "invoiceStatus": {
            "objectId": "INV0123456789abcdefABCDEF0123456789",
            "supplierInvoiceNumber": supplier_invoice_number,
            "objectVersion": {"currentVersion": 1, "newVersion": 2},
            "supplierAction": "CANCEL",
            "supplierRemarks": "Raised twice",
            "statusTransition": {"currentStatus": "CREATED", "newStatus": "CREATED"},
        },
    }


def without(payload: Mapping[str, Any], parent: str, member: str) -> dict[str, Any]:
    """Return a copy of the payload in which one member of `parent` is missing."""
    copy = deepcopy(dict(payload))
    del copy[parent][member]
    return copy


def _compact(payload: Mapping[str, Any]) -> str:
    return json.dumps(payload, separators=(",", ":"))


def _pretty_and_foreign() -> str:
    payload = right_payload()
    payload["b2bIds"]["buyerB2BId"] = "मुंबई व्यापार"
    payload["invoiceStatus"]["supplierRemarks"] = "Zahlung zurück, 取消 🧾"
    return json.dumps(payload, indent=4, ensure_ascii=False)


STEPS: tuple[Step, ...] = (
    Step("right, accepted", body=_compact(right_payload())),
    Step("right, refused for a business reason", body=_compact(right_payload("REFUSE-ME"))),
    Step("wrong, refused", body=_compact(without(right_payload(), "b2bIds", "buyerB2BId"))),
    Step(
        "wrong, accepted",
        body=_compact(
            without(right_payload("ACCEPT-ME-ANYWAY"), "invoiceStatus", "supplierRemarks")
        ),
    ),
    Step("right, server error", body=_compact(right_payload("CRASH"))),
    Step("right, pretty-printed and not ASCII, accepted", body=_pretty_and_foreign()),
    Step("text/plain, refused", body=_compact(right_payload()), content_type="text/plain"),
    Step("right, aborted by the client", body=_compact(right_payload("NEVER-ANSWER")), abort=True),
    Step("another path", path=OTHER_PATH, body='{"amount":"100.00"}'),
    Step("right, answer gzip-compressed, accepted", body=_compact(right_payload("ZIP-ME"))),
    Step("right, answer of a wrong shape", body=_compact(right_payload("CODE-AS-STRING"))),
    Step("right, other host, accepted", body=_compact(right_payload()), other_host=True),
)


def play(client: httpx.Client, base_url: str, other_url: str) -> None:
    """Send what a browser would fetch for the page, then every step, with a plain client."""
    for request in requests_of(base_url, other_url):
        try:
            client.request(
                request.method,
                request.url,
                content=None if request.body is None else request.body.encode(),
                headers=dict(request.headers),
                timeout=request.timeout,
            )
        except httpx.TimeoutException:
            if not request.abort:
                raise


@dataclass(frozen=True)
class PlannedRequest:
    """One request that a plain client is to send, with the address of the server in it."""

    name: str
    method: str
    url: str
    headers: Mapping[str, str]
    body: str | None
    abort: bool
    timeout: float


def requests_of(base_url: str, other_url: str) -> list[PlannedRequest]:
    """Return what a browser would fetch for the page, then every step, for plain clients."""
    fetched = [
        PlannedRequest(path, "GET", base_url + path, {}, None, abort=False, timeout=10)
        for path in PAGE
    ]
    steps = [
        PlannedRequest(
            step.name,
            step.method,
            (other_url if step.other_host else base_url) + step.path,
            step.headers,
            step.body,
            abort=step.abort,
            timeout=PATIENCE if step.abort else 10,
        )
        for step in STEPS
    ]
    return fetched + steps


def script_for_players(base_url: str, other_url: str, *, aborts: bool = True) -> str:
    """Return the requests as JSON, for players in other languages; some cannot abort any."""
    planned = requests_of(base_url, other_url)
    return json.dumps([asdict(request) for request in planned if aborts or not request.abort])


def browser_script() -> str:
    """Return the page's script: it sends every step in order and then titles the page `done`."""
    steps = json.dumps([asdict(step) for step in STEPS])
    return f"""\
const steps = {steps};
const otherUrl = new URLSearchParams(location.search).get("other");
async function send(step) {{
  const controller = new AbortController();
  if (step.abort) setTimeout(() => controller.abort(), {PATIENCE * 1000});
  try {{
    const answer = await fetch((step.other_host ? otherUrl : "") + step.path, {{
      method: step.method, headers: step.headers, body: step.body, signal: controller.signal,
    }});
    await answer.text();
  }} catch (error) {{
    if (!step.abort) throw error;
  }}
}}
(async () => {{
  for (const step of steps) await send(step);
  document.title = "done";
}})().catch((error) => {{ document.title = "failed: " + error; }});
"""
