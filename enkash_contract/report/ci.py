"""Whether a run is watched by nobody: what CI shows is a log."""

from __future__ import annotations

import os


def is_ci() -> bool:
    """Return whether this is CI, where a terminal is only a log with another name."""
    return os.environ.get("CI", "").lower() not in ("", "0", "false")
