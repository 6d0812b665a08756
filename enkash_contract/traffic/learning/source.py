"""The source of what is learned: recordings by their hashes and their days, without their names."""

from __future__ import annotations

import datetime as dt
from hashlib import file_digest, sha256
from typing import TYPE_CHECKING

from enkash_contract import clock
from enkash_contract.contract.wording import counted
from enkash_contract.traffic.reading.address import Address

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from enkash_contract.traffic.learning.learned import Learned

NAMED = 10
"""No more hashes of recordings are written."""


def source(learned: Learned) -> tuple[str, dict[str, str]]:
    """Return the id of the source of what is learned, and its row in `x-sources`."""
    digests = sorted(_digests(learned.files))
    whole = sha256("\n".join(digests).encode()).hexdigest()
    more = f" and {len(digests) - NAMED:,} more" if len(digests) > NAMED else ""
    hashes = f" (SHA-256 {', '.join(digests[:NAMED])}{more})" if digests else ""
    days = sorted({_day(at) for at in (learned.first, learned.last) if at is not None})
    when = f", sent {' to '.join(days)}" if days else ""
    number = counted(len(learned.files), "recording")
    shows = f"{counted(learned.number, 'interaction')} in {number}{hashes}{when}."
    return f"recordings-{whole[:12]}", {"read": clock.today().isoformat(), "shows": shows}


def _digests(files: list[Path | Address]) -> Iterator[str]:
    """Yield the hash of each file; what can be read only once has none."""
    for path in files:
        try:
            if isinstance(path, Address) or path.is_file():
                with path.open("rb") as file:
                    yield file_digest(file, "sha256").hexdigest()
        except OSError:
            continue


def _day(at: float) -> str:
    try:
        return dt.datetime.fromtimestamp(at, dt.UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return "at no day that there is"
