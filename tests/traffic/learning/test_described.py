"""Where the document can describe a member that nobody has described."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from enkash_contract.contract.contract import load
from enkash_contract.traffic.learning.described import schema_at

if TYPE_CHECKING:
    from pathlib import Path

SCHEMAS = ("components", "schemas")
INFO = ("payment", "invoicesPayInfos", "*")


@pytest.mark.parametrize(
    ("operation", "side", "members", "expected"),
    [
        ("changeInvoiceStatus", "request", (), (*SCHEMAS, "ChangeInvoiceStatusRequest")),
        ("changeInvoiceStatus", "request", ("device", "tag"), (*SCHEMAS, "Tag")),
        ("payInvoice", "response.200", (), (*SCHEMAS, "Envelope")),
        ("payInvoice", "request", ("payment", "nothing"), None),
        ("payInvoice", "request", ("payment", "*"), None),
        (
            "payInvoice",
            "request",
            ("payment", "invoicesPayInfos", "*"),
            (*SCHEMAS, "InvoicePayInfo"),
        ),
    ],
)
def test_references_are_followed(
    operation: str, side: str, members: tuple[str, ...], expected: tuple[str, ...] | None
) -> None:
    """To the schema that names the members."""
    contract = load()
    found = schema_at(contract.document, contract[operation], side, members)
    assert found == expected


OVERLAY = """\
overlay: 1.0.0
info: {title: t, version: '1'}
actions:
  - target: $.components.schemas.Device
    update: {additionalProperties: false, x-evidence: {additionalProperties: confirmed}}
  - target: $.paths['/api/v0/payment/req-pay'].post.requestBody.content['application/json'].schema
    update:
      properties:
        own:
          $ref: '#/components/schemas/ObjectVersion'
          properties:
            inner: {type: string, x-evidence: {type: confirmed}}
        both:
          allOf:
            - type: object
              properties:
                deep: {type: object, x-evidence: {type: confirmed}}
              x-evidence: {type: confirmed}
        named:
          type: object
          additionalProperties: {type: object, x-evidence: {type: confirmed}}
          x-evidence: {type: confirmed}
"""


def test_what_stands_beside_a_reference_counts(tmp_path: Path) -> None:
    """As do the parts that a schema is put together of; a closed one takes no more."""
    overlay = tmp_path / "a.yaml"
    overlay.write_text(OVERLAY)
    contract = load(overlay)
    pay = contract["payInvoice"]
    schema = (*pay.at, "requestBody", "content", "application/json", "schema", "properties")

    def found(*members: str) -> object:
        return schema_at(contract.document, pay, "request", members)

    assert found("device") is None
    assert found("own") == (*schema, "own")
    assert found("own", "inner") == (*schema, "own", "properties", "inner")
    assert found("own", "newVersion") == (*SCHEMAS, "Version")
    assert found("both", "deep") == (*schema, "both", "allOf", 0, "properties", "deep")
    assert found("named", "*") == (*schema, "named", "additionalProperties")
    assert found("named") is None
