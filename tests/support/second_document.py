"""A second document, with two operations and every keyword that is honoured; and its breakage."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from enkash_contract.contract.contract import load
from enkash_contract.errors import DocumentError

if TYPE_CHECKING:
    from enkash_contract.contract.contract import Contract

TEXT = r"""openapi: 3.1.0
info:
  title: Things
  version: '1'
  summary: Everything that is honoured.
  description: Nobody's API.
  termsOfService: https://example.com/terms
  contact: {name: Anyone, url: https://example.com, email: anyone@example.com}
  license: {name: MIT, identifier: MIT}
servers:
  - url: https://{host}/
    description: Anywhere.
    variables:
      host: {default: example.com, enum: [example.com], description: Where.}
security:
  - key: []
tags:
  - name: Thing
    description: Things.
    externalDocs: {url: https://example.com/things}
externalDocs: {url: https://example.com, description: More.}
x-sources:
  letter: {read: '2026-01-02', shows: What the letter says.}
  page: {read: '2026-01-03', shows: What the page says.}
paths:
  /things:
    summary: Things.
    description: All of them.
    put:
      operationId: openThing
      tags: [Thing]
      summary: Open a thing
      description: Opens it.
      deprecated: false
      externalDocs: {url: https://example.com/open}
      security: []
      x-evidence: {method: documented page, path: documented page}
      requestBody:
        description: A thing.
        required: true
        content:
          application/json:
            x-evidence:
              content-type: documented page
              content-type-present: assumed
              content-type-single: assumed
              encoding: documented page
              json: documented page
              duplicate-names: sibling letter
            schema: {$ref: '#/components/schemas/Thing'}
            example: {word: ab, closed: {}}
      responses:
        x-evidence: {status: example page}
        '204': {description: Opened.}
      x-outcome:
        x-evidence: {accepted: assumed, rejected: assumed, error: assumed}
        accepted: {properties: {status: {const: 204}}}
        rejected: {properties: {status: {const: 400}}}
        error: true
  /things/closed:
    post:
      operationId: closeThing
      x-evidence: {method: documented page, path: documented page}
      requestBody:
        content:
          application/json:
            x-evidence:
              content-type: documented page
              content-type-present: documented page
              content-type-single: documented page
              encoding: documented page
              json: documented page
              duplicate-names: documented page
            schema: {type: 'null', x-evidence: {type: documented page}}
      responses:
        x-evidence: {status: example page}
        '200':
          description: Closed.
          content:
            application/json:
              x-evidence: {content-type: assumed, json: assumed}
              schema: {$ref: '#/components/schemas/Word'}
              example: ab
      x-outcome:
        x-evidence: {accepted: assumed, rejected: assumed, error: assumed}
        accepted: {properties: {status: {const: 200}}}
        rejected: {properties: {status: {const: 400}}}
        error: true
components:
  securitySchemes:
    key: {type: apiKey, name: key, in: header}
    bearer: {type: http, scheme: bearer}
    certificate: {type: mutualTLS}
    connect: {type: openIdConnect, openIdConnectUrl: https://example.com/id}
  schemas:
    Word:
      title: Word
      description: A word.
      $comment: Two to four characters.
      type: string
      minLength: 2
      maxLength: 4
      examples: [ab]
      x-known-good: {pattern: '^[a-z]+$'}
      x-evidence: {type: example page, minLength: sibling letter, maxLength: assumed}
    Thing:
      type: object
      required: [word, closed]
      properties:
        word: {$ref: '#/components/schemas/Word'}
        short:
          $ref: '#/components/schemas/Word'
          maxLength: 3
          allOf:
            - pattern: '^a'
              x-evidence: {pattern: assumed}
          x-evidence: {maxLength: documented page}
        kind:
          enum: [a, b, null]
          default: a
          deprecated: true
          x-evidence: {enum: documented page}
        fixed: {const: {x-a: [1]}, x-evidence: {const: documented page}}
        maybe: {type: [string, 'null'], x-evidence: {type: documented page}, x-open-questions: {}}
        code: {type: string, pattern: '^[A-Z]\d{2}$', x-evidence: {type: assumed, pattern: assumed}}
        day: {type: string, format: date, x-evidence: {type: assumed, format: assumed}}
        moment: {type: string, format: date-time, x-evidence: {type: assumed, format: assumed}}
        id: {type: string, format: uuid, x-evidence: {type: assumed, format: assumed}}
        mail: {type: string, format: email, x-evidence: {type: assumed, format: assumed}}
        link: {type: string, format: uri, x-evidence: {type: assumed, format: assumed}}
        closest:
          type: integer
          minimum: 1
          maximum: 9
          x-evidence: {type: assumed, minimum: assumed, maximum: assumed}
        between:
          type: number
          exclusiveMinimum: 0
          exclusiveMaximum: 10.5
          multipleOf: 0.01
          x-evidence:
            type: assumed
            exclusiveMinimum: assumed
            exclusiveMaximum: assumed
            multipleOf: assumed
        list:
          type: array
          items: {$ref: '#/components/schemas/Word'}
          minItems: 1
          maxItems: 2
          uniqueItems: true
          x-evidence: {type: assumed, minItems: assumed, maxItems: assumed, uniqueItems: assumed}
        either:
          anyOf:
            - {type: string, minLength: 2, x-evidence: {type: documented page, minLength: assumed}}
            - {type: boolean, x-evidence: {type: documented page}}
          x-evidence: {anyOf: documented page}
        one:
          oneOf:
            - type: object
              required: [x-a]
              properties:
                x-a: {type: array, items: {type: string, x-evidence: {type: sibling letter}},
                      x-evidence: {type: documented page}}
              additionalProperties: {type: 'null', x-evidence: {type: documented page}}
              x-why: It is known.
              x-evidence: {type: documented page, required: {x-a: example page}}
            - allOf: [{const: 1, x-evidence: {const: documented page}}]
          x-evidence: {oneOf: documented page}
        both:
          allOf:
            - {type: integer, x-evidence: {type: documented page}}
            - {minimum: 3, x-evidence: {minimum: sibling letter}}
        more:
          type: object
          additionalProperties: {type: boolean, x-evidence: {type: assumed}}
          x-evidence: {type: documented page}
        closed: {type: object, additionalProperties: false,
                 x-evidence: {type: documented page, additionalProperties: sibling letter}}
        x-a/b~c: {type: boolean, x-evidence: {type: documented page}}
        few: {type: object, minProperties: 1, maxProperties: 2,
              x-evidence: {type: assumed, minProperties: assumed, maxProperties: assumed}}
        when:
          type: object
          properties:
            at: {type: integer, format: int32, x-evidence: {type: assumed, format: assumed}}
          if: {required: [at]}
          then: {properties: {at: {minimum: 3}}}
          x-evidence: {type: assumed, if: sibling letter}
      additionalProperties: true
      x-evidence:
        type: documented page
        required: {word: documented page, closed: documented page}
        additionalProperties: assumed
"""


def data() -> Any:
    """Return the document as plain data that a test may break."""
    return yaml.safe_load(TEXT)


def second(folder: Path, *overlays: str) -> Contract:
    """Load the document from `folder`, with overlays (as text) laid on it."""
    (folder / "things.yaml").write_text(TEXT, encoding="utf-8")
    return load(
        *(written(folder, f"{number}.overlay.yaml", text) for number, text in enumerate(overlays)),
        document=folder / "things.yaml",
    )


def written(folder: Path, name: str, text: str) -> Path:
    """Write `text` into a file called `name` and return its path."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def of_data(folder: Path, value: object) -> Contract:
    """Load a document given as data, by way of JSON."""
    return load(document=written(folder, "data.json", json.dumps(value)))


def messages_of(value: object, folder: Path = Path()) -> list[str]:
    """Return what is said of a wrong document given as data, without file and line."""
    with pytest.raises(DocumentError) as raised:
        of_data(folder, value)
    return [f"{problem.message}; {problem.remedy}" for problem in raised.value.problems]
