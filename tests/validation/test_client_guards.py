"""Guards in clients of httpx and requests: what is sent, and what a client is afterwards."""

from __future__ import annotations

import asyncio
import inspect
import json
from typing import TYPE_CHECKING, Any
from unittest import mock

import httpx
import pytest
import requests
from requests.adapters import HTTPAdapter

import enkash_contract as ec
from enkash_contract.sandbox.server import in_background
from enkash_contract.validation.client_guards import Hook
from tests.support.small_documents import small

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.wire.message import Request


from tests.support.keeping_clients import BOTH, LABEL, PATH, URL, Kept, Sent, broken, session

# Clients of httpx


def test_a_client_sends_what_is_right_and_nothing_wrong(
    sent: Sent, payload: Any, operation: Any
) -> None:
    """A wrong request never reaches the transport; the error lists weak violations too."""
    client = sent.client()
    assert ec.guard(client) is client
    assert client.post(URL, json=operation.request.example).json() == {"n": 1}
    payload["b2bIds"]["buyerB2BId"] = ""
    payload["invoiceStatus"]["objectVersion"]["newVersion"] = 0
    with pytest.raises(ec.ContractViolated) as raised:
        client.post(URL, json=payload)
    assert broken(raised) == BOTH
    assert len(sent) == 1


def test_an_asynchronous_client_is_guarded_as_well(sent: Sent, weak: Any, wrong: Any) -> None:
    """Its hooks are awaited, and the guard's is too."""

    async def send() -> None:
        async with ec.guard(sent.async_client()) as client:
            await client.post(
                URL, json={**weak, "b2bIds": {"buyerB2BId": "B", "supplierB2BId": "S"}}
            )
            await client.post(URL, json=wrong)

    with pytest.raises(ec.ContractViolated) as raised:
        asyncio.run(send())
    assert (broken(raised), len(sent)) == (BOTH, 1)


@pytest.mark.parametrize("kind", [httpx.Client, httpx.AsyncClient])
def test_the_class_of_a_client_is_left_as_it_is(kind: Any, sent: Sent, wrong: Any) -> None:
    """A subclass comes back that is called like its base; only its instances are guarded."""
    guarded = ec.guard(kind)
    assert (guarded.__name__, guarded.__module__) == (kind.__name__, kind.__module__)
    assert guarded.__mro__[1] is kind
    assert inspect.signature(guarded) == inspect.signature(kind)
    for made, hooks in ((guarded(), 1), (kind(), 0), (ec.guard(guarded)(), 1)):
        assert len(made.event_hooks["request"]) == hooks

    with (
        ec.guard(httpx.Client)(transport=httpx.MockTransport(sent.answer)) as client,
        pytest.raises(ec.ContractViolated),
    ):
        client.post(URL, json=wrong)
    assert sent == []


