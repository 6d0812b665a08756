"""Places in recordings, listed in few words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_NUMBERED = re.compile(r"(.*?)(\[\d+\]|\d+)", re.DOTALL)


def listed(sources: Sequence[str], number: int) -> str:
    """Return the first of so many places; of one in the same list as that before, its number."""
    before, named = None, []
    for source in sources:
        found = _NUMBERED.fullmatch(source)
        named.append(found[2] if found and found[1] == before else source)
        before = found[1] if found else None
    more = number - len(sources)
    return ", ".join(named) + (f" and {more:,} more" if more else "")
