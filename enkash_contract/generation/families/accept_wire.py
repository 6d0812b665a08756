"""The ways to stretch what no schema can say: other spellings of a valid request.

Valid JSON stays valid however it is spelled, so each family maps a valid request, and the payload
in it, to named requests that say the same in other bytes.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from enkash_contract.generation.families.reject import EXTRA
from enkash_contract.wire.spelling import JSON, compact, written

if TYPE_CHECKING:
    from enkash_contract.generation.families.reject_body import Family, Requests
    from enkash_contract.wire.draft import Draft

LARGE = 1_000_000
"""The characters of a text that is far beyond what anyone sends here, and no attack yet."""


def spellings(valid: Draft, payload: Any) -> Requests:
    """The same JSON, spelled in other ways."""
    yield "reordered", valid.but(body=compact(_reversed(payload)))
    yield "pretty-printed", valid.but(body=json.dumps(payload, indent=2).encode())
    escaped = _STRING.sub(_escaped, json.dumps(payload, separators=(",", ":")))
    yield "escaped", valid.but(body=escaped.encode())
    yield "blanks-around", valid.but(body=b"\r\n\t " + valid.body + b" \r\n")


def large(valid: Draft, payload: Any) -> Requests:
    """A text of a million characters in an unknown member: a server may set a limit."""
    if isinstance(payload, dict):
        yield "one-megabyte", valid.but(body=compact({**payload, EXTRA: "x" * LARGE}))


def sent_otherwise(valid: Draft, payload: Any) -> Requests:
    """The content in chunks, and asked for before it is sent (RFC 9112, 7.1; RFC 9110, 10.1.1)."""
    chunked = (("Transfer-Encoding", "chunked"),)
    yield "chunked", valid.but(sized=False, fields=chunked)
    yield "expect-continue", valid.but(fields=(("Expect", "100-continue"),))


def with_charset(valid: Draft, payload: Any) -> Requests:
    """The media type with the parameter that many clients add."""
    yield "charset-utf-8", valid.but(content_type=f"{JSON}; charset=utf-8")


def in_capitals(valid: Draft, payload: Any) -> Requests:
    """The media type in capitals, which mean the same in HTTP (RFC 9110, section 8.3.1)."""
    yield "capitals", valid.but(content_type="Application/JSON")


def with_other_charset(valid: Draft, payload: Any) -> Requests:
    """The media type with a parameter that has no meaning in RFC 8259, and pure ASCII bytes."""
    body = written(payload, ensure_ascii=True).encode()
    label = f"{JSON}; charset=iso-8859-1"
    yield "charset-iso-8859-1", valid.but(content_type=label, body=body)


def encoded_path(valid: Draft, payload: Any) -> Requests:
    """The path with `%2D` for `-`, which is the same path (RFC 3986, section 6.2.2.2)."""
    yield "encoded-hyphens", valid.but(path=valid.path.replace("-", "%2D"))


ACCEPT: dict[str, tuple[Family, ...]] = {
    "path": (encoded_path,),
    "json": (spellings, large, sent_otherwise),
    "content-type": (with_charset, in_capitals, with_other_charset),
}
"""The families of each wire rule that can be stretched."""

UNSETTLED: frozenset[Family] = frozenset((encoded_path, large, sent_otherwise, with_other_charset))
"""Families of which no evidence says that a server must accept them: findings are assumptions."""


def _reversed(payload: Any) -> Any:
    if isinstance(payload, dict):
        return {name: _reversed(payload[name]) for name in reversed(payload)}
    return payload


_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


def _escaped(string: re.Match[str]) -> str:
    """Write every character of a JSON string, names included, as its UTF-16 escape."""
    units = json.loads(string[0]).encode("utf-16-be", "surrogatepass").hex()
    return '"' + "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4)) + '"'
