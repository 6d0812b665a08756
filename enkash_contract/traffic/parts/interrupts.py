"""Ctrl-C, which reaches all processes of a terminal: it is for the first to end the others."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def deaf() -> Iterator[None]:
    """Let threads and processes that are started meanwhile never hear of Ctrl-C.

    Here it is heard when this is over. A signal that is blocked stays so in what is started, also
    while that only begins and could do nothing about it.
    """
    block = getattr(signal, "pthread_sigmask", None)
    if block is None:  # as on Windows
        yield
        return
    # Whatever starts it lets Ctrl-C be heard again, and that would be what starts a process.
    resource_tracker.ensure_running()
    before = block(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        block(signal.SIG_SETMASK, before)
