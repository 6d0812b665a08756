"""The recorder of nock, whose output is stubs: what is to be answered, not what was sent.

python -m tests.recorders.nock OUT.json
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.recorders.command import main
from tests.recorders.players import run_player
from tests.recorders.processes import scratch
from tests.recorders.traffic_script import script_for_players

if TYPE_CHECKING:
    from pathlib import Path


def record(base_url: str, other_url: str, destination: Path) -> None:
    """Let a Node program play the script under nock and keep the stubs it makes of it."""
    with scratch() as folder:
        script = script_for_players(base_url, other_url)
        text = run_player("nock.mjs", folder, given=script)
        destination.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(record)
