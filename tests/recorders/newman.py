"""Newman's JSON report: Postman's collection runner, given the script as a collection.

    python -m tests.recorders.newman OUT.json

A collection holds requests of an interface, so the page, its script and its picture are left out.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

from tests.recorders.command import main
from tests.recorders.processes import executable, run, scratch
from tests.recorders.traffic_script import PATIENCE, PlannedRequest, requests_of
from tests.support.paths import TOOLS

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"


def record(base_url: str, other_url: str, destination: Path) -> None:
    """Let Newman play the script and keep the report it writes of it."""
    items = [_item(planned) for planned in requests_of(base_url, other_url) if planned.body]
    collection = {"info": {"name": "Traffic script", "schema": SCHEMA}, "item": items}
    with scratch() as folder:
        (folder / "collection.json").write_text(json.dumps(collection), encoding="utf-8")
        # Its report names the files of its own program where an error came from.
        (folder / "node_modules").symlink_to(TOOLS / "node_modules")
        command = [executable("node"), "--preserve-symlinks", "--preserve-symlinks-main"]
        command += [
            "node_modules/newman/bin/newman.js",
            "run",
            "collection.json",
            "--reporters",
            "json",
            "--suppress-exit-code",
        ]
        # All requests have this limit, also those that a busy machine keeps waiting.
        command += ["--timeout-request", str(int(PATIENCE * 3000))]
        command += ["--reporter-json-export", "report.json"]
        run(command, folder)
        shutil.copyfile(folder / "report.json", destination)


def _item(planned: PlannedRequest) -> dict[str, Any]:
    headers = [{"key": name, "value": value} for name, value in planned.headers.items()]
    request = {
        "method": planned.method,
        "header": headers,
        "url": planned.url,
        "body": {"mode": "raw", "raw": planned.body},
    }
    return {"name": planned.name, "request": request}


if __name__ == "__main__":
    main(record)
