"""Readers of JSON that accept more than RFC 8259 allows, or less.

Each lenient reader is a change of the bytes into strict JSON, on which all other rules are then
judged. None changes the inside of strings, or it would change valid requests as well.
"""

from __future__ import annotations

import codecs
import functools
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Change = Callable[[bytes], bytes]

UNKNOWN = "x-unheard-of"
"""The name of a member that no document describes."""

DEEP = 2_000
"""More nested lists than any reader with a limit accepts."""


@dataclass(frozen=True)
class Lenient:
    """A reader that accepts the bodies in `invalid`, because it makes a `change` to them."""

    name: str
    says: str
    change: Change
    invalid: tuple[bytes, ...]


@dataclass(frozen=True)
class Fussy:
    """A reader that rejects the body `valid`."""

    name: str
    says: str
    rejects: Callable[[bytes], bool]
    valid: bytes


_STRING = rb'("(?:[^"\\]|\\.)*")'


def _outside(pattern: bytes, instead: bytes) -> Change:
    """Replace what stands outside of strings; group 1 is a string, left as it is."""
    compiled = functools.cache(lambda: re.compile(_STRING + b"|" + pattern, re.DOTALL))
    return lambda body: compiled().sub(lambda part: part[1] or part.expand(instead), body)


def lenient(body: bytes) -> Iterator[Lenient]:
    """Yield the lenient readers, each with bodies that it accepts, made of a valid body."""
    says = "reads an empty body as nothing sent"
    yield Lenient("empty-taken", says, lambda one: one or body, (b"",))
    says = "ignores what follows the first value"
    yield Lenient("rest-overlooked", says, _first_value, (body + b"x", body + b"}"))
    says = "reads the first of several values"
    twice = (body + body, body + b"\n" + body)
    yield Lenient("second-value-overlooked", says, _first_of_several, twice)
    says = "closes what is left open"
    yield Lenient("end-supplied", says, _ended, (body[:-1],))
    says = "skips a byte order mark"
    marked = codecs.BOM_UTF8 + body
    unmarked = lambda one: one.removeprefix(codecs.BOM_UTF8)  # noqa: E731 - as the others
    yield Lenient("byte-order-mark-taken", says, unmarked, (marked,))
    says = "recognises UTF-16 by its zeros"
    text = body.decode()
    wide = (text.encode("utf-16-le"), text.encode("utf-16-be"))
    yield Lenient("utf-16-taken", says, _of_utf16, wide)
    yield from _of_grammar(body)
    yield from _of_values(body)


def _of_grammar(body: bytes) -> Iterator[Lenient]:
    """Yield readers with the liberties of JavaScript and of configuration files."""
    says = "accepts a comma before the end"
    commas = (body[:-1] + b"," + body[-1:],)
    yield Lenient("trailing-comma-taken", says, _outside(rb",(\s*[}\]])", rb"\2"), commas)
    comments = (b"/* */" + body, body + b"// x\n")
    remove = _outside(rb"/\*.*?\*/|//[^\n]*", b"")
    yield Lenient("comments-taken", "accepts comments", remove, comments)
    quoted = (body.replace(b'"', b"'"),)
    requote = _outside(rb"'([^']*)'", rb'"\2"')
    yield Lenient("single-quotes-taken", "accepts single quotes", requote, quoted)
    bare = (re.sub(rb'"([A-Za-z_]\w*)":', rb"\1:", body),)
    quote = _outside(rb"([A-Za-z_]\w*)(\s*:)", rb'"\2"\3')
    yield Lenient("bare-names-taken", "accepts names without quotes", quote, bare)
    says = "accepts control characters in strings"
    raw = (body.replace(b'":"', b'":"\t', 1), _with_member(body, b'"a\tb"'))
    yield Lenient("control-characters-taken", says, _without_control, raw)


def _of_values(body: bytes) -> Iterator[Lenient]:
    """Yield readers of invalid numbers and of any depth, in a member that is not described."""
    found = _NUMBER.search(body)
    number = found[0] if found else b"1"
    # NaN is neither below nor above a bound, so most checks let it pass: a valid number stands for
    # it, as for all whose value does not matter.
    for name, says, change, values in (
        ("nan-taken", "accepts NaN", _outside(rb"\bNaN\b", number), (b"NaN",)),
        (
            "infinity-taken",
            "accepts Infinity",
            _outside(rb"-?\bInfinity\b", number),
            (b"Infinity",),
        ),
        ("leading-zeros-taken", "accepts zeros before a number", _zeros, (b"00" + number,)),
        (
            "hexadecimal-taken",
            "accepts hexadecimal numbers",
            _outside(rb"\b0[xX][0-9a-fA-F]+", number),
            (b"0x1F",),
        ),
        ("plus-taken", "accepts a plus before a number", _plus, (b"+" + number,)),
        ("depth-unlimited", "reads to any depth", _flat, (b"[" * DEEP + b"]" * DEEP,)),
    ):
        members = tuple(_with_member(body, value) for value in values)
        yield Lenient(name, says, change, (*members, *_in_place(body, values)))


