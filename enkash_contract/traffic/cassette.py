"""Cassettes of vcrpy, versions 5 and later, in YAML or JSON, however they were made.

vcrpy keeps what an HTTP library saw, so bodies stand in many forms: text, bytes (`!!binary`), a
list of pieces, or the object that aiohttp was to write as JSON; answers are compressed unless
`decode_compressed_response` was on. What a filter took away was not recorded, which is not the same
as empty: the length that was sent tells them apart.

YAML can name any Python object, and a cassette is anybody's file: nothing but plain values is made
of it.
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
"""Of a compressed body, at most so many bytes are unpacked."""

_BASE: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_BASE):  # type: ignore[misc]  # the base is chosen when this module is loaded
    """Makes plain values, also of the tags with which vcrpy before version 9 wrote bodies."""


def _text(loader: Any, node: Any) -> Any:
    return loader.construct_scalar(node)


def _list(loader: Any, node: Any) -> Any:
    return loader.construct_sequence(node, deep=True)


def _first(member_name: str) -> Any:
    """Return what makes of an object the first value of one member: what the object holds."""

    def construct(loader: Any, node: Any) -> Any:
        held = loader.construct_mapping(node, deep=True).get(member_name)
        return held[0] if isinstance(held, list) and held else None

    return construct


for _tag, _made in {
    "str": _text,
    "unicode": _text,
    "tuple": _list,
    "object/new:_io.BytesIO": _first("state"),
    "object/apply:builtins.iter": _first("args"),
}.items():
    _Loader.add_constructor(f"tag:yaml.org,2002:python/{_tag}", _made)


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
    found = data.get("interactions") if isinstance(data, dict) else None
    if not isinstance(found, list):
        raise RecordingError(f"{path} is no cassette of vcrpy: it has no list of interactions")
    for index, one in enumerate(found):
        yield entry(one, f"{path}:interactions[{index}]")


def _yaml(path: Path) -> Any:
    try:
        return yaml.load(raw(path), Loader=_Loader)  # noqa: S506 - it is a safe one
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise RecordingError(f"{path}:{line} cannot be read as YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        why = str(error).splitlines()[0]
        raise RecordingError(f"{path} cannot be read as YAML: {why}") from None
    except (RecursionError, ValueError):
        what = "is nested too deeply, or holds a number or a date that is none"
        raise RecordingError(f"{path} {what}") from None


def entry(one: Any, source: str) -> Entry:
    """Return the entry for one interaction, as vcrpy writes it or has it in memory."""
    problems: list[str] = []
    try:
        asked, answered = member(one, "request", dict), member(one, "response", dict)
        method, headers = member(asked, "method", str).upper(), _headers(asked)
        body = _recorded(headers, _body(asked.get("body"), problems))
        request = Request(method, address(asked, "uri"), headers, body)
        response = _response(answered, problems)
    except BrokenError as problem:
        return Entry(source, None, str(problem))
    return Entry(source, Interaction(request, response, source=source), "; ".join(problems))


def _response(answered: dict[str, Any], problems: list[str]) -> Response:
    headers = _headers(answered)
    if "status_code" in answered:
        # Of httpx, before vcrpy 6; what it kept was decoded already.
        body = _body(answered.get("content"), problems)
        return Response(member(answered, "status_code", int), headers, _recorded(headers, body))
    content = answered.get("body")
    if isinstance(content, dict) and "base64_string" in content:
        body = _base64(content["base64_string"], problems)
    else:
        body = _body(content.get("string") if isinstance(content, dict) else content, problems)
    body = _recorded(headers, body)
    status = member(member(answered, "status", dict), "code", int)
    return Response(status, headers, _decoded(headers, body, problems))


def _headers(owner: dict[str, Any]) -> Headers:
    named = owner.get("headers") or {}
    if not isinstance(named, dict):
        raise BrokenError("'headers' is not an object")
    return tuple(
        (str(name), _word(value))
        for name, values in named.items()
        for value in (values if isinstance(values, list) else [values])
    )


def _word(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


NOT_KEPT = None
"""What stands for a body that was not recorded."""


def _body(value: Any, problems: list[str]) -> bytes | None:
    """Return the bytes of a body in any of the forms that vcrpy writes; nothing is empty."""
    if isinstance(value, bytes) or value is None:
        return value or b""
    try:
        if isinstance(value, str):
            return value.encode()
        if isinstance(value, list) and all(isinstance(one, (str, bytes)) for one in value):
            return b"".join(one.encode() if isinstance(one, str) else one for one in value)
        if isinstance(value, (dict, list)):
            # aiohttp was given an object, and wrote it in just this way.
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


def _recorded(headers: Headers, body: bytes | None) -> bytes | None:
    """Tell a body that a filter took away from one that was empty."""
    length = header(headers, "content-length") or ""
    sent = length.isdecimal() and length.strip("0")
    chunked = header(headers, "transfer-encoding")
    return NOT_KEPT if body == b"" and (sent or chunked) else body


def _decoded(headers: Headers, body: bytes | None, problems: list[str]) -> bytes | None:
    """Undo the content coding, where it was not undone before the answer was recorded."""
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
"""How zlib is to read each content coding; servers send deflate with and without a head."""
