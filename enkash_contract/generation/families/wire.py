"""The ways to break, and to stretch, what no schema can say: bytes, labels, method and path.

The same idea as `mutations`, one layer below: a family maps a right request to named requests that
break one wire rule. What is right JSON stays right however it is spelled, so stretching is a new
spelling.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from enkash_contract.generation.families.reject import EXTRA
from enkash_contract.wire.pointer import places, put
from enkash_contract.wire.spelling import JSON, Draft, Spelled, compact, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Requests = Iterator[tuple[str, Draft]]
    Family = Callable[[Draft, Any], Requests]

DEEP = 10_000
"""How many lists are nested where the depth is tried: deeper than any default recursion."""

LARGE = 1_000_000
"""The characters of a text that is far beyond what anyone sends here, and no attack yet."""

FORM = "application/x-www-form-urlencoded"
XML = "application/xml"


# What breaks the rule `json`


def not_json(right: Draft, payload: Any) -> Requests:
    """Bytes that are not JSON as RFC 8259 defines it."""
    body = right.body
    yield "malformed", right.but(body=body.replace(b":", b"=", 1))
    yield "truncated", right.but(body=body[: len(body) // 2])
    yield "last-byte-missing", right.but(body=body[:-1])
    yield "empty", right.but(body=b"")
    yield "empty-without-length", right.but(body=b"", sized=False)
    yield "blank", right.but(body=b" \r\n")
    yield "trailing-bytes", right.but(body=body + b"x")
    yield "trailing-nul", right.but(body=body + b"\0")
    yield "second-value", right.but(body=body + body)


def lenient_json(right: Draft, payload: Any) -> Requests:
    """What JavaScript, JSON5 and lenient readers take for JSON."""
    body = right.body
    yield "trailing-comma", right.but(body=body[:-1] + b",}")
    yield "single-quotes", right.but(body=body.replace(b'"', b"'"))
    yield "unquoted-name", right.but(body=re.sub(rb'"(\w+)":', rb"\1:", body, count=1))
    yield "comment-in-line", right.but(body=body[:1] + b"// JSON5\n" + body[1:])
    yield "comment-in-block", right.but(body=body[:1] + b"/* JSON5 */" + body[1:])


def bare_control_characters(right: Draft, payload: Any) -> Requests:
    """A control character inside a string that stands there unescaped."""
    yield from _in_text(right, {"bare-line-break": b"\n", "bare-tab": b"\t", "bare-nul": b"\0"})


_NO_NUMBERS = {
    "leading-zero": "01",
    "hexadecimal": "0x1",
    "plus-sign": "+1",
    "no-digit-behind-point": "1.",
    "nan": "NaN",
    "infinity": "Infinity",
}


def no_numbers(right: Draft, payload: Any) -> Requests:
    """What other notations take for a number, in the place of a right one."""
    at = next((at for at, value in places(payload) if type(value) in (int, float)), None)
    for name, text in _NO_NUMBERS.items() if at is not None else ():
        yield name, right.but(body=compact(put(payload, at or (), Spelled(text))))


def other_formats(right: Draft, payload: Any) -> Requests:
    """The payload written as a form or as XML, and called JSON."""
    yield "form-body", right.but(body=_form(payload))
    yield "xml-body", right.but(body=_xml(payload))


def byte_order_mark(right: Draft, payload: Any) -> Requests:
    """The mark that RFC 8259 (section 8.1) forbids to add and allows to ignore."""
    yield "byte-order-mark", right.but(body=b"\xef\xbb\xbf" + right.body)


def nested_deeply(right: Draft, payload: Any) -> Requests:
    """Lists in lists, in a member nobody knows: RFC 8259 (section 9) lets a reader set a limit."""
    if isinstance(payload, dict):
        deep = Spelled("[" * DEEP + "]" * DEEP)
        yield "nested-deeply", right.but(body=compact({**payload, EXTRA: deep}))


# What breaks the other rules


def not_utf8(right: Draft, payload: Any) -> Requests:
    """Bytes that are not UTF-8, inside a string of the payload."""
    wrong = {"invalid-byte": b"\xff", "latin-1": b"\xe9"}
    wrong |= {"overlong": b"\xc0\xaf", "encoded-surrogate": b"\xed\xa0\x80"}
    yield from _in_text(right, wrong)


def other_encodings(right: Draft, payload: Any) -> Requests:
    """UTF-16 and the like, which RFC 8259 forbids to send, and which many readers detect."""
    text = right.body.decode("utf-8", "surrogatepass")
    for name in ("utf-16-le", "utf-16-be"):
        body = text.encode(name, "surrogatepass")
        yield name, right.but(body=body)
        mark = "\ufeff".encode(name)
        declared = f"{right.content_type}; charset=utf-16"
        yield f"{name}-declared", right.but(body=mark + body, content_type=declared)
    latin = right.but(content_type=f"{right.content_type}; charset=iso-8859-1")
    yield from _in_text(latin, {"latin-1-declared": b"\xe9"})


def lone_surrogates(right: Draft, payload: Any) -> Requests:
    """Escapes of half a character: RFC 8259 (section 8.2) calls what follows unpredictable."""
    high, low = b"\\ud800", b"\\udc00"
    halves = {"high": high, "low": low, "swapped": low + high}
    yield from _in_text(right, {f"lone-surrogate-{name}": half for name, half in halves.items()})


def repeated_name(right: Draft, payload: Any) -> Requests:
    """A member that is there twice, with the same value."""
    if isinstance(payload, dict) and payload:
        name, value = next(iter(payload.items()))
        twice = compact({name: value})[:-1] + b"," + right.body[1:]
        yield "same-value", right.but(body=twice)


def repeated_leaf(right: Draft, payload: Any) -> Requests:
    """A text that is there twice, with two values in either order, or under an escaped name."""
    found = ((at, value) for at, value in places(payload) if at and isinstance(value, str))
    at, value = next(((at, value) for at, value in found if _PLAIN.match(at[-1])), ((), ""))
    if at:
        name, one, other = json.dumps(at[-1]), json.dumps(value), json.dumps(f"{value}2")
        escaped = f'"\\u{ord(at[-1][0]):04x}{name[2:]}'
        for called, text in (
            ("other-value-first", f"{other},{name}:{one}"),
            ("other-value-last", f"{one},{name}:{other}"),
            ("escaped-name", f"{one},{escaped}:{one}"),
        ):
            yield called, right.but(body=compact(put(payload, at, Spelled(text))))


def other_media_types(right: Draft, payload: Any) -> Requests:
    """The right bytes under another label."""
    for label in ("text/plain", XML, FORM, "text/html", f"{JSON}-seq"):
        yield label.replace("/", "-"), right.but(content_type=label)


def json_suffix(right: Draft, payload: Any) -> Requests:
    """A media type that is JSON by its suffix (RFC 6839), which many servers read as such."""
    yield "application-json-suffix", right.but(content_type="application/vnd.other+json")


def other_contents(right: Draft, payload: Any) -> Requests:
    """The payload written as a form or as XML, and labelled so."""
    yield "form-body", right.but(content_type=FORM, body=_form(payload))
    yield "xml-body", right.but(content_type=XML, body=_xml(payload))


def no_media_type(right: Draft, payload: Any) -> Requests:
    """The right bytes without a label."""
    yield "absent", right.but(content_type=None)


def two_media_types(right: Draft, payload: Any) -> Requests:
    """The right bytes under two labels: which of them counts, every server decides for itself."""
    yield "same", right.but(repeated=(JSON,))
    yield "other-second", right.but(repeated=("text/plain",))


def other_methods(right: Draft, payload: Any) -> Requests:
    """The right request by another method."""
    for method in ("GET", "PUT", "PATCH", "DELETE", "POST", "OPTIONS"):
        if method != right.method:
            yield method, right.but(method=method)
    # RFC 9110 gives these two no content.
    for method in ("HEAD", "TRACE"):
        yield method, right.but(method=method, body=b"", sized=False)


def other_paths(right: Draft, payload: Any) -> Requests:
    """The right request to the operation's path as it is often mistyped."""
    yield "trailing-slash", right.but(path=f"{right.path}/")
    before, slash, last = right.path.rpartition("/")
    yield "doubled-slash", right.but(path=f"{before}/{slash}{last}")


