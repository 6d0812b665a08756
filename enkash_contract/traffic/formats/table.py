"""The table of the formats. Where two of them could read a value, the first one does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from enkash_contract.traffic.formats import (
    betamax,
    go_vcr,
    har,
    interaction,
    newman,
    php_vcr,
    playwright_trace,
    ruby_vcr,
    schemathesis,
    vcrpy,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from enkash_contract.traffic.formats.format import Format

    Found = tuple[Format, Iterable[tuple[str, Any]]]

FORMATS: dict[str, Format] = {
    each.FORMAT.name: each.FORMAT
    for each in (
        interaction,
        vcrpy,
        ruby_vcr,
        betamax,
        schemathesis,
        go_vcr,
        newman,
        php_vcr,
        playwright_trace,
        har,
    )
}
"""Each format by its name."""


def lists(formats: Iterable[Format] | None = None) -> tuple[str, ...]:
    """Return the dotted paths at which files of these formats list interactions."""
    known = FORMATS.values() if formats is None else formats
    return tuple(dict.fromkeys(where for each in known for where in each.lists))


def alone(recorded: Any, formats: Iterable[Format] | None = None) -> Format | None:
    """Return the format in which a value is one interaction by itself; None if it is in none."""
    known = FORMATS.values() if formats is None else formats
    return next((each for each in known if each.alone(recorded)), None)


def within(recorded: Any, formats: Iterable[Format] | None = None) -> Found | None:
    """Return the format of a value that holds many interactions, and them with their places."""
    for each in FORMATS.values() if formats is None else formats:
        found = each.within(recorded) if each.within else None
        if found is not None:
            return each, found
    return None


def listed(recorded: Any, where: str, formats: Iterable[Format] | None = None) -> Format:
    """Return the format of one of the interactions that are listed at the path `where`."""
    known = FORMATS.values() if formats is None else formats
    sharing = [each for each in known if where in each.lists]
    return alone(recorded, sharing) or sharing[0]
