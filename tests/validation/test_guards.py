"""Guards: what a guarded client sends, what it does not, and what is logged of it."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import io
import json
import logging
import re
import urllib.request
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import requests

import enkash_contract as ec
from enkash_contract.contract.routes import Routes
from enkash_contract.validation.guards import Guard, Guards
from enkash_contract.wire.message import Request

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping
    from pathlib import Path

    Headers = Mapping[str, str]

from tests.support.keeping_clients import (
    BOTH,
    LABEL,
    PATH,
    PATTERN,
    URL,
    Kept,
    Sent,
    broken,
    session,
)

# What is judged, and what passes


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("POST", "https://bank.example/"),
        ("POST", "https://bank.example/api/v0/invoice/other"),
        ("POST", f"https://bank.example/other?next={PATH}"),
        ("POST", f"{URL}/more"),
        ("POST", f"{URL}s"),
        ("OPTIONS", URL),
    ],
)
def test_requests_that_are_not_ours_pass(method: str, url: str, sent: Sent) -> None:
    """Another path is somebody else's, and a preflight is the browser's own."""
    adapter = Kept()
    ec.guard(sent.client()).request(method, url, json="wrong")
    ec.guard(session(adapter)).request(method, url, json="wrong")
    ec.validate_request(Request(method, url, (), b"wrong"))
    assert (len(sent), len(adapter.sent)) == (1, 1)


@pytest.mark.parametrize(
    ("method", "url", "headers", "rules"),
    [
        ("PUT", URL, LABEL, ["request#method"]),
        ("POST", URL.replace("-", "%2D"), LABEL, ["request#json"]),
        ("POST", URL.replace("invoice", "Invoice"), LABEL, ["request#path", "request#json"]),
        ("POST", f"{URL}?a=1", {"Content-Type": "text/plain"}, ["request#content-type"]),
        ("GET", URL, {}, ["request#method", "request#content-type-present"]),
        ("POST", URL, {**LABEL, "X": "1"}, ["request#json"]),
    ],
)
def test_all_of_a_request_is_judged(
    method: str, url: str, headers: Headers, rules: list[str], sent: Sent
) -> None:
    """Method and label as well as the body, in each library alike."""
    guarded = ec.guard(session(adapter := Kept()))
    client = ec.guard(sent.client())
    for send in (
        lambda: client.request(method, url, headers=headers, content=b"{"),
        lambda: guarded.request(method, url, headers=headers, data=b"{"),
    ):
        with pytest.raises(ec.ContractViolated) as raised:
            send()
        assert broken(raised) == rules
    assert (len(sent), adapter.sent) == (0, [])


@pytest.mark.parametrize(
    "change",
    [
        lambda request: request.headers.pop("Content-Type"),
        lambda request: request.headers.update({"Content-Type": "application/json;charset=utf-8"}),
        lambda request: request.headers.update({"Content-Type": "Application/JSON ; a=b"}),
        lambda request: setattr(request, "url", f"{request.url}/"),
        lambda request: setattr(request, "url", f"{request.url}?a=b#c"),
        lambda request: setattr(request, "body", json.dumps(json.loads(request.body), indent=2)),
        lambda request: setattr(request, "body", b'{"x":1,"x":1,' + request.body[1:]),
    ],
)
def test_what_breaks_weak_rules_only_is_sent(
    change: Callable[[Any], object], weak: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither a missing label, a slash too many, nor a weak rule of the payload keeps it back."""
    request = requests.Request("POST", URL, json=weak).prepare()
    change(request)
    ec.validate_request(request)
    ec.validate_request(request, on_violation="warn")
    assert caplog.records == []
    with pytest.raises(ec.ContractViolated) as raised:
        ec.validate_request(request, fail_on="assumed")
    assert BOTH[1] in broken(raised)


