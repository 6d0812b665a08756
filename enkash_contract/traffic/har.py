"""HAR 1.2, as Chromium, Firefox and mitmproxy write it.

They differ in what they leave out. A body that is absent was not recorded, which is not an empty
body; sizes are not to be trusted; status 0 stands for an exchange that someone broke off, and
nobody can tell who. Text stands decoded in the file, so what it says of the original bytes is only
what it holds.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson

from enkash_contract.errors import RecordingError
from enkash_contract.interaction import Headers, Interaction, Request, Response, header
from enkash_contract.traffic.entry import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class _BrokenError(ValueError):
    """A part of an entry is not what HAR says."""


def read(path: Path) -> Iterator[Entry]:
    """Yield an entry for each of `log.entries`.

    Raises:
        RecordingError: the file cannot be opened, or is not HAR at all.

    """
    log = _load(path).get("log")
    entries = log.get("entries") if isinstance(log, dict) else None
    if not isinstance(entries, list):
        raise RecordingError(f"{path} is not HAR: it has no list log.entries")
    for index, entry in enumerate(entries):
        yield _entry(entry, f"{path}:log.entries[{index}]")


def _load(path: Path) -> dict[str, Any]:
    try:
        raw = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    except OSError as error:
        raise RecordingError(f"{path} cannot be read: {error.strerror or error}") from None
    try:
        found = orjson.loads(raw)
    except ValueError:
        try:
            # orjson takes neither lone surrogates nor great depth, and recorders write both.
            found = json.loads(raw.decode("utf-8", "replace"))
        except json.JSONDecodeError as error:
            raise RecordingError(f"{path}:{error.lineno} is not JSON: {error.msg}") from None
        except (RecursionError, ValueError):
            what = "is nested too deeply, or holds too long a number, to be read"
            raise RecordingError(f"{path} {what}") from None
    if not isinstance(found, dict):
        raise RecordingError(f"{path} is not HAR: it is no JSON object")
    return found


def _entry(entry: Any, source: str) -> Entry:
    problems: list[str] = []
    try:
        asked, answered = _part(entry, "request", dict), _part(entry, "response", dict)
        request = Request(
            _part(asked, "method", str).upper(),
            _url(asked),
            _headers(asked),
            _body(asked.get("postData"), problems),
        )
        status = _status(answered)
        if status <= 0:
            why = answered.get("_error") or entry.get("_error") or "broken off before an answer"
            interaction = Interaction(request, None, str(why), aborted=True, source=source)
            return Entry(source, interaction, "; ".join(problems))
        content, headers = answered.get("content"), _headers(answered)
        kind = content.get("mimeType") if isinstance(content, dict) else None
        if header(headers, "content-type") is None and kind:
            headers = (*headers, ("Content-Type", str(kind)))
        response = Response(status, headers, _body(content, problems))
        return Entry(source, Interaction(request, response, source=source), "; ".join(problems))
    except _BrokenError as problem:
        return Entry(source, None, str(problem))


_CALLED = {dict: "an object", str: "a string", int: "an integer"}


def _part(owner: Any, name: str, kind: type) -> Any:
    if not isinstance(owner, dict):
        raise _BrokenError(f"what should hold {name!r} is not an object")
    if name not in owner:
        raise _BrokenError(f"{name!r} is missing")
    value = owner[name]
    if not isinstance(value, kind) or isinstance(value, bool):
        raise _BrokenError(f"{name!r} is not {_CALLED[kind]}")
    return value


def _status(owner: dict[str, Any]) -> int:
    status = owner.get("status")
    whole = isinstance(status, float) and status.is_integer()
    return int(owner["status"]) if whole else int(_part(owner, "status", int))


def _url(owner: dict[str, Any]) -> str:
    url: str = _part(owner, "url", str)
    try:
        urlsplit(url)
    except ValueError:
        # The reason would quote a part of it, which may be a password.
        raise _BrokenError("'url' is no URL") from None
    return url


def _headers(owner: dict[str, Any]) -> Headers:
    listed = owner.get("headers") or []
    if not isinstance(listed, list):
        raise _BrokenError("'headers' is not a list")
    return tuple((_part(one, "name", str), _part(one, "value", str)) for one in listed)


def _body(part: Any, problems: list[str]) -> bytes | None:
    """Return the bytes of `postData` or `content`, or None where they were not recorded.

    A body that cannot be decoded is as good as not recorded, but is worth a word in `problems`.
    """
    if not isinstance(part, dict) or not isinstance(part.get("text"), str):
        return None
    text: str = part["text"]
    size = part.get("size")
    if not text and isinstance(size, int) and size > 0:
        return None
    try:
        if part.get("encoding") == "base64":
            return base64.b64decode("".join(text.split()), validate=True)
        return text.encode()
    except ValueError as problem:
        problems.append(f"the text of a body cannot be decoded: {problem}")
        return None
