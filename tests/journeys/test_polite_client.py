"""What a run sends to a server that wants less of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

import enkash_contract as ec
from enkash_contract.cli.main import main
from enkash_contract.engine import sending, session
from enkash_contract.judging.judge import judge_case
from enkash_contract.validation.outcome import outcome_of
from enkash_contract.wire.message import Request
from tests.conftest import raw_server
from tests.support.spoken import heard, said
from tests.support.transport import RIGHT

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

PATH = ec.cases()[0].path
JSON = (("Content-Type", "application/json"),)


@pytest.mark.parametrize("asks", [b"0", b"1"])
def test_a_busy_server_gets_few_requests(asks: bytes) -> None:
    """With eight workers too, whether it asks for no time or for the same each time."""
    sent: list[bytes] = []

    def busy(connection: socket.socket) -> None:
        while raw := heard(connection):
            sent.append(raw)
            # Only the baseline gets through.
            first = len(sent) == 1
            connection.sendall(
                said(200, RIGHT) if first else said(429, b"", b"Retry-After: " + asks)
            )

    with raw_server(busy) as url:
        result = ec.check_target(url, max_wait=1.5)
    assert (result.exit_code, result.violations, result.stability.ended) == (3, (), True)
    assert result.count("held") == 1
    assert len(sent) <= 24
    assert result.notes[-1].startswith("the target is busy: it still responded 429 after ")


def test_judging_takes_none_of_the_server_s_time(
    busy: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading and judging eight responses together takes longer than one of them may take."""
    sandbox = ec.Sandbox()

    def serve(connection: socket.socket) -> None:
        while raw := heard(connection):
            request = Request("POST", PATH, JSON, raw.partition(b"\r\n\r\n")[2])
            response = sandbox.answer(request).response
            assert response is not None
            assert response.body is not None
            connection.sendall(said(response.status, response.body))

    def slow(work: Callable[..., Any]) -> Callable[..., Any]:
        def worked(*given: Any, **options: Any) -> Any:
            busy(8)
            return work(*given, **options)

        return worked

    monkeypatch.setattr(sending, "outcome_of", slow(outcome_of))
    monkeypatch.setattr(session, "judge_case", slow(judge_case))
    with raw_server(serve) as url:
        result = ec.check_target(url, only=["request/b2bIds#*"], timeout=60, workers=8)
    assert (result.exit_code, result.findings, result.notes) == (0, (), ())
    assert (result.count("inconclusive"), result.stability.unstable) == (0, 0)


@pytest.mark.parametrize("cookies", [False, True])
def test_cookies_are_sent_back_only_on_demand(*, cookies: bool) -> None:
    """Each case stands for itself; what a server sets is a secret, wherever it is echoed."""
    sent: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        while raw := heard(connection):
            sent.append(raw)
            # The response breaks the contract, so that it is quoted.
            body = b'{"payload": "session canary-7h15-i5", "response_code": "canary-7h15-i5"}'
            connection.sendall(said(200, body, b"Set-Cookie: id=canary-7h15-i5; Path=/; HttpOnly"))

    with raw_server(serve) as url:
        words = ["check", url, "--only", "request#json/empty", *(["--cookies"] * cookies)]
        done = CliRunner().invoke(main, [*words, "-v"])
    assert done.exit_code == 1
    assert "canary" not in done.output
    assert len(sent) > 1
    assert b"cookie" not in sent[0].lower()
    assert all((b"cookie: id=canary-7h15-i5" in raw.lower()) == cookies for raw in sent[1:])
