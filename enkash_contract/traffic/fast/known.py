"""Caches of the quick way, each of which is emptied when it is full.

Recordings repeat a few addresses, headers and bodies; memory must not grow with those that do not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from enkash_contract.wire.message import media_types

if TYPE_CHECKING:
    from collections.abc import Container

MOST = 4096
"""So many addresses, labels or bodies of a kind are known at a time."""

LONGEST = 10_000
"""No longer body is kept, to be known when it comes again."""

Key = TypeVar("Key")
Value = TypeVar("Value")


def kept(known: dict[Key, Value], key: Key, value: Value) -> Value:
    """Return a value, which is known by its key from now on."""
    if len(known) >= MOST:
        known.clear()
    known[key] = value
    return value


class Shared(dict[Key, Value]):
    """Values known by a key in one process; another one finds them out by itself."""

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), ()


class Fields(dict[str, str]):
    """The names of headers in any spelling, each in lower case if it decides, else ""."""

    def __missing__(self, name: str) -> str:
        lower = name.lower()
        decides = lower in ("content-type", "content-encoding")
        return kept(self, name, lower if decides else "")


class Labels(dict[str, str]):
    """The values of labels, each with the only media type that it names, else ""."""

    def __missing__(self, value: str) -> str:
        types = media_types((("Content-Type", value),))
        return kept(self, value, types[0] if len(types) == 1 else "")


class Bodies(dict[str, None]):
    """Bodies that were judged before, as long as some of them come again."""

    again = 0

    def new(self, bodies: list[str]) -> list[str]:
        """Return the bodies that are not known, each once."""
        found = [body for body in dict.fromkeys(bodies) if body not in self]
        self.again += len(bodies) - len(found)
        return found

    def add(self, bodies: list[str], wrong: Container[str]) -> bool:
        """Remember bodies, but for those that are `wrong` or long; return whether that is of use.

        It is not if hardly any came again by the time when as many are known as may be.
        """
        self.update((body, None) for body in bodies if body not in wrong and len(body) <= LONGEST)
        if len(self) < MOST:
            return True
        self.clear()
        return self.again >= MOST // 8
