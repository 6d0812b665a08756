"""Places in a part of a file whose lines before it were not counted yet.

Whoever judges a part numbers its lines from 1. Once the parts before it are known, so is the number
of its first line, and each place becomes what it is in the whole file.
"""

from __future__ import annotations

import re

_NUMBER = re.compile(r"\d+")


def within(name: str) -> str:
    """Return the beginning of places in a part of the file `name`; a number follows it."""
    # What is printable stays as it is in messages.
    return f"{name}:+"


def below(name: str, lines: int, place: str) -> str:
    """Return a place in a part of the file `name` as it is below so many lines of the file."""
    beginning = within(name)
    if not place.startswith(beginning):
        return place
    rest = place.removeprefix(beginning)
    return f"{name}:{_NUMBER.sub(lambda found: str(int(found[0]) + lines), rest, count=1)}"
