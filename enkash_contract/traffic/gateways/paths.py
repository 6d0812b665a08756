"""Paths into a value of JSON: plain ones are followed by hand, others by a library of JSONPath."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

NOTHING: Any = object()
"""It is found where there is nothing, not even null."""

_PLAIN = re.compile(
    r"""\$(?:\.[A-Za-z_][\w-]*|\['[^'\\]*'\]|\["[^"\\]*"\]|\[\d{1,9}\])*""", re.ASCII
)
_STEP = re.compile(r"""\.([A-Za-z_][\w-]*)|\['([^']*)'\]|\["([^"]*)"\]|\[(\d+)\]""", re.ASCII)


@dataclass(frozen=True, slots=True)
class JsonPath:
    """A JSONPath; a plain one is a series of steps, each a name or an index."""

    text: str
    steps: tuple[str | int, ...] | None = field(compare=False)
    query: Any = field(default=None, compare=False, repr=False)

    def found(self, value: Any) -> Any:
        """Return the first value at the path, `NOTHING` if there is none."""
        if self.steps is None:
            return self._queried(value)
        for step in self.steps:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                return NOTHING
        return value

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle as the text, for other processes; a query cannot be pickled."""
        return path_of, (self.text,)

    def _queried(self, value: Any) -> Any:
        import jsonpath

        try:
            match = self.query.match(value)
        except (jsonpath.JSONPathError, RecursionError):
            # It looks too deep into this value.
            return NOTHING
        return NOTHING if match is None else match.value


def path_of(text: str) -> JsonPath:
    """Return the path that a text spells.

    Raises:
        ValueError: it spells none; the message says why.

    """
    if not text.startswith("$"):
        raise ValueError(f"{text!r} is no JSONPath: it must begin with $, such as $.request.body")
    if _PLAIN.fullmatch(text):
        steps = [(int(last) if last else a or b or c) for a, b, c, last in _STEP.findall(text)]
        return JsonPath(text, tuple(steps))
    import jsonpath

    try:
        return JsonPath(text, None, jsonpath.compile(text))
    except jsonpath.JSONPathError as error:
        reason = str(error).splitlines()[0]
        raise ValueError(f"{text!r} is no JSONPath: {reason}") from None
