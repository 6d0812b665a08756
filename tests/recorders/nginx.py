"""The access log of nginx as JSON, one line a request, with a plain client in front of it.

    python -m tests.recorders.nginx OUT.ndjson

nginx logs `$request_body` by itself; its module for Lua keeps the body of the response.
"""

from __future__ import annotations

import shutil
import socket
from typing import TYPE_CHECKING

import httpx

from tests.recorders.command import main
from tests.recorders.players import PLAYERS
from tests.recorders.processes import executable, running, scratch, wait_for
from tests.recorders.traffic_script import play, requests_of

if TYPE_CHECKING:
    from pathlib import Path


def record(base_url: str, other_url: str, destination: Path) -> None:
    """Play the script through nginx and keep the log it writes."""
    first, second = _free_ports()
    with scratch() as folder:
        words = {
            "FOLDER": str(folder),
            "BASE": base_url.removeprefix("http://"),
            "OTHER": other_url.removeprefix("http://"),
            "PORT": str(first),
            "SECOND": str(second),
        }
        text = (PLAYERS / "nginx.conf").read_text(encoding="utf-8")
        for word, value in words.items():
            text = text.replace(word, value)
        (folder / "nginx.conf").write_text(text, encoding="utf-8")
        log = folder / "access.log"
        with running([executable("nginx"), "-c", str(folder / "nginx.conf")], folder):
            wait_for(lambda: _listens(first), "nginx to listen")
            with httpx.Client(trust_env=False) as client:
                play(client, f"http://127.0.0.1:{first}", f"http://127.0.0.1:{second}")
            lines = len(requests_of(base_url, other_url))
            wait_for(lambda: _lines(log) == lines or None, "nginx to write its log")
        shutil.copyfile(log, destination)


def _free_ports() -> tuple[int, int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
    first, second = (each.getsockname()[1] for each in sockets)
    for each in sockets:
        each.close()
    return first, second


def _listens(port: int) -> bool | None:
    with socket.socket() as attempt:
        return attempt.connect_ex(("127.0.0.1", port)) == 0 or None


def _lines(log: Path) -> int:
    return len(log.read_bytes().splitlines()) if log.exists() else 0


if __name__ == "__main__":
    main(record)
