"""Schemathesis with our checks and payloads: its real command, its pytest decorator, its cases."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
import requests
import schemathesis
from schemathesis.core.errors import HookExecutionError

import enkash_contract as ec
from enkash_contract import schemathesis_hooks as hooks
from enkash_contract.contract import contract, export
from enkash_contract.sandbox import defects, server
from tests.conftest import raw_server
from tests.support import look_up
from tests.support.schemathesis_runs import PATH, judged, ours, theirs

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator

BUYER = "request/b2bIds/buyerB2BId#pattern"
VERSION = "request/invoiceStatus/objectVersion/newVersion#type"
DEFECTS = {
    f"{BUYER}/upper-bound-plus-1": f"negative_data_rejection {BUYER}",
    "request/invoiceStatus/supplierRemarks#pattern/line-feed-at-end-taken": (
        "negative_data_rejection request/invoiceStatus/supplierRemarks#pattern"
    ),
    f"{VERSION}/numeric-string-taken": f"negative_data_rejection {VERSION}",
}


def any_of(*apps: Any) -> Any:
    """Return an application that accepts a request if any of `apps` does."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        received: list[Any] = []
        sent: list[Any] = []
        while not received or received[-1].get("more_body"):
            received.append(await receive())
        for each in apps:
            left, sent = iter(received), []

            async def replay(left: Iterator[Any] = left) -> Any:
                return next(left)

            async def keep(message: Any, sent: list[Any] = sent) -> None:
                sent.append(message)

            await each(scope, replay, keep)
            if any(b'"response_code": 0' in message.get("body", b"") for message in sent):
                break
        for message in sent:
            await send(message)

    return app


def run(app: Any, folder: Path, *words: str, hooked: bool = True) -> tuple[int, list[str]]:
    """Run the real command on the printed document; return its exit code and its failures."""
    document = folder / "enkash.yaml"
    document.write_text(export.text(contract.bundled(), "yaml"), encoding="utf-8")
    environment = {**os.environ, "HYPOTHESIS_STORAGE_DIRECTORY": str(folder)}
    if hooked:
        environment["SCHEMATHESIS_HOOKS"] = "enkash_contract.schemathesis_hooks"
    with server.in_background(app) as url:
        command = [str(Path(sys.executable).with_name("schemathesis")), "run", str(document)]
        done = subprocess.run(
            [*command, f"--url={url}", "--no-color", f"--include-operation-id={OPERATION}", *words],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    assert "Test cases:" in done.stdout, done.stdout + done.stderr
    return done.returncode, sorted(set(re.findall(r"^- ST\d+ (.*)", done.stdout, re.MULTILINE)))


OPERATION = "changeInvoiceStatus"
"""The others are read by the same hooks, so one of them stands for all."""

# The command


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [("-n2", "--phases=examples,fuzzing"), ("-n5", "--phases=examples,coverage,fuzzing")],
    ids=["quick", "thorough"],
)
def test_a_conforming_sandbox_passes(words: tuple[str, ...], tmp_path: Path) -> None:
    """There is no false alarm, whatever the phase."""
    assert run(ec.Sandbox(), tmp_path, "--seed=2", *words) == (0, [])


@pytest.mark.slow
@pytest.mark.unmeasured
def test_three_defects_are_found_that_schemathesis_misses(tmp_path: Path) -> None:
    """At the same settings each is named by its rule with the hooks, and none without them."""
    words = ("--seed=1", "-n3", "--continue-on-failure")
    # Alone, Schemathesis takes every rule for certain: a server that does so too suits it best.
    strict = any_of(*(ec.Sandbox(defect=defect, fail_on="assumed") for defect in DEFECTS))
    assert run(strict, tmp_path, *words, hooked=False) == (0, [])
    usual = any_of(*(ec.Sandbox(defect=defect) for defect in DEFECTS))
    assert run(usual, tmp_path, *words) == (1, sorted(DEFECTS.values()))


# In this process


@contextlib.contextmanager
def forgotten() -> Iterator[None]:
    """Forget what is known of servers, as in a new process."""
    kept = dict(hooks._servers)
    hooks._servers.clear()
    try:
        yield
    finally:
        hooks._servers.update(kept)


def rejecting(status: int, *, but: bytes = b"") -> Any:
    """Return an application that rejects by `status` all bodies, or those without `but`."""
    conforming = ec.Sandbox()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        message = await receive()
        if but and but in message["body"]:

            async def again() -> Any:
                return message

            await conforming(scope, again, send)
            return
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    return app


