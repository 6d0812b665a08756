"""Cassettes of vcrpy, versions 5 and later, in YAML or JSON, however they were made.

vcrpy keeps what an HTTP library saw, so a body may be text, bytes (`!!binary`), a list of pieces,
or the object that aiohttp was to write as JSON. Responses are compressed unless
`decode_compressed_response` was on. A body that a filter has removed was not recorded, which does
not mean that it was empty: the length that was sent tells one from the other.

YAML can name any Python object, and a cassette may come from anybody: it is loaded as plain values
and nothing else.
"""

from __future__ import annotations

import base64
import json
import zlib
from typing import TYPE_CHECKING, Any

import yaml

from enkash_contract.errors import RecordingError
from enkash_contract.traffic.entry import BrokenError, Entry, address, json_of, member, raw
from enkash_contract.wire.message import Headers, Interaction, Request, Response, header

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIMIT = 10_000_000
"""The largest number of bytes that a compressed body is unpacked to."""

_BASE: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_BASE):  # type: ignore[misc]  # the base is chosen when this module is loaded
    """Loads plain values only, also from the tags that vcrpy before version 9 wrote for bodies."""


def _text(loader: Any, node: Any) -> Any:
    return loader.construct_scalar(node)


def _list(loader: Any, node: Any) -> Any:
    return loader.construct_sequence(node, deep=True)


def _first(member_name: str) -> Any:
    """Return a constructor that replaces an object by its content: the first value of a member."""

    def construct(loader: Any, node: Any) -> Any:
        content = loader.construct_mapping(node, deep=True).get(member_name)
        return content[0] if isinstance(content, list) and content else None

    return construct


for _tag, _constructor in {
    "str": _text,
    "unicode": _text,
    "tuple": _list,
    "object/new:_io.BytesIO": _first("state"),
    "object/apply:builtins.iter": _first("args"),
}.items():
    _Loader.add_constructor(f"tag:yaml.org,2002:python/{_tag}", _constructor)


def read(path: Path) -> Iterator[Entry]:
    """Yield an entry for each interaction.

    Raises:
        RecordingError: the file cannot be opened, or is no cassette at all.

    """
    yield from entries(json_of(path) if path.suffix.lower() == ".json" else _yaml(path), path)


def entries(data: Any, path: Path) -> Iterator[Entry]:
    """Yield an entry for each interaction that `data` holds, which was read from `path`.

    Raises:
        RecordingError: it is no cassette at all.

    """
    listed = data.get("interactions") if isinstance(data, dict) else None
    if not isinstance(listed, list):
        raise RecordingError(f"{path} is no cassette of vcrpy: it has no list of interactions")
    for index, interaction in enumerate(listed):
        yield entry(interaction, f"{path}:interactions[{index}]")


def _yaml(path: Path) -> Any:
    try:
        return yaml.load(raw(path), Loader=_Loader)  # noqa: S506 - it is a safe one
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise RecordingError(f"{path}:{line} cannot be read as YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        reason = str(error).splitlines()[0]
        raise RecordingError(f"{path} cannot be read as YAML: {reason}") from None
    except (RecursionError, ValueError):
        problem = "is nested too deeply, or holds a number or a date that is none"
        raise RecordingError(f"{path} {problem}") from None


def entry(recorded: Any, source: str) -> Entry:
    """Return the entry for one interaction, as vcrpy writes it or has it in memory."""
    problems: list[str] = []
    try:
        sent, received = member(recorded, "request", dict), member(recorded, "response", dict)
        method, headers = member(sent, "method", str).upper(), _headers(sent)
        body = _unless_removed(headers, _body(sent.get("body"), problems))
        request = Request(method, address(sent, "uri"), headers, body)
        response = _response(received, problems)
    except BrokenError as problem:
        return Entry(source, None, str(problem))
    return Entry(source, Interaction(request, response, source=source), "; ".join(problems))


def _response(received: dict[str, Any], problems: list[str]) -> Response:
    headers = _headers(received)
    if "status_code" in received:
        # vcrpy before 6 wrote this for httpx, with a body that was decoded already.
        body = _body(received.get("content"), problems)
        return Response(
            member(received, "status_code", int), headers, _unless_removed(headers, body)
        )
    content = received.get("body")
    if isinstance(content, dict) and "base64_string" in content:
        body = _base64(content["base64_string"], problems)
    else:
        body = _body(content.get("string") if isinstance(content, dict) else content, problems)
    body = _unless_removed(headers, body)
    status = member(member(received, "status", dict), "code", int)
    return Response(status, headers, _decoded(headers, body, problems))


def _headers(owner: dict[str, Any]) -> Headers:
    by_name = owner.get("headers") or {}
    if not isinstance(by_name, dict):
        raise BrokenError("'headers' is not an object")
    return tuple(
        (str(name), _text_of(value))
        for name, values in by_name.items()
        for value in (values if isinstance(values, list) else [values])
    )


def _text_of(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


NOT_KEPT = None
"""The body of a message whose body was not recorded."""


def _body(value: Any, problems: list[str]) -> bytes | None:
    """Return the bytes of a body in any of the forms that vcrpy writes; none at all is empty."""
    if isinstance(value, bytes) or value is None:
        return value or b""
    try:
        if isinstance(value, str):
            return value.encode()
        if isinstance(value, list) and all(isinstance(piece, (str, bytes)) for piece in value):
            return b"".join(piece.encode() if isinstance(piece, str) else piece for piece in value)
        if isinstance(value, (dict, list)):
            # aiohttp was given an object, which it writes in the same way.
            return json.dumps(value).encode()
    except (TypeError, ValueError, RecursionError) as problem:
        problems.append(f"a body cannot be written as bytes: {problem}")
        return NOT_KEPT
    problems.append(f"a body is a {type(value).__name__}, which stands for no bytes")
    return NOT_KEPT


def _base64(text: Any, problems: list[str]) -> bytes | None:
    try:
        return base64.b64decode("".join(str(text).split()), validate=True)
    except ValueError as problem:
        problems.append(f"the text of a body cannot be decoded: {problem}")
        return NOT_KEPT


def _unless_removed(headers: Headers, body: bytes | None) -> bytes | None:
    """Return `body`, or None if it is empty though its headers announce one: a filter did it."""
    length = header(headers, "content-length") or ""
    sent = length.isdecimal() and length.strip("0")
    chunked = header(headers, "transfer-encoding")
    return NOT_KEPT if body == b"" and (sent or chunked) else body


def _decoded(headers: Headers, body: bytes | None, problems: list[str]) -> bytes | None:
    """Undo the content coding, unless that was done before it was recorded."""
    coding = (header(headers, "content-encoding") or "identity").strip().lower()
    if not body or coding == "identity":
        return body
    if coding not in _WINDOWS:
        if body.lstrip()[:1] in (b"{", b"["):
            return body
        problems.append(f"a body is coded as {coding}, which cannot be undone")
        return NOT_KEPT
    for window in _WINDOWS[coding]:
        try:
            return zlib.decompressobj(window).decompress(body, LIMIT)
        except zlib.error:
            continue
    return body


_WINDOWS = {
    **dict.fromkeys(("gzip", "x-gzip"), (zlib.MAX_WBITS | 16,)),
    "deflate": (zlib.MAX_WBITS, -zlib.MAX_WBITS),
}
"""The `wbits` of zlib for each content coding; servers send deflate with and without a head."""
