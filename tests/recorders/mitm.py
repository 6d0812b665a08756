"""mitmproxy's own HAR export: `mitmdump --set hardump=FILE`, with a plain client behind it.

mitmdump writes the file when it is told to stop, so it is stopped before the file is read.

    python -m tests.recorders.mitm OUT.har

With another ending, `OUT.flows`, it is what mitmproxy saves for itself (`save_stream_file`).

The program is taken from the environment variable `MITMDUMP`, or else from PATH.
"""

from __future__ import annotations

import os
import re
import shutil
from typing import TYPE_CHECKING

import httpx

from tests.recorders.command import main
from tests.recorders.processes import executable, running, scratch, wait_for
from tests.recorders.traffic_script import play

if TYPE_CHECKING:
    from pathlib import Path


def record(base_url: str, other_url: str, destination: Path) -> None:
    """Play the script through mitmdump and write the recording it makes of it."""
    with scratch() as folder:
        file = folder / "out"
        command = [os.environ.get("MITMDUMP") or executable("mitmdump")]
        command += ["--listen-host", "127.0.0.1", "--listen-port", "0"]
        option = "hardump" if destination.suffix == ".har" else "save_stream_file"
        command += ["--set", f"confdir={folder / 'configuration'}", "--set", f"{option}={file}"]
        with running(command, folder) as log:
            port = wait_for(lambda: _port(log), "mitmdump to listen")
            proxy = f"http://127.0.0.1:{port}"
            with httpx.Client(proxy=proxy, trust_env=False) as client:
                play(client, base_url, other_url)
        wait_for(lambda: file.exists() or None, "mitmdump to write its file", seconds=1)
        shutil.copyfile(file, destination)


def _port(log: Path) -> int | None:
    found = re.search(r"listening at \S*?:(\d+)", log.read_text(encoding="utf-8"))
    return int(found[1]) if found else None


if __name__ == "__main__":
    main(record)