def test_the_code_under_test_is_guarded_by_its_class(
    sent: Sent, wrong: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A test puts the guarded class where the code under test finds its client."""

    def code_under_test() -> None:
        with httpx.Client(transport=httpx.MockTransport(sent.answer)) as client:
            client.post(URL, json=wrong)

    code_under_test()
    monkeypatch.setattr(httpx, "Client", ec.guard(httpx.Client))
    with pytest.raises(ec.ContractViolated):
        code_under_test()
    assert len(sent) == 1


def test_the_guard_sees_what_other_hooks_made(sent: Sent, payload: Any) -> None:
    """It comes after the hooks that were there, so it judges what they leave."""

    def label(request: httpx.Request) -> None:
        request.headers["Content-Type"] = "text/plain"

    client = ec.guard(sent.client(event_hooks={"request": [label]}))
    with pytest.raises(ec.ContractViolated) as raised:
        client.post(URL, json=payload)
    assert str(raised.value).partition(" [")[0] == (
        "the request must be labelled application/json, but it is labelled text/plain"
    )
    assert ec.unguard(client) is client
    assert client.event_hooks == {"request": [label], "response": []}
    client.post(URL, json=payload)
    assert len(sent) == 1


def test_guarded_twice_is_judged_once(
    sent: Sent, wrong: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """The later guard of an operation takes the place of the earlier one."""
    client = ec.guard(ec.guard(sent.client()), on_violation="warn")
    client.post(URL, json=wrong)
    assert len(sent) == 1
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert len(ec.guard(client).event_hooks["request"]) == 1


def test_a_client_may_have_a_guard_for_each_operation(tmp_path: Path) -> None:
    """Guards of two operations stand beside each other."""
    other = small(tmp_path, {"type": "object"})
    (name,) = other
    assert name != "changeInvoiceStatus"
    client, adapter = httpx.Client(), Kept()
    for one in (client, adapter):
        ec.guard(one)
        ec.guard(one, contract=other, operation=name)
        ec.guard(one, on_violation="warn")
    assert len(client.event_hooks["request"]) == 2
    wrong_there = requests.Request("POST", f"https://h{other[name].path}", json=None).prepare()
    with pytest.raises(ec.ContractViolated):
        adapter.send(wrong_there)
    adapter.send(requests.Request("POST", URL, json={}).prepare())
    assert len(adapter.sent) == 1


def test_the_body_of_a_redirect_is_judged_where_it_goes(payload: Any, wrong: Any) -> None:
    """A redirect that keeps the body may lead to our operation from anywhere."""
    seen = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.path)
        moved = request.url.path == "/old"
        return httpx.Response(307, headers={"Location": URL}) if moved else httpx.Response(200)

    with ec.guard(
        httpx.Client(transport=httpx.MockTransport(answer), follow_redirects=True)
    ) as one:
        with pytest.raises(ec.ContractViolated) as raised:
            one.post("https://bank.example/old", json=wrong)
        assert broken(raised) == BOTH
        assert seen == ["/old"]


# Sessions and adapters of requests


def test_a_session_sends_what_is_right_and_nothing_wrong(operation: Any, wrong: Any) -> None:
    """A wrong request never reaches the adapter, and other arguments of `send` do."""
    adapter = Kept()
    guarded = session(adapter)
    assert ec.guard(guarded) is guarded
    right = operation.request.example
    assert guarded.post(URL, json=right).status_code == 200
    assert guarded.post(URL, data=json.dumps(right), headers=LABEL, timeout=3).ok
    with pytest.raises(ec.ContractViolated) as raised:
        guarded.post(URL, json=wrong)
    assert (broken(raised), len(adapter.sent)) == (BOTH, 2)
    assert ec.unguard(guarded) is guarded
    assert guarded.post(URL, json=wrong).ok
    assert len(adapter.sent) == 3


def test_an_adapter_mounted_later_is_guarded_as_well(wrong: Any) -> None:
    """The guard stands before the session's choice of an adapter."""
    adapter = Kept()
    guarded = ec.guard(requests.Session())
    guarded.mount("https://bank.example", adapter)
    with pytest.raises(ec.ContractViolated):
        guarded.post(URL, json=wrong)
    assert adapter.sent == []


def test_one_adapter_is_guarded_by_itself(wrong: Any) -> None:
    """A session may have a guard for one host only."""
    guarded, plain = Kept(), Kept()
    one = session(plain)
    one.mount("https://bank.example", ec.guard(guarded))
    with pytest.raises(ec.ContractViolated):
        one.post(URL, json=wrong)
    one.post(URL.replace("bank", "other"), json=wrong)
    assert (len(guarded.sent), len(plain.sent)) == (0, 1)
    ec.unguard(guarded)
    one.post(URL, json=wrong)
    assert len(guarded.sent) == 1


@pytest.mark.parametrize("kind", [requests.Session, HTTPAdapter, Kept])
def test_the_classes_of_requests_are_left_as_they_are(kind: Any, wrong: Any) -> None:
    """A subclass comes back whose instances are guarded, once."""
    made = ec.guard(ec.guard(kind))()
    assert isinstance(made, kind)
    assert len(vars(made)["send"].guards) == 1
    assert "send" not in vars(kind())
    with pytest.raises(ec.ContractViolated):
        made.send(requests.Request("POST", URL, json=wrong).prepare())


def test_each_request_of_a_redirect_is_judged(operation: Any) -> None:
    """A redirect that turns the operation's POST into a GET loses the change of status."""
    adapter = Kept((302, URL))
    with pytest.raises(ec.ContractViolated) as raised:
        ec.guard(session(adapter)).post(URL, json=operation.request.example)
    assert str(raised.value).partition(" [")[0] == (
        "the request must be sent by POST, but it is sent by GET"
    )
    assert len(adapter.sent) == 1


def test_what_stood_in_front_of_send_stands_there_again(wrong: Any) -> None:
    """Another tool's own `send` of a session is called, and put back."""
    one = requests.Session()
    other = mock.Mock(return_value="answered")
    one.send = other  # type: ignore[method-assign]  # as tools do
    ec.guard(ec.guard(one))
    wrong_request = requests.Request("POST", URL, json=wrong).prepare()
    with pytest.raises(ec.ContractViolated):
        one.send(wrong_request)
    assert other.mock_calls == []
    asked = requests.Request("GET", "https://bank.example").prepare()
    assert one.send(asked, timeout=3) == "answered"
    assert other.mock_calls == [mock.call(asked, timeout=3)]
    assert ec.unguard(one).send is other


def test_taking_guards_off_twice_changes_nothing() -> None:
    """Nor does taking them off what never had one, or has another tool's `send`."""
    one, client = requests.Session(), httpx.Client()
    ec.unguard(ec.unguard(ec.guard(one)))
    ec.unguard(ec.unguard(ec.guard(client)))
    assert ("send" in vars(one), client.event_hooks["request"]) == (False, [])
    one.send = found = mock.Mock()  # type: ignore[method-assign]  # as tools do
    assert ec.unguard(one).send is found


# Over the wire


def test_over_a_real_connection(operation: Any, wrong: Any) -> None:
    """The sandbox sees what is right, from each client, and nothing else."""
    seen: list[Request] = []

    class Seeing(ec.Sandbox):
        def answer(self, request: Request) -> Any:
            seen.append(request)
            return super().answer(request)

    async def send(url: str) -> int:
        async with ec.guard(httpx.AsyncClient(trust_env=False)) as client:
            answer = await client.post(url, json=operation.request.example)
            with pytest.raises(ec.ContractViolated):
                await client.post(url, json=wrong)
        return answer.status_code

    with in_background(Seeing()) as base:
        url = base + PATH
        with ec.guard(httpx.Client)(trust_env=False) as client, requests.Session() as one:
            one.trust_env = False
            ec.guard(one)
            for post in (client.post, one.post):
                assert post(url, json=operation.request.example).status_code == 200
                with pytest.raises(ec.ContractViolated):
                    post(url, json=wrong)
        assert asyncio.run(send(url)) == 200
    assert len(seen) == 3


def test_a_hook_says_what_it_guards() -> None:
    """Who looks at a client's hooks finds the guard among them."""
    (hook,) = ec.guard(httpx.Client()).event_hooks["request"]
    assert isinstance(hook, Hook)
    assert hook.guard.operation.id == "changeInvoiceStatus"
