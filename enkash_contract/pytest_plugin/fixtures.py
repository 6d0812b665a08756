"""The fixtures of the plugin; the machinery behind each is loaded when a test uses it.

This module is loaded with the plugin, so it imports nothing but pytest.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.contract.contract import Contract
    from enkash_contract.generation.responses import Answer
    from enkash_contract.judging.result import Result
    from enkash_contract.pytest_plugin.deliveries import DeliveryCheck
    from enkash_contract.pytest_plugin.responses import ResponseCheck
    from enkash_contract.pytest_plugin.scripted_sandbox import ScriptedSandbox, Server
    from enkash_contract.wire.message import Interaction

# For the items of the contract


@pytest.fixture(scope="session")
def enkash_target(pytestconfig: pytest.Config) -> Any:
    """Return the target of the items: by default that of --enkash-url or --enkash-app.
        @pytest.fixture(scope="session")
        def enkash_target() -> object:
            return ec.Sandbox(defect="request/b2bIds/buyerB2BId#required/unenforced")

    Override it in a conftest.py, with the same scope, to build an application or to log in. It
    returns an address, `module:attribute`, an application, or one of them with the headers that go
    with every request: `(target, {"Authorization": "Bearer …"})`.
    """
    from enkash_contract.pytest_plugin import items

    return items.target(pytestconfig)


@pytest.fixture(scope="session")
def enkash_base(pytestconfig: pytest.Config) -> Any:
    """Return the payload that the implementation accepts: --enkash-base, or the example.
        def test_base(enkash_base: dict[str, object]) -> None:
            assert ec.is_valid(enkash_base)

    It is the same object for the whole session, so copy it before you change it. Override the
    fixture in a conftest.py, with the same scope, to vouch for another payload. For a target that
    accepts a request only once, return a function that returns the payload it accepts now.
    """
    from enkash_contract.pytest_plugin import items

    return items.base(pytestconfig)


@pytest.fixture(scope="session")
def _enkash_run(pytestconfig: pytest.Config, enkash_target: Any, enkash_base: Any) -> Iterator[Any]:
    """Yield the run behind the items: one connection, one baseline."""
    from enkash_contract.pytest_plugin import items

    with items.run(pytestconfig, enkash_target, enkash_base) as run:
        yield run


# The contract, and a response judged by it


@pytest.fixture(scope="session")
def enkash_contract(pytestconfig: pytest.Config) -> Contract:
    """Return the contract, with the overlays named by --enkash-overlay.
    def test_payload(enkash_contract: ec.Contract, enkash_base: object) -> None:
        ec.validate(enkash_base, contract=enkash_contract, fail_on="assumed")
    """
    from enkash_contract.pytest_plugin import contract

    return contract.contract_of(pytestconfig)


@pytest.fixture
def check_enkash(enkash_contract: Contract, request: pytest.FixtureRequest) -> ResponseCheck:
    """Return a function that judges a response of httpx, requests or Starlette with its request.
        def test_server(check_enkash: ec.ResponseCheck, enkash_base: object) -> None:
            client = TestClient(ec.Sandbox())
            response = client.post("/api/v0/invoice/req-status-change-invoice", json=enkash_base)
            assert check_enkash(response).ok

    It fails the test when the pair violates the contract, and returns the result otherwise.
    """

    def check(response: Any, *, operation: str | None = None) -> Result:
        from enkash_contract.errors import UsageError
        from enkash_contract.pytest_plugin import responses

        __tracebackhide__ = True
        caller = sys._getframe(1)  # noqa: SLF001 - documented for tools like this one
        try:
            result, report = responses.judge(
                request.node, response, enkash_contract, operation, caller
            )
        except UsageError as problem:
            # Without the frames of this package: the mistake stands in the test.
            raise UsageError(str(problem)) from None
        if result.violations:
            pytest.fail(report, pytrace=False)
        return result

    return check


@pytest.fixture
def enkash_deliver(enkash_contract: Contract, request: pytest.FixtureRequest) -> DeliveryCheck:
    """Return a function that delivers a webhook to a receiver, as EnKash does.
        def test_receiver(enkash_deliver: ec.DeliveryCheck) -> None:
            webhook = "statusChangeInvoiceRequest"
            receiver = ec.Sandbox(operation=webhook)
            delivered = enkash_deliver(receiver, operation=webhook)
            assert delivered.error is None

    It takes what `ec.deliver` takes, and returns what was sent with what came back. The test fails
    if the receiver breaks down, or does not respond in time.
    """

    def deliver(target: Any, *, operation: str, **more: Any) -> Interaction:
        from enkash_contract.errors import TargetError, UsageError
        from enkash_contract.pytest_plugin import deliveries

        __tracebackhide__ = True
        caller = sys._getframe(1)  # noqa: SLF001 - documented for tools like this one
        try:
            interaction, report = deliveries.delivered(
                request.node, enkash_contract, caller, target, operation, more
            )
        except (TargetError, UsageError) as problem:
            # Without the frames of this package: the mistake stands in the test.
            raise type(problem)(str(problem)) from None
        if report:
            pytest.fail(report, pytrace=False)
        return interaction

    return deliver


# For tests of clients


@pytest.fixture(scope="session")
def _enkash_server(pytestconfig: pytest.Config, enkash_contract: Contract) -> Iterator[Server]:
    from enkash_contract.pytest_plugin import sandbox

    with sandbox.serving(pytestconfig, enkash_contract) as server:
        yield server


@pytest.fixture
def enkash_sandbox(
    request: pytest.FixtureRequest, _enkash_server: Server
) -> Iterator[ScriptedSandbox]:
    """Return a real server on loopback, for a test of a client.
        def test_client(enkash_sandbox: ec.ScriptedSandbox, enkash_base: object) -> None:
            enkash_sandbox.answers("rejected", status=409)
            url = enkash_sandbox.url + "/api/v0/invoice/req-status-change-invoice"
            assert httpx.post(url, json=enkash_base).status_code == 409
            assert len(enkash_sandbox.interactions) == 1

    It responds as the contract says, or as `answers(...)` scripts; `url` is its address, and
    `interactions` holds the requests it received. A request that breaks the contract fails the test
    when it ends.
    """
    from enkash_contract.pytest_plugin import sandbox

    with sandbox.used_by(request.node, _enkash_server) as scripted:
        yield scripted


@pytest.fixture
def enkash_answer(request: pytest.FixtureRequest, enkash_sandbox: ScriptedSandbox) -> Answer:
    """Run the test once for each response that a client must survive, sent to all its requests.
        @pytest.mark.enkash(answers="right")
        def test_answer(
            enkash_answer: ec.Answer, enkash_sandbox: ec.ScriptedSandbox, enkash_base: object
        ) -> None:
            url = enkash_sandbox.url + "/api/v0/invoice/req-status-change-invoice"
            assert httpx.post(url, json=enkash_base).status_code < 500

    `@pytest.mark.enkash(answers="wrong")` narrows them down: "right", "wrong", ids or globs. What
    is invalid on weaker evidence than --enkash-fail-on is sent only where an id or a glob names it.
    """
    from enkash_contract.pytest_plugin import sandbox

    return sandbox.answer_for(request, enkash_sandbox)