REJECT: dict[str, tuple[Family, ...]] = {
    "method": (other_methods,),
    "path": (other_paths,),
    "content-type": (other_media_types, other_contents, json_suffix),
    "content-type-present": (no_media_type,),
    "content-type-single": (two_media_types,),
    "encoding": (not_utf8, other_encodings, lone_surrogates),
    "json": (
        not_json,
        lenient_json,
        bare_control_characters,
        no_numbers,
        other_formats,
        other_encodings,
        byte_order_mark,
        nested_deeply,
    ),
    "duplicate-names": (repeated_name, repeated_leaf),
}
"""How to break each wire rule of a request."""


def spellings(right: Draft, payload: Any) -> Requests:
    """The same JSON, spelled in other ways."""
    yield "reordered", right.but(body=compact(_reversed(payload)))
    yield "pretty-printed", right.but(body=json.dumps(payload, indent=2).encode())
    escaped = _STRING.sub(_escaped, json.dumps(payload, separators=(",", ":")))
    yield "escaped", right.but(body=escaped.encode())
    yield "blanks-around", right.but(body=b"\r\n\t " + right.body + b" \r\n")


def large(right: Draft, payload: Any) -> Requests:
    """A text of a million characters in a member nobody knows: a server may set a limit."""
    if isinstance(payload, dict):
        yield "one-megabyte", right.but(body=compact({**payload, EXTRA: "x" * LARGE}))


