"""Playwright's own HAR export (`recordHar`), in each of the ways in which it can be written.

With bodies embedded, with bodies as files beside it, those in one archive, and in the mode that
keeps only what a replay needs.

    python -m tests.recorders.playwright FOLDER
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from tests.recorders.command import main
from tests.recorders.players import run_player
from tests.recorders.processes import executable, scratch

if TYPE_CHECKING:
    from pathlib import Path


def record(base_url: str, other_url: str, destination: Path) -> None:
    """Let Playwright drive Chromium through the script and write its recordings into a folder."""
    chromium = executable("chromium", "chromium-browser", "google-chrome")
    page = f"{base_url}/?other={other_url}"
    with scratch() as folder:
        written = folder / "written"
        run_player("playwright.mjs", folder, chromium, page, str(written))
        shutil.copytree(written, destination, dirs_exist_ok=True)


if __name__ == "__main__":
    main(record)
