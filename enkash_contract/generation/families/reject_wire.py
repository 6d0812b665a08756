"""The ways to break what no schema can say: bytes, labels, method and path.

The same idea as `reject`, one layer below: a family maps a valid request, and the payload in it, to
named requests that break one rule of the wire. Those that write another body stand in
`reject_body`; the table of all of them is here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from enkash_contract.generation.families import reject_body
from enkash_contract.generation.families.reject import EXTRA
from enkash_contract.wire.spelling import JSON

if TYPE_CHECKING:
    from enkash_contract.generation.families.reject_body import Family, Requests
    from enkash_contract.wire.draft import Draft

FORM = "application/x-www-form-urlencoded"
XML = "application/xml"


def other_media_types(valid: Draft, payload: Any) -> Requests:
    """The valid bytes under another label."""
    for label in ("text/plain", XML, FORM, "text/html", f"{JSON}-seq"):
        yield label.replace("/", "-"), valid.but(content_type=label)


def json_suffix(valid: Draft, payload: Any) -> Requests:
    """A media type that is JSON by its suffix (RFC 6839), which many servers read as such."""
    yield "application-json-suffix", valid.but(content_type="application/vnd.other+json")


def other_contents(valid: Draft, payload: Any) -> Requests:
    """The payload written as a form or as XML, and labelled so."""
    yield "form-body", valid.but(content_type=FORM, body=reject_body.form(payload))
    yield "xml-body", valid.but(content_type=XML, body=reject_body.xml(payload))


def no_media_type(valid: Draft, payload: Any) -> Requests:
    """The valid bytes without a label."""
    yield "absent", valid.but(content_type=None)


def two_media_types(valid: Draft, payload: Any) -> Requests:
    """The valid bytes under two labels: which of them counts, every server decides for itself."""
    yield "same", valid.but(repeated=(JSON,))
    yield "other-second", valid.but(repeated=("text/plain",))


def other_methods(valid: Draft, payload: Any) -> Requests:
    """The valid request by another method."""
    for method in ("GET", "PUT", "PATCH", "DELETE", "POST", "OPTIONS"):
        if method != valid.method:
            yield method, valid.but(method=method)
    # In RFC 9110 these two methods have no content.
    for method in ("HEAD", "TRACE"):
        yield method, valid.but(method=method, body=b"", sized=False)


def other_paths(valid: Draft, payload: Any) -> Requests:
    """The valid request to the operation's path as it is often mistyped."""
    yield "trailing-slash", valid.but(path=f"{valid.path}/")
    before, slash, last = valid.path.rpartition("/")
    yield "doubled-slash", valid.but(path=f"{before}/{slash}{last}")


def path_in_other_case(valid: Draft, payload: Any) -> Requests:
    """The path in the other case of letters, which some frameworks do not distinguish."""
    yield "other-case", valid.but(path=valid.path.swapcase())


def longer_path(valid: Draft, payload: Any) -> Requests:
    """A path that begins with the operation's, as it is matched by whoever mounts it there."""
    yield "longer", valid.but(path=f"{valid.path}/{EXTRA}")


REJECT: dict[str, tuple[Family, ...]] = {
    "method": (other_methods,),
    "path": (other_paths, path_in_other_case, longer_path),
    "content-type": (other_media_types, other_contents, json_suffix),
    "content-type-present": (no_media_type,),
    "content-type-single": (two_media_types,),
    **reject_body.REJECT,
}
"""The families of each wire rule of a request."""


UNSETTLED: frozenset[Family] = reject_body.UNSETTLED | {
    json_suffix,
    longer_path,
    path_in_other_case,
}
"""Families of which no evidence says that a server must reject them: findings are assumptions."""
