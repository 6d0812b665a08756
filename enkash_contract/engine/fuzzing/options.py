"""How much to fuzz, with which seed, and where failures are remembered.

Nothing here needs Hypothesis, but its absence is reported here, before anything is sent.
"""

from __future__ import annotations

import importlib.util
import math
import os
import re
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from enkash_contract.engine.selection import Selection
from enkash_contract.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

SEEDS = 2**32
"""Seeds that nobody chose are below this: short enough to type."""


@dataclass(frozen=True)
class Fuzz:
    """How to fuzz: so many draws, or so many seconds; the other of the two is infinite.

    `database` is the folder where failures are remembered, None where they are not.
    """

    draws: float
    seconds: float
    seed: int
    database: Path | None = None


def read_fuzz(
    wish: str | int | None,
    *,
    seed: int | None = None,
    database: str | Path | None = None,
    selection: Selection | None = None,
) -> Fuzz | None:
    """Read how much to fuzz: `30s` for seconds, `500` for draws, None for not at all.

    Raises:
        UsageError: it is neither, Hypothesis is not installed, the folder cannot be used, or
            `selection` leaves nothing that may be drawn.

    """
    if wish is None:
        return None
    draws, seconds = _amount(wish)
    if importlib.util.find_spec("hypothesis") is None:
        raise UsageError("fuzzing needs Hypothesis: pip install 'enkash-contract[fuzz]'")
    chosen = secrets.randbelow(SEEDS) if seed is None else seed
    folder = _folder(database)
    if not any(drawable(selection or Selection())):
        what = "fuzzing draws more valid requests than --max-accepted allows, and --polarity leaves"
        raise UsageError(f"{what} no invalid ones; leave out one of the two")
    return Fuzz(draws, seconds, chosen, folder)


def drawable(selection: Selection) -> tuple[bool, bool]:
    """Return whether valid requests may be drawn, and whether invalid ones may."""
    # Nobody knows beforehand how many valid requests are drawn: a limit to them allows none.
    valid = selection.polarity != "reject" and selection.max_accepted is None
    return valid, selection.polarity != "accept"


def _amount(wish: str | int) -> tuple[float, float]:
    """Return how many draws and how many seconds are wished for."""
    found = re.fullmatch(r"(\d{1,9})|(\d{1,9}(?:\.\d+)?)s", str(wish), re.ASCII)
    if found is None or not float(found[1] or found[2]):
        raise UsageError(
            f"fuzzing for {wish!r} means nothing; write seconds as 30s, or a number of draws as 500"
        )
    return (float(found[1]), math.inf) if found[1] else (math.inf, float(found[2]))


def _folder(named: str | Path | None) -> Path | None:
    """Return the folder for what is remembered, made if it was not there.

    A home that cannot be written to is no mistake of anyone's; a folder that was named is.
    """
    folder = cache_folder() if named is None else Path(named)
    try:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        if named is None:
            return None
        why = error.strerror or error
        raise UsageError(
            f"the database {named} cannot be used: {why}; name a folder that can be written to"
        ) from None
    return folder


def tidy() -> None:
    """Have Hypothesis keep its own tables among the caches, not where a command is carried out."""
    caches = cache_folder()
    if caches is not None:
        os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(caches / "hypothesis"))


def cache_folder(
    platform: str = sys.platform, variables: Mapping[str, str] = os.environ
) -> Path | None:
    """Return this package's folder among the user's caches; None for a user without a home."""
    try:
        home = Path.home()
    except RuntimeError:
        return None
    usual = home / {"darwin": "Library/Caches", "win32": "AppData/Local"}.get(platform, ".cache")
    # The XDG specification has relative paths ignored.
    given = variables.get("LOCALAPPDATA" if platform == "win32" else "XDG_CACHE_HOME", "")
    caches = Path(given) if Path(given).is_absolute() else usual
    return caches / "enkash-contract"