def test_a_label_said_twice_is_seen(payload: Any, sent: Sent) -> None:
    """The rule is our own reading, so only who asks for it is kept from sending."""
    twice = [("Content-Type", "application/json"), ("Content-Type", "text/plain")]
    client = ec.guard(sent.client())
    client.post(URL, content=json.dumps(payload), headers=twice)
    with pytest.raises(ec.ContractViolated) as raised:
        ec.guard(client, fail_on="assumed").post(URL, content=json.dumps(payload), headers=twice)
    assert (broken(raised), len(sent)) == (["request#content-type-single"], 1)


# Bodies that cannot be read beforehand, and bodies of any kind


def streamed(body: bytes) -> Iterator[bytes]:
    """Yield a body in pieces, once."""
    yield body[:3]
    yield body[3:]


def test_a_streamed_body_is_sent_whole_and_not_judged(caplog: pytest.LogCaptureFixture) -> None:
    """Reading it would use it up, so that is noted for who wants to know."""
    caplog.set_level(logging.DEBUG, "enkash_contract")
    seen = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.read())
        return httpx.Response(200)

    adapter = Kept()
    with ec.guard(httpx.Client(transport=httpx.MockTransport(answer))) as client:
        client.post(f"{URL}?token=SECRET", content=streamed(b"not JSON"), headers=LABEL)
    ec.guard(session(adapter)).post(URL, data=streamed(b"not JSON"), headers=LABEL)
    assert [*seen, b"".join(adapter.sent[0].body)] == [b"not JSON"] * 2  # type: ignore[arg-type]
    note = f"POST {URL}: its body cannot be read beforehand and is not judged"
    assert [(one.levelname, one.getMessage()) for one in caplog.records] == [("DEBUG", note)] * 2


def test_an_asynchronously_streamed_body_is_sent_whole(sent: Sent) -> None:
    """The hook of an asynchronous client does not touch the stream either."""

    async def pieces() -> AsyncIterator[bytes]:
        for piece in streamed(b"not JSON"):
            yield piece

    async def send() -> bytes:
        async with ec.guard(sent.async_client()) as client:
            await client.post(URL, content=pieces(), headers=LABEL)
        return await sent[0].aread()

    assert asyncio.run(send()) == b"not JSON"


def test_a_multipart_body_is_wrong_by_its_label(sent: Sent) -> None:
    """What it holds need not be read to know that it is no JSON."""
    file = io.BytesIO(b"content")
    with pytest.raises(ec.ContractViolated) as raised:
        ec.guard(sent.client()).post(URL, files={"file": file})
    assert (broken(raised), file.read(), sent) == (["request#content-type"], b"content", [])


def test_a_packed_body_is_judged(sent: Sent, caplog: pytest.LogCaptureFixture) -> None:
    """A body is judged as it was before it was packed; what cannot be unpacked is let through."""
    caplog.set_level(logging.DEBUG, "enkash_contract")
    client = ec.guard(sent.client())
    client.post(URL, content=b"\x0b\xff", headers={**LABEL, "Content-Encoding": "compress"})
    assert [(one.levelname, one.getMessage()) for one in caplog.records] == [
        (
            "DEBUG",
            f"POST {URL}: its body is in the content coding compress, which is not undone here "
            "and is not judged",
        )
    ]
    for coding, body in {"gzip": gzip.compress(b"{"), "identity": b"{"}.items():
        with pytest.raises(ec.ContractViolated) as raised:
            client.post(URL, content=body, headers={**LABEL, "Content-Encoding": coding})
        assert (broken(raised), len(sent)) == (["request#json"], 1)


@pytest.mark.unmeasured
@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (b"", "request#json"),
        (b"\xff\xfe", "request#encoding"),
        (b"[" * 100_000, "request#json"),
        (b'"' + b"x" * 10_000_000 + b'"', "request#type"),
        (b"9" * 5_000, "request#type"),
        (b'{"a": NaN}', "request#json"),
        (b'"\\ud800"', "request#encoding"),
    ],
    ids=["empty", "no text", "deep", "huge", "long number", "NaN", "surrogate"],
)
def test_any_body_is_judged_without_harm(body: bytes, rule: str, sent: Sent) -> None:
    """Whatever is in it, the only error is the one that says what the request breaks."""
    adapter = Kept()
    guarded = ec.guard(session(adapter))
    for send in (
        lambda: ec.guard(sent.client()).post(URL, content=body, headers=LABEL),
        lambda: guarded.post(URL, data=body, headers=LABEL),
    ):
        with pytest.raises(ec.ContractViolated) as raised:
            send()
        assert rule in broken(raised)
    assert (sent, adapter.sent) == ([], [])


