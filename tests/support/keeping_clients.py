"""HTTP clients that keep what they would send, and invalid payloads to send with them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import httpx
import requests
from requests.adapters import BaseAdapter

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pytest

    import enkash_contract as ec

    Headers = Mapping[str, str]

PATH = "/api/v0/invoice/req-status-change-invoice"
URL = f"https://bank.example/base{PATH}"
LABEL = {"Content-Type": "application/json"}
PATTERN = "request/b2bIds/buyerB2BId#pattern"


class Sent(list[httpx.Request]):
    """A transport of httpx that keeps what reaches it."""

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.append(request)
        return httpx.Response(200, json={"n": len(self)})

    def client(self, **options: Any) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self.answer), **options)

    def async_client(self, **options: Any) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self.answer), **options)


class Kept(BaseAdapter):
    """An adapter of requests that keeps what reaches it, and answers what it was told to."""

    def __init__(self, *answers: tuple[int, str]) -> None:
        super().__init__()
        self.sent: list[requests.PreparedRequest] = []
        self.answers = [*answers]

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> Any:
        self.sent.append(request)
        response = requests.Response()
        response.status_code, location = self.answers.pop(0) if self.answers else (200, "")
        response.headers.update({"Location": location} if location else {})
        response.request, response.url, response.raw = request, str(request.url), io.BytesIO()
        return response

    def close(self) -> None:
        """Nothing is held."""


def session(adapter: BaseAdapter) -> requests.Session:
    """Return a session that sends by `adapter`."""
    made = requests.Session()
    made.trust_env = False
    made.mount("https://", adapter)
    return made


def broken(raised: pytest.ExceptionInfo[ec.ContractViolated]) -> list[str]:
    """Return the ids of the rules that were broken."""
    return [one.rule.id for one in raised.value.violations]


BOTH = [PATTERN, "request/invoiceStatus/objectVersion/newVersion#minimum"]