CONFORMING = [
    variant.id
    for variant in defects.variants_of(contract.bundled().pick())
    if variant.id != "conforming/slow"
]


@pytest.mark.unmeasured
@pytest.mark.parametrize("variant", CONFORMING)
def test_a_server_that_conforms_in_another_way_passes(variant: str) -> None:
    """A rejection by 200, a page, a strict reading of unknown members: none is a failure."""
    operation = theirs(ec.Sandbox(defect=variant))
    for name in ("#type/baseline", "#content-type/text-plain", "#method/PUT", "#json/empty"):
        assert judged(ours(operation, f"request{name}")) == []
    for name in ("shortest", "one-over"):
        assert judged(ours(operation, f"{BUYER}/{name}")) == []


def test_an_assumption_fails_only_when_its_level_is_chosen() -> None:
    """With `fail_on` at that level it is a violation."""
    case_id = "request/invoiceStatus/supplierAction#minLength/one-under"
    assert judged(ours(theirs(ec.Sandbox()), case_id)) == []
    strict = theirs(ec.Sandbox(), fail_on="assumed")
    assert judged(ours(strict, case_id)) == [
        "negative_data_rejection request/invoiceStatus/supplierAction#minLength: accepted, although"
        ' /invoiceStatus/supplierAction must have at least 1 character, but it is ""'
    ]


def test_one_failure_does_not_hide_another() -> None:
    """Two rules that one response breaks are two failures, each with its own key."""
    body = b'{"payload": "SUCCESS", "response_code": "0"}'

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        head = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": body})

    found = judged(ours(theirs(app), f"{BUYER}/one-over"))
    assert {line.partition(":")[0] for line in found} == {
        "response_schema_conformance response.200/response_message#required",
        "response_schema_conformance response.200/response_code#type",
    }


def test_any_request_is_judged_by_its_bytes() -> None:
    """A user's own payload may break a rule, and a server that rejects it is not at fault."""
    operation = theirs(ec.Sandbox(defect=f"{BUYER}/unenforced"))
    payload = contract.bundled().document.at(("paths", PATH, "post", "requestBody", "content"))
    body = payload["application/json"]["example"]
    body = {**body, "b2bIds": {**body["b2bIds"], "buyerB2BId": "\\"}}
    case = operation.Case(body=body, media_type="application/json")
    (line,) = judged(case)
    assert line.startswith(
        f"negative_data_rejection {BUYER}: accepted, although /b2bIds/buyerB2BId"
    )
    case = theirs(rejecting(400)).Case(body=body, media_type="application/json")
    assert judged(case) == []


def test_a_method_that_is_not_served_may_be_rejected_in_any_way() -> None:
    """Schemathesis' own check demands 405; here, only an acceptance is a violation."""
    assert judged(ours(theirs(rejecting(404)), "request#method/PUT")) == []


# A server that rejects


def test_a_rejected_valid_request_is_a_failure_while_the_baseline_is_accepted() -> None:
    """The baseline and another value are sent on the spot: the server could know ours alone."""
    operation = theirs(ec.Sandbox(defect=f"{BUYER}/lower-bound-plus-1"))
    (line,) = judged(ours(operation, f"{BUYER}/shortest"))
    assert line.startswith(f"positive_data_acceptance {BUYER}: rejected, although it keeps every ")


@pytest.mark.parametrize("status", [400, 404])
def test_a_look_up_is_no_failure(status: int) -> None:
    """A server that accepts the baseline's value alone may look it up."""
    operation = theirs(rejecting(status, but=b'"BUYER-0001"'))
    assert judged(ours(operation, f"{BUYER}/shortest")) == []


@pytest.mark.slow
@pytest.mark.unmeasured
def test_a_server_that_looks_up_passes(tmp_path: Path) -> None:
    """Whatever the phase: all it rejects is what it does not know, or what is invalid."""
    words = ("--seed=2", "-n5", "--phases=examples,fuzzing")
    assert run(look_up.look_up(ec.Sandbox()), tmp_path, *words) == (0, [])


