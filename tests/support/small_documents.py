"""Small documents for tests of what the bundled one does not hold: one operation, one schema."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from enkash_contract.contract.contract import load
from enkash_contract.contract.keywords import CONSTRAINTS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from enkash_contract.contract.contract import Contract

PATH = "/change"
KNOWN = "documented page"
WIRE = {
    "content-type": KNOWN,
    "content-type-present": KNOWN,
    "content-type-single": KNOWN,
    "json": KNOWN,
    "encoding": KNOWN,
    "duplicate-names": KNOWN,
}
ANSWER: dict[str, Any] = {
    "type": "object",
    "properties": {"code": {"type": "integer"}, "reason": {"type": "string"}},
    "required": ["code"],
}
OUTCOME: dict[str, Any] = {
    "accepted": {"properties": {"status": {"const": 200}}, "required": ["body"]},
    "rejected": {"properties": {"status": {"minimum": 400, "maximum": 499}}},
    "error": {"properties": {"status": {"minimum": 500}}},
}


def evident(schema: Mapping[str, Any], level: str = KNOWN) -> dict[str, Any]:
    """Return `schema` with evidence of one level for each constraint in it."""
    made: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "properties":
            made[key] = {name: evident(one, level) for name, one in value.items()}
        elif key in ("items", "additionalProperties") and isinstance(value, dict):
            made[key] = evident(value, level)
        elif key in ("allOf", "anyOf", "oneOf"):
            made[key] = [evident(one, level) for one in value]
        else:
            made[key] = value
    # A schema for further members is no rule by itself; what stands in it is.
    own = [key for key in schema if key in CONSTRAINTS and key != "required"]
    known: dict[str, Any] = {
        key: level for key in own if key != "additionalProperties" or schema[key] in (True, False)
    }
    if "required" in schema:
        known["required"] = dict.fromkeys(schema["required"], level)
    return {**made, "x-evidence": known} if known else made


def document(
    schema: Mapping[str, Any],
    *,
    example: Any = None,
    answers: Mapping[str, Any] | None = None,
    outcome: Mapping[str, Any] | None = None,
    level: str = KNOWN,
) -> dict[str, Any]:
    """Return an OpenAPI document of one operation; `answers` maps each status to its media type."""
    statuses = answers if answers is not None else {"200": {"schema": ANSWER}}
    responses = {
        status: {
            "description": status,
            "content": {
                "application/json": {
                    **media,
                    "schema": evident(media["schema"]),
                    "x-evidence": {"content-type": KNOWN, "json": KNOWN},
                }
            },
        }
        for status, media in statuses.items()
    }
    media = {"schema": evident(schema, level), "x-evidence": WIRE}
    if example is not None:
        media["example"] = example
    return {
        "openapi": "3.1.0",
        "info": {"title": "small", "version": "1"},
        "x-sources": {"page": {"read": "2026-11-22", "shows": "everything"}},
        "paths": {
            PATH: {
                "post": {
                    "operationId": "change",
                    "x-evidence": {"method": KNOWN, "path": KNOWN},
                    "requestBody": {"content": {"application/json": media}},
                    "responses": {**responses, "x-evidence": {"status": KNOWN}},
                    "x-outcome": {
                        **(outcome or OUTCOME),
                        "x-evidence": dict.fromkeys(("accepted", "rejected", "error"), KNOWN),
                    },
                }
            }
        },
    }


def small(folder: Path, schema: Mapping[str, Any], **options: Any) -> Contract:
    """Write such a document into `folder` and load it; options are those of `document`."""
    file = folder / "small.json"
    file.write_text(json.dumps(document(schema, **options)), encoding="utf-8")
    return load(document=file)