# Logging instead of raising


def test_to_warn_is_to_log_and_send(
    sent: Sent, wrong: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """One line for each violation, with the rule, and without any value that is sent."""
    caplog.set_level(logging.INFO, "enkash_contract")
    client = ec.guard(sent.client(), on_violation="warn")
    client.post(URL.replace("//", "//user:SECRET@") + "?token=SECRET", json=wrong)
    assert len(sent) == 1
    assert [(one.name, one.levelname, one.getMessage()) for one in caplog.records] == [
        (
            "enkash_contract",
            "WARNING",
            f'POST {URL}: /b2bIds/buyerB2BId must match ^[^\\\\"]{{1,100}}$ '
            f"[{PATTERN}, sibling (api-10664764, read 2026-11-22)]",
        ),
        (
            "enkash_contract",
            "INFO",
            f"POST {URL}: /invoiceStatus/objectVersion/newVersion must be at least 1 "
            f"[{BOTH[1]}, assumed]",
        ),
    ]


@pytest.mark.parametrize(
    ("request_", "demanded"),
    [
        (Request("GET", f"{URL}\n#x", (*LABEL.items(),), b"1"), "the request must be sent by POST"),
        (Request("POST", URL, (*LABEL.items(),), b"SECRET"), "the request must be JSON as RFC"),
        (Request("POST", URL, (*LABEL.items(),), b'"SECRET"'), "the payload must be an object"),
        (
            Request("POST", URL, (("content-type", "SECRET/x"),)),
            "the request must be labelled application/json",
        ),
    ],
)
def test_a_line_holds_nothing_that_was_sent(
    request_: Request, demanded: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Logs are read by more people than may see what is sent."""
    ec.validate_request(request_, on_violation="warn")
    (record,) = caplog.records
    assert f": {demanded}" in record.getMessage()
    assert "SECRET" not in record.getMessage()
    assert record.getMessage().isprintable()


# One function for any request object


def test_any_request_object_is_validated(payload: Any, wrong: Any) -> None:
    """Those of httpx, requests and urllib, and our own, right and wrong."""
    payload = {**payload, "b2bIds": {"buyerB2BId": "B", "supplierB2BId": "S"}}
    for value, rules in ((payload, []), (wrong, BOTH)):
        body = json.dumps(value).encode()
        for request in (
            httpx.Request("POST", URL, json=value),
            requests.Request("POST", URL, json=value).prepare(),
            requests.Request("POST", URL, data=body.decode(), headers=LABEL).prepare(),
            urllib.request.Request(URL, body, LABEL),  # noqa: S310 - https, as it says
            Request("POST", URL, (*LABEL.items(),), body),
        ):
            with contextlib.ExitStack() as stack:
                raised = stack.enter_context(pytest.raises(ec.ContractViolated)) if rules else None
                ec.validate_request(request)
            assert (broken(raised) if raised else []) == rules


def test_the_label_that_urllib_adds_is_seen(operation: Any) -> None:
    """It labels a body as a form unless it is told otherwise, which is often overlooked."""
    body = json.dumps(operation.request.example).encode()
    with pytest.raises(ec.ContractViolated) as raised:
        ec.validate_request(urllib.request.Request(URL, body))  # noqa: S310 - https, as it says
    assert str(raised.value).partition(" [")[0] == (
        "the request must be labelled application/json, "
        "but it is labelled application/x-www-form-urlencoded"
    )


def test_a_guard_knows_an_overlay(tmp_path: Path, payload: Any, sent: Sent) -> None:
    """What only the partner knows is judged too."""
    overlay = tmp_path / "partner.yaml"
    overlay.write_text(
        "overlay: 1.0.0\ninfo: {title: t, version: v}\nactions:\n"
        "  - target: $['x-sources']\n    update: {mail: {read: 2026-11-20, shows: statuses}}\n"
        "  - target: $.components.schemas.Status\n    update:\n"
        "      enum: [PAID]\n      x-evidence: {enum: confirmed mail}\n"
    )
    known = ec.load(overlay)
    ec.guard(sent.client()).post(URL, json=payload)
    with pytest.raises(ec.ContractViolated) as raised:
        ec.guard(sent.client(), contract=known).post(URL, json=payload)
    where = "request/invoiceStatus/statusTransition"
    assert broken(raised) == [f"{where}/currentStatus#enum", f"{where}/newStatus#enum"]


# Wrong use


@pytest.mark.parametrize("mode", ["log", None, ["raise"]])
def test_another_mode_is_refused(mode: Any) -> None:
    """The error names the two that there are."""
    for wrong_use in (
        lambda: ec.guard(httpx.Client, on_violation=mode),
        lambda: ec.validate_request(Request("GET", "/"), on_violation=mode),
    ):
        with pytest.raises(ec.UsageError) as raised:
            wrong_use()
        assert str(raised.value) == f'on_violation must be "raise" or "warn", but it is {mode!r}'


@pytest.mark.parametrize(
    ("thing", "kind"), [(httpx, "module"), (None, "NoneType"), (dict, "dict"), (object(), "object")]
)
def test_what_is_no_client_cannot_be_guarded(thing: object, kind: str) -> None:
    """The error says what can be, and what there is for everything else."""
    with pytest.raises(ec.UsageError) as raised:
        ec.guard(thing)
    assert str(raised.value) == (
        f"an object of type {kind} cannot be guarded; pass a client of httpx, or a session or "
        "adapter of requests; for any other library there is validate_request()"
    )


def test_guards_are_taken_off_clients_only() -> None:
    """A class never had one: the guarded class is another."""
    for thing in (httpx.Client, None):
        with pytest.raises(
            ec.UsageError, match=r"of type (type|NoneType) cannot be guarded; pass a client"
        ):
            ec.unguard(thing)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"fail_on": "hard"}, "'hard' is not a level of evidence; "),
        ({"operation": "pay"}, "there is no operation 'pay'; did you mean payInvoice or "),
    ],
)
def test_wrong_options_are_told_before_any_request(options: Any, message: str) -> None:
    """Who guards learns of it, not who sends."""
    with pytest.raises(ec.UsageError, match=f"^{re.escape(message)}"):
        ec.guard(httpx.Client(), **options)


def test_a_request_without_a_usable_address() -> None:
    """Only a hand-made request can have one; the error says what is wrong with it."""
    with pytest.raises(ec.UsageError) as raised:
        ec.validate_request(Request("POST", f"http://[x{PATH}"))
    assert str(raised.value) == (
        f"POST http://[x{PATH} has no address to be sent to (Invalid IPv6 URL)"
    )


def test_a_guard_of_one_operation_leaves_all_others_alone() -> None:
    """Another path, and an address that cannot be read, unless it holds the operation's path."""
    operation = ec.load().pick()
    guard = Guard(operation, ec.Level.SIBLING, "raise")
    assert guard.judges(operation)
    assert guard.without(guard) is None
    guard.look(ec.Request("POST", "http://h/elsewhere", (), b"{}"))
    with pytest.raises(ec.UsageError):
        guard.look(ec.Request("POST", f"http://[h{operation.path}", (), b"{}"))


def test_guards_of_several_operations_leave_unreadable_addresses_alone() -> None:
    """Unless one of their paths stands in it."""
    guards = Guards(Routes(ec.load()), ec.Level.SIBLING, "raise")
    guards.look(ec.Request("POST", "http://[h/elsewhere", (), b"{}"))
    with pytest.raises(ec.UsageError):
        guards.look(ec.Request("POST", f"http://[h{ec.load().pick().path}", (), b"{}"))
