"""Which OpenAPI a document may be written in, and what is said when it is not.

A keyword that nothing here enforces would be a promise nobody keeps, so it is refused with its
place and a remedy. Each check is a small function over one value; the tables at the end name the
members of each object of the specification, and are the place to look when a page needs more of
OpenAPI.
"""

from __future__ import annotations

import difflib
import re
from functools import partial
from typing import TYPE_CHECKING, Any

import jsonschema_rs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from enkash_contract.document import Document
    from enkash_contract.errors import Problem
    from enkash_contract.nodes import Tokens

    Check = Callable[[Document, Tokens], Iterator[Problem]]

TYPES = ("string", "integer", "number", "boolean", "null", "object", "array")
FORMATS = ("date", "date-time", "uuid", "email", "uri")
METHODS = ("get", "put", "post", "delete", "patch")
OUTCOMES = ("accepted", "rejected", "error")

SEE = "see OpenAPI 3.1"

_SCHEMAS = ("components", "schemas")


def problems(document: Document) -> Iterator[Problem]:
    """Yield everything that keeps `document` from being an OpenAPI document we honour."""
    yield from _OPENAPI(document, ())


def _anything(document: Document, at: Tokens) -> Iterator[Problem]:
    yield from ()


def _is(kinds: tuple[type, ...], called: str, document: Document, at: Tokens) -> Iterator[Problem]:
    value = document.at(at)
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        yield document.problem(at, f"{at[-1]} is not {called}", f"write {called}")


_STRING = partial(_is, (str,), "a string")
_BOOLEAN = partial(_is, (bool,), "true or false")
_NUMBER = partial(_is, (int, float), "a number")


def _count(document: Document, at: Tokens) -> Iterator[Problem]:
    value = document.at(at)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        yield document.problem(at, f"{at[-1]} is not a count", "write a whole number from 0 up")


def _positive(document: Document, at: Tokens) -> Iterator[Problem]:
    yield from _NUMBER(document, at)
    if isinstance(value := document.at(at), (int, float)) and value <= 0:
        yield document.problem(at, f"{at[-1]} is not positive", "write a number above 0")


def _list_of(check: Check, document: Document, at: Tokens) -> Iterator[Problem]:
    value = document.at(at)
    if not isinstance(value, list):
        yield document.problem(at, f"{at[-1]} is not a list", "write a list")
        return
    for index in range(len(value)):
        yield from check(document, (*at, index))


def _some(check: Check, document: Document, at: Tokens) -> Iterator[Problem]:
    if document.at(at) == []:
        yield document.problem(at, f"{at[-1]} is empty", "list at least one, or remove it")
    yield from _list_of(check, document, at)


def _map_of(check: Check, keys: str, document: Document, at: Tokens) -> Iterator[Problem]:
    value = document.at(at)
    if not isinstance(value, dict):
        yield document.problem(at, f"{at[-1]} is not a mapping", f"write a mapping; {SEE}")
        return
    for key in value:
        if re.fullmatch(keys, key):
            yield from check(document, (*at, key))
        elif key == "x-evidence":
            yield from _evidence(document, (*at, key))
        elif not key.startswith("x-"):
            yield document.problem((*at, key), f"{key!r} is no key of {at[-1]}", SEE)


def _object(
    name: str, members: dict[str, Check], required: tuple[str, ...], document: Document, at: Tokens
) -> Iterator[Problem]:
    value = document.at(at)
    if not isinstance(value, dict):
        yield document.problem(at, f"this is not {name}", f"write a mapping; {SEE}")
        return
    for key in value:
        if key in members:
            yield from members[key](document, (*at, key))
        elif not key.startswith("x-"):
            near = difflib.get_close_matches(key, members, n=1)
            remedy = f"did you mean {near[0]!r}?" if near else "remove it, or say it another way"
            what = f"{name} with the keyword {key!r} is not honoured here"
            yield document.problem((*at, key), what, remedy)
    for key in required:
        if key not in value:
            yield document.problem(at, f"{name} has no {key!r}", f"add it; {SEE}")


def _schema(document: Document, at: Tokens) -> Iterator[Problem]:
    yield from _object("a schema", SCHEMA, (), document, at)


def _required(document: Document, at: Tokens) -> Iterator[Problem]:
    yield from _list_of(_STRING, document, at)
    schema, names = document.at(at[:-1]), document.at(at)
    described = schema.get("properties", {})
    if {"allOf", "$ref"} & schema.keys() or not isinstance(described, dict):
        return
    for index, name in enumerate(names if isinstance(names, list) else ()):
        if isinstance(name, str) and name not in described:
            what = f"the required member {name!r} is not among the properties"
            yield document.problem((*at, index), what, "describe it there")


