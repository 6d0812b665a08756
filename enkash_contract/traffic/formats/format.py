"""A format of recordings: how its interactions are found in a file, and how one is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from enkash_contract.traffic.entries.entry import Entry


@dataclass(frozen=True, slots=True)
class Format:
    """A format, by the name that `--format` takes and the title that people read.

    `lists` are the dotted paths at which a file lists its interactions; "" is the file itself,
    where it is a list. Formats may share one: then `alone` decides for each interaction, and the
    first of them in the table takes those that no `alone` knows. `alone` returns whether a value,
    such as a line or a document, is one interaction by itself.

    `entry` reads one interaction; its second argument is the place in words. `url_of` reads nothing
    but the address, so that what is not ours costs little; None where there is none to be read.

    `within` returns the interactions in a value that holds any number of them in a way that no
    path describes, each with its place below the value; None if the value is none of this format.
    `rewritten` returns the only interaction in a value as text in our own format, which can be
    judged the quick way; None if there is not one, or if that would not be all of it.

    `written` returns an interaction of our own format as one of a format whose shape another one,
    its first argument, shows; None if it has no place for it.
    """

    name: str
    title: str
    lists: tuple[str, ...]
    alone: Callable[[Any], bool]
    entry: Callable[[Any, str], Entry]
    url_of: Callable[[Any], str | None]
    within: Callable[[Any], Iterable[tuple[str, Any]] | None] | None = None
    rewritten: Callable[[Any], bytes | None] | None = None
    written: Callable[[Any, dict[str, Any]], dict[str, Any] | None] | None = None