def with_charset(right: Draft, payload: Any) -> Requests:
    """The media type with the parameter that many clients add."""
    yield "charset-utf-8", right.but(content_type=f"{JSON}; charset=utf-8")


def in_capitals(right: Draft, payload: Any) -> Requests:
    """The media type in capitals, which HTTP (RFC 9110, section 8.3.1) does not tell apart."""
    yield "capitals", right.but(content_type="Application/JSON")


def with_other_charset(right: Draft, payload: Any) -> Requests:
    """The media type with a parameter that RFC 8259 gives no meaning, and the bytes pure ASCII."""
    body = written(payload, ensure_ascii=True).encode()
    label = f"{JSON}; charset=iso-8859-1"
    yield "charset-iso-8859-1", right.but(content_type=label, body=body)


ACCEPT: dict[str, tuple[Family, ...]] = {
    "json": (spellings, large),
    "content-type": (with_charset, in_capitals, with_other_charset),
}
"""How to stretch each wire rule that can be."""

UNSETTLED: frozenset[Family] = frozenset(
    (
        byte_order_mark,
        json_suffix,
        large,
        lone_surrogates,
        nested_deeply,
        other_encodings,
        with_other_charset,
    )
)
"""Families whose right answer no evidence settles: what they find is an assumption at most."""


def _reversed(payload: Any) -> Any:
    if isinstance(payload, dict):
        return {name: _reversed(payload[name]) for name in reversed(payload)}
    return payload


_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


def _escaped(string: re.Match[str]) -> str:
    """Write every character of a JSON string, names included, as its UTF-16 escape."""
    units = json.loads(string[0]).encode("utf-16-be", "surrogatepass").hex()
    return '"' + "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4)) + '"'


_PLAIN = re.compile("[A-Za-z]")


def _in_text(right: Draft, pieces: Mapping[str, bytes]) -> Requests:
    """Put each piece at the beginning of the first string that is a member's value."""
    at = right.body.find(b'":"') + len(b'":"')
    for name, piece in pieces.items() if at >= len(b'":"') else ():
        yield name, right.but(body=right.body[:at] + piece + right.body[at:])


def _form(payload: Any) -> bytes:
    """Write the leaves of `payload` as an HTML form does, their names with dots."""
    leaves = [(".".join(at), value) for at, value in places(payload)]
    fields = {name: value for name, value in leaves if not isinstance(value, (dict, list))}
    return urlencode(fields, errors="replace").encode()


def _xml(payload: Any) -> bytes:
    """Write the leaves of `payload` as elements; that it is XML is all that is asked of it."""
    leaves = [value for _, value in places(payload) if not isinstance(value, (dict, list))]
    text = "".join(f"<value>{escape(str(value))}</value>" for value in leaves)
    return f"<?xml version='1.0'?><change>{text}</change>".encode("utf-8", "replace")
