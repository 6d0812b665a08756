"""JSON Schemas of what the loader reads: the files of a document, and overlays.

Editors complete and check files by them while somebody writes. They say less than the loader does:
whether a source is known or a reference leads somewhere, only the whole document shows.
"""

from __future__ import annotations

from typing import Any

from enkash_contract.contract.evidence import Level
from enkash_contract.contract.integers import BITS
from enkash_contract.contract.keyword_values import FORMATS, MOST
from enkash_contract.contract.keywords import KEYWORDS
from enkash_contract.contract.openapi import DIRECTIONS, METHODS, OUTCOMES
from enkash_contract.contract.plain_schema import TYPES
from enkash_contract.contract.shapes import ABOUT, PROBES

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_TEXT: Schema = {"type": "string"}
_FLAG: Schema = {"type": "boolean"}
_NUMBER: Schema = {"type": "number"}
_COUNT: Schema = {"type": "integer", "minimum": 0, "maximum": MOST}
_ANYTHING: Schema = {}
_PART = r"[\w.-]+"

_LEVELS = "|".join(level.value for level in Level)
_CLAIM = rf"(?:{_LEVELS})(?: [^;,]+)?"


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _list(items: Schema, least: int = 0) -> Schema:
    return {"type": "array", "items": items, **({"minItems": least} if least else {})}


def _map(values: Schema, names: str = ".*") -> Schema:
    """Return the schema of a mapping from names to values, which may have extensions."""
    return {
        "type": "object",
        "patternProperties": {f"^(?!x-)(?:{names})$": values, "^x-": True},
        "properties": {"x-evidence": _ref("evidence")},
        "additionalProperties": False,
    }


def _object(members: Schema, *required: str) -> Schema:
    return {
        "type": "object",
        "properties": members,
        "required": [*required],
        "patternProperties": {"^x-": True},
        "additionalProperties": False,
    }


def _said(schema: Schema, description: str) -> Schema:
    return {**schema, "description": description}


_MEMBERS: Schema = {"guesses": _list(_ANYTHING, 1)}

_PROBE: Schema = {
    "anyOf": [
        _object(
            {
                "kind": {"const": kind},
                **{name: _MEMBERS.get(name, _TEXT) for name in members},
            },
            *("kind", *members),
        )
        for kind, members in PROBES.items()
    ],
    "description": "The requests that would answer it; guesses are claimed by nobody.",
}

_ANSWERS = _said(
    _map(
        _map(
            _object(
                {
                    "says": _TEXT,
                    "evidence": {"type": "string", "pattern": f"^{_CLAIM}$"},
                    "examples": _list(_ANYTHING, 1),
                    "exchanges": _list(_TEXT),
                },
                *("says", "evidence"),
            ),
            ABOUT,
        ),
        _PART,
    ),
    "What was learned of open questions, by the question and what it is about.",
)

_QUESTIONS = _said(
    _map(_object({"asks": _TEXT, "matters": _TEXT, "probe": _PROBE}, "asks"), _PART),
    "What nobody has published about this, by an id.",
)

_BESIDE: Schema = {"x-evidence": _ref("evidence"), "x-open-questions": _QUESTIONS}

_KEYWORDS: dict[str, Schema] = {
    **dict.fromkeys(("$comment", "description", "title", "pattern"), _TEXT),
    **dict.fromkeys(("default", "const", "if", "then"), _ANYTHING),
    **dict.fromkeys(("deprecated", "uniqueItems"), _FLAG),
    **dict.fromkeys(("maximum", "minimum", "exclusiveMaximum", "exclusiveMinimum"), _NUMBER),
    **dict.fromkeys([name for name in KEYWORDS if name[:3] in ("min", "max") and name[3:4].isupper()
                     ], _COUNT),
    **dict.fromkeys(("allOf", "anyOf", "oneOf"), _list(_ref("schema"), 1)),
    **dict.fromkeys(("enum", "examples"), _list(_ANYTHING, 1)),
    "$ref": _TEXT,
    "additionalProperties": {"anyOf": [_FLAG, _ref("schema")]},
    "format": {"enum": [*FORMATS, *BITS]},
    "items": _ref("schema"),
    "multipleOf": {"type": "number", "exclusiveMinimum": 0},
    "properties": {"type": "object", "additionalProperties": _ref("schema")},
    "required": _list(_TEXT),
    "type": {"anyOf": [{"enum": [*TYPES]}, _list({"enum": [*TYPES]}, 1)]},
    "x-known-good": _said(
        {"anyOf": [{"const": False}, _ref("schema")]},
        "Narrows down which values are known to be right; false where none is.",
    ),
    **_BESIDE,
}  # fmt: skip

_REFERENCE = _object({"$ref": _TEXT}, "$ref")

_OPERATION: dict[str, Schema] = {
    **dict.fromkeys(("operationId", "summary", "description"), _TEXT),
    "x-title": _said(_TEXT, "The title on the portal."),
    "x-page": _said(_TEXT, "The operation's own page: a row of x-sources."),
    "x-path": _ref("path"),
    "externalDocs": _ANYTHING,
    "security": _list(_ANYTHING),
    "tags": _list(_TEXT),
    "deprecated": _FLAG,
    "parameters": _list(
        _object(
            {
                **dict.fromkeys(("name", "description"), _TEXT),
                "in": {"const": "header"},
                **dict.fromkeys(("required", "deprecated"), _FLAG),
                "schema": _ref("schema"),
                "example": True,
                "x-evidence": _ref("evidence"),
            },
            *("name", "in", "schema"),
        )
    ),
    "requestBody": _object(
        {"description": _TEXT, "required": _FLAG, "content": _ref("content")}, "content"
    ),
    "responses": _map({"anyOf": [_REFERENCE, _ref("response")]}, r"[1-5](?:\d\d|XX)|default"),
    "x-outcome": {"anyOf": [_REFERENCE, _ref("outcome")]},
    "x-answers": _ANSWERS,
    **_BESIDE,
}

