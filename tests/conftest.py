"""What several test modules share: the contract, a right payload, real servers on loopback."""

from __future__ import annotations

import contextlib
import copy
import gc
import math
import os
import pickle
import signal
import socket
import threading
from typing import TYPE_CHECKING, Any

import coverage
import pytest

from enkash_contract import clock
from enkash_contract.contract import contract, files, yaml_nodes
from enkash_contract.engine.transport import pace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from enkash_contract.contract.operation import Operation


FOLDER = "openapi/"
"""How the labels of the bundled files begin."""

# pytest-xdist says that the screen is as wide as the one where it was started.
os.environ.pop("COLUMNS", None)
# Where GitHub runs these tests, it is not the one who runs what they test.
for _name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE"):
    os.environ.pop(_name, None)
# What a script starts in its background ignores Ctrl-C, and so would the commands under test.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Spare the garbage collector what was collected: thousands of tests live until the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def _parsed_once() -> Iterator[None]:
    """Parse each file of the bundled document once: hundreds of tests lay an overlay on all."""
    known: dict[str, tuple[bytes, bytes]] = {}

    def parsed(raw: bytes, label: str) -> Any:
        if not label.startswith(FOLDER):
            return yaml_nodes.parse(raw, label)
        if label not in known or known[label][0] != raw:
            known[label] = raw, pickle.dumps(yaml_nodes.parse(raw, label))
        return pickle.loads(known[label][1])  # noqa: S301 - made above

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "parse", parsed)
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_progress() -> Iterator[None]:
    """Let no command tell how far it has come, as any may on a machine that is slow enough."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("enkash_contract.report.progress.EVERY", math.inf)
        yield


@pytest.fixture(autouse=True)
def _unmeasured(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let coverage rest while a test runs that is marked so, here and in what it starts."""
    measuring = coverage.Coverage.current()
    if measuring is None or request.node.get_closest_marker("unmeasured") is None:
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        for name in [one for one in os.environ if one.startswith("COVERAGE_")]:
            patch.delenv(name)
        measuring.stop()
        yield
        measuring.start()


@pytest.fixture
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a busy target be asked again soon, for runs in which many responses say so."""
    monkeypatch.setattr(pace, "FIRST", 0.01)
    monkeypatch.setattr(pace, "APART", 0.0)


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Return what keeps the loop of this thread from anything else, by the clock, for so long."""
    real, ours, spent = clock.monotonic, threading.get_ident(), 0.0

    def monotonic() -> float:
        # The servers of other tests have threads and loops of their own.
        return real() + (spent if threading.get_ident() == ours else 0)

    def spend(seconds: float) -> None:
        nonlocal spent
        spent += seconds

    monkeypatch.setattr(clock, "monotonic", monotonic)
    return spend


@pytest.fixture
def operation() -> Operation:
    """Return the bundled document's only operation."""
    return contract.bundled().pick()


@pytest.fixture
def payload(operation: Operation) -> Any:
    """Return a right payload that a test may change."""
    return copy.deepcopy(operation.request.example)


@contextlib.contextmanager
def nobody_listens() -> Iterator[str]:
    """Hold a port on loopback to which no connection can be made; yields the base URL."""
    with socket.socket() as held:
        # Bound, and not listening: everyone is refused, and no other server gets this port.
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}"


@contextlib.contextmanager
def raw_server(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """Serve loopback connections with `answer`, each in a thread; yields the base URL."""
    listener = socket.create_server(("127.0.0.1", 0))
    stopped = threading.Event()
    threads: list[threading.Thread] = []

    def one(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            answer(connection)

    def accept() -> None:
        while not stopped.is_set():
            with contextlib.suppress(OSError):
                connection, _ = listener.accept()
                threads.append(threading.Thread(target=one, args=(connection,)))
                threads[-1].start()

    accepting = threading.Thread(target=accept)
    accepting.start()
    host, port = listener.getsockname()
    try:
        yield f"http://{host}:{port}"
    finally:
        stopped.set()
        # Wakes the thread that waits for a connection.
        with contextlib.suppress(OSError), socket.create_connection((host, port)):
            pass
        accepting.join()
        listener.close()
        for thread in threads:
            thread.join()
