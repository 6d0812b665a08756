"""The command `record`: where it listens, what it says, and what it leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from enkash_contract import Sandbox, clock
from enkash_contract.sandbox import server
from enkash_contract.sandbox.server import in_background
from enkash_contract.traffic.recorder.har_file import HarFile
from tests.support.typed_commands import said, typed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATH = "/api/v0/invoice/req-status-change-invoice"


@pytest.fixture(autouse=True)
def _one_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a recorder serve one request and stop."""

    def serve(app: Any, _: object, **more: Any) -> None:
        with in_background(app, server_header=more["server_header"], date_header=False) as address:
            httpx.post(f"{address}{PATH}", json={})

    monkeypatch.setattr(server, "serve", serve)
    monkeypatch.setattr(clock, "time_of_day", lambda: "12:00:00")


@pytest.fixture(scope="module")
def upstream() -> Iterator[str]:
    """The address of a sandbox."""
    with in_background(Sandbox()) as address:
        yield address


def test_each_exchange_is_a_line_on_standard_error(upstream: str, tmp_path: Path) -> None:
    """The recording is judged by `traffic` as the line says."""
    out = tmp_path / "out.har"
    code, printed, err = said(typed("record", upstream, "--port", "0", "--out", str(out)))
    first, *rest = printed.splitlines()
    assert code == 0
    assert first.startswith("http://127.0.0.1:")
    assert first.endswith(f" passes on to {upstream}; Ctrl-C stops it")
    assert rest == [
        "recorded 1 exchange, 1 of the contract: 1 violation",
        f"next: enkash-contract traffic {out}",
    ]
    assert err == (
        f"12:00:00 POST {PATH} 400 rejected; "
        "client: request_schema_conformance request/device#required and 2 more\n"
    )
    code, printed, _ = said(typed("traffic", str(out)))
    assert code == 1
    assert "3 violations (client)" in printed


def test_quiet_prints_no_lines(upstream: str, tmp_path: Path) -> None:
    """The sum is printed all the same."""
    out = str(tmp_path / "out.har")
    code, printed, err = said(typed("record", upstream, "--port", "0", "--out", out, "-q"))
    assert (code, len(printed.splitlines()), err) == (0, 3, "")


def test_what_could_not_be_written_is_an_error(
    upstream: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client got its response."""

    def add(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(HarFile, "add", add)
    out = str(tmp_path / "out.har")
    code, printed, err = said(typed("record", upstream, "--port", "0", "--out", out))
    assert code == 2
    assert "1 exchange could not be written" in printed
    assert err.startswith("error: the recording cannot be written: No space left on device\n")


def test_nobody_can_use_an_address_that_cannot_be_written(
    upstream: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends."""
    monkeypatch.setattr("enkash_contract.cli.streams.unwritable", lambda: True)
    out = str(tmp_path / "out.har")
    code, printed, _ = said(typed("record", upstream, "--port", "0", "--out", out))
    assert code == 2
    assert "recorded 0 exchanges, 0 of the contract\n" in printed


def test_a_server_that_never_responds_keeps_no_recorder(
    upstream: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is under way when it is stopped has two seconds."""
    settings: dict[str, Any] = {}
    monkeypatch.setattr(server, "serve", lambda *_, **more: settings.update(more))
    said(typed("record", upstream, "--port", "0", "--out", str(tmp_path / "out.har")))
    assert settings["timeout_graceful_shutdown"] == 2


def test_a_missing_file_name_is_told(upstream: str) -> None:
    """With what to write."""
    code, _, err = said(typed("record", upstream))
    assert (code, err) == (2, "error: --out is missing; write --out FILE\n")


def test_no_file_is_begun_for_a_server_that_is_none(tmp_path: Path) -> None:
    """Whoever corrects the address can take the same name."""
    out = tmp_path / "out.har"

    assert said(typed("record", "ftp://h", "--out", str(out))) == (
        2,
        "",
        "error: UPSTREAM is no URL of a server; write one like https://host:443\n",
    )
    assert not out.exists()
