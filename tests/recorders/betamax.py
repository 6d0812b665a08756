"""betamax, which records what a session of requests sends.

    python -m tests.recorders.betamax OUT.json

It keeps a picture as text, which breaks it, and hands that to its own user, who misses bytes of it
then. The cassette is written nevertheless.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import requests
from betamax import Betamax  # type: ignore[import-untyped]  # it says nothing of its types

from tests.recorders.command import main
from tests.recorders.processes import scratch
from tests.recorders.vcrpy import play_with_requests

if TYPE_CHECKING:
    from pathlib import Path


MATCHED = ["method", "uri", "body", "headers"]
"""The parts of a request by which it is told apart: by default two that are alike in all steps."""


def record(base_url: str, other_url: str, destination: Path) -> None:
    """Play the script with requests and keep the cassette that betamax makes of it."""
    session = requests.Session()
    with scratch() as folder:
        tape = Betamax(session, cassette_library_dir=str(folder))
        with tape.use_cassette("betamax", record="once", match_requests_on=MATCHED):
            play_with_requests(
                session, base_url, other_url, requests.exceptions.ChunkedEncodingError
            )
        shutil.copyfile(folder / "betamax.json", destination)


if __name__ == "__main__":
    main(record)
