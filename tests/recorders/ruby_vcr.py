"""Ruby's VCR, with a plain client of net/http behind it.

python -m tests.recorders.ruby_vcr OUT.yml
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


def record(base_url: str, other_url: str, destination: Path) -> None:
    """Let a Ruby program play the script under VCR and keep the cassette it makes of it."""
    with scratch() as folder:
        command = [executable("ruby"), str(PLAYERS / "ruby_vcr.rb"), str(folder)]
        run(command, folder, script_for_players(base_url, other_url))
        shutil.copyfile(folder / "ruby-vcr.yml", destination)


if __name__ == "__main__":
    main(record)
