"""Strict JSON: what the media type application/json promises about bytes, and about values.

RFC 8259 asks for UTF-8 and a grammar that lenient readers stretch. Reading is done twice only when
it must be: a payload that survives `loads` and `dumps` unchanged, but for blanks, can hide neither
a repeated name nor a number that lost digits, so the slow, exact reader (the standard library's,
made strict) is for the rest. Faults are values; nothing here raises on bad input.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DEPTH = 500
"""How many levels of nesting are read; RFC 8259 section 9 lets a reader set such a limit. The
standard library's reader gives up at its caller's distance from 1,000."""

HUGE = 10**4299
"""What stands for an integer of more digits than Python turns into text: no bound lies beyond
it."""

DIGITS = 4300
"""How many digits Python turns into an integer."""

TOO_DEEP = f"it is nested deeper than {DEPTH:,} levels"

Keyword = Literal["encoding", "json", "duplicate-names"]
Tokens = tuple[str | int, ...]

_Entry = tuple[object, Any, str | int, Tokens]
"""A value still to be copied, the container and key that will hold it, and where it stands."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that keeps bytes or values from being JSON; `line` is 0 when there is no text.

    Of a value with a `fatal` fault no schema can say anything; in spite of another, it can.
    """

    keyword: Keyword
    message: str
    tokens: Tokens = ()
    line: int = 0
    fatal: bool = True


Decoded = tuple[Any, list[Fault]]
"""A payload (None when there is none), and all that keeps its bytes from being JSON."""


def decode(raw: bytes | str) -> Decoded:
    """Read JSON strictly; return the payload (None when there is none) and all faults."""
    try:
        payload = orjson.loads(raw)
        if _survives(payload, raw if isinstance(raw, bytes) else raw.encode()):
            return payload, []
    except (ValueError, TypeError):
        pass
    return _decode_exactly(raw)


def _survives(payload: Any, raw: bytes) -> bool:
    """Say whether `payload` is written as `raw` again, but for blanks, which carry nothing."""
    written = orjson.dumps(payload)
    if written == raw:
        return True
    bare = raw.translate(None, _BLANKS)
    if written.translate(None, _BLANKS) == bare:
        return True
    # Many writers, the standard library's among them, escape what is not ASCII.
    escaped = json.dumps(payload).encode() if b"\\u" in raw else b""
    return escaped.translate(None, _BLANKS) == bare


_BLANKS = b" \t\r\n"


class _RefusedError(ValueError):
    """Something the standard library's reader lets pass and RFC 8259 does not."""


