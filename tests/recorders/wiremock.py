"""WireMock as a recording proxy, whose output is stubs: what is to be answered to what.

    python -m tests.recorders.wiremock OUT.json

The npm package `wiremock`, installed into `tests/tools`, brings the program.
One host stands behind it, so the step to the other one goes there as well.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import httpx

from tests.recorders.command import main
from tests.recorders.processes import RecorderError, executable, running, scratch, wait_for
from tests.recorders.traffic_script import play
from tests.support.paths import TOOLS

if TYPE_CHECKING:
    from pathlib import Path


def record(base_url: str, _other_url: str, destination: Path) -> None:
    """Play the script through WireMock and keep the stubs that it makes of it."""
    program = next(TOOLS.glob("node_modules/wiremock/build/wiremock-standalone-*.jar"), None)
    if program is None:
        message = "the npm package wiremock is not there; install it to record with it"
        raise RecorderError(message)
    with scratch() as folder:
        command = [executable("java"), "-jar", str(program), "--port", "0", "--bind-address"]
        command += ["127.0.0.1", "--proxy-all", base_url, "--root-dir", str(folder)]
        with running(command, folder) as log:
            port = wait_for(lambda: _port(log), "WireMock to listen")
            url = f"http://127.0.0.1:{port}"
            with httpx.Client(trust_env=False) as client:
                play(client, url, url)
                answer = client.post(f"{url}/__admin/recordings/snapshot", json={"persist": False})
        destination.write_bytes(answer.raise_for_status().content)


def _port(log: Path) -> int | None:
    found = re.search(r"port:\s+(\d+)", log.read_text(encoding="utf-8"))
    return int(found[1]) if found else None


if __name__ == "__main__":
    main(record)