_PATH_ITEM: dict[str, Schema] = {
    **dict.fromkeys(METHODS, _ref("operation")),
    **dict.fromkeys(("summary", "description"), _TEXT),
    "x-path": _ref("path"),
    "x-sources": _ref("sources"),
}

_PATH_ITEMS: Schema = {"anyOf": [_REFERENCE, _ref("path-item")]}

_ROOT: dict[str, Schema] = {
    "openapi": {"type": "string", "pattern": r"^3\.1\."},
    "info": {"type": "object", "required": ["title", "version"]},
    "servers": _list({"type": "object", "required": ["url"]}),
    "security": _list(_ANYTHING),
    "tags": _list({"type": "object", "required": ["name"]}),
    "externalDocs": _ANYTHING,
    "paths": _said(_map(_PATH_ITEMS, "/[^{}]*"), "What the partner calls."),
    "webhooks": _said(_map(_PATH_ITEMS, _PART), "What EnKash calls at the partner."),
    "components": _object(
        {
            "schemas": _map(_ref("schema"), _PART),
            "responses": _map({"anyOf": [_REFERENCE, _ref("response")]}, _PART),
            "securitySchemes": _ANYTHING,
            "x-outcomes": _map(_ref("outcome"), _PART),
        }
    ),
    "x-sources": _ref("sources"),
    "x-default-operation": _said(_TEXT, "The operation meant where none is named."),
    "x-unknown-operations": _list(
        _object(
            {
                **dict.fromkeys(("title", "group", "page"), _TEXT),
                "direction": {"enum": [*DIRECTIONS]},
            },
            *("title", "group", "direction"),
        )
    ),
    "x-open-questions": _QUESTIONS,
}

_DEFINITIONS: dict[str, Schema] = {
    "evidence": {
        "type": "object",
        "description": "Where each constraint beside it comes from: LEVEL SOURCE.",
        "additionalProperties": {
            "anyOf": [
                {"type": "string", "pattern": rf"^{_CLAIM}(?:\s*[;,]\s*receiver {_CLAIM})?$"},
                _ref("evidence"),
            ]
        },
    },
    "sources": _map(
        _object({**dict.fromkeys(("read", "shows", "url"), _TEXT)}, "read", "shows"), ".+"
    ),
    "path": {"type": "string", "pattern": "^/[^{}?#]*$"},
    "schema": _object(_KEYWORDS),
    "content": _map(
        _object(
            {"schema": _ref("schema"), "example": True, "examples": _map(
                _object({"summary": _TEXT, "description": _TEXT, "value": True}, "value")),
             "x-evidence": _ref("evidence")},
            "schema",
        ),
        r"[\w.+-]+/[\w.+-]+",
    ),
    "response": _object({"description": _TEXT, "content": _ref("content")}, "description"),
    "outcome": _object(
        {**dict.fromkeys(OUTCOMES, True), "x-evidence": _ref("evidence")}, *OUTCOMES
    ),
    "operation": _object(_OPERATION, "operationId", "requestBody", "responses", "x-outcome"),
    "path-item": _object(_PATH_ITEM),
    "root": _object(_ROOT, "openapi", "info", "paths"),
    "parts": {
        "type": "object",
        "properties": {"x-sources": _ref("sources")},
        "additionalProperties": {
            "anyOf": [_ref("schema"), _ref("response"), _ref("outcome")]
        },
    },
}  # fmt: skip


def document() -> Schema:
    """Return the schema of any file of a document: the root, a path item, or shared parts."""
    return {
        "$schema": DIALECT,
        "title": "A file of an enkash-contract document",
        "description": "OpenAPI 3.1 as far as it is honoured, with the evidence of each rule.",
        "if": {"required": ["openapi"]},
        "then": _ref("root"),
        "else": {
            "if": {"anyOf": [{"required": [method]} for method in METHODS]},
            "then": _ref("path-item"),
            "else": _ref("parts"),
        },
        "$defs": _DEFINITIONS,
    }


def overlay() -> Schema:
    """Return the schema of an overlay; what an update may hold depends on its target."""
    action = _object(
        {
            "target": _said({"type": "string", "pattern": r"^\$"}, "A JSONPath of the document."),
            "description": _TEXT,
            "update": {
                "if": {"type": "object"},
                "then": {"properties": {**_BESIDE, "x-answers": _ANSWERS}},
            },
            "remove": _FLAG,
        },
        "target",
    )
    action["anyOf"] = [
        {"required": ["update"]},
        {"required": ["remove"], "properties": {"remove": {"const": True}}},
    ]
    members = {
        "overlay": {"type": "string", "pattern": r"^1\."},
        "info": _object({"title": _TEXT, "version": _TEXT}, "title", "version"),
        "extends": _TEXT,
        "actions": _list(action, 1),
    }
    return {
        "$schema": DIALECT,
        "title": "An overlay of an enkash-contract document",
        "description": "OpenAPI Overlay 1.0: what a partner knows beside what is published.",
        **_object(members, "overlay", "info", "actions"),
        "$defs": {"evidence": _DEFINITIONS["evidence"]},
    }
