"""One entry of a recording, and functions that read its members and name each problem."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson

from enkash_contract.errors import RecordingError

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.wire.message import Interaction


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a recording: an interaction, or the problem that stands in its way.

    With both, the problem says which part of the interaction could not be read.
    """

    source: str
    interaction: Interaction | None
    problem: str = ""


class BrokenError(ValueError):
    """A part of an entry is not what its format says."""


_CALLED = {dict: "an object", str: "a string", int: "an integer"}


def member(owner: Any, name: str, kind: type) -> Any:
    """Return the member `name` of `owner`.

    Raises:
        BrokenError: it is missing, or not of that kind.

    """
    if not isinstance(owner, dict):
        raise BrokenError(f"what should hold {name!r} is not an object")
    if name not in owner:
        raise BrokenError(f"{name!r} is missing")
    value = owner[name]
    if not isinstance(value, kind) or isinstance(value, bool):
        raise BrokenError(f"{name!r} is not {_CALLED[kind]}")
    return value


def address(owner: Any, name: str) -> str:
    """Return the member `name`, which is a URL.

    Raises:
        BrokenError: it is none.

    """
    url: str = member(owner, name, str)
    try:
        urlsplit(url)
    except ValueError:
        # The reason of the ValueError would quote a part of the URL, which may be a password.
        raise BrokenError(f"{name!r} is no URL") from None
    return url


def raw(path: Path) -> bytes:
    """Return the bytes of a file.

    Raises:
        RecordingError: it cannot be opened.

    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise RecordingError(f"{path} cannot be read: {error.strerror or error}") from None


def json_of(path: Path) -> Any:
    """Return the JSON value in a file.

    Raises:
        RecordingError: the file cannot be opened, or is not JSON.

    """
    text = raw(path).removeprefix(b"\xef\xbb\xbf")
    try:
        return orjson.loads(text)
    except ValueError:
        pass
    try:
        # orjson rejects lone surrogates and great depth, and recorders write both.
        return json.loads(text.decode("utf-8", "replace"))
    except json.JSONDecodeError as error:
        raise RecordingError(f"{path}:{error.lineno} is not JSON: {error.msg}") from None
    except (RecursionError, ValueError):
        what = "is nested too deeply, or holds too long a number, to be read"
        raise RecordingError(f"{path} {what}") from None
