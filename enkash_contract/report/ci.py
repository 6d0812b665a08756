"""CI: whether a run is watched by nobody, and how GitHub reads what is printed there."""

from __future__ import annotations

import contextlib
import os
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SWITCH = "ENKASH_GITHUB"
"""The environment variable that is `off` where nothing is to be annotated unasked."""


def is_ci() -> bool:
    """Return whether this is CI, where a terminal is only a log with another name."""
    return os.environ.get("CI", "").lower() not in ("", "0", "false")


def is_github() -> bool:
    """Return whether GitHub Actions runs this, and reads what is printed."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def is_annotated(forms: Iterable[str]) -> bool:
    """Return whether GitHub runs this, and annotations are neither asked for nor switched off."""
    off = os.environ.get(SWITCH, "").lower() in ("off", "never", "no", "0", "false")
    return is_github() and not off and "github" not in forms


@contextlib.contextmanager
def quiet(stream: IO[str]) -> Iterator[None]:
    """Keep a runner from taking anything that is printed meanwhile for a command of its own."""
    from secrets import token_hex

    token = token_hex(16)
    stream.write(f"::stop-commands::{token}\n")
    stream.flush()
    try:
        yield
    finally:
        stream.write(f"::{token}::\n")
        stream.flush()
