"""The ways to misread what no schema can say: the bytes, their label, the method.

The same idea as `misreadings`, one layer below. Such a reading is a function from the request that
came to the one it is taken for: a lenient reader of JSON drops the comma, and everything else of
the contract is then asked of what is left. None says that the request is refused unread.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from enkash_contract.sandbox.misreadings import json_readers
from enkash_contract.wire.message import Request, header, media_type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Taken = Callable[[Request], Request | None]
    Misreading = Callable[[Request, Any], Iterator["WireReading"]]


@dataclass(frozen=True, slots=True)
class WireReading:
    """How an implementation may misread one rule of the wire.

    `taken` is what the request is taken for; without it, the rule is not looked at. `witnesses` are
    requests on which rule and reading may differ.
    """

    name: str
    says: str
    taken: Taken | None = field(repr=False, default=None)
    witnesses: tuple[Request, ...] = field(repr=False, default=())


def _body(request: Request, body: bytes) -> Request:
    return replace(request, body=body)


def _labelled(request: Request, *labels: str) -> Request:
    others = [pair for pair in request.headers if pair[0].lower() != "content-type"]
    return replace(request, headers=(*others, *(("Content-Type", one) for one in labels)))


def _own_label(right: Request) -> str:
    return header(right.headers, "content-type") or ""


def of_method(right: Request, payload: Any) -> Iterator[WireReading]:
    """Other methods are served as well."""
    # HEAD is answered without content and TRACE sent without: neither is ever accepted.
    others = ("PUT", "PATCH", "DELETE", "GET", "OPTIONS", "POST")
    wrong = {one: replace(right, method=one) for one in others if one != right.method}
    yield WireReading("unenforced", "does not look at it", None, tuple(wrong.values()))
    for method, request in wrong.items():
        served = _method(method, right.method)
        yield WireReading(f"{method}-taken", f"serves {method} as well", served, (request,))


def _method(method: str, own: str) -> Taken:
    return lambda came: replace(came, method=own) if came.method == method else came


def of_path(right: Request, payload: Any) -> Iterator[WireReading]:
    """Other spellings of the path are served as well."""
    path = right.url
    spellings = {
        "trailing-slash-taken": ("overlooks a slash at the end", path + "/"),
        "doubled-slash-taken": ("overlooks doubled slashes", path.replace("/", "//")),
    }
    # With a host in front, or a doubled slash would be read as one.
    wrong = [replace(right, url=f"http://any{url}") for _, url in spellings.values()]
    yield WireReading("unenforced", "does not look at it", None, tuple(wrong))
    for (name, (says, _)), request in zip(spellings.items(), wrong, strict=True):
        yield WireReading(name, says, _at(path, _SAME_PATH[name]), (request,))


_SAME_PATH: dict[str, Callable[[str, str], bool]] = {
    "trailing-slash-taken": lambda came, path: came.rstrip("/") == path,
    "doubled-slash-taken": lambda came, path: re.sub("//+", "/", came) == path,
}


def _at(path: str, same: Callable[[str, str], bool]) -> Taken:
    return lambda came: replace(came, url=path) if same(came.path, path) else came


def of_label(right: Request, payload: Any) -> Iterator[WireReading]:
    """Labels that are taken for the media type, or not taken although they say it."""
    own = _own_label(right)
    others = ("text/plain", "application/xml", "text/html", "application/x-www-form-urlencoded")
    alike = ("text/json", "application/json5", "application/jsonl", "application/x-json")
    suffixed = ("application/problem+json", "application/vnd.api+json")
    every = (*others, *alike, *suffixed, "application/octet-stream", "*/*")
    wrong = tuple(_labelled(right, one) for one in every)
    yield WireReading("unenforced", "does not look at it", None, wrong)
    for label in others:
        yield _label_taken(f"{label.replace('/', '-')}-taken", f"takes {label}", right, label)
    yield _label_taken("word-json-taken", "takes whatever says json", right, "json", *alike)
    yield _label_taken(
        "suffix-json-taken", "takes whatever ends in +json", right, "+json", *suffixed
    )
    says = "takes whatever begins with application/"
    yield _label_taken("application-taken", says, right, "application/", "application/xml")
    for name, says, refuses, label in (
        (
            "parameters-refused",
            "refuses a label with parameters",
            _with_parameter,
            f"{own}; charset=utf-8",
        ),
        ("capitals-refused", "wants the label in small letters", _with_capitals, own.title()),
    ):
        yield WireReading(name, says, _unless(refuses), (_labelled(right, label),))


def _label_taken(name: str, says: str, right: Request, part: str, *labels: str) -> WireReading:
    own = _own_label(right)

    def taken(came: Request) -> Request:
        label = media_type(came.headers) or own
        return _labelled(came, own) if part in label and label != own else came

    return WireReading(name, says, taken, tuple(_labelled(right, one) for one in labels or (part,)))


def _unless(refuses: Callable[[Request], bool]) -> Taken:
    return lambda came: None if refuses(came) else came


def _with_parameter(came: Request) -> bool:
    return ";" in (header(came.headers, "content-type") or "")


def _with_capitals(came: Request) -> bool:
    label = (header(came.headers, "content-type") or "").partition(";")[0]
    return label != label.lower()


def of_no_label(right: Request, payload: Any) -> Iterator[WireReading]:
    """A request without a label is taken."""
    yield WireReading("unenforced", "does not look at it", None, (_labelled(right),))


def of_one_label(right: Request, payload: Any) -> Iterator[WireReading]:
    """Of several labels one is chosen."""
    own = _own_label(right)
    wrong = (_labelled(right, own, "text/plain"), _labelled(right, own, own))
    yield WireReading("unenforced", "does not look at it", None, wrong)
    says = "takes the first and overlooks the others"
    yield WireReading("first-taken", says, lambda came: _chosen(came, 0), wrong)
    says = "takes the last and overlooks the others"
    last = (_labelled(right, "text/plain", own), *wrong)
    yield WireReading("last-taken", says, lambda came: _chosen(came, -1), last)


def _chosen(came: Request, at: int) -> Request:
    labels = [value for name, value in came.headers if name.lower() == "content-type"]
    return _labelled(came, labels[at]) if labels else came


def of_encoding(right: Request, payload: Any) -> Iterator[WireReading]:
    """Bytes that are not UTF-8 are made into characters in some way."""
    spot = right.body.find(b'":"') + 3 if right.body else 0

    def inside(more: bytes) -> Request:
        return _body(right, right.body[:spot] + more + right.body[spot:])  # type: ignore[index]

    spoilt = tuple(map(inside, (b"\xe9", b"\xff", b"\xe2\x82", b"\xc0\x80", b"\xed\xa0\x80")))
    escaped = inside(b"\\ud800")
    yield WireReading("unenforced", "does not look at it", None, (*spoilt, escaped))
    for name, says, change, wrong in (
        ("replacing", "puts U+FFFD for what is not UTF-8", _with("utf-8", "replace"), spoilt[:2]),
        ("leaving-out", "leaves out what is not UTF-8", _with("utf-8", "ignore"), spoilt[:2]),
        ("latin-1", "takes what is not UTF-8 for ISO 8859-1", _with("latin-1"), spoilt[:2]),
        ("surrogate-bytes-taken", "takes surrogates in bytes", _surrogate_bytes, spoilt[4:]),
        ("overlong-taken", "takes characters in more bytes than they need", _overlong, spoilt[3:4]),
        ("lone-surrogate-taken", "takes an escape without its other half", _paired, (escaped,)),
    ):
        yield WireReading(name, says, _reread(change), wrong)
    label = f"{_own_label(right)}; charset=iso-8859-1"
    says = "believes the charset that the label declares"
    yield WireReading("charset-believed", says, _as_declared, (_labelled(spoilt[0], label),))
    marked = _body(right, codecs.BOM_UTF16_LE + (right.body or b"").decode().encode("utf-16-le"))
    says = "finds out UTF-16 by its byte order mark"
    yield WireReading("utf-16-found-out", says, _reread(_of_utf16), (marked,))


def _with(encoding: str, errors: str = "strict") -> Callable[[bytes], bytes]:
    return lambda body: body if _is_utf8(body) else body.decode(encoding, errors).encode()


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _surrogate_bytes(body: bytes) -> bytes:
    return (
        body if _is_utf8(body) else body.decode("utf-8", "surrogatepass").encode("utf-8", "replace")
    )


_TWO_BYTES = re.compile(rb"[\xc0\xc1][\x80-\xbf]")
"""An ASCII character in two bytes, as some encoders write NUL."""


def _overlong(body: bytes) -> bytes:
    return _TWO_BYTES.sub(lambda one: b"\\u%04x" % ((one[0][0] & 31) << 6 | one[0][1] & 63), body)


_ESCAPES = re.compile(rb"(?:\\u[dD][89abAB]..\\u[dD][c-fC-F]..)|\\u[dD][89a-fA-F]..")


def _paired(body: bytes) -> bytes:
    return _ESCAPES.sub(lambda one: one[0] if len(one[0]) > 6 else b"\\ufffd", body)  # noqa: PLR2004


def _as_declared(came: Request) -> Request:
    label = (header(came.headers, "content-type") or "").lower()
    declared = "charset=iso-8859-1" in label or "charset=latin-1" in label
    return _body(came, (came.body or b"").decode("latin-1").encode()) if declared else came


def _of_utf16(body: bytes) -> bytes:
    marked = body[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    return body.decode("utf-16").encode() if marked else body


def _reread(change: Callable[[bytes], bytes]) -> Taken:
    """Take a request for the same with its body changed, or as it is where that cannot be done."""

    def taken(came: Request) -> Request:
        body = came.body or b""
        try:
            changed = change(body)
        except (ValueError, RecursionError):
            return came
        return came if changed == body else _body(came, changed)

    return taken


def of_json(right: Request, payload: Any) -> Iterator[WireReading]:
    """What lenient readers of JSON make of bytes that are not, and what fussy ones refuse."""
    body = right.body or b""
    lenient = list(json_readers.lenient(body))
    bodies = [wrong for one in lenient for wrong in one.wrong]
    yield WireReading("unenforced", "does not look at it", None, _with_bodies(right, bodies))
    for one in lenient:
        yield WireReading(one.name, one.says, _reread(one.change), _with_bodies(right, one.wrong))
    for two in json_readers.fussy(payload):
        refuses = _of_body(two.refuses)
        yield WireReading(two.name, two.says, _unless(refuses), _with_bodies(right, [two.right]))


def _with_bodies(right: Request, bodies: Iterable[bytes]) -> tuple[Request, ...]:
    return tuple(_body(right, one) for one in bodies)


def _of_body(test: Callable[[bytes], bool]) -> Callable[[Request], bool]:
    return lambda came: test(came.body or b"")


def of_names(right: Request, payload: Any) -> Iterator[WireReading]:
    """A repeated name is read in one way or another."""
    repeated = _with_bodies(right, json_readers.repeated(payload))
    below = _with_bodies(right, json_readers.repeated_below(payload))
    yield WireReading("unenforced", "does not look at it", None, repeated)
    says = "takes the first value of a repeated name"
    yield WireReading("first-taken", says, _reread(json_readers.with_first), repeated)
    says = "takes a repeated name whose values are equal"
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
