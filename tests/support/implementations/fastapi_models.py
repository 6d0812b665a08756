"""The operation on FastAPI as its tutorial teaches it: strict models, all else left to FastAPI.

Rejections are a 422 with `detail`, as FastAPI's own; but those repeat what was sent, and a server
that repeats a NaN or half of a surrogate pair crashes. `create_app` builds one with a mistake.
"""

# ruff: noqa: N815 -- the members' names are the operation's

from typing import Annotated, Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from tests.support.implementations import known

Word = Annotated[str, Field(min_length=1)]
Text100 = Annotated[str, StringConstraints(pattern=r'^[^\\"]{1,100}$')]


def create_app(mistake: str | None = None) -> FastAPI:
    """Return the application, right in everything but the mistake named.

    Beside those of every stack there is `input-repeated`.
    """
    known(mistake, "input-repeated")
    end = "" if mistake == "unanchored-pattern" else "$"
    most = 51 if mistake == "length-off-by-one" else 50
    remarks: Any = Text100 | None if mistake == "null-accepted" else Text100
    whole = Annotated[int, Field(ge=1, strict=mistake != "number-coerced")]
    default: Any = "none" if mistake == "missing-accepted" else ...

    class Strict(BaseModel):
        model_config = ConfigDict(strict=True)

    class Tag(Strict):
        name: Word
        value: Word

    class Device(Strict):
        tag: Tag

    class B2BIds(Strict):
        buyerB2BId: Text100
        supplierB2BId: Text100

    class ObjectVersion(Strict):
        currentVersion: whole
        newVersion: whole

    class StatusTransition(Strict):
        currentStatus: Word
        newStatus: Word

    class InvoiceStatus(Strict):
        objectId: Annotated[str, StringConstraints(pattern=rf"^[INV]{{3}}[A-Za-z0-9]{{32}}{end}")]
        supplierInvoiceNumber: Annotated[str, StringConstraints(pattern=rf'^[^\\"]{{1,{most}}}$')]
        objectVersion: ObjectVersion
        supplierAction: Word
        supplierRemarks: remarks = default
        statusTransition: StatusTransition

    class Change(Strict):
        device: Device
        b2bIds: B2BIds
        invoiceStatus: InvoiceStatus

    application = FastAPI(openapi_url=None)
    if mistake != "input-repeated":
        application.exception_handler(RequestValidationError)(_rejected)

    @application.post("/api/v0/invoice/req-status-change-invoice")
    async def change_status(body: Change) -> dict[str, Any]:
        """Change the status of an invoice."""
        if mistake == "crash" and not body.b2bIds.buyerB2BId.isascii():
            raise OverflowError
        code = "0" if mistake == "code-as-string" else 0
        return {"payload": "SUCCESS", "response_code": code, "response_message": "SUCCESS"}

    return application


async def _rejected(_: Request, error: RequestValidationError) -> JSONResponse:
    detail = [{"loc": each["loc"], "msg": each["msg"]} for each in error.errors()]
    return JSONResponse({"detail": detail}, status_code=422)
