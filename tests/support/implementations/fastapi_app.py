"""The operation on FastAPI, with strict pydantic models.

`app` makes no mistake; `create_app` builds one that makes the mistake it is given. Each mistake is
also an attribute of the module, so that `tests.support.implementations.fastapi_app:bound_refused`
names it.
"""

# ruff: noqa: N815 -- the members' names are the operation's

import json
from collections.abc import Mapping
from decimal import Decimal, DecimalException
from typing import Annotated, Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    StringConstraints,
    ValidationError,
    create_model,
)
from starlette.exceptions import HTTPException as StarletteHTTPException

from tests.support.implementations import MISTAKES

PATH = "/api/v0/invoice/req-status-change-invoice"


def whole_number(value: object) -> int | Decimal:
    """Return a number that is an integer, as JSON Schema understands it, and at least 1."""
    if isinstance(value, Decimal) and value == value.to_integral_value() and value >= 1:
        return value
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return value
    message = "must be an integer and at least 1"
    raise ValueError(message)


def digits_as_number(value: object) -> object:
    """Make a number of a string of digits: a mistake."""
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        return Decimal(value)
    return value


# pydantic's regexes are Rust's: `$` is the very end, a repetition counts code points.
NotEmpty = Annotated[str, Field(min_length=1)]
AtMost50 = Annotated[str, StringConstraints(pattern=r'^[^\\"]{1,50}$')]
AtMost99 = Annotated[str, StringConstraints(pattern=r'^[^\\"]{1,99}$')]
AtMost100 = Annotated[str, StringConstraints(pattern=r'^[^\\"]{1,100}$')]
AtMost101 = Annotated[str, StringConstraints(pattern=r'^[^\\"]{1,101}$')]
ObjectId = Annotated[str, StringConstraints(pattern=r"^[INV]{3}[A-Za-z0-9]{32}$")]
Version = Annotated[int | Decimal, PlainValidator(whole_number)]


class Strict(BaseModel):
    """A model that converts nothing and passes over members it does not know."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


class Tag(Strict):
    """A named fact about the device."""

    name: NotEmpty
    value: NotEmpty


class Device(Strict):
    """The device the request comes from."""

    tag: Tag


class B2BIds(Strict):
    """The two parties of the invoice."""

    buyerB2BId: AtMost100
    supplierB2BId: AtMost100


class ObjectVersion(Strict):
    """The invoice's version before and after the change."""

    currentVersion: Version
    newVersion: Version


class StatusTransition(Strict):
    """The invoice's status before and after the change."""

    currentStatus: NotEmpty
    newStatus: NotEmpty


class InvoiceStatus(Strict):
    """Which invoice changes, and how."""

    objectId: ObjectId
    supplierInvoiceNumber: AtMost50
    objectVersion: ObjectVersion
    supplierAction: NotEmpty
    supplierRemarks: AtMost100
    statusTransition: StatusTransition


class Change(Strict):
    """The request's body."""

    device: Device
    b2bIds: B2BIds
    invoiceStatus: InvoiceStatus


def create_app(mistake: str | None = None) -> FastAPI:
    """Return the application, right in everything but the mistake named."""
    if mistake is not None and mistake not in MISTAKES:
        message = f"no such mistake: {mistake}; the mistakes are {', '.join(MISTAKES)}"
        raise ValueError(message)
    application = FastAPI(openapi_url=None, redirect_slashes=False)
    application.exception_handler(StarletteHTTPException)(_refuse)
    if mistake in {"all-success", "refuses-everything", "unauthorised"}:
        _answer_everything_alike(application, mistake)
        return application
    model = _model(mistake)

    @application.post(PATH)
    async def change_status(request: Request) -> Response:
        """Change the status of an invoice."""
        _check_media_type(request.headers.get("content-type", ""))
        body = _parse(await request.body())
        if mistake == "crash-on-list" and isinstance(body, list):
            return PlainTextResponse("Internal Server Error", status_code=500)
        try:
            model.model_validate(body)
        except ValidationError as error:
            raise HTTPException(400, _reason(error)) from error
        return _success(mistake)

    return application


def _answer_everything_alike(application: FastAPI, mistake: str) -> None:
    @application.middleware("http")
    async def answer(_: Request, __: object) -> Response:
        """Give the one answer, whatever the method, path and body."""
        if mistake == "all-success":
            return _success(mistake)
        if mistake == "unauthorised":
            reason = "no credentials that this service knows"
            return _refused(401, reason, {"WWW-Authenticate": "Bearer"})
        return _refused(400, "this service refuses everything")


def _model(mistake: str | None) -> type[Strict]:
    """Return the model of the body, with the one field in it that the mistake spoils."""
    if mistake == "over-long-accepted":
        ids = create_model("Ids", __base__=B2BIds, buyerB2BId=(AtMost101, ...))
        return create_model("Spoilt", __base__=Change, b2bIds=(ids, ...))
    if mistake == "bound-refused":
        ids = create_model("Ids", __base__=B2BIds, buyerB2BId=(AtMost99, ...))
        return create_model("Spoilt", __base__=Change, b2bIds=(ids, ...))
    if mistake == "missing-member-accepted":
        status = create_model("Status", __base__=InvoiceStatus, supplierRemarks=(AtMost100, ""))
        return create_model("Spoilt", __base__=Change, invoiceStatus=(status, ...))
    if mistake == "string-version-accepted":
        lax = Annotated[Version, BeforeValidator(digits_as_number)]
        version = create_model("Versions", __base__=ObjectVersion, currentVersion=(lax, ...))
        status = create_model("Status", __base__=InvoiceStatus, objectVersion=(version, ...))
        return create_model("Spoilt", __base__=Change, invoiceStatus=(status, ...))
    return Change


def _check_media_type(header: str) -> None:
    media_type, *parameters = (part.strip().lower() for part in header.split(";"))
    if media_type != "application/json":
        raise HTTPException(415, "the media type must be application/json")
    if parameters not in ([], ["charset=utf-8"], ['charset="utf-8"']):
        raise HTTPException(415, "the charset must be utf-8")


def _parse(raw: bytes) -> Any:
    """Return the JSON value; numbers with a point or an exponent stay exact."""
    try:
        value = json.loads(
            raw.decode(),
            object_pairs_hook=_members,
            parse_constant=_no_constant,
            parse_float=Decimal,
        )
        # What cannot be written back as UTF-8 has a surrogate without its other half.
        json.dumps(value, ensure_ascii=False, default=str).encode()
    except (ValueError, RecursionError, DecimalException) as error:
        raise HTTPException(400, "the body is not JSON that this service reads") from error
    return value


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        message = "a member name is repeated"
        raise ValueError(message)
    return dict(pairs)


def _no_constant(name: str) -> None:
    message = f"{name} is not a JSON value"
    raise ValueError(message)


def _reason(error: ValidationError) -> str:
    return "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())


async def _refuse(_: Request, error: StarletteHTTPException) -> Response:
    return _refused(error.status_code, error.detail, error.headers)


def _refused(status: int, reason: str, headers: Mapping[str, str] | None = None) -> Response:
    content = {"payload": reason, "response_code": status, "response_message": "FAILED"}
    return JSONResponse(content, status_code=status, headers=headers)


def _success(mistake: str | None) -> Response:
    if mistake == "html-answer":
        return HTMLResponse("<!doctype html><title>SUCCESS</title><p>SUCCESS")
    code = "0" if mistake == "code-as-string" else 0
    content = {"payload": "SUCCESS", "response_code": code, "response_message": "SUCCESS"}
    return JSONResponse(content)


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
