"""go-vcr, with a plain client of net/http behind it.

    python -m tests.recorders.go_vcr OUT.yaml

The library is the one that Debian ships as source (`golang-github-dnaeon-go-vcr-dev`).
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from tests.recorders.command import main
from tests.recorders.players import PLAYERS
from tests.recorders.processes import executable, run, scratch
from tests.recorders.traffic_script import script_for_players

if TYPE_CHECKING:
    from pathlib import Path

SOURCES = {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode"}


def record(base_url: str, other_url: str, destination: Path) -> None:
    """Let a Go program play the script under go-vcr and keep the cassette it makes of it."""
    with scratch() as folder:
        command = [executable("go"), "run", str(PLAYERS / "go_vcr.go"), str(folder / "tape")]
        run(command, folder, script_for_players(base_url, other_url), variables=SOURCES)
        shutil.copyfile(folder / "tape.yaml", destination)


if __name__ == "__main__":
    main(record)
