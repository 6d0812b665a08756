"""What the sandbox of a pytest session costs: its start, and a round trip, beside a bare server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from enkash_contract.contract.contract import bundled

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_benchmark.fixture import BenchmarkFixture

    from enkash_contract.pytest_plugin.scripted_sandbox import ScriptedSandbox

OPERATION = bundled().pick()
BODY = json.dumps(OPERATION.request.example).encode()
LABEL = {"Content-Type": "application/json"}


def post(url: str) -> bytes:
    """Send the document's example."""
    request = urllib.request.Request(url + OPERATION.path, BODY, LABEL)  # noqa: S310 - loopback
    with urllib.request.urlopen(request) as response:  # noqa: S310 - as above
        body: bytes = response.read()
    return body


@pytest.mark.benchmark(group="round trip in a test")
def test_sandbox(benchmark: BenchmarkFixture, enkash_sandbox: ScriptedSandbox) -> None:
    """A right request to the session's sandbox, kept and judged; the goal is 2 ms at the median."""
    assert b"SUCCESS" in benchmark(post, enkash_sandbox.url)


class Bare(BaseHTTPRequestHandler):
    """Answers anything with a little JSON."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.benchmark(group="round trip in a test")
def test_bare_server(benchmark: BenchmarkFixture) -> None:
    """The same to a server of the standard library that reads nothing and judges nothing."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Bare) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        benchmark(post, f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
        thread.join()


START = """
import time

def test_it(request):
    begun = time.perf_counter()
    request.getfixturevalue("enkash_sandbox")
    print("start", time.perf_counter() - begun)
"""


@pytest.mark.benchmark(group="start of the session's sandbox")
def test_start(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    """In a new process, with all imports; the goal is 0.3 s."""
    (tmp_path / "test_it.py").write_text(START)
    plugin = ["-p", "enkash_contract.pytest_plugin", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", "-q", "-s", *plugin]
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    took: list[float] = []

    def run() -> None:
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True
        )
        took.append(float(done.stdout.partition("start ")[2].split()[0]))

    benchmark.pedantic(run, rounds=10, warmup_rounds=2)  # type: ignore[no-untyped-call]  # not annotated there
    benchmark.extra_info["seconds of the fixture alone"] = sorted(took[2:])[5]
    benchmark.extra_info["fastest"] = min(took)
