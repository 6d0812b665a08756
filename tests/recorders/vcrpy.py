"""vcrpy under three HTTP libraries, each of which it sees differently: requests, httpx, aiohttp.

    python -m tests.recorders.vcrpy FOLDER

The client of aiohttp sends objects (`json=`) where a program would, so that the cassette holds
objects in place of bodies, and no label of them.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import TYPE_CHECKING

import aiohttp
import httpx
import requests
import vcr  # type: ignore[import-untyped]  # it says nothing of its types

from tests.recorders.command import main
from tests.recorders.traffic_script import JSON, PlannedRequest, play, requests_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def record(base_url: str, other_url: str, destination: Path) -> None:
    """Play the script with each library and write the three cassettes into a folder."""
    for name, client in CLIENTS.items():
        file = destination / f"vcrpy-{name}.yaml"
        file.unlink(missing_ok=True)
        with vcr.use_cassette(str(file), record_mode="all"):
            client(base_url, other_url)


def _requests(base_url: str, other_url: str) -> None:
    play_with_requests(requests.Session(), base_url, other_url)


def play_with_requests(
    session: requests.Session,
    base_url: str,
    other_url: str,
    *suppressed: type[Exception],
) -> None:
    """Send the script with a session of requests; let it go on after errors that are suppressed."""
    with session:
        session.trust_env = False
        for planned in requests_of(base_url, other_url):
            with suppress(*([requests.Timeout] if planned.abort else []), *suppressed):
                session.request(
                    planned.method,
                    planned.url,
                    data=None if planned.body is None else planned.body.encode(),
                    headers=dict(planned.headers),
                    timeout=planned.timeout,
                )


def _httpx(base_url: str, other_url: str) -> None:
    with httpx.Client(trust_env=False) as client:
        play(client, base_url, other_url)


def _aiohttp(base_url: str, other_url: str) -> None:
    async def send_all() -> None:
        async with aiohttp.ClientSession() as session:
            for planned in requests_of(base_url, other_url):
                with suppress(*([TimeoutError] if planned.abort else [])):
                    await _send(session, planned)

    asyncio.run(send_all())


async def _send(session: aiohttp.ClientSession, planned: PlannedRequest) -> None:
    headers, body = dict(planned.headers), planned.body or ""
    is_object = headers.get("Content-Type") == JSON and body.isascii()
    if is_object:
        del headers["Content-Type"]
    async with session.request(
        planned.method,
        planned.url,
        json=json.loads(body) if is_object else None,
        data=body.encode() if body and not is_object else None,
        headers=headers,
        timeout=aiohttp.ClientTimeout(planned.timeout),
    ) as response:
        await response.read()


CLIENTS: dict[str, Callable[[str, str], None]] = {
    "requests": _requests,
    "httpx": _httpx,
    "aiohttp": _aiohttp,
}


if __name__ == "__main__":
    main(record)
