"""Bodies as recorders write them: text, base64, hexadecimal digits, pieces, objects, or not at all.

A body that was not recorded is not an empty one, and one that the recorder has cut off does not
break off. Sizes cannot be trusted, because some count UTF-16 units, packed bytes or headers. So
they count only where they announce more than there is: beside an empty body, and beside one that is
no whole JSON.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from enkash_contract.traffic.entries.entry import Missing
from enkash_contract.traffic.entries.marks import holds_mark, is_body_mark, is_left_out
from enkash_contract.wire.codings import GZIP_MAGIC, NotSeen, undone
from enkash_contract.wire.message import header

if TYPE_CHECKING:
    from collections.abc import Iterable

    from enkash_contract.traffic.entries.entry import Problems
    from enkash_contract.wire.message import Headers

    Body = bytes | Missing

BODY = "body"
"""A body whose message is not known yet."""

EXPORT = "export with content"
DECODED = "record bodies decoded, or packed by gzip"
AS_SENT = "record the text or the bytes that were sent"

MISSING = Missing(BODY, "not recorded", EXPORT)
CUT_OFF = Missing(BODY, "cut off by the recorder", "raise the recorder's limit on bodies")
LEFT_OUT = replace(CUT_OFF, detail="(it ends in a mark that says so)")
HIDDEN = Missing(BODY, "replaced by a mark of the recorder", "record bodies as they were sent")
NOT_BYTES = Missing(BODY, "recorded as what cannot be bytes", AS_SENT)
PACKED_TEXT = Missing(BODY, "recorded as text while it was packed, which broke it", DECODED)
NOT_BASE64 = Missing(BODY, "recorded as base64 that cannot be decoded", AS_SENT)
AS_VALUE = Missing(BODY, "recorded as a value, which does not say how it was written", AS_SENT)
AS_PARAMETERS = Missing(
    BODY, "recorded as parameters, which do not say how it was written", AS_SENT
)

BODILESS = frozenset({"GET", "HEAD", "OPTIONS", "DELETE", "TRACE"})
"""The methods whose requests have no body as a rule, so that none was left out."""

EMPTY_STATUSES = frozenset({204, 205, *range(300, 400)})
"""The statuses whose responses have no body, or none that says anything."""

UNKNOWN_SIZE = -1
"""The size that recorders write where they do not know it."""


def of_text(text: str) -> Body:
    """Return the bytes of a text, also of one that spells bytes in base64 or hexadecimal digits.

    Some recorders write these without saying so; what they spell begins as JSON or gzip does.
    """
    if text[:1] not in ("{", ""):
        spelled = _spelled(text)
        if spelled is not None:
            return spelled
    if is_body_mark(text):
        return HIDDEN
    try:
        body = text.encode()
    except ValueError:
        return replace(NOT_BYTES, detail="(it holds half of a character)")
    mark = LEFT_OUT if is_left_out(text) else HIDDEN if holds_mark(text) else None
    if mark is not None and text[:1] in ("{", "[") and not is_json(body):
        return mark
    return body


def of_base64(text: str) -> Body:
    """Return the bytes that a text is labelled to spell; text that cannot be base64 is text."""
    packed = "".join(text.split())
    if not _ALPHABET.fullmatch(packed):
        chunks = _chunks(text)
        return of_text(text) if chunks is None else chunks
    try:
        return base64.b64decode(packed.translate(_PLAIN), validate=True)
    except ValueError:
        return NOT_BASE64


def as_encoded(text: str, encoding: Any) -> Body:
    """Return the bytes of a text that was decoded from the character encoding `encoding`.

    Names that stand for no such encoding, as Ruby's for bytes, say nothing.
    """
    if isinstance(encoding, str) and _SINGLE_BYTE.fullmatch(encoding) and not text.isascii():
        try:
            return text.encode(encoding)
        except (LookupError, ValueError):
            pass
    return of_text(text)


def of_value(value: Any) -> Body:
    """Return the bytes of a body in any of the forms that recorders use; none at all is empty."""
    if isinstance(value, bytes) or value is None:
        return value or b""
    if isinstance(value, str):
        return of_text(value)
    try:
        if is_buffer(value):
            return bytes(value["data"])
        if isinstance(value, list) and all(isinstance(piece, (str, bytes)) for piece in value):
            return b"".join(piece.encode() if isinstance(piece, str) else piece for piece in value)
        if isinstance(value, (dict, list)):
            # aiohttp was given an object, which it writes in the same way.
            return json.dumps(value).encode()
    except (TypeError, ValueError, RecursionError) as problem:
        return replace(NOT_BYTES, detail=f"({problem})")
    return replace(NOT_BYTES, detail=f"(a {type(value).__name__})")


def is_buffer(value: Any) -> bool:
    """Return whether a value is a buffer of Node's, which lists bytes as numbers."""
    known = isinstance(value, dict) and value.get("type") == "Buffer"
    return known and isinstance(value.get("data"), list)


