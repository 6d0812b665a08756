"""Where the lines of commands that serve go."""

from __future__ import annotations

import socket
import sys
from typing import TYPE_CHECKING

import pytest

from enkash_contract.cli.served import address_of, standard_error

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(("host", "named"), [("127.0.0.1", "127.0.0.1"), ("::1", "[::1]")])
def test_an_address_can_be_opened(host: str, named: str) -> None:
    """One of six parts stands in brackets."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        assert address_of(host, listener) == f"http://{named}:{port}"


def test_lines_pass_the_buffer_of_standard_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is no text is escaped."""
    file = tmp_path / "log"
    with file.open("w") as stream:
        monkeypatch.setattr(sys, "stderr", stream)
        standard_error()("ä \udc80\n")
    assert file.read_text(encoding="utf-8") == "ä \\udc80\n"


def test_a_closed_standard_error_is_no_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lines are dropped."""
    monkeypatch.setattr(sys, "stderr", None)
    standard_error()("line\n")