def _decode_exactly(raw: bytes | str) -> tuple[Any, list[Fault]]:
    if isinstance(raw, str):
        text = raw
    else:
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            what = f"byte 0x{raw[error.start]:02x} at offset {error.start} is not UTF-8"
            return None, [Fault("encoding", what, line=line)]
    repeated: list[str] = []

    def pairs(members: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(members)
        if len(made) < len(members):
            repeated.append("")
        return made

    try:
        payload = json.loads(
            text,
            object_pairs_hook=pairs,
            parse_constant=_refuse_constant,
            parse_float=_number,
            parse_int=_integer,
        )
    except json.JSONDecodeError as error:
        return None, [Fault("json", _grammar(text, error), line=error.lineno)]
    except _RefusedError as error:
        name = str(error)
        return None, [
            Fault("json", f"not JSON: {name} is not a JSON number", line=_line_of(name, text))
        ]
    except RecursionError:
        return None, [Fault("json", TOO_DEEP, line=1)]
    repetitions = list(_duplicates(text)) if repeated else []
    payload, faults = plain(payload)
    lines = locate(text) if faults else {}
    return payload, repetitions + [replace(fault, line=lines[fault.tokens]) for fault in faults]


def _grammar(text: str, error: json.JSONDecodeError) -> str:
    if not text.strip():
        return "the body is empty"
    if text.startswith("\ufeff"):
        return "the body begins with a byte order mark"
    what = error.msg[0].lower() + error.msg[1:]
    return f"not JSON: {what} at line {error.lineno} column {error.colno}"


def _refuse_constant(name: str) -> Any:
    raise _RefusedError(name)


def _line_of(name: str, text: str) -> int:
    found = next(found for found in _TOKEN.finditer(text) if found[0].startswith(name))
    return text.count("\n", 0, found.start()) + 1


def _number(digits: str) -> float | Decimal | int:
    value = float(digits)
    if math.isfinite(value) and not value.is_integer():
        return value
    # Rounding must make neither infinity of 1e400 nor an integer of 1.00000000000000000000001.
    try:
        exact = Decimal(digits)
    except InvalidOperation:
        return value if math.isfinite(value) else -HUGE if value < 0 else HUGE
    whole = exact == exact.to_integral_value()
    return value if math.isfinite(value) and whole else exact


def _integer(digits: str) -> int:
    return int(digits) if len(digits) <= DIGITS else -HUGE if digits.startswith("-") else HUGE


def plain(payload: object) -> tuple[Any, list[Fault]]:
    """Copy a Python value as `json.dumps` would understand it, and list what it could not write.

    Subclasses become their base type, tuples lists, and members of an enumeration their value.
    Walks without recursion, deepest first, so that a value without end is told as one too deep.
    """
    faults: list[Fault] = []
    root: list[Any] = [None]
    stack: list[Iterator[_Entry]] = [iter([(payload, root, 0, ())])]
    while stack:
        entry = next(stack[-1], None)
        if entry is None:
            stack.pop()
            continue
        value, parent, key, tokens = entry
        while isinstance(value, Enum):
            value = value.value
        if len(tokens) > DEPTH:
            return None, [Fault("json", TOO_DEEP)]
        if isinstance(value, dict):
            members: dict[str, Any] = {}
            parent[key] = members
            stack.append(_children(value, members, tokens, faults))
        elif isinstance(value, (list, tuple)):
            items: list[Any] = [None] * len(value)
            parent[key] = items
            stack.append(_items(value, items, tokens))
        else:
            parent[key] = _leaf(value, tokens, faults)
    return root[0], faults


def _items(value: Iterable[object], items: list[Any], tokens: Tokens) -> Iterator[_Entry]:
    for at, item in enumerate(value):
        yield item, items, at, (*tokens, at)


def _children(
    value: dict[Any, Any], members: dict[str, Any], tokens: Tokens, faults: list[Fault]
) -> Iterator[_Entry]:
    for name, member in value.items():
        if isinstance(name, str):
            spelled = str.__str__(name)
            _text_fault(spelled, tokens, faults, "a member's name")
            yield member, members, spelled, (*tokens, spelled)
        else:
            what = f"a member's name is a Python {type(name).__name__}, not a string"
            faults.append(Fault("json", what, tokens, fatal=False))


def _leaf(value: object, tokens: Tokens, faults: list[Fault]) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        text = str.__str__(value)
        _text_fault(text, tokens, faults)
        return text
    if isinstance(value, int):
        return max(-HUGE, min(HUGE, int(value)))
    if isinstance(value, float):
        if not math.isfinite(value):
            faults.append(Fault("json", f"{float(value)!r} is not a JSON number", tokens))
        return float(value)
    if isinstance(value, Decimal) and value.is_finite():
        return value
    faults.append(Fault("json", f"a Python {type(value).__name__} is not a JSON value", tokens))
    return None


_SURROGATE = re.compile("[\ud800-\udfff]")


def _text_fault(text: str, tokens: Tokens, faults: list[Fault], what: str = "") -> None:
    found = _SURROGATE.search(text)
    if found:
        message = f"{what or 'the string'} holds the lone surrogate U+{ord(found[0]):04X}"
        faults.append(Fault("encoding", message, tokens, fatal=not what))


_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+|\n', re.DOTALL)


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
        elif names and names[-1] == "{" and _is_name(text, found.end()) and token[0] == '"':
            pending = json.loads(token)
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


def _duplicates(text: str) -> Iterator[Fault]:
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
