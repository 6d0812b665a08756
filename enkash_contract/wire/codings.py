"""Content codings: the bytes of a body as they were before they were packed for the way.

gzip and deflate are undone (RFC 9110, 8.4.1), and brotli and zstd where the extra `[traffic]` is
installed. A body in any other coding, or one that is damaged or cut off, was not seen: it is
neither empty nor invalid, because nobody here knows what it holds. What is packed may unpack to a
thousand times its size, so there is a limit on the size, and one on the ratio, which notices after
few megabytes that there will be no end.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from enkash_contract.wire.message import Headers

    Undo = Callable[[bytes, int], tuple[bytes, str]]

LIMIT = 10_000_000
"""A body is unpacked to at most so many bytes."""

FREE, RATIO = 1 << 20, 200
"""Bytes that any body may unpack to, and how many more for each of its own bytes."""

MOST = 2
"""How many codings in a row are undone; nobody packs a payload more often."""

ACCEPTED = "gzip, deflate"
"""The codings that are undone here, as `Accept-Encoding` says it."""

GZIP_MAGIC = b"\x1f\x8b"
"""The bytes with which every member of a gzip file begins."""

WINDOW = 8 << 20
"""zstd may ask for so much memory (RFC 9659)."""

_STEP, _SMALL_STEP = 4096, 128
"""Bytes that are unpacked at a time; they become some four megabytes at most."""


@dataclass(frozen=True, slots=True)
class NotSeen:
    """The reason why nobody knows what a body holds, as what follows "the body"."""

    why: str


def codings_of(headers: Headers) -> tuple[str, ...]:
    """Return the codings that a body has gone through, in that order."""
    fields = (value for name, value in headers if name.lower() == "content-encoding")
    named = (coding.strip().lower() for value in fields for coding in value.split(","))
    return tuple(coding for coding in named if coding not in ("", "identity"))


def decoded(body: bytes, codings: Sequence[str], limit: int = LIMIT) -> bytes | NotSeen:
    """Return a body without its codings, which are given in the order of their application."""
    if not body or not codings:
        return body
    if len(codings) > MOST:
        return NotSeen(f"is in {len(codings)} content codings, and {MOST} are undone at most")
    for coding in reversed(codings):
        undo = UNDO.get(coding)
        if undo is None:
            return NotSeen(f"is in the content coding {_shown(coding)}, which is not undone here")
        body, problem = undo(body, limit)
        if problem:
            return NotSeen(f"is in the content coding {coding}, but {problem}")
    return body


def undone(body: bytes, headers: Headers, limit: int = LIMIT) -> bytes | NotSeen:
    """Return a body without the codings that `headers` name, if they are still on it.

    Libraries and recorders mostly undo them, and leave the headers as they came.
    """
    codings = codings_of(headers)
    if not codings or not _is_packed(body, codings[-1]):
        return body
    return decoded(body, codings, limit)


def seen(body: bytes | None, headers: Headers) -> tuple[bytes | None, str]:
    """Return a body without the codings that are still on it, and why it is None after all."""
    found = undone(body, headers) if body else body
    return (None, found.why) if isinstance(found, NotSeen) else (found, "")


def unpacked(body: bytes, limit: int) -> tuple[bytes, str]:
    """Return all members of a gzip file as one, as far as they can be read, and what is wrong."""
    made, at, problem = bytearray(), 0, ""
    # Bytes after the last member are ignored, as gzip does; tapes are padded with zeros.
    while not problem and (at == 0 or body.startswith(GZIP_MAGIC, at)):
        member, at, problem = _inflate(body, at, zlib.MAX_WBITS | 16, limit - len(made))
        made += member
    return bytes(made), problem


def _is_packed(body: bytes, coding: str) -> bool:
    """Return whether `coding` is still on a body; of text it never is."""
    if coding in GZIP:
        return body.startswith(GZIP_MAGIC)
    try:
        return not body.decode().replace("\t", "").replace("\r", "").replace("\n", "").isprintable()
    except UnicodeDecodeError:
        return True


def _inflated(body: bytes, limit: int) -> tuple[bytes, str]:
    """Undo deflate, which servers send with the head that belongs to it, and without."""
    made, _, problem = _inflate(body, 0, zlib.MAX_WBITS, limit)
    if problem == DAMAGED and not made:
        made, _, problem = _inflate(body, 0, -zlib.MAX_WBITS, limit)
    return bytes(made), problem


DAMAGED, CUT_OFF = "it is damaged", "it is cut off"
NEEDED = "to undo that needs pip install 'enkash-contract[traffic]'"
TOO_LARGE = "it is too large when it is unpacked"


def _inflate(body: bytes, start: int, window: int, limit: int) -> tuple[bytearray, int, str]:
    """Unpack one stream that begins at `start`; return it, where it ends, and what is wrong."""
    stream, at, made = zlib.decompressobj(window), start, bytearray()
    while at < len(body) and not stream.eof:
        piece = body[at : at + _STEP]
        at += len(piece)
        try:
            made += stream.decompress(piece)
        except zlib.error:
            return made, at, DAMAGED
        if len(made) > min(limit, FREE + RATIO * (at - start)):
            return made, at, TOO_LARGE
    return made, at - len(stream.unused_data), "" if stream.eof else CUT_OFF


def _unbrotlied(body: bytes, limit: int) -> tuple[bytes, str]:
    try:
        import brotli  # type: ignore[import-untyped]  # it has no types
    except ImportError:
        return b"", NEEDED
    stream, most = brotli.Decompressor(), _most(body, limit)
    try:
        made: bytes = stream.process(body, output_buffer_limit=most + 1)
    except brotli.error:
        return b"", DAMAGED
    if len(made) > most:
        return made, TOO_LARGE
    return made, "" if stream.is_finished() else CUT_OFF


def _unzstandard(body: bytes, limit: int) -> tuple[bytes, str]:
    try:
        import zstandard
    except ImportError:
        return b"", NEEDED
    stream = zstandard.ZstdDecompressor(max_window_size=WINDOW).decompressobj()
    most, made = _most(body, limit), bytearray()
    try:
        # A block of few bytes may stand for 128 kB.
        for at in range(0, len(body), _SMALL_STEP):
            made += stream.decompress(body[at : at + _SMALL_STEP])
            if len(made) > most:
                return bytes(made), TOO_LARGE
            if stream.eof:
                break
    except zstandard.ZstdError:
        return bytes(made), DAMAGED
    return bytes(made), "" if stream.eof else CUT_OFF


def _most(body: bytes, limit: int) -> int:
    return min(limit, FREE + RATIO * len(body))


def _shown(coding: str) -> str:
    """Return the name of a coding, unless it is not a name at all and so may be anything."""
    return coding if re.fullmatch(r"[a-z0-9-]{1,20}", coding) else "of an unknown name"


GZIP = ("gzip", "x-gzip")

UNDO: dict[str, Undo] = {
    **dict.fromkeys(GZIP, unpacked),
    "deflate": _inflated,
    "br": _unbrotlied,
    "zstd": _unzstandard,
}
"""The function that undoes each coding: it returns what could be had, and what is wrong with it."""
