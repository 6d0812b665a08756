"""JSON text as values: one, or many in a row, also the whole items of one that breaks off.

Whoever records a long run writes one entry a line (NDJSON), and may be stopped amid a line.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import orjson

from enkash_contract.errors import RecordingError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Numbered = tuple[int, Any]
"""A value, and the line that it begins on; 0 if it is all there is."""

_DECODER = json.JSONDecoder()
_BLANK = re.compile(r"[\s\x1e]*")
LISTS = ("entries", "interactions", "http_interactions")
"""The names by which recordings list their interactions."""

_LISTED = re.compile(rf'"({"|".join(LISTS)})"\s*:\s*\[')
_LISTED_IN_BYTES = re.compile(_LISTED.pattern.encode())
_COMMA = re.compile(r"\s*,?\s*")


def documents(data: bytes, path: Path) -> Iterator[Numbered]:
    """Yield each value, as far as they can be read.

    Raises:
        RecordingError: a part of `data` is not JSON; the rest was yielded before.

    """
    try:
        value = orjson.loads(data)
    except ValueError:
        # orjson rejects lone surrogates and great depth, and recorders write both.
        text = data.decode("utf-8", "replace")
        try:
            value = json.loads(text)
        except json.JSONDecodeError as error:
            yield from _many(text, path, error)
            return
        except (RecursionError, ValueError):
            problem = "is nested too deeply, or holds too long a number, to be read"
            raise RecordingError(f"{path} {problem}") from None
    if len(_LISTED_IN_BYTES.findall(data)) > 1:
        _reject_repeated(data, path)
    yield 0, value


def _reject_repeated(data: bytes, path: Path) -> None:
    """Raise an error if a list of interactions is named twice: readers drop all but the last."""

    def pairs(members: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in members]
        for name in LISTS:
            if names.count(name) > 1:
                raise RecordingError(f"{path} repeats {name!r} in one object; keep one of them")
        return dict(members)

    json.loads(data, object_pairs_hook=pairs)


def begins(data: bytes) -> bool:
    """Return whether `data` begins with a whole value in JSON."""
    text = data.decode("utf-8", "replace")
    try:
        _DECODER.raw_decode(text, _after(_BLANK, text, 0))
    except (ValueError, RecursionError):
        return False
    return True


def _many(text: str, path: Path, error: json.JSONDecodeError) -> Iterator[Numbered]:
    """Yield the values of a text that is not one value, and raise for what is none."""
    line, counted, whole, broken = 1, 0, 0, error
    at, errors = _after(_BLANK, text, 0), 0
    while at < len(text):
        line += text.count("\n", counted, at)
        counted = at
        try:
            value, end = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError) as problem:
            if not whole:
                break
            errors += 1
            if errors == 1:
                broken = _error(problem, text, at)
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
        else:
            whole += 1
            yield line, value
        at = _after(_BLANK, text, end)
    if not whole:
        yield from _whole_items(text)
    if errors or not whole:
        raise RecordingError(f"{path}:{broken.lineno} is not JSON: {broken.msg}")


def _after(blank: re.Pattern[str], text: str, at: int) -> int:
    """Return where in a text what matches at `at` has ended; it may be empty."""
    found = blank.match(text, at)
    return found.end() if found else at


def _error(problem: Exception, text: str, at: int) -> json.JSONDecodeError:
    if isinstance(problem, json.JSONDecodeError):
        return problem
    return json.JSONDecodeError("nested too deeply, or too long a number", text, at)


def _whole_items(text: str) -> Iterator[Numbered]:
    """Yield a recording that holds the items before the place where a text breaks off."""
    found = _LISTED.search(text)
    if found is None:
        return
    at, items = found.end(), []
    while True:
        at = _after(_COMMA, text, at)
        try:
            value, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        items.append(value)
    yield 0, {"log": {"entries": items}} if found[1] == "entries" else {found[1]: items}
