"""Polly.js with its adapter of Node's `http` and its store of files, which are HAR.

    python -m tests.recorders.polly OUT.har

It sends each request once more itself, and waits for the answer even where the program has given up
waiting, so the request that is to be aborted is left out.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from tests.recorders.command import main
from tests.recorders.players import run_player
from tests.recorders.processes import scratch
from tests.recorders.traffic_script import script_for_players

if TYPE_CHECKING:
    from pathlib import Path


def record(base_url: str, other_url: str, destination: Path) -> None:
    """Let a Node program play the script under Polly.js and keep the recording it makes of it."""
    with scratch() as folder:
        script = script_for_players(base_url, other_url, aborts=False)
        run_player("polly.mjs", folder, str(folder / "recordings"), given=script)
        (file,) = folder.rglob("recording.har")
        shutil.copyfile(file, destination)


if __name__ == "__main__":
    main(record)
