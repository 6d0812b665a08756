"""The recorder of responses, whose output is stubs: what is to be answered, not what was sent.

python -m tests.recorders.responses OUT.yaml
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import requests
from responses import _recorder

from tests.recorders.command import main
from tests.recorders.vcrpy import play_with_requests

if TYPE_CHECKING:
    from pathlib import Path


def record(base_url: str, other_url: str, destination: Path) -> None:
    """Play the script with requests and write the stubs that responses makes of it."""

    @_recorder.record(file_path=str(destination))  # type: ignore[untyped-decorator]
    def recorded() -> None:
        play_with_requests(requests.Session(), base_url, other_url)

    recorded()


if __name__ == "__main__":
    main(record)
