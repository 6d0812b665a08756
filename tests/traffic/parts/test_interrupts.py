"""Ctrl-C, which the processes that are started never hear of."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

from enkash_contract.traffic.parts.interrupts import deaf

if TYPE_CHECKING:
    import pytest


def heard() -> bool:
    """Return whether Ctrl-C is heard in this thread."""
    return signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_threads_that_are_started_meanwhile_are_deaf() -> None:
    """The one that starts them hears of it again afterwards."""
    found: list[bool] = []
    with deaf():
        thread = threading.Thread(target=lambda: found.append(heard()))
        thread.start()
        thread.join()
    assert (found, heard()) == ([False], True)


def test_systems_without_such_signals(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is nothing to be done."""
    monkeypatch.delattr(signal, "pthread_sigmask")
    with deaf():
        pass