def test_nothing_is_concluded_of_a_server_that_accepts_nothing() -> None:
    """It is one failure with its remedy, and never a violation."""
    expected = (
        "Nothing can be concluded: The document's example is not accepted (the response is 401), "
        "so rejections prove nothing."
    )
    with forgotten():
        operation = theirs(rejecting(401))
        assert judged(ours(operation, "request#type/baseline")) == [expected]
        assert judged(ours(operation, f"{BUYER}/shortest")) == [expected]
        assert judged(ours(operation, f"{BUYER}/one-over")) == []


def test_a_server_that_has_accepted_something_may_reject_it_later() -> None:
    """An invoice that was changed once may not be changed again: that proves nothing."""
    apps = [ec.Sandbox()]

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await apps[0](scope, receive, send)

    with forgotten():
        operation = theirs(app)
        assert judged(ours(operation, "request#type/baseline")) == []
        apps[:] = [rejecting(409)]
        assert judged(ours(operation, f"{BUYER}/shortest")) == []
        assert judged(ours(operation, "request#type/baseline")) == []


def test_nothing_is_concluded_of_a_server_that_falls_silent() -> None:
    """A rejection proves nothing when the baseline gets no response."""
    responses = [b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"]

    def respond(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(responses.pop() if responses else b"")

    with forgotten(), raw_server(respond) as url:
        operation = theirs(None, url=url)
        assert judged(ours(operation, f"{BUYER}/shortest")) == [
            "Nothing can be concluded: The document's example is not accepted (there is no "
            "response), so rejections prove nothing."
        ]


def test_the_baseline_is_sent_as_the_request_was() -> None:
    """It carries the headers of the request, credentials too, and goes to the same address."""
    seen: list[tuple[bytes, bytes]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        headers = dict(scope["headers"])
        seen.append((scope["path"].encode(), headers.get(b"authorization", b"")))
        await rejecting(400)(scope, receive, send)

    with forgotten(), server.in_background(app) as url:
        operation = theirs(None)
        case = ours(operation, f"{BUYER}/shortest")
        judged(case, base_url=f"{url}/uat", headers={"Authorization": "Bearer secret"})
    assert seen == [(f"/uat{PATH}".encode(), b"Bearer secret")] * 2


# Requests


def test_the_suite_is_sent_in_the_examples_phase() -> None:
    """All that Schemathesis can send, the baseline first, as far as the mode allows."""
    operation = theirs(ec.Sandbox())
    config = operation.schema.config.generation
    context = schemathesis.HookContext(operation=operation)
    sent: dict[str, list[Any]] = {}
    for mode in schemathesis.GenerationMode:
        config.update(modes=[mode])
        examples = [operation.Case(headers={"Authorization": "Bearer secret"})]
        hooks.before_add_examples(context, examples)
        sent[mode.value] = examples
        assert {example.headers["Authorization"] for example in examples} == {"Bearer secret"}
    unsent = {
        case.id
        for case in ec.cases()
        if case.wire.path != PATH or not case.wire.sized or len(case.wire.headers) != 1
    }
    assert {case.rule.keyword for case in ec.cases() if case.id in unsent} == {
        *("path", "method", "json", "content-type-present", "content-type-single")
    }
    for kind, polarity in (("positive", "accept"), ("negative", "reject")):
        chosen = [
            case for case in ec.cases() if case.polarity == polarity and case.id not in unsent
        ]
        assert [(example.method, example.body) for example in sent[kind]] == [
            (case.wire.method, case.wire.body) for case in chosen
        ]


def test_the_suite_is_sent_without_an_example_too() -> None:
    """A document need not have one."""
    operation = theirs(ec.Sandbox())
    examples: list[Any] = []
    hooks.before_add_examples(schemathesis.HookContext(operation=operation), examples)
    assert examples[0].body == ec.cases()[0].wire.body


# Documents and operations that are not ours


OTHER = {
    "openapi": "3.1.0",
    "info": {"title": "Invoices and more", "version": "1"},
    "paths": {
        PATH: {"post": {"responses": {"200": {"description": "Changed"}}}},
        "/health": {
            "get": {
                "parameters": [
                    {"name": "probe", "in": "query", "schema": {"type": "string"}, "example": "x"}
                ],
                "responses": {"200": {"description": "Well"}},
            }
        },
    },
}


def test_other_operations_are_left_to_schemathesis() -> None:
    """In a user's own document, only the operation of our contract is judged by us."""
    schema = schemathesis.openapi.from_dict(OTHER)
    schema.app = rejecting(418)
    operation = schema["/health"]["GET"]
    (line,) = judged(operation.Case())
    assert line == "Undocumented status code: Received: 418"
    context = schemathesis.HookContext(operation=operation)
    examples = [operation.Case()]
    hooks.before_add_examples(context, examples)
    assert examples == [operation.Case()]
    case = operation.Case()
    drawn: list[Any] = []

    @hypothesis.settings(max_examples=1)
    @hypothesis.given(hooks.flatmap_case(context, case))
    def draw(request: Any) -> None:
        drawn.append(request)

    draw()
    assert drawn[0] is case
    with forgotten():
        (line,) = judged(ours(schema[PATH]["POST"], "request#type/baseline"))
    assert line.startswith("Nothing can be concluded: ")


def test_a_document_without_our_operation_is_an_error() -> None:
    """The error says what is missing, and which command prints a document that has it."""
    paths = {"/health": OTHER["paths"]["/health"]}  # type: ignore[index]
    with pytest.raises(HookExecutionError) as raised:
        schemathesis.openapi.from_dict({**OTHER, "paths": paths})
    assert str(raised.value.original_error) == (
        "this document has no operation of the contract "
        "(/api/v0/invoice/req-status-change-invoice, /api/v0/invoice/req-confirm-invoice, "
        "/api/v0/business-onboarding/reg-check-entity and 7 more); "
        "`enkash-contract document` prints one that has"
    )


def test_an_overlay_that_is_gone_is_an_error(tmp_path: Path) -> None:
    """The document names its overlays, and each is read again for its evidence and its lines."""
    document = export.exported(contract.bundled())
    gone = tmp_path / "gone.yaml"
    document[export.EXTENSION]["overlays"] = [str(gone)]
    with pytest.raises(HookExecutionError) as raised:
        schemathesis.openapi.from_dict(document)
    assert str(raised.value.original_error) == (
        f"{gone}: cannot be read: No such file or directory; name a file that is there; "
        "or print the document anew"
    )


def test_the_body_of_a_truncated_response_is_not_judged() -> None:
    """Schemathesis keeps the beginning of a very long response, which is no JSON."""
    sent = requests.Request("POST", f"http://localhost{PATH}", data="text").prepare()
    kept = {"headers": {"content-type": ["application/json"]}, "content": b"{", "request": sent}
    cut = schemathesis.Response(200, **kept, elapsed=0, verify=True, content_size=10**9)  # type: ignore[arg-type]
    whole = schemathesis.Response(200, **kept, elapsed=0, verify=True)  # type: ignore[arg-type]
    assert hooks._interaction(cut).request.body == b"text"
    responses = [hooks._interaction(response).response for response in (cut, whole)]
    assert [response and response.body for response in responses] == [None, b"{"]


# In pytest


@pytest.mark.unmeasured
def test_a_parametrized_test_finds_a_defect(pytester: pytest.Pytester) -> None:
    """`@schema.parametrize()` works as with any schema, with and without a defect."""
    pytester.makepyfile(
        f"""
        import enkash_contract as ec
        import schemathesis

        def schema_of(app):
            schema = ec.load().schemathesis(app=app)
            schema.config.phases.update(phases=["examples"])
            schema.config.generation.update(modes=[schemathesis.GenerationMode.POSITIVE])
            return schema

        conforming = schema_of(ec.Sandbox())
        faulty = schema_of(ec.Sandbox(defect="{BUYER}/upper-bound-minus-1"))

        @conforming.parametrize()
        def test_conforming(case):
            case.call_and_validate()

        @faulty.parametrize()
        def test_faulty(case):
            case.call_and_validate()
        """
    )
    quiet = ["-p", "no:randomly", "-p", "no:xdist", "-p", "no:benchmark", "-p", "no:cacheprovider"]
    result = pytester.runpytest_inprocess(*quiet)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines([f"*ST901 positive_data_acceptance {BUYER}"])


def test_without_schemathesis_the_error_names_the_command_that_installs_it() -> None:
    """It is one message, without a second error as its cause."""
    code = """
        import sys
        sys.modules["schemathesis"] = None
        import enkash_contract
        try:
            enkash_contract.load().schemathesis()
        except ImportError as problem:
            print(problem)
    """
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(code)],
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        check=True,
        text=True,
    )
    assert done.stdout == (
        "Contract.schemathesis() needs schemathesis: pip install 'enkash-contract[fuzz]'\n"
    )
