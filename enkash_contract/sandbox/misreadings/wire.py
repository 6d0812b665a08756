"""The ways to misread what no schema can say: the bytes, their label, the method.

The same idea as `keywords`, one layer below. Such a reading is a function from the request that was
received to the one it is read as: a lenient reader of JSON drops a comma, and all other rules are
then judged on the rest. None means that the request is rejected unread.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from enkash_contract.sandbox.misreadings import json_readers
from enkash_contract.sandbox.misreadings.decoders import (
    decoding,
    of_utf16,
    with_overlong,
    with_pairs,
    with_surrogates,
)
from enkash_contract.wire.message import Request, header, media_type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    ReadAs = Callable[[Request], Request | None]
    Misreading = Callable[[Request, Any], Iterator["WireReading"]]


@dataclass(frozen=True, slots=True)
class WireReading:
    """How an implementation may misread one rule of the wire.

    `read_as` returns the request that it is read as; without it, the rule is not checked.
    `witnesses` are requests on which rule and reading may differ.
    """

    name: str
    says: str
    read_as: ReadAs | None = field(repr=False, default=None)
    witnesses: tuple[Request, ...] = field(repr=False, default=())


def _body(request: Request, body: bytes) -> Request:
    return replace(request, body=body)


def _labelled(request: Request, *labels: str) -> Request:
    others = [pair for pair in request.headers if pair[0].lower() != "content-type"]
    return replace(request, headers=(*others, *(("Content-Type", one) for one in labels)))


def _own_label(valid: Request) -> str:
    return header(valid.headers, "content-type") or ""


def of_method(valid: Request, payload: Any) -> Iterator[WireReading]:
    """Other methods are served as well."""
    # A response to HEAD and a TRACE request have no content: neither is ever accepted.
    others = ("PUT", "PATCH", "DELETE", "GET", "OPTIONS", "POST")
    invalid = {one: replace(valid, method=one) for one in others if one != valid.method}
    yield WireReading("unenforced", "does not look at it", None, tuple(invalid.values()))
    for method, request in invalid.items():
        served = _method(method, valid.method)
        yield WireReading(f"{method}-taken", f"serves {method} as well", served, (request,))


def _method(method: str, own: str) -> ReadAs:
    return lambda request: replace(request, method=own) if request.method == method else request


def of_path(valid: Request, payload: Any) -> Iterator[WireReading]:
    """Other spellings of the path are served as well."""
    path = valid.url
    spellings = {
        "trailing-slash-taken": ("ignores a slash at the end", path + "/"),
        "doubled-slash-taken": ("ignores doubled slashes", path.replace("/", "//")),
        "other-case-taken": ("ignores the case of letters", path.upper()),
        "longer-taken": ("accepts every path that begins with it", path + "/more"),
    }
    # With a host in front, or a doubled slash would be read as one.
    invalid = [replace(valid, url=f"http://any{url}") for _, url in spellings.values()]
    yield WireReading("unenforced", "does not look at it", None, tuple(invalid))
    for (name, (says, _)), request in zip(spellings.items(), invalid, strict=True):
        yield WireReading(name, says, _at(path, _SAME_PATH[name]), (request,))


_SAME_PATH: dict[str, Callable[[str, str], bool]] = {
    "trailing-slash-taken": lambda request, path: request.rstrip("/") == path,
    "doubled-slash-taken": lambda request, path: re.sub("//+", "/", request) == path,
    "other-case-taken": lambda request, path: request.lower() == path.lower(),
    "longer-taken": lambda request, path: request.startswith(path),
}


def _at(path: str, same: Callable[[str, str], bool]) -> ReadAs:
    return lambda request: replace(request, url=path) if same(request.path, path) else request


def of_label(valid: Request, payload: Any) -> Iterator[WireReading]:
    """Other labels are accepted as the media type, or labels that say it are rejected."""
    own = _own_label(valid)
    others = ("text/plain", "application/xml", "text/html", "application/x-www-form-urlencoded")
    alike = ("text/json", "application/json5", "application/jsonl", "application/x-json")
    suffixed = ("application/problem+json", "application/vnd.api+json")
    every = (*others, *alike, *suffixed, "application/octet-stream", "*/*")
    invalid = tuple(_labelled(valid, one) for one in every)
    yield WireReading("unenforced", "does not look at it", None, invalid)
    for label in others:
        yield _other_label(f"{label.replace('/', '-')}-taken", f"accepts {label}", valid, label)
    yield _other_label(
        "word-json-taken", "accepts every label that says json", valid, "json", *alike
    )
    yield _other_label(
        "suffix-json-taken", "accepts every label that ends in +json", valid, "+json", *suffixed
    )
    says = "accepts every label that begins with application/"
    yield _other_label("application-taken", says, valid, "application/", "application/xml")
    for name, says, rejects, label in (
        (
            "parameters-refused",
            "rejects a label with parameters",
            _with_parameter,
            f"{own}; charset=utf-8",
        ),
        ("capitals-refused", "requires the label in small letters", _with_capitals, own.title()),
    ):
        yield WireReading(name, says, _unless(rejects), (_labelled(valid, label),))


def _other_label(name: str, says: str, valid: Request, part: str, *labels: str) -> WireReading:
    own = _own_label(valid)

    def read_as(request: Request) -> Request:
        label = media_type(request.headers) or own
        return _labelled(request, own) if part in label and label != own else request

    return WireReading(
        name, says, read_as, tuple(_labelled(valid, one) for one in labels or (part,))
    )


def _unless(rejects: Callable[[Request], bool]) -> ReadAs:
    return lambda request: None if rejects(request) else request


def _with_parameter(request: Request) -> bool:
    return ";" in (header(request.headers, "content-type") or "")


def _with_capitals(request: Request) -> bool:
    label = (header(request.headers, "content-type") or "").partition(";")[0]
    return label != label.lower()


def of_no_label(valid: Request, payload: Any) -> Iterator[WireReading]:
    """A request without a label is accepted."""
    yield WireReading("unenforced", "does not look at it", None, (_labelled(valid),))


def of_one_label(valid: Request, payload: Any) -> Iterator[WireReading]:
    """One of several labels is read, and the others are ignored."""
    own = _own_label(valid)
    invalid = (_labelled(valid, own, "text/plain"), _labelled(valid, own, own))
    yield WireReading("unenforced", "does not look at it", None, invalid)
    says = "reads the first and ignores the others"
    yield WireReading("first-taken", says, lambda request: _chosen(request, 0), invalid)
    says = "reads the last and ignores the others"
    last = (_labelled(valid, "text/plain", own), *invalid)
    yield WireReading("last-taken", says, lambda request: _chosen(request, -1), last)


def _chosen(request: Request, at: int) -> Request:
    labels = [value for name, value in request.headers if name.lower() == "content-type"]
    return _labelled(request, labels[at]) if labels else request


def of_encoding(valid: Request, payload: Any) -> Iterator[WireReading]:
    """Bytes that are not UTF-8 are decoded in some way."""
    spot = valid.body.find(b'":"') + 3 if valid.body else 0

    def inside(more: bytes) -> Request:
        return _body(valid, valid.body[:spot] + more + valid.body[spot:])  # type: ignore[index]

    spoilt = tuple(map(inside, (b"\xe9", b"\xff", b"\xe2\x82", b"\xc0\x80", b"\xed\xa0\x80")))
    escaped = inside(b"\\ud800")
    yield WireReading("unenforced", "does not look at it", None, (*spoilt, escaped))
    for name, says, change, invalid in (
        (
            "replacing",
            "puts U+FFFD for what is not UTF-8",
            decoding("utf-8", "replace"),
            spoilt[:2],
        ),
        ("leaving-out", "leaves out what is not UTF-8", decoding("utf-8", "ignore"), spoilt[:2]),
        ("latin-1", "reads what is not UTF-8 as ISO 8859-1", decoding("latin-1"), spoilt[:2]),
        ("surrogate-bytes-taken", "accepts surrogates in bytes", with_surrogates, spoilt[4:]),
        (
            "overlong-taken",
            "accepts characters in more bytes than they need",
            with_overlong,
            spoilt[3:4],
        ),
        (
            "lone-surrogate-taken",
            "accepts an escape without its other half",
            with_pairs,
            (escaped,),
        ),
    ):
        yield WireReading(name, says, _reread(change), invalid)
    label = f"{_own_label(valid)}; charset=iso-8859-1"
    says = "believes the charset that the label declares"
    yield WireReading("charset-believed", says, _as_declared, (_labelled(spoilt[0], label),))
    marked = _body(valid, codecs.BOM_UTF16_LE + (valid.body or b"").decode().encode("utf-16-le"))
    says = "recognises UTF-16 by its byte order mark"
    yield WireReading("utf-16-found-out", says, _reread(of_utf16), (marked,))


def _as_declared(request: Request) -> Request:
    label = (header(request.headers, "content-type") or "").lower()
    declared = "charset=iso-8859-1" in label or "charset=latin-1" in label
    return _body(request, (request.body or b"").decode("latin-1").encode()) if declared else request


def _reread(change: Callable[[bytes], bytes]) -> ReadAs:
    """Read a request as the same with its body changed, or as it is where that is impossible."""

    def read_as(request: Request) -> Request:
        body = request.body or b""
        try:
            changed = change(body)
        except (ValueError, RecursionError):
            return request
        return request if changed == body else _body(request, changed)

    return read_as


def of_json(valid: Request, payload: Any) -> Iterator[WireReading]:
    """Lenient readers accept bytes that are not JSON, and fussy ones reject JSON."""
    body = valid.body or b""
    lenient = list(json_readers.lenient(body))
    bodies = [invalid for one in lenient for invalid in one.invalid]
    yield WireReading("unenforced", "does not look at it", None, _with_bodies(valid, bodies))
    for one in lenient:
        yield WireReading(one.name, one.says, _reread(one.change), _with_bodies(valid, one.invalid))
    for fussy in json_readers.fussy(payload):
        rejects = _of_body(fussy.rejects)
        witnesses = _with_bodies(valid, [fussy.valid])
        yield WireReading(fussy.name, fussy.says, _unless(rejects), witnesses)


def _with_bodies(valid: Request, bodies: Iterable[bytes]) -> tuple[Request, ...]:
    return tuple(_body(valid, one) for one in bodies)


def _of_body(test: Callable[[bytes], bool]) -> Callable[[Request], bool]:
    return lambda request: test(request.body or b"")


def of_names(valid: Request, payload: Any) -> Iterator[WireReading]:
    """A repeated name is read in one way or another."""
    repeated = _with_bodies(valid, json_readers.repeated(payload))
    below = _with_bodies(valid, json_readers.repeated_below(payload))
    yield WireReading("unenforced", "does not look at it", None, repeated)
    says = "reads the first value of a repeated name"
    yield WireReading("first-taken", says, _reread(json_readers.with_first), repeated)
    says = "accepts a repeated name whose values are equal"
    yield WireReading("equal-values-taken", says, _reread(json_readers.with_equal), repeated)
    says = "looks for repeated names at the top only"
    yield WireReading("top-only", says, _reread(json_readers.with_unique_below), below)


MISREADINGS: dict[str, Misreading] = {
    "method": of_method,
    "path": of_path,
    "content-type": of_label,
    "content-type-present": of_no_label,
    "content-type-single": of_one_label,
    "encoding": of_encoding,
    "json": of_json,
    "duplicate-names": of_names,
}
"""How to misread each rule of the wire."""
