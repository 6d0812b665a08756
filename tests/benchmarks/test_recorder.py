"""The recording proxy beside mitmproxy's reverse mode: the same requests, to the same server."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from typing import TYPE_CHECKING

import httpx
import pytest

import enkash_contract as ec
from enkash_contract.sandbox.server import in_background
from tests.recorders.processes import running, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_benchmark.fixture import BenchmarkFixture

REQUESTS = 300

MITMDUMP = os.environ.get("MITMDUMP") or shutil.which("mitmdump")


def _sent(address: str) -> float:
    """Return the seconds that the requests take through the proxy at `address`."""
    operation = ec.load().pick()
    with httpx.Client(base_url=address, trust_env=False) as client:
        client.post(operation.path, json=operation.request.example)
        begun = time.perf_counter()
        for _ in range(REQUESTS):
            response = client.post(operation.path, json=operation.request.example)
            assert response.status_code == 200
        return time.perf_counter() - begun


@pytest.fixture
def upstream() -> Iterator[str]:
    """The address of a sandbox."""
    with in_background(ec.Sandbox()) as address:
        yield address


def _listening(log: Path) -> str | None:
    found = [word for word in log.read_text().split() if "127.0.0.1:" in word and "*" not in word]
    return f"http://{found[0].rpartition('/')[2].rstrip('.')}" if found else None


@pytest.mark.skipif(not MITMDUMP, reason="mitmdump is not on PATH, nor named by MITMDUMP")
def test_throughput_beside_mitmproxy(
    benchmark: BenchmarkFixture, upstream: str, tmp_path: Path
) -> None:
    """The ratio is told: ours hides secrets and judges on the way, theirs only records."""
    ours = [sys.executable, "-u", "-m", "enkash_contract", "record", upstream]
    ours += ["--port", "0", "--out", str(tmp_path / "ours.har")]
    theirs = [str(MITMDUMP), "--mode", f"reverse:{upstream}", "--listen-host", "127.0.0.1"]
    theirs += ["--listen-port", "0", "--set", f"confdir={tmp_path}"]
    theirs += ["--set", f"hardump={tmp_path / 'theirs.har'}"]
    seconds: dict[str, list[float]] = {"ours": [], "theirs": []}
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with running(ours, tmp_path / "a") as first, running(theirs, tmp_path / "b") as second:
        addresses = {
            "ours": wait_for(lambda: _listening(first), "the recorder to listen"),
            "theirs": wait_for(lambda: _listening(second), "mitmdump to listen"),
        }

        def both() -> None:
            for name, address in addresses.items():
                seconds[name].append(_sent(address))

        benchmark.pedantic(both, rounds=5)  # type: ignore[no-untyped-call]  # it has no types
    median = {name: sorted(times)[len(times) // 2] for name, times in seconds.items()}
    benchmark.extra_info["requests a second"] = round(REQUESTS / median["ours"])
    benchmark.extra_info["times as fast as mitmproxy"] = round(median["theirs"] / median["ours"], 2)
    with (tmp_path / "ours.har").open() as file:
        assert len(json.load(file)["log"]["entries"]) == 5 * (REQUESTS + 1)
