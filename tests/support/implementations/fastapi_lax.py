"""The operation on FastAPI as many write it: pydantic's lax mode, and fields of plain types."""

# ruff: noqa: N815 - the members are named by the contract

from __future__ import annotations

from typing import Annotated, Any

from fastapi import FastAPI
from pydantic import BaseModel, Field


class Tag(BaseModel):
    """A tag of a device."""

    name: str
    value: str


class Device(BaseModel):
    """The device that sent the request."""

    tag: Tag


class B2BIds(BaseModel):
    """The parties."""

    buyerB2BId: Annotated[str, Field(pattern=r'^[^\\"]{1,100}$')]
    supplierB2BId: Annotated[str, Field(pattern=r'^[^\\"]{1,100}$')]


class ObjectVersion(BaseModel):
    """The versions, which pydantic reads from strings as well."""

    currentVersion: int
    newVersion: int


class StatusTransition(BaseModel):
    """The statuses."""

    currentStatus: str
    newStatus: str


class InvoiceStatus(BaseModel):
    """The change, two of whose texts have no bounds."""

    objectId: Annotated[str, Field(pattern=r"^[INV]{3}[A-Za-z0-9]{32}$")]
    supplierInvoiceNumber: str
    objectVersion: ObjectVersion
    supplierAction: str
    supplierRemarks: str = ""
    statusTransition: StatusTransition


class Change(BaseModel):
    """The payload."""

    device: Device
    b2bIds: B2BIds
    invoiceStatus: InvoiceStatus


app = FastAPI(openapi_url=None)


@app.post("/api/v0/invoice/req-status-change-invoice")
async def change_status(body: Change) -> dict[str, Any]:
    """Change the status of an invoice."""
    return {"payload": "SUCCESS", "response_code": 0, "response_message": "SUCCESS"}
