"""Values that are known to be secret, found in a text in any spelling of them.

A server may send a value back encoded, escaped, or broken into two lines. So the spellings of each
value are searched for in the text as it is, with its encodings undone, and without its blanks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from enkash_contract.secrets import spellings
from enkash_contract.secrets.escapes import plain
from enkash_contract.secrets.needles import SHORTEST, Needles
from enkash_contract.secrets.secret_names import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.secrets.escapes import Layer

MOST = 250
"""So many different values are searched for; of more in one request the name alone is known."""

LONG = 2_048
"""So much of a value is enough to know it, in any spelling."""

SHORTEST_SQUEEZED = 12
"""Fewer characters than this are too likely to stand in prose without its blanks."""

_NO_SECRETS = frozenset(
    "true false null none undefined application/json application/octet-stream "
    "application/x-www-form-urlencoded text/html text/plain".split()
)
"""Words of code and of HTTP, which messages speak in too."""


class Values:
    """The values to search for; those too short to be secret, and words of code, are none."""

    def __init__(self) -> None:
        self._listed: list[str] = []
        self._spelled = 0
        self._encoded, self._escaped, self._squeezed = Needles(), Needles(), Needles()

    def add(self, value: str) -> None:
        """Search for a value from now on, if there are not too many by now."""
        if len(value) < SHORTEST or value.lower() in _NO_SECRETS or value == HIDDEN:
            return
        if len(self._listed) < MOST:
            self._listed.append(value)

    def _spell(self) -> None:
        """Work out the spellings of the values that were added: most of them are never needed."""
        values = self._listed[self._spelled :]
        for value in values:
            start, is_long = value[:LONG], len(value) > LONG
            for spelled in (value, *spellings.encoded(start)):
                text, goes_on = plain(spelled), is_long and spelled is not value
                self._encoded.add(text, goes_on=goes_on)
                if len(squeezed := "".join(text.split())) >= SHORTEST_SQUEEZED:
                    # Without its blanks a text has no words, so nothing hangs on to a value.
                    self._squeezed.add(squeezed)
            for spelled in spellings.escaped(start):
                self._escaped.add(spelled, goes_on=is_long)
        self._spelled += len(values)

    def find(self, undone: list[Layer]) -> Iterator[tuple[int, int]]:
        """Yield where values stand in a text, whose layers are given with each encoding undone."""
        if not self._listed:
            return
        self._spell()
        for level, needles in (
            (undone[-1], self._encoded),
            (undone[0], self._escaped),
            (undone[-1].squeezed(), self._squeezed),
        ):
            for start, end in needles.find(level.text):
                yield level.source(start, end)
