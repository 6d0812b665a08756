"""A document of several files: two operations, one in each direction, and what they share."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

ROOT = """openapi: 3.1.0
info: {title: Payments, version: '1'}
x-default-operation: payInvoice
x-sources:
  shared: {read: '2026-01-02', shows: The shape that several pages have.}
paths:
  /pay: {$ref: operations/pay_invoice.yaml}
webhooks:
  paid: {$ref: webhooks/invoice_paid.yaml}
x-unknown-operations:
  - {title: Refund, group: Payment, direction: to-enkash, page: api-3}
  - {title: Refunded, group: Payment, direction: to-partner}
x-open-questions:
  limits: {asks: 'How many requests may be sent in a second?'}
components:
  schemas:
    Ids:
      type: object
      required: [buyer]
      properties:
        buyer: {$ref: '#/components/schemas/Id'}
      x-evidence: {type: sibling shared, required: {buyer: sibling shared}}
    Id:
      type: string
      pattern: '^[A-Z]{2}$'
      x-open-questions: {letters: {asks: 'Which letters are there?', matters: It is unknown.}}
      x-evidence: {type: sibling shared, pattern: sibling shared}
  x-outcomes:
    Status:
      x-evidence: {accepted: assumed, rejected: assumed, error: assumed}
      accepted: {properties: {status: {const: 200}}}
      rejected: {properties: {status: {const: 400}}}
      error: true
"""

OPERATION = """x-sources:
  api-1: {read: '2026-01-03', shows: Pay Invoice.}
post:
  operationId: payInvoice
  tags: [Payment]
  summary: Pay an invoice
  x-title: Pay Invoice
  x-page: api-1
  x-evidence: {method: documented api-1, path: documented api-1}
  x-open-questions: {twice: {asks: 'What if it is sent twice?'}}
  requestBody:
    content:
      application/json:
        x-evidence: &wire
          content-type: documented api-1
          content-type-present: assumed
          content-type-single: assumed
          json: documented api-1
          encoding: documented api-1
          duplicate-names: assumed
        schema:
          type: object
          required: [ids]
          properties:
            ids:
              $ref: '../enkash.yaml#/components/schemas/Ids'
              x-evidence:
                type: documented api-1
                properties: {buyer: {pattern: documented api-1}}
            payment: {$ref: '../parts/payment.yaml#/Payment'}
          x-evidence: {type: documented api-1, required: {ids: documented api-1}}
        example: {ids: {buyer: AB}}
  responses:
    x-evidence:
      status: assumed
      '200': {json: documented api-1, schema: {type: documented api-1}}
    '200': {$ref: '../parts/responses.yaml#/Answer'}
  x-outcome: {$ref: '../enkash.yaml#/components/x-outcomes/Status'}
"""

WEBHOOK = """x-path: /pay
x-sources:
  api-2: {read: '2026-01-03', shows: Invoice Paid.}
post:
  operationId: invoicePaid
  tags: [Payment]
  x-page: api-2
  x-evidence: {method: assumed, path: assumed}
  requestBody:
    content:
      application/json:
        x-evidence:
          content-type: documented api-2
          content-type-present: assumed
          content-type-single: assumed
          json: documented api-2
          encoding: documented api-2
          duplicate-names: assumed
        schema: {$ref: '../enkash.yaml#/components/schemas/Ids'}
        examples:
          first: {value: {buyer: AB}}
          second: {value: {buyer: CD}}
  responses:
    default: {description: Anything.}
  x-outcome:
    $ref: '../enkash.yaml#/components/x-outcomes/Status'
    x-evidence: {accepted: sibling shared}
"""

PAYMENT = """x-sources:
  shared: {read: '2026-01-02', shows: The shape that several pages have.}
  letter: {read: '2026-01-04', shows: What a payment is.}
Payment:
  type: object
  properties:
    amount: {$ref: '#/Amount'}
  x-evidence: {type: sibling letter}
Amount: {type: number, minimum: 0, x-evidence: {type: sibling letter, minimum: assumed}}
"""

RESPONSES = """Answer:
  description: An answer.
  content:
    application/json:
      x-evidence: {content-type: assumed, json: assumed}
      schema: {type: object, x-evidence: {type: assumed}}
"""

FILES = {
    "enkash.yaml": ROOT,
    "operations/pay_invoice.yaml": OPERATION,
    "webhooks/invoice_paid.yaml": WEBHOOK,
    "parts/payment.yaml": PAYMENT,
    "parts/responses.yaml": RESPONSES,
}


def many_files(folder: Path, **changed: str | None) -> Path:
    """Write the files below `folder`, or others in their places, and return the path of the root.

    `changed` names files by their stems; None leaves one out.
    """
    for name, text in FILES.items():
        path = folder / name
        content = changed.get(path.stem, text)
        if content is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
    return folder / "enkash.yaml"
