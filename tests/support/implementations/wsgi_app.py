"""The operation as one plain WSGI function, the way a careful engineer would write it by hand.

`app` makes no mistake; `create_app` builds one that makes the mistake it is given. Each mistake is
also an attribute of the module, so that `tests.support.implementations.wsgi_app:bound_refused`
names it.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal, DecimalException
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NoReturn

from tests.support.implementations import MISTAKES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

PATH = "/api/v0/invoice/req-status-change-invoice"
MEDIA_TYPE = re.compile(r'application/json(\s*;\s*charset=("?)utf-8\2)?', re.IGNORECASE)

NOT_EMPTY = re.compile(r".+", re.DOTALL)
B2B_ID = re.compile(r'[^\\"]{1,100}')
OBJECT_ID = re.compile(r"[INV]{3}[A-Za-z0-9]{32}")
INVOICE_NUMBER = re.compile(r'[^\\"]{1,50}')
REMARKS = re.compile(r'[^\\"]{1,100}')

Answer = tuple[int, str, bytes]


class RefusedError(Exception):
    """The request is refused with this status, for this reason."""

    def __init__(self, status: int, reason: str) -> None:
        """Keep the status and the reason apart."""
        super().__init__(reason)
        self.status = status
        self.reason = reason


def create_app(mistake: str | None = None) -> WSGIApplication:
    """Return the application, right in everything but the mistake named."""
    if mistake is not None and mistake not in MISTAKES:
        message = f"no such mistake: {mistake}; the mistakes are {', '.join(MISTAKES)}"
        raise ValueError(message)

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            status, media_type, body = _answer(environ, mistake)
        except RefusedError as refused:
            status, media_type, body = _envelope(
                refused.status, refused.reason, refused.status, "FAILED"
            )
        headers = [("Content-Type", media_type), ("Content-Length", str(len(body)))]
        if status == HTTPStatus.METHOD_NOT_ALLOWED:
            headers.append(("Allow", "POST"))
        if status == HTTPStatus.UNAUTHORIZED:
            headers.append(("WWW-Authenticate", "Bearer"))
        start_response(f"{status} {HTTPStatus(status).phrase}", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    return application


def _answer(environ: WSGIEnvironment, mistake: str | None) -> Answer:
    if mistake == "all-success":
        return _success(mistake)
    if mistake == "refuses-everything":
        raise RefusedError(400, "this service refuses everything")
    if mistake == "unauthorised":
        raise RefusedError(401, "no credentials that this service knows")
    if environ.get("PATH_INFO") != PATH:
        raise RefusedError(404, "no such path")
    if environ["REQUEST_METHOD"] != "POST":
        raise RefusedError(405, "only POST is allowed here")
    if not MEDIA_TYPE.fullmatch(environ.get("CONTENT_TYPE", "").strip()):
        raise RefusedError(415, "the media type must be application/json, in UTF-8")
    change = _parse(_read(environ))
    if mistake == "crash-on-list" and isinstance(change, list):
        return 500, "text/plain", b"Internal Server Error"
    _check(change, mistake)
    return _success(mistake)


def _success(mistake: str | None) -> Answer:
    if mistake == "html-answer":
        return 200, "text/html", b"<!doctype html><title>SUCCESS</title><p>SUCCESS"
    return _envelope(200, "SUCCESS", "0" if mistake == "code-as-string" else 0, "SUCCESS")


def _envelope(status: int, payload: str, code: int | str, message: str) -> Answer:
    content = {"payload": payload, "response_code": code, "response_message": message}
    return status, "application/json", json.dumps(content).encode()


def _read(environ: WSGIEnvironment) -> bytes:
    length = environ.get("CONTENT_LENGTH", "")
    if re.fullmatch(r"[0-9]{1,18}", length):
        body: bytes = environ["wsgi.input"].read(int(length))
    elif environ.get("wsgi.input_terminated"):
        body = environ["wsgi.input"].read()
    else:
        body = b""
    return body


def _parse(raw: bytes) -> Any:
    try:
        value = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_without_repetition,
            parse_constant=_no_constant,
            parse_float=Decimal,  # 1.0000000000000000001 would be the integer 1 as a float
        )
        json.dumps(value, default=str, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        raise RefusedError(400, "the body holds a surrogate without its other half") from error
    except RecursionError as error:
        raise RefusedError(400, "the body is nested too deeply") from error
    except (ValueError, DecimalException) as error:
        raise RefusedError(400, "the body is not JSON in UTF-8") from error
    return value


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise RefusedError(400, "the body repeats a member name")
    return members


def _no_constant(name: str) -> NoReturn:
    message = f"{name} is not JSON"
    raise ValueError(message)


def _check(change: Any, mistake: str | None) -> None:
    if not isinstance(change, dict):
        raise RefusedError(400, "the body must be an object")
    tag = _object(_object(change, "device"), "tag")
    _text(tag, "name", NOT_EMPTY)
    _text(tag, "value", NOT_EMPTY)

    ids = _object(change, "b2bIds")
    longest = {"over-long-accepted": 101, "bound-refused": 99}.get(mistake or "", 100)
    _text(ids, "buyerB2BId", re.compile(rf'[^\\"]{{1,{longest}}}'))
    _text(ids, "supplierB2BId", B2B_ID)

    status = _object(change, "invoiceStatus")
    _text(status, "objectId", OBJECT_ID)
    _text(status, "supplierInvoiceNumber", INVOICE_NUMBER)
    _text(status, "supplierAction", NOT_EMPTY)
    if mistake != "missing-member-accepted" or "supplierRemarks" in status:
        _text(status, "supplierRemarks", REMARKS)

    version = _object(status, "objectVersion")
    _version(version, "currentVersion", digits_too=mistake == "string-version-accepted")
    _version(version, "newVersion")

    transition = _object(status, "statusTransition")
    _text(transition, "currentStatus", NOT_EMPTY)
    _text(transition, "newStatus", NOT_EMPTY)


def _member(parent: dict[str, Any], name: str) -> Any:
    if name not in parent:
        raise RefusedError(400, f"{name} is required")
    return parent[name]


def _object(parent: dict[str, Any], name: str) -> dict[str, Any]:
    value = _member(parent, name)
    if not isinstance(value, dict):
        raise RefusedError(400, f"{name} must be an object")
    return value


def _text(parent: dict[str, Any], name: str, allowed: re.Pattern[str]) -> None:
    value = _member(parent, name)
    if not isinstance(value, str):
        raise RefusedError(400, f"{name} must be a string")
    if not allowed.fullmatch(value):
        raise RefusedError(400, f"{name} has a character or a length that is not allowed")


def _version(parent: dict[str, Any], name: str, *, digits_too: bool = False) -> None:
    value = _member(parent, name)
    if digits_too and isinstance(value, str) and re.fullmatch(r"[0-9]+", value):
        value = Decimal(value)
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    if not is_number or value != _rounded(value):
        raise RefusedError(400, f"{name} must be an integer")
    if value < 1:
        raise RefusedError(400, f"{name} must be at least 1")


def _rounded(value: int | Decimal) -> int | Decimal:
    return value.to_integral_value() if isinstance(value, Decimal) else value


app = create_app()
missing_member_accepted = create_app("missing-member-accepted")
string_version_accepted = create_app("string-version-accepted")
over_long_accepted = create_app("over-long-accepted")
bound_refused = create_app("bound-refused")
crash_on_list = create_app("crash-on-list")
code_as_string = create_app("code-as-string")
html_answer = create_app("html-answer")
all_success = create_app("all-success")
refuses_everything = create_app("refuses-everything")
unauthorised = create_app("unauthorised")
