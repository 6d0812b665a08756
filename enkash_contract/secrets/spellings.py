"""The spellings of a secret that no undoing of escapes finds, so that they are searched for.

`escapes` undoes what is written character by character. Base64, hexadecimal digits and the like
write several at once, and depend on what stands before; each of them is a value of its own.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHORTEST = 4
"""Fewer characters than this are left of a secret by chance."""


def encoded(value: str) -> Iterator[str]:
    """Yield `value` without what is not ASCII, in base64 once and twice, base32 and hex."""
    raw = value.encode("utf-8", "surrogatepass")
    yield from _in_ascii(value, raw)
    for text in _in_base64(raw):
        yield text
        yield from _in_base64(text.encode())
    yield from _in_base32(raw)
    yield raw.hex()


def escaped(value: str) -> Iterator[str]:
    """Yield how `value` may stand in JSON, in JSON within JSON, as bytes, in UTF-16 and in mail.

    A backslash in it makes escapes of what follows, and others of what is written of it: nothing is
    left then by which it could be known once they are undone.
    """
    raw = value.encode("utf-8", "surrogatepass")
    # Quoted-printable has no sign of its own: undone everywhere, it would spoil `name=ABC`.
    if (quoted := _quoted(raw, everything=False)) != value:
        yield quoted
    yield _quoted(raw, everything=True)
    if "\\" in value:
        once = json.dumps(value)[1:-1]
        yield from (value, once, json.dumps(once)[1:-1], "\0".join(value))
        yield repr(raw)[2:-1]


def _in_ascii(value: str, raw: bytes) -> Iterator[str]:
    """Yield the spellings of `value` after all but ASCII was dropped or replaced."""
    for left in (value.encode("ascii", "ignore").decode(), raw.decode("ascii", "replace")):
        if len(left) >= _SHORTEST and left != value:
            yield left


def _in_base64(raw: bytes) -> Iterator[str]:
    """Yield the parts of `raw` in base64 that are the same at any offset in the encoded text."""
    for before in range(3):
        text = base64.b64encode(b"\0" * before + raw).decode()
        core = text[(0, 2, 3)[before] : len(text) - (0, 3, 2)[(before + len(raw)) % 3]]
        yield core
        if (plain := core.replace("+", "-").replace("/", "_")) != core:
            yield plain


def _in_base32(raw: bytes) -> Iterator[str]:
    """Yield likewise in base32, of which five bytes make eight characters."""
    for before in range(5):
        text = base64.b32encode(b"\0" * before + raw).decode()
        last = (before + len(raw)) % 5
        yield text[(0, 2, 4, 5, 7)[before] : len(text) - (0, 7, 5, 4, 2)[last]]


def _quoted(raw: bytes, *, everything: bool) -> str:
    """Write `raw` in quoted-printable, each byte of it with `everything`."""
    return "".join(
        chr(byte) if 32 <= byte < 127 and byte != 61 and not everything else f"={byte:02X}"  # noqa: PLR2004 - printable, but "="
        for byte in raw
    )


def from_base64(text: str) -> str:
    """Return what `text` holds as base64, "" if that is no text."""
    try:
        return base64.b64decode(text, validate=True).decode()
    except ValueError:
        return ""
