"""The table of the formats. Where two of them could read a value, the first one does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from enkash_contract.traffic.formats import cassette, har

if TYPE_CHECKING:
    from collections.abc import Iterable

    from enkash_contract.traffic.formats.format import Format

FORMATS: dict[str, Format] = {each.name: each for each in (cassette.FORMAT, har.FORMAT)}
"""Each format by its name."""


def lists(formats: Iterable[Format] | None = None) -> tuple[str, ...]:
    """Return the dotted paths at which files of these formats list interactions."""
    known = FORMATS.values() if formats is None else formats
    return tuple(dict.fromkeys(where for each in known for where in each.lists))


def alone(recorded: Any, formats: Iterable[Format] | None = None) -> Format | None:
    """Return the format in which a value is one interaction by itself; None if it is in none."""
    known = FORMATS.values() if formats is None else formats
    return next((each for each in known if each.alone(recorded)), None)


def listed(recorded: Any, where: str, formats: Iterable[Format] | None = None) -> Format:
    """Return the format of one of the interactions that are listed at the path `where`."""
    known = FORMATS.values() if formats is None else formats
    sharing = [each for each in known if where in each.lists]
    return alone(recorded, sharing) or sharing[0]
