"""Decoders of bytes that are not UTF-8, or not what RFC 8259 calls JSON in UTF-8.

Each is a function from the bytes that were received to those that they are read as, in UTF-8.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def decoding(encoding: str, errors: str = "strict") -> Callable[[bytes], bytes]:
    """Return a decoder that reads what is not UTF-8 in another encoding, or with errors in it."""
    return lambda body: body if _is_utf8(body) else body.decode(encoding, errors).encode()


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def with_surrogates(body: bytes) -> bytes:
    """Take halves of surrogate pairs in bytes, which UTF-8 forbids."""
    return (
        body if _is_utf8(body) else body.decode("utf-8", "surrogatepass").encode("utf-8", "replace")
    )


_TWO_BYTES = re.compile(rb"[\xc0\xc1][\x80-\xbf]")
"""An ASCII character in two bytes, as some encoders write NUL."""


def with_overlong(body: bytes) -> bytes:
    """Take ASCII characters in two bytes, which UTF-8 forbids."""
    return _TWO_BYTES.sub(lambda one: b"\\u%04x" % ((one[0][0] & 31) << 6 | one[0][1] & 63), body)


_ESCAPES = re.compile(rb"(?:\\u[dD][89abAB]..\\u[dD][c-fC-F]..)|\\u[dD][89a-fA-F]..")


def with_pairs(body: bytes) -> bytes:
    """Take an escape of half a surrogate pair, in the place of which U+FFFD is read."""
    return _ESCAPES.sub(lambda one: one[0] if len(one[0]) > 6 else b"\\ufffd", body)  # noqa: PLR2004


def of_utf16(body: bytes) -> bytes:
    """Recognise UTF-16 by its byte order mark."""
    marked = body[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    return body.decode("utf-16").encode() if marked else body