def _default(document: Document, at: Tokens) -> Iterator[Problem]:
    value = document.at(at)
    schema = {**document.at(at[:-1]), "components": document.data.get("components", {})}
    try:
        right = jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid(value)
    except ValueError:
        return  # what is wrong with the schema is said where it is
    if not right:
        what = f"the default {value!r} breaks the schema it stands in"
        yield document.problem(at, what, "correct one of them")


def _schema_or_flag(document: Document, at: Tokens) -> Iterator[Problem]:
    if not isinstance(document.at(at), bool):
        yield from _schema(document, at)


def _types(document: Document, at: Tokens) -> Iterator[Problem]:
    value = document.at(at)
    for name in value if isinstance(value, list) and value else [value]:
        if name not in TYPES:
            known = ", ".join(TYPES)
            yield document.problem(at, f"{name!r} is not a JSON type", f"the types are {known}")
    if isinstance(value, list) and any(value.count(name) > 1 for name in value):
        yield document.problem(at, "a type is listed twice", "keep one of them")


def _format(document: Document, at: Tokens) -> Iterator[Problem]:
    value = document.at(at)
    if value not in FORMATS:
        remedy = f"the formats honoured are {', '.join(FORMATS)}"
        yield document.problem(at, f"the format {value!r} is not honoured here", remedy)


def _pattern(document: Document, at: Tokens) -> Iterator[Problem]:
    value = document.at(at)
    try:
        jsonschema_rs.Draft202012Validator({"type": "string", "pattern": value})
    except ValueError:
        what = f"the pattern {value!r} is not one of ECMA-262 in unicode mode"
        yield document.problem(at, what, 'escape only what needs it: [^\\\\"], not [^\\\\\\"]')


def _reference(document: Document, at: Tokens) -> Iterator[Problem]:
    value = document.at(at)
    found = document.resolve(value)
    if found is None or found[:-1] != _SCHEMAS:
        names = ", ".join(str(at[-1]) for at in document.places if at[:-1] == _SCHEMAS)
        what = f"the reference {value!r} points at no schema"
        yield document.problem(
            at, what, f"the schemas in #/components/schemas are {names or 'none'}"
        )


def _evidence(document: Document, at: Tokens) -> Iterator[Problem]:
    value = document.at(at)
    if not isinstance(value, dict):
        what = "x-evidence is not a mapping of constraints to evidence"
        yield document.problem(at, what, "write e.g. {type: assumed}")


def _outcome(document: Document, at: Tokens) -> Iterator[Problem]:
    try:
        jsonschema_rs.Draft202012Validator(document.at(at))
    except (ValueError, jsonschema_rs.ValidationError) as error:
        what = f"the outcome {at[-1]} is not a JSON Schema: {str(error).splitlines()[0]}"
        yield document.problem(at, what, "see JSON Schema 2020-12")


def _like(schema: dict[str, Any], document: Document, at: Tokens) -> Iterator[Problem]:
    """Check what only describes the API, and which nothing here reads, against a JSON Schema."""
    for error in jsonschema_rs.Draft202012Validator(schema).iter_errors(document.at(at)):
        what = f"{at[-1]} is not as OpenAPI says: {error.message}"
        yield document.problem((*at, *error.instance_path), what, SEE)


def _statuses(document: Document, at: Tokens) -> Iterator[Problem]:
    check = partial(_object, "a response", _RESPONSE, ("description",))
    yield from _map_of(check, r"[1-5](?:\d\d|XX)", document, at)
    value = document.at(at)
    if isinstance(value, dict) and all(key.startswith("x-") for key in value):
        yield document.problem(at, "there is no response", "add at least one status")


def _version(document: Document, at: Tokens) -> Iterator[Problem]:
    value = document.at(at)
    if not isinstance(value, str) or not value.startswith("3.1."):
        yield document.problem(at, f"OpenAPI {value} is not honoured", "write `openapi: 3.1.0`")


_EVIDENCE: dict[str, Check] = {"x-evidence": _evidence}

SCHEMA: dict[str, Check] = {
    **dict.fromkeys(("title", "description", "$comment"), _STRING),
    **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems"), _count),
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), _NUMBER),
    **dict.fromkeys(("allOf", "anyOf", "oneOf"), partial(_some, _schema)),
    **dict.fromkeys(("uniqueItems", "deprecated"), _BOOLEAN),
    "const": _anything,
    "default": _default,
    **dict.fromkeys(("enum", "examples"), partial(_some, _anything)),
    **dict.fromkeys(("items", "x-known-good"), _schema),
    "$ref": _reference,
    "additionalProperties": _schema_or_flag,
    "format": _format,
    "multipleOf": _positive,
    "pattern": _pattern,
    "properties": partial(_map_of, _schema, "(?s).*"),
    "required": _required,
    "type": _types,
    **_EVIDENCE,
}



