"""Schemathesis' reports of what it sent: a VCR cassette, a HAR and NDJSON events.

    python -m tests.recorders.schemathesis FOLDER

It sends examples of a document. So the steps are written down as examples of two operations, in a
document made for it; the page and the other host are none of its business.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

from tests.recorders.command import main
from tests.recorders.processes import run, scratch
from tests.recorders.traffic_script import CANARY, PATIENCE, STEPS, Step

REPORTS = {"vcr": "yaml", "har": "har", "ndjson": "ndjson"}


def record(base_url: str, _other_url: str, destination: Path) -> None:
    """Let Schemathesis send the steps as examples and keep its three reports."""
    with scratch() as folder:
        (folder / "document.json").write_text(json.dumps(_document()), encoding="utf-8")
        program = Path(sys.executable).parent / "schemathesis"
        command = [str(program), "run", "document.json", "--url", base_url, "--phases", "examples"]
        command += ["--header", f"Authorization: Bearer {CANARY}", "--seed", "1"]
        command += [
            "--request-timeout",
            str(PATIENCE),
            "--continue-on-failure",
            "--generation-database",
            "none",
        ]
        command += ["--checks", "status_code_conformance", "--report", ",".join(REPORTS)]
        for report, ending in REPORTS.items():
            command += [f"--report-{report}-path", f"schemathesis.{ending}"]
        # It fails because one step is never answered.
        run(command, folder, statuses=(1,))
        for ending in REPORTS.values():
            shutil.copy(folder / f"schemathesis.{ending}", destination)


def _document() -> dict[str, Any]:
    paths: dict[str, Any] = {}
    # The examples are sent from the last to the first, and none after one without an answer.
    answered = [step for step in reversed(STEPS) if not step.abort]
    for step in [*(step for step in STEPS if step.abort), *answered]:
        if not step.other_host:
            path = paths.setdefault(step.path, {"post": _operation()})
            content = path["post"]["requestBody"]["content"]
            media = content.setdefault(step.content_type, {"schema": {}, "examples": {}})
            media["examples"][step.name] = {"value": _value(step)}
    info = {"title": "Traffic script", "version": "1"}
    return {"openapi": "3.1.0", "info": info, "paths": paths}


def _operation() -> dict[str, Any]:
    responses = {"default": {"description": "Anything"}}
    return {"requestBody": {"required": True, "content": {}}, "responses": responses}


def _value(step: Step) -> Any:
    return json.loads(step.body or "") if step.content_type == "application/json" else step.body


if __name__ == "__main__":
    main(record)