_zeros = _outside(rb"(?<![\w.])0+(\d+)", rb"\2")
_plus = _outside(rb"(?<![eE])\+(\d)", rb"\2")
_flat = _outside(rb"\[{400,}[^\[\]]*\]{400,}", b"[]")
_NUMBER = re.compile(rb"(?<=:)\d+(?=[,}])")


def _with_member(body: bytes, value: bytes) -> bytes:
    comma = b"," if body[:-1].strip() != b"{" else b""
    return body[:-1] + comma + json.dumps(UNKNOWN).encode() + b":" + value + body[-1:]


def _in_place(body: bytes, values: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """Return the body with each value in the place of the first number."""
    return tuple(_NUMBER.sub(value, body, count=1) for value in values)


def _first_value(body: bytes) -> bytes:
    text = body.decode()
    end: int = json.JSONDecoder().raw_decode(text)[1]
    return text[:end].encode()


def _first_of_several(body: bytes) -> bytes:
    first = _first_value(body)
    _first_value(body[len(first) :].strip())
    return first


def _ended(body: bytes) -> bytes:
    bare = re.sub(_STRING, b"", body)
    close = b"]" * (bare.count(b"[") - bare.count(b"]"))
    return body + close + b"}" * (bare.count(b"{") - bare.count(b"}"))


def _of_utf16(body: bytes) -> bytes:
    if body[1:2] == b"\0":
        return body.decode("utf-16-le").encode()
    return body.decode("utf-16-be").encode() if body[:1] == b"\0" else body


def _without_control(body: bytes) -> bytes:
    return re.sub(_STRING, lambda one: re.sub(rb"[\x00-\x1f]", b" ", one[1]), body, flags=re.DOTALL)


def fussy(payload: Any) -> Iterator[Fussy]:
    """Yield the fussy readers, each with valid JSON that it rejects."""
    spaced = json.dumps(payload, indent=1).encode()
    says = "rejects line feeds between tokens"
    yield Fussy("line-feeds-refused", says, lambda body: b"\n" in body, spaced)
    escaped = re.sub(_STRING, _escape, json.dumps(payload).encode())
    says = "rejects escaped characters"
    yield Fussy("escapes-refused", says, lambda body: b"\\u" in body, escaped)
    says = "requires the members in one order"
    names = list(payload) if isinstance(payload, dict) else []
    turned = {name: payload[name] for name in reversed(names)}
    order = _Order(names)
    yield Fussy("other-order-refused", says, order.is_other, json.dumps(turned).encode())


def _escape(string: re.Match[bytes]) -> bytes:
    units = json.loads(string[1]).encode("utf-16-be").hex()
    return b'"%s"' % "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4)).encode()


@dataclass(frozen=True)
class _Order:
    names: list[str]

    def is_other(self, body: bytes) -> bool:
        """Return whether the known members come in another order."""
        try:
            payload = json.loads(body)
        except (ValueError, RecursionError):
            return False
        known = (
            [name for name in payload if name in self.names] if isinstance(payload, dict) else []
        )
        return known != [name for name in self.names if name in known]


def repeated(payload: Any) -> Iterator[bytes]:
    """Yield the payload with each name repeated, with the same value."""
    for name, value in payload.items() if isinstance(payload, dict) else ():
        twice = json.dumps({name: value})[:-1] + "," + json.dumps(payload)[1:]
        yield twice.encode()


def repeated_below(payload: Any) -> Iterator[bytes]:
    """Yield the payload with a repeated name inside of a member."""
    for name, value in payload.items() if isinstance(payload, dict) else ():
        for inner in repeated(value):
            rest = {one: payload[one] for one in payload if one != name}
            more = json.dumps(rest)[1:] if rest else "}"
            yield (
                json.dumps({name: 0}).encode()[:-2]
                + inner
                + (b"," if rest else b"")
                + more.encode()
            )


def with_first(body: bytes) -> bytes:
    """Keep the first value of each name."""
    return _reduced(body, lambda pairs: dict(reversed(pairs)))


def with_equal(body: bytes) -> bytes:
    """Keep one of equal values; leave the body alone where values differ."""

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if any(made[name] != value for name, value in pairs):
            raise ValueError("the values differ")
        return made

    return _reduced(body, members)


def with_unique_below(body: bytes) -> bytes:
    """Keep the last value of each name, unless one is repeated at the top."""
    repeated_names = [False]

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        repeated_names.append(len(made) < len(pairs))
        return made

    changed = _reduced(body, members)
    # The object at the top is finished last.
    return body if repeated_names[-1] else changed


def _reduced(body: bytes, members: Callable[[list[tuple[str, Any]]], dict[str, Any]]) -> bytes:
    """Return the body written anew if a name is repeated in it, or else as it is."""
    lengths = [0]

    def counted(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = members(pairs)
        lengths[0] += len(pairs) - len(made)
        return made

    payload = json.loads(body, object_pairs_hook=counted)
    return json.dumps(payload, ensure_ascii=False).encode() if lengths[0] else body