def _texts(*names: str, required: tuple[str, ...] = (), **others: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {**dict.fromkeys(names, _TEXT), **others},
        "required": [*required],
        "patternProperties": {"^x-": True},
        "additionalProperties": False,
    }


_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}
_CONTACT = _texts("name", "url", "email")
_LICENSE = {
    **_texts("name", "identifier", "url", required=("name",)),
    "not": {"required": ["identifier", "url"]},
}
_DOCS = partial(_like, _texts("description", "url", required=("url",)))
_VARIABLE = _texts("default", "description", required=("default",), enum={**_TEXTS, "minItems": 1})
_SECURITY = partial(
    _like, {"type": "array", "items": {"type": "object", "additionalProperties": _TEXTS}}
)

_INFO: dict[str, Check] = {
    **dict.fromkeys(("title", "version", "summary", "description", "termsOfService"), _STRING),
    "contact": partial(_like, _CONTACT),
    "license": partial(_like, _LICENSE),
}

_SERVER: dict[str, Check] = {
    **dict.fromkeys(("url", "description"), _STRING),
    "variables": partial(_like, {"type": "object", "additionalProperties": _VARIABLE}),
}

_SERVERS = partial(_list_of, partial(_object, "a server", _SERVER, ("url",)))

_MEDIA: dict[str, Check] = {
    "schema": _schema,
    "example": _anything,
    **_EVIDENCE,
}

_CONTENT = partial(
    _map_of, partial(_object, "a media type", _MEDIA, ("schema",)), r"[\w.+-]+/[\w.+-]+"
)

_RESPONSE: dict[str, Check] = {"description": _STRING, "content": _CONTENT}

_BODY: dict[str, Check] = {"description": _STRING, "required": _BOOLEAN, "content": _CONTENT}

_OUTCOMES: dict[str, Check] = {**dict.fromkeys(OUTCOMES, _outcome), **_EVIDENCE}

_OPERATION_MEMBERS: dict[str, Check] = {
    **dict.fromkeys(("operationId", "summary", "description"), _STRING),
    "externalDocs": _DOCS,
    "security": _SECURITY,
    "tags": partial(_list_of, _STRING),
    "deprecated": _BOOLEAN,
    "requestBody": partial(_object, "a request body", _BODY, ("content",)),
    "responses": _statuses,
    "x-outcome": partial(_object, "x-outcome", _OUTCOMES, OUTCOMES),
    **_EVIDENCE,
}

_OPERATION = partial(
    _object,
    "an operation",
    _OPERATION_MEMBERS,
    ("operationId", "requestBody", "responses", "x-outcome"),
)

_PATH: dict[str, Check] = {
    **dict.fromkeys(METHODS, _OPERATION),
    **dict.fromkeys(("summary", "description"), _STRING),
}

_SOURCE: dict[str, Check] = dict.fromkeys(("read", "shows"), _STRING)

_TAG: dict[str, Check] = {
    **dict.fromkeys(("name", "description"), _STRING),
    "externalDocs": _DOCS,
}

_SCHEME = {
    "anyOf": [
        _texts("name", "description", required=("type", "name", "in"), type={"const": "apiKey"},
               **{"in": {"enum": ["query", "header", "cookie"]}}),
        _texts("scheme", "description", required=("type", "scheme"), type={"const": "http"}),
        _texts("description", required=("type",), type={"const": "mutualTLS"}),
        _texts("openIdConnectUrl", "description", required=("type", "openIdConnectUrl"),
               type={"const": "openIdConnect"}),
    ]
}  # fmt: skip

_COMPONENTS: dict[str, Check] = {
    "schemas": partial(_map_of, _schema, r"[\w.-]+"),
    "securitySchemes": partial(_like, {"type": "object", "additionalProperties": _SCHEME}),
}

_OPENAPI_MEMBERS: dict[str, Check] = {
    "openapi": _version,
    "info": partial(_object, "info", _INFO, ("title", "version")),
    "servers": _SERVERS,
    "security": _SECURITY,
    "tags": partial(_list_of, partial(_object, "a tag", _TAG, ("name",))),
    "externalDocs": _DOCS,
    "paths": partial(_map_of, partial(_object, "a path", _PATH, ()), "/[^{}]*"),
    "components": partial(_object, "components", _COMPONENTS, ()),
    "x-sources": partial(_map_of, partial(_object, "a source", _SOURCE, ("read", "shows")), ".+"),
}

_OPENAPI = partial(_object, "the document", _OPENAPI_MEMBERS, ("openapi", "info", "paths"))
