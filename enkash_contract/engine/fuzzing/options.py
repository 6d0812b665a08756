"""What fuzzing is asked for: how much of it, with which seed, and where failures are remembered.

Nothing here needs Hypothesis, but that it is missing is told here, before anything is sent.
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
from typing import TYPE_CHECKING, Any

from enkash_contract.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SEEDS = 2**32
"""Seeds that nobody chose are below this: short enough to type."""


@dataclass(frozen=True)
class Fuzz:
    """How to fuzz: so many draws, or so many seconds; the other of the two is infinite.

    `database` is the folder where failures are remembered, None where they are not. `only` and
    `skip` are the run's own choices, `pinned` the JSON Pointers that right requests keep. `right`
    and `wrong` say which requests may be drawn at all.
    """

    draws: float
    seconds: float
    seed: int
    database: Path | None = None
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    pinned: tuple[str, ...] = ()
    right: bool = True
    wrong: bool = True


def fuzz(
    wish: str | int | None,
    *,
    seed: int | None = None,
    database: str | Path | None = None,
    only: Iterable[str] = (),
    skip: Iterable[str] = (),
    pins: Mapping[str, Any] | None = None,
    polarity: str = "both",
    max_accepted: int | None = None,
) -> Fuzz | None:
    """Read how much to fuzz: `30s` for seconds, `500` for draws, None for not at all.

    Nobody knows beforehand how many right requests are drawn. So none is where `max_accepted`
    limits those that are sent.

    Raises:
        UsageError: it is neither, Hypothesis is not installed, the folder cannot be used, or
            nothing may be drawn.

    """
    if wish is None:
        return None
    draws, seconds = _amount(wish)
    if importlib.util.find_spec("hypothesis") is None:
        raise UsageError("fuzzing needs Hypothesis: pip install 'enkash-contract[fuzz]'")
    chosen = secrets.randbelow(SEEDS) if seed is None else seed
    folder = _folder(database)
    right, wrong = polarity != "reject" and max_accepted is None, polarity != "accept"
    if not (right or wrong):
        what = "fuzzing draws more right requests than --max-accepted allows, and --polarity leaves"
        raise UsageError(f"{what} no wrong ones; leave out one of the two")
    keep = (tuple(only), tuple(skip), tuple(pins or ()))
    return Fuzz(draws, seconds, chosen, folder, *keep, right=right, wrong=wrong)


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
