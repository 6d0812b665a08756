"""How objects are printed by Hypothesis and IPython, which ask no `repr` of a dataclass.

They print it field by field, and an object that holds a schema holds all of a document. So what
they print is said here: the `repr`, or an expression that can be pasted into `@example(...)`.
"""

from __future__ import annotations

import re
from typing import Any

SHORT = 1_000
"""The bytes of a body that are written out; in a longer one, repetitions are counted."""

_REPEATED = re.compile(rb"(.{1,128}?)\1{7,}", re.DOTALL)


class Printed:
    """An object that is printed as its `printed` text, by whoever prints it."""

    __slots__ = ()

    def printed(self) -> str:
        """Return the text, in one line."""
        return repr(self)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: ARG002, FBT001 - IPython's
        printer.text(self.printed())


class Listed(Printed):
    """An object out of a list, which pytest calls by its id where it is a parameter of a test."""

    id: str
    says: str

    @property
    def __name__(self) -> str:
        # Pytest has no other attribute by which an object says the id of its parameter.
        return self.id

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.id}: {self.says}>"


def call(name: str, *given: Any, **named: Any) -> str:
    """Return the text of a call, with the named arguments that say something."""
    words = [spelled(value) for value in given]
    words += [f"{key}={spelled(value)}" for key, value in named.items() if value != ""]
    return f"{name}({', '.join(words)})"


def spelled(value: Any) -> str:
    """Return an expression for `value`: of a long body, one that counts its repetitions."""
    if not isinstance(value, bytes) or len(value) <= SHORT:
        return repr(value)
    parts, at = [], 0
    for found in _REPEATED.finditer(value):
        between, unit = value[at : found.start()], found[1]
        parts += [repr(between), f"{unit!r} * {len(found[0]) // len(unit)}"]
        at = found.end()
    return " + ".join([*parts, repr(value[at:])])
