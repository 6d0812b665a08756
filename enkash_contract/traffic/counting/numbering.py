"""Places in a part of a file of which what comes before was not counted yet.

Whoever judges a part numbers its lines from 1, or its items from 0. Once the parts before it are
known, so is the number of its first, and each place becomes what it is in the whole file.
"""

from __future__ import annotations

import re

_COUNTED = re.compile(r"((?:[\w.]+\[)?)\+(\d+)")


def within(name: str, where: str = "") -> str:
    """Return the beginning of places in a part of the file `name`; a number follows it.

    `where` is the path of the list whose items are numbered; lines are, if there is none.
    """
    # What is printable stays as it is in messages.
    return f"{name}:{where}[+" if where else f"{name}:+"


def below(name: str, before: int, place: str) -> str:
    """Return a place in a part of the file `name` as it is behind so many lines or items of it."""
    beginning = f"{name}:"
    found = _COUNTED.match(place, len(beginning)) if place.startswith(beginning) else None
    if found is None:
        return place
    return f"{beginning}{found[1]}{int(found[2]) + before}{place[found.end() :]}"
