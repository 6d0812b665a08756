"""The ways in which a secret can be spelled, written down apart from what hides them."""

from __future__ import annotations

import base64
import html
import json
import re
import urllib.parse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def spellings(secret: str) -> Iterator[bytes]:
    """Yield the ways in which `secret` can be told."""
    raw = secret.encode()
    yield raw
    for name in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
        yield secret.encode(name)
        # As Python, JSON and a shell would print such bytes.
        yield repr(secret.encode(name))[2:-1].encode()
        yield "".join(f"{chr(byte)}" if byte else "\\000" for byte in secret.encode(name)).encode()
    for quoted in (urllib.parse.quote(raw), urllib.parse.quote_plus(raw)):
        yield from (quoted.encode(), re.sub("%..", lambda one: one[0].lower(), quoted).encode())
    yield "".join(f"%{byte:02X}" for byte in raw).encode()
    yield "".join(f"\\u{ord(char):04x}" for char in secret).encode()
    yield "".join(f"\\x{byte:02x}" for byte in raw).encode()
    yield "".join(f"\\{byte:03o}" for byte in raw).encode()
    yield "".join(f"&#{ord(char)};" for char in secret).encode()
    yield from (json.dumps(secret)[1:-1].encode(), repr(raw)[2:-1].encode(), ascii(secret).encode())
    yield html.escape(secret).encode()
    yield raw.hex().encode()
    for before in range(3):
        text = base64.b64encode(b"\0" * before + raw + b"\0\0\0")[(0, 2, 3)[before] : -6]
        yield from (text, text.replace(b"+", b"-").replace(b"/", b"_"))
