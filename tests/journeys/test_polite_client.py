"""What a run sends to a server that wants less of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import enkash_contract as ec
from tests.conftest import raw_server
from tests.support.spoken import heard, said
from tests.support.transport import RIGHT

if TYPE_CHECKING:
    import socket


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
        result = ec.check_target(url, max_wait=3)
    assert (result.exit_code, result.violations, result.stability.ended) == (3, (), True)
    assert result.count("held") == 1
    assert len(sent) <= 24
    assert result.notes[-1].startswith("the target is busy: it still responded 429 after ")
