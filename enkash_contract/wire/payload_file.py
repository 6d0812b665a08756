"""Reading payloads from files, as a person names them: `-` is standard input."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from enkash_contract.errors import PayloadFileError
from enkash_contract.wire import strict_json

if TYPE_CHECKING:
    from collections.abc import Iterator


def payload_file(name: str) -> Any:
    """Read one JSON payload from the file `name`.

    Raises:
        PayloadFileError: the file cannot be read, or is not JSON.

    """
    return payload_of(name, read_bytes(name))


def payload_of(name: str, raw: bytes) -> Any:
    """Read one JSON payload from what a file or a command called `name` holds.

    Raises:
        PayloadFileError: it is not JSON.

    """
    payload, faults = strict_json.decode(raw)
    if faults:
        raise PayloadFileError(f"{name}:{faults[0].line or 1}: {faults[0].message}")
    if payload is None:
        raise PayloadFileError(f"{name}:1: null is no payload; write the request's JSON object")
    return payload


def read_bytes(name: str) -> bytes:
    """Read the file `name`, or standard input for `-`.

    Raises:
        PayloadFileError: it cannot be read.

    """
    if name == "-":
        if sys.stdin is None:
            raise PayloadFileError("-: there is no standard input; name a file instead")
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        why = error.strerror or error
        raise PayloadFileError(
            f"{name}: cannot be read: {why}; name a file that is there"
        ) from None


def payload_lines(name: str) -> Iterator[tuple[int, bytes]]:
    """Yield the payloads of a file with the line each begins on, less one."""
    raw = read_bytes(name)
    if name.endswith((".ndjson", ".jsonl")):
        for at, line in enumerate(raw.split(b"\n")):
            if line.strip():
                yield at, line
    else:
        yield 0, raw
