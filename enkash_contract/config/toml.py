"""TOML that knows on which line each of its members stands.

The standard library's reader gives values without lines. A statement of TOML ends where the text
since the statement before it can be read by itself, so the same reader finds the lines too, and is
never at odds with itself about quoted keys, dotted keys or values of several lines.
"""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from enkash_contract.errors import ConfigError
from enkash_contract.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

Tokens = tuple[str | int, ...]

_ENDS = ("]", "}", '"""', "'''")
"""The possible ends of a value of several lines."""


@dataclass(frozen=True)
class Toml:
    """The data of a TOML file called `label` in messages."""

    label: str
    data: dict[str, Any]
    text: str = field(repr=False)

    def place(self, at: Tokens) -> Place:
        """Return where the member at `at` begins; of one that is not there, the table around it."""
        while at not in self.lines:
            at = at[:-1]
        return Place(self.label, self.lines[at])

    @functools.cached_property
    def lines(self) -> dict[Tokens, int]:
        """The line of every member, found when it is first asked for."""
        found: dict[Tokens, int] = {(): 1}
        arrays: dict[Tokens, int] = {}
        table: Tokens = ()
        for number, statement in _statements(self.text):
            data = tomllib.loads(statement)
            if statement.lstrip().startswith("["):
                table = _header(data, arrays)
                members = [table[:end] for end in range(1, len(table) + 1)]
            else:
                members = [at for at in _members(data, table) if at != table]
            for at in members:
                found.setdefault(at, number)
        return found


def parse(raw: bytes, label: str) -> Toml:
    """Read TOML.

    Raises:
        ConfigError: it is not TOML; the message names the line.

    """
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{label}:{line}: not UTF-8; save the file as UTF-8") from None
    try:
        return Toml(label, tomllib.loads(text), text)
    except RecursionError:
        raise ConfigError(f"{label}:1: nested too deep to be read; write it flatter") from None
    except ValueError as error:
        reason, line = str(error).splitlines()[0], 1
        found = re.fullmatch(r"(.+) \(at (?:line (\d+), column \d+|end of document)\)", reason)
        if found:
            reason, line = found[1], int(found[2] or len(text.splitlines()))
        reason = reason[0].lower() + reason[1:]
        raise ConfigError(f"{label}:{line}: not TOML: {reason}; mend the syntax") from None


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Yield each statement with the line that it begins on."""
    first, lines = 1, list[str]()
    for number, line in enumerate(text.split("\n"), 1):
        lines.append(line)
        if len(lines) > 1 and not any(end in line for end in _ENDS):
            continue
        statement = "\n".join(lines)
        try:
            tomllib.loads(statement)
        except ValueError:
            continue
        yield first, statement
        first, lines = number + 1, []


def _header(data: Any, arrays: dict[Tokens, int]) -> Tokens:
    """Return the path of the table that a header opens; `arrays` counts tables of one name."""
    at: Tokens = ()
    while data:
        if isinstance(data, list):
            arrays[at] = arrays.get(at, -1) + 1
            (data,) = data
        else:
            ((name, data),) = data.items()
            at = (*at, name)
        if at in arrays and not isinstance(data, list):
            at = (*at, arrays[at])
    return at


def _members(value: Any, at: Tokens) -> Iterator[Tokens]:
    yield at
    if isinstance(value, dict):
        for key, member in value.items():
            yield from _members(member, (*at, key))
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from _members(member, (*at, index))
