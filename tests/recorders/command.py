"""The command line of every recorder: `python -m tests.recorders.NAME OUT`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.recorders.server import serving

if TYPE_CHECKING:
    from collections.abc import Callable


def main(record: Callable[[str, str, Path], None]) -> None:
    """Record into the file or folder named on the command line, against a server of its own."""
    with serving() as (base_url, other_url):
        record(base_url, other_url, Path(sys.argv[1]))
