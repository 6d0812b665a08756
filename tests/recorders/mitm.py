"""mitmproxy's own HAR export: `mitmdump --set hardump=FILE`, with a plain client behind it.

mitmdump writes the file when it is told to stop, so it is stopped before the file is read.

    python -m tests.recorders.mitm OUT.har

The program is taken from the environment variable `MITMDUMP`, or else from PATH.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

import httpx

from tests.recorders.processes import executable, running, scratch, wait_for
from tests.recorders.server import serving
from tests.recorders.traffic_script import play


def record(base_url: str, other_url: str, destination: Path) -> None:
    """Play the script through mitmdump and write the recording it makes of it."""
    with scratch() as folder:
        file = folder / "out.har"
        command = [os.environ.get("MITMDUMP") or executable("mitmdump")]
        command += ["--listen-host", "127.0.0.1", "--listen-port", "0"]
        command += ["--set", f"confdir={folder / 'configuration'}", "--set", f"hardump={file}"]
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


def main() -> None:
    """Record into the file named on the command line, against a server started for it."""
    with serving() as (base_url, other_url):
        record(base_url, other_url, Path(sys.argv[1]))


if __name__ == "__main__":
    main()
