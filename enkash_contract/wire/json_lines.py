"""Where in a JSON text its values stand: the lines that messages point at."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from enkash_contract.wire.json_values import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.wire.json_values import Tokens

_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\]:,]|[^\s{}\[\]:,"]+|\n', re.DOTALL)


def _members(text: str) -> Iterator[tuple[Tokens, int]]:
    """Yield the tokens and the line of every value of a text already known to be JSON."""
    line, path, names = 1, [], []  # type: int, list[str | int], list[str | None]
    pending: str | None = None
    for found in _TOKEN.finditer(text):
        token = found[0]
        if token == "\n":
            line += 1
        elif token == ":":
            path[-1] = pending if pending is not None else ""
            pending = None
        elif token == ",":
            last = path[-1] if path else None
            if isinstance(last, int):
                path[-1] = last + 1
        elif token in "}]":
            path.pop()
            names.pop()
        elif token[0] == '"' and names and names[-1] == "{" and _is_name(text, found.end()):
            pending = json.loads(token) if "\\" in token else token[1:-1]
            yield (*path[:-1], str(pending)), line
        else:
            if not names or names[-1] == "[":
                yield tuple(path), line
            if token in "{[":
                names.append(token)
                path.append("" if token == "{" else 0)


_COLON = re.compile(r"\s*:")


def _is_name(text: str, end: int) -> bool:
    return _COLON.match(text, end) is not None


def locate(text: str) -> dict[Tokens, int]:
    """Map every value of a JSON text to the line its name, or itself, stands on."""
    return dict(_members(text))


def duplicates(text: str) -> Iterator[Fault]:
    """Yield a fault for every name that an object of a JSON text repeats."""
    # The names seen so far in each container that is still open.
    seen: list[set[str | int]] = []
    for tokens, line in _members(text):
        if not tokens:
            continue
        name = tokens[-1]
        del seen[len(tokens) :]
        if len(seen) < len(tokens):
            seen.append(set())
        if name in seen[-1]:
            what = f"the name {name!r} is repeated in one object"
            yield Fault("duplicate-names", what, tokens, line, fatal=False)
        seen[-1].add(name)


def line_of(name: str, text: str) -> int:
    """Return the line on which a text holds the token `name`, outside of strings."""
    found = next(found for found in _TOKEN.finditer(text) if found[0].startswith(name))
    return text.count("\n", 0, found.start()) + 1