def settled(
    name: str, body: Body, headers: Headers, sizes: Iterable[Any], problems: Problems
) -> bytes | None:
    """Return the body of the message `name` as it was before it was packed; None if it is unknown.

    `sizes` are what the recorder says of its length. The reason is added to `problems`.
    """
    plain = body if isinstance(body, Missing) else _as_sent(body, headers, [*sizes])
    if isinstance(plain, Missing):
        problems.append(replace(plain, part=f"{name} body"))
        return None
    return plain


def _as_sent(body: bytes, headers: Headers, sizes: list[Any]) -> Body:
    length = (header(headers, "content-length") or "").strip()
    announced = max([0, *(size for size in sizes if isinstance(size, int))])
    if length.isascii() and length.isdecimal():
        announced = max(announced, int(length[:18]))
    if not body:
        unsized = announced or UNKNOWN_SIZE in sizes or header(headers, "transfer-encoding")
        return MISSING if unsized and length != "0" else body
    if body.startswith(_BROKEN_GZIP):
        return PACKED_TEXT
    plain = undone(body, headers)
    if isinstance(plain, NotSeen):
        return Missing(BODY, plain.why.removeprefix("is "), DECODED)
    there = max(len(body), len(plain))
    if announced > there and not is_json(plain):
        return replace(CUT_OFF, detail=f"after {there} of {announced} bytes")
    return plain


def _spelled(text: str) -> bytes | None:
    """Return the bytes that a text spells, if nobody can mean the text itself."""
    found = b""
    try:
        if _HEXADECIMAL.fullmatch(text):
            found = bytes.fromhex(text)
        elif _BASE64.fullmatch(text):
            found = base64.b64decode("".join(text.split()), validate=True)
        elif _PIECES.fullmatch(text):
            found = bytes.fromhex("".join(json.loads(text)))
        elif text.startswith(_ONE_BY_ONE):
            found = text.encode("latin-1")
    except ValueError:
        return None
    is_object = found.lstrip().startswith((b"{", b"[")) and is_json(found)
    return found if is_object or found.startswith(GZIP_MAGIC) else None


def _chunks(text: str) -> bytes | None:
    """Return the bytes that a list spells in base64, which is how Polly.js keeps packed responses.

    A list of words may look like one, but bytes that are neither text nor JSON are no accident.
    """
    if not _BASE64_PIECES.fullmatch(text):
        return None
    try:
        found = b"".join(base64.b64decode(piece, validate=True) for piece in json.loads(text))
    except ValueError:
        return None
    return found if is_json(found) or not _is_text(found) else None


def _is_text(body: bytes) -> bool:
    try:
        body.decode()
    except ValueError:
        return False
    return True


_ONE_BY_ONE = "\x1f\x8b"
"""The beginning of gzip if each byte was taken for a character, as JavaScript's `binary` does."""

_BROKEN_GZIP = b"\x1f\xef\xbf\xbd\x08"
"""The beginning of gzip once it was taken for UTF-8, which loses every byte that is none."""

_HEXADECIMAL = re.compile("(?:[0-9a-fA-F]{2}){2,}+")
_PIECES = re.compile(r'\[(?:"[0-9a-fA-F]++"[,\s]*+)++\]')
_BASE64_PIECES = re.compile(r'\[(?:"[A-Za-z0-9+/]++={0,2}"[,\s]*+)++\]')
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]{8,}={0,2}\s*")
_ALPHABET = re.compile(r"[A-Za-z0-9+/_-]*+={0,2}")
_PLAIN = str.maketrans("-_", "+/")
_SINGLE_BYTE = re.compile(r"(?i:iso-8859-\d{1,2}|latin-?1|windows-125\d|cp125\d|us-ascii)")


def is_json(body: bytes) -> bool:
    """Return whether a body is one whole value in JSON."""
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True
