"""The texts that the bytes of a body may be, each with what gives the very bytes back."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def readings(body: bytes) -> Iterator[tuple[str, str, str]]:
    """Yield a body as text, with the encoding and the error handler that give the bytes back.

    UTF-8 is the last and always there: what looks like another encoding may not be in it.
    """
    encoding: str = json.detect_encoding(body)
    if encoding in ("utf-16", "utf-32"):
        # Named so, the byte order mark would be taken for no part of the text.
        encoding += "-le" if body[:1] == b"\xff" else "-be"
    if encoding.startswith(("utf-16", "utf-32")):
        with contextlib.suppress(UnicodeDecodeError):
            yield body.decode(encoding, "surrogatepass"), encoding, "surrogatepass"
    yield body.decode("utf-8", "surrogateescape"), "utf-8", "surrogateescape"
