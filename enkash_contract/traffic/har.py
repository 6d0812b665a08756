"""HAR 1.2, as Chromium, Firefox and mitmproxy write it.

They differ in what they leave out. A body that is absent was not recorded, which does not mean that
it was empty. Sizes cannot be trusted. Status 0 stands for an exchange that was broken off, and
nobody can tell by whom. Text is decoded in the file, so the original bytes are known only as far as
the text goes.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from enkash_contract.errors import RecordingError
from enkash_contract.traffic.entry import BrokenError, Entry, address, json_of, member
from enkash_contract.wire.message import Headers, Interaction, Request, Response, header

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def read(path: Path) -> Iterator[Entry]:
    """Yield an entry for each of `log.entries`.

    Raises:
        RecordingError: the file cannot be opened, or is not HAR at all.

    """
    yield from entries(json_of(path), path)


def entries(data: Any, path: Path) -> Iterator[Entry]:
    """Yield an entry for each that `data` holds, which was read from `path`.

    Raises:
        RecordingError: it is not HAR at all.

    """
    if not isinstance(data, dict):
        raise RecordingError(f"{path} is not HAR: it is no JSON object")
    log = data.get("log")
    listed = log.get("entries") if isinstance(log, dict) else None
    if not isinstance(listed, list):
        raise RecordingError(f"{path} is not HAR: it has no list log.entries")
    for index, entry in enumerate(listed):
        yield _entry(entry, f"{path}:log.entries[{index}]")


def _entry(entry: Any, source: str) -> Entry:
    problems: list[str] = []
    try:
        sent, received = member(entry, "request", dict), member(entry, "response", dict)
        request = Request(
            member(sent, "method", str).upper(),
            address(sent, "url"),
            _headers(sent),
            _body(sent.get("postData"), problems),
        )
        status = _status(received)
        if status <= 0:
            why = received.get("_error") or entry.get("_error") or "broken off before a response"
            interaction = Interaction(request, None, str(why), aborted=True, source=source)
            return Entry(source, interaction, "; ".join(problems))
        content, headers = received.get("content"), _headers(received)
        kind = content.get("mimeType") if isinstance(content, dict) else None
        if header(headers, "content-type") is None and kind:
            headers = (*headers, ("Content-Type", str(kind)))
        response = Response(status, headers, _body(content, problems))
        return Entry(source, Interaction(request, response, source=source), "; ".join(problems))
    except BrokenError as problem:
        return Entry(source, None, str(problem))


def _status(owner: dict[str, Any]) -> int:
    status = owner.get("status")
    # Some writers know no integers: 200.0 is the status 200.
    whole = isinstance(status, float) and status.is_integer()
    return int(owner["status"]) if whole else int(member(owner, "status", int))


def _headers(owner: dict[str, Any]) -> Headers:
    listed = owner.get("headers") or []
    if not isinstance(listed, list):
        raise BrokenError("'headers' is not a list")
    return tuple((member(pair, "name", str), member(pair, "value", str)) for pair in listed)


def _body(part: Any, problems: list[str]) -> bytes | None:
    """Return the bytes of `postData` or `content`, or None where they were not recorded.

    A body that cannot be decoded counts as not recorded, with a note in `problems`.
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
