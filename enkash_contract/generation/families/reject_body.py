"""The ways to break a body: bytes that are no JSON, or no UTF-8, and names that are repeated.

Each family writes the payload of a valid request in another way, and leaves the rest as it is.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from enkash_contract.generation.families.reject import EXTRA
from enkash_contract.wire.pointer import get, places, put
from enkash_contract.wire.spelling import Spelled, compact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from enkash_contract.wire.draft import Draft

    Requests = Iterator[tuple[str, Draft]]
    Family = Callable[[Draft, Any], Requests]

DEEP = 10_000
"""The depth of the nested lists: deeper than any default recursion limit."""


# Families of the rule `json`


def not_json(valid: Draft, payload: Any) -> Requests:
    """Bytes that are not JSON as RFC 8259 defines it."""
    body = valid.body
    yield "malformed", valid.but(body=body.replace(b":", b"=", 1))
    yield "doubled-colon", valid.but(body=body.replace(b":", b"::", 1))
    yield "truncated", valid.but(body=body[: len(body) // 2])
    yield "last-byte-missing", valid.but(body=body[:-1])
    yield "empty", valid.but(body=b"")
    yield "empty-without-length", valid.but(body=b"", sized=False)
    yield "blank", valid.but(body=b" \r\n")
    yield "trailing-bytes", valid.but(body=body + b"x")
    yield "trailing-nul", valid.but(body=body + b"\0")
    # Two numbers side by side would be one.
    apart = b"" if body[-1:] in b'}]"' else b"\n"
    yield "second-value", valid.but(body=body + apart + body)


def lenient_json(valid: Draft, payload: Any) -> Requests:
    """Text that JavaScript, JSON5 and lenient readers read as JSON."""
    body = valid.body
    if inside := isinstance(payload, (dict, list)):
        yield "trailing-comma", valid.but(body=body[:-1] + b"," + body[-1:])
    yield "single-quotes", valid.but(body=body.replace(b'"', b"'"))
    yield "unquoted-name", valid.but(body=re.sub(rb'"(\w+)":', rb"\1:", body, count=1))
    # Inside of a text it would be no comment.
    start = int(inside)
    yield "comment-in-line", valid.but(body=body[:start] + b"// JSON5\n" + body[start:])
    yield "comment-in-block", valid.but(body=body[:start] + b"/* JSON5 */" + body[start:])


def bare_control_characters(valid: Draft, payload: Any) -> Requests:
    """An unescaped control character inside a string."""
    pieces = {"bare-line-break": b"\n", "bare-tab": b"\t", "bare-nul": b"\0"}
    yield from _in_text(valid, payload, pieces)
    if isinstance(payload, dict):
        # A text of the document may have a pattern that keeps them out as well.
        body = compact({**payload, EXTRA: Spelled('"a\tb"')})
        yield "bare-tab-in-unknown-member", valid.but(body=body)


_NO_NUMBERS = {
    "leading-zero": "0{}",
    "hexadecimal": "0x{}",
    "plus-sign": "+{}",
    "no-digit-behind-point": "{}.",
    "nan": "NaN",
    "infinity": "Infinity",
}


def no_numbers(valid: Draft, payload: Any) -> Requests:
    """Numbers of other notations, in the place of a valid one or in an unknown member."""
    # A sign or a point would stand in the way of the notation.
    at = next((at for at, one in places(payload) if type(one) is int and one >= 0), None)
    if at is None and isinstance(payload, dict):
        payload, at = {**payload, EXTRA: 1}, (EXTRA,)
    number = None if at is None else get(payload, at)
    for name, notation in _NO_NUMBERS.items() if at is not None else ():
        spelled = Spelled(notation.format(number))
        yield name, valid.but(body=compact(put(payload, at or (), spelled)))


def other_formats(valid: Draft, payload: Any) -> Requests:
    """The payload written as a form or as XML, and called JSON."""
    yield "form-body", valid.but(body=form(payload))
    yield "xml-body", valid.but(body=xml(payload))


def byte_order_mark(valid: Draft, payload: Any) -> Requests:
    """The mark that RFC 8259 (section 8.1) forbids to add and allows to ignore."""
    yield "byte-order-mark", valid.but(body=b"\xef\xbb\xbf" + valid.body)


def nested_deeply(valid: Draft, payload: Any) -> Requests:
    """Lists in lists, in an unknown member: RFC 8259 (section 9) allows a reader to set a limit."""
    if isinstance(payload, dict):
        deep = Spelled("[" * DEEP + "]" * DEEP)
        yield "nested-deeply", valid.but(body=compact({**payload, EXTRA: deep}))


# Families of the rules `encoding` and `duplicate-names`


def not_utf8(valid: Draft, payload: Any) -> Requests:
    """Bytes that are not UTF-8, inside a string of the payload."""
    pieces = {"invalid-byte": b"\xff", "latin-1": b"\xe9"}
    pieces |= {"overlong": b"\xc0\xaf", "overlong-nul": b"\xc0\x80"}
    pieces |= {"encoded-surrogate": b"\xed\xa0\x80"}
    yield from _in_text(valid, payload, pieces)
    if not any(isinstance(value, str) for _, value in places(payload)):
        yield "invalid-byte-behind", valid.but(body=valid.body + b"\xff")


def other_encodings(valid: Draft, payload: Any) -> Requests:
    """UTF-16 and the like, which RFC 8259 forbids to send, and which many readers detect."""
    text = valid.body.decode("utf-8", "surrogatepass")
    for name in ("utf-16-le", "utf-16-be"):
        body = text.encode(name, "surrogatepass")
        yield name, valid.but(body=body)
        mark = "\ufeff".encode(name)
        declared = f"{valid.content_type}; charset=utf-16"
        yield f"{name}-declared", valid.but(body=mark + body, content_type=declared)
    latin = valid.but(content_type=f"{valid.content_type}; charset=iso-8859-1")
    yield from _in_text(latin, payload, {"latin-1-declared": b"\xe9"})


def lone_surrogates(valid: Draft, payload: Any) -> Requests:
    """Escapes of half a character, whose effect RFC 8259 (section 8.2) calls unpredictable."""
    high, low = b"\\ud800", b"\\udc00"
    halves = {"high": high, "low": low, "swapped": low + high}
    yield from _in_text(valid, payload, {f"lone-surrogate-{key}": halves[key] for key in halves})


def repeated_name(valid: Draft, payload: Any) -> Requests:
    """A member that is present twice, with the same value."""
    if isinstance(payload, dict) and payload:
        name, value = next(iter(payload.items()))
        twice = compact({name: value})[:-1] + b"," + valid.body[1:]
        yield "same-value", valid.but(body=twice)


def repeated_below(valid: Draft, payload: Any) -> Requests:
    """A member of an inner object that is present twice, where no text says more of it."""
    if len(_leaf(payload)) > 1:
        return
    inner = ((at, value) for at, value in places(payload) if at and isinstance(value, dict))
    at, value = next(((at, value) for at, value in inner if value), ((), {}))
    for name in [*value][:1]:
        twice = compact({name: value[name]})[:-1] + b"," + compact(value)[1:]
        yield "same-value-below", valid.but(body=compact(put(payload, at, Spelled(twice.decode()))))


def repeated_leaf(valid: Draft, payload: Any) -> Requests:
    """A text that is present twice, with two values in either order, or under an escaped name."""
    at = _leaf(payload)
    if at:
        value = get(payload, at)
        name, one, other = json.dumps(at[-1]), json.dumps(value), json.dumps(f"{value}2")
        escaped = f'"\\u{ord(at[-1][0]):04x}{name[2:]}'
        for called, text in (
            ("other-value-first", f"{other},{name}:{one}"),
            ("other-value-last", f"{one},{name}:{other}"),
            ("escaped-name", f"{one},{escaped}:{one}"),
        ):
            yield called, valid.but(body=compact(put(payload, at, Spelled(text))))


def _leaf(payload: Any) -> tuple[str, ...]:
    """Return the place of the first text whose name can be escaped; empty where there is none."""
    texts = (at for at, value in places(payload) if at and isinstance(value, str))
    return next((at for at in texts if _PLAIN.match(at[-1])), ())


REJECT: dict[str, tuple[Family, ...]] = {
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
    "duplicate-names": (repeated_name, repeated_leaf, repeated_below),
}
"""The families of each rule of a body."""


UNSETTLED: frozenset[Family] = frozenset(
    (byte_order_mark, lone_surrogates, nested_deeply, other_encodings)
)
"""Families of which no evidence says that a server must reject them: findings are assumptions."""


_PLAIN = re.compile("[A-Za-z]")


def _in_text(valid: Draft, payload: Any, pieces: Mapping[str, bytes]) -> Requests:
    """Put each piece into a text of the payload, of an unknown member, or else behind the end."""
    before, after = _around(valid, payload)
    for name, piece in pieces.items():
        yield name, valid.but(body=before + piece + after)


def _around(valid: Draft, payload: Any) -> tuple[bytes, bytes]:
    at = valid.body.find(b'":"') + len(b'":"')
    if at >= len(b'":"'):
        return valid.body[:at], valid.body[at:]
    texts = ((at, value) for at, value in places(payload) if isinstance(value, str))
    place, text = next(texts, ((EXTRA,), "x"))
    if place == (EXTRA,) and not isinstance(payload, dict):
        return valid.body, b""
    # Written JSON holds no bare control character but this one.
    before, _, after = compact(put(payload, place, Spelled("\0"))).partition(b"\0")
    written = compact(text)
    return before + written[:1], written[1:] + after


def form(payload: Any) -> bytes:
    """Write the leaves of `payload` as an HTML form does, their names with dots."""
    leaves = [(".".join(at), value) for at, value in places(payload)]
    fields = {name: value for name, value in leaves if not isinstance(value, (dict, list))}
    return urlencode(fields, errors="replace").encode()


def xml(payload: Any) -> bytes:
    """Write the leaves of `payload` as elements; it only has to be XML."""
    # It loads urllib's client and the parser of XML, and most runs never come here.
    from xml.sax.saxutils import escape

    leaves = [value for _, value in places(payload) if not isinstance(value, (dict, list))]
    text = "".join(f"<value>{escape(str(value))}</value>" for value in leaves)
    return f"<?xml version='1.0'?><change>{text}</change>".encode("utf-8", "replace")
