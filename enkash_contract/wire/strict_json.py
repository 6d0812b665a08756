"""Strict JSON: what the media type application/json promises about bytes.

RFC 8259 asks for UTF-8 and a grammar that lenient readers stretch. Reading is done twice only when
it must be: a payload that survives `loads` and `dumps` unchanged, but for blanks, can hide neither
a repeated name nor a number that lost digits, so the slow, exact reader (the standard library's,
made strict) is for the rest. Faults are values; nothing here raises on bad input.
"""

from __future__ import annotations

import json
import math
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any

import orjson

from enkash_contract.wire.json_lines import duplicates, line_of, locate
from enkash_contract.wire.json_values import HUGE, MANY, TOO_DEEP, Fault, plain

DIGITS = 4300
"""How many digits Python turns into an integer."""

Decoded = tuple[Any, list[Fault]]
"""A payload (None when there is none), and all that keeps its bytes from being JSON."""


def decode(raw: bytes | str) -> Decoded:
    """Read JSON strictly; return the payload (None when there is none) and all faults."""
    try:
        payload = orjson.loads(raw)
        written = orjson.dumps(payload)
        if written == raw or survives(payload, written, raw):
            return payload, []
    except (ValueError, TypeError):
        pass
    return _decode_exactly(raw)


_latest: tuple[bytes | None, Decoded] = (None, (None, []))


def decode_again(raw: bytes) -> Decoded:
    """Return what `decode` returns; of the bytes that it read last, without reading them again.

    One response is looked at by several checks in a row. Nobody may change what is returned.
    """
    global _latest  # noqa: PLW0603 - one pair, replaced as a whole, so that threads may share it
    latest = _latest
    if latest[0] is not raw:
        latest = _latest = (raw, decode(raw))
    return latest[1]


def survives(payload: Any, written: bytes, raw: bytes | bytearray | memoryview | str) -> bool:
    """Return whether `payload`, as `written` again, is what was read from `raw`, but for blanks."""
    if not isinstance(raw, bytes):
        raw = raw.encode() if isinstance(raw, str) else bytes(raw)
    read = raw.translate(None, _BLANKS)
    if written.translate(None, _BLANKS) == read:
        return True
    # Many writers, the standard library's among them, escape what is not ASCII.
    escaped = json.dumps(payload).encode() if b"\\u" in read else b""
    return escaped.translate(None, _BLANKS) == read


_BLANKS = b" \t\r\n"


class _RefusedError(ValueError):
    """Something the standard library's reader lets pass and RFC 8259 does not."""


def _decode_exactly(raw: bytes | str) -> tuple[Any, list[Fault]]:
    try:
        text = raw if isinstance(raw, str) else raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return None, [_encoding(error)]
    repeated = 0

    def pairs(members: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal repeated
        made = dict(members)
        repeated += len(members) - len(made)
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
            Fault("json", f"it is not JSON: {name} is not a JSON number", line=line_of(name, text))
        ]
    except RecursionError:
        return None, [Fault("json", TOO_DEEP, line=1)]
    repetitions = list(islice(duplicates(text), MANY)) if repeated else []
    if repeated > MANY:
        what = f"{repeated - MANY:,} more names are repeated"
        repetitions.append(Fault("duplicate-names", what, fatal=False))
    payload, faults = plain(payload)
    lines = locate(text) if faults else {}
    return payload, repetitions + [replace(fault, line=lines[fault.tokens]) for fault in faults]


def _encoding(error: UnicodeDecodeError) -> Fault:
    raw, start = error.object, error.start
    what = f"byte 0x{raw[start]:02x} at offset {start} is not UTF-8"
    return Fault("encoding", what, line=raw.count(b"\n", 0, start) + 1)


def _grammar(text: str, error: json.JSONDecodeError) -> str:
    if not text.strip():
        return "the body is empty"
    if text.startswith("\ufeff"):
        return "the body begins with a byte order mark"
    what = error.msg[0].lower() + error.msg[1:].removesuffix(" at")
    return f"it is not JSON: {what} at line {error.lineno} column {error.colno}"


def _refuse_constant(name: str) -> Any:
    raise _RefusedError(name)


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
