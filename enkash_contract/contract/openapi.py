"""The part of OpenAPI that a document may be written in, with a problem for all the rest.

A member that nothing here honours is an error, as in `keywords`. The tables name the
members of each object of the specification, and are the place to look when a page needs more of
OpenAPI.
"""

from __future__ import annotations

import json
import re
from functools import partial
from typing import TYPE_CHECKING

from enkash_contract.contract import api_description
from enkash_contract.contract.keywords import a_schema
from enkash_contract.contract.plain_schema import is_plain
from enkash_contract.contract.shapes import (
    ANSWERS,
    BOOLEAN,
    EVIDENCE,
    QUESTIONS,
    STRING,
    an_object,
    anything,
    list_of,
    map_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.contract.document import Document
    from enkash_contract.contract.shapes import Check
    from enkash_contract.contract.yaml_nodes import Tokens
    from enkash_contract.errors import Problem

METHODS = ("get", "put", "post", "delete", "patch")
OUTCOMES = ("accepted", "rejected", "error")
DEFAULT = "default"
"""The response of every status that is not documented by itself."""

DIRECTIONS = ("to-enkash", "to-partner")


def problems(document: Document) -> Iterator[Problem]:
    """Yield every problem that keeps `document` from being an OpenAPI document we honour."""
    yield from _OPENAPI(document, ())


def problems_at(document: Document, at: Tokens) -> Iterator[Problem]:
    """Yield the problems of a part of `document` that was read after the rest."""
    yield from _PARTS[str(at[0 if len(at) < _WHOLE_COMPONENT else 1])](document, at)


def _path_item(document: Document, at: Tokens) -> Iterator[Problem]:
    if at not in document.unread:
        yield from _PATH(document, at)
        return
    for key in document.at(at):
        if key != "$ref" and not key.startswith("x-"):
            message = f"beside the reference to a path item, {key!r} is not honoured"
            yield document.problem((*at, key), message, "write it in that file")


def _or_reference(kind: str, check: Check, document: Document, at: Tokens) -> Iterator[Problem]:
    """Check what may be a reference to a component of that kind; `check` is for what is none."""
    value = document.at(at)
    if not isinstance(value, dict) or "$ref" not in value:
        yield from check(document, at)
        return
    beside = EVIDENCE if kind.startswith("x-") else {}
    yield from an_object("a reference", {"$ref": STRING, **beside}, (), document, at)
    target = document.resolve(value["$ref"])
    if target is None or target[:-1] != ("components", kind):
        known = ", ".join(document.part.get("components", {}).get(kind, ())) or "none"
        message = f"the reference {value['$ref']!r} points at nothing in #/components/{kind}"
        yield document.problem((*at, "$ref"), message, f"there are {known}")


def _outcome(document: Document, at: Tokens) -> Iterator[Problem]:
    value = document.at(at)
    if is_plain(value):
        return
    from enkash_contract.contract.engines import choice as engines

    try:
        # The engine reads text as the JSON of a schema, so text is given to it as JSON.
        engines.compiled(json.dumps(value) if isinstance(value, str) else value)
    except ValueError as error:
        message = f"the outcome {at[-1]} is not a JSON Schema: {str(error).splitlines()[0]}"
        yield document.problem(at, message, "see JSON Schema 2020-12")


def _statuses(document: Document, at: Tokens) -> Iterator[Problem]:
    yield from map_of(_RESPONSE_OR_REFERENCE, rf"[1-5](?:\d\d|XX)|{DEFAULT}", document, at)
    value = document.at(at)
    if isinstance(value, dict) and all(key.startswith("x-") for key in value):
        yield document.problem(at, "there is no response", "add at least one status")


def _media(document: Document, at: Tokens) -> Iterator[Problem]:
    yield from an_object("a media type", _MEDIA, ("schema",), document, at)
    value = document.at(at)
    if isinstance(value, dict) and {"example", "examples"} <= value.keys():
        yield document.problem(at, "a media type has example and examples", "keep one of them")


def _version(document: Document, at: Tokens) -> Iterator[Problem]:
    value = document.at(at)
    if not isinstance(value, str) or not value.startswith("3.1."):
        yield document.problem(at, f"OpenAPI {value} is not honoured", "write `openapi: 3.1.0`")


def _page(document: Document, at: Tokens) -> Iterator[Problem]:
    """Check the address of a page, which reports make a link of: nothing but http and https."""
    value = document.at(at)
    if not isinstance(value, str) or not re.fullmatch(
        r"https?://[\w.-]+(:\d+)?([/?#][!-~]*)?", value
    ):
        message = f"url is not the address of a page: {json.dumps(value, default=str)}"
        yield document.problem(at, message, "write https://HOST/PATH, or leave it out")


def _path(document: Document, at: Tokens) -> Iterator[Problem]:
    value = document.at(at)
    if not isinstance(value, str) or not re.fullmatch("/[^{}?#]*", value):
        yield document.problem(at, "x-path is not a path", "begin it with a slash, or leave it out")


def _one_of(words: tuple[str, ...], document: Document, at: Tokens) -> Iterator[Problem]:
    value = document.at(at)
    if value not in words:
        yield document.problem(at, f"{at[-1]} is {value!r}", f"write {' or '.join(words)}")


_COMPONENT = r"[\w.-]+"
"""The names that a component may have."""

_EXAMPLE: dict[str, Check] = {
    **dict.fromkeys(("summary", "description"), STRING),
    "value": anything,
}

_MEDIA: dict[str, Check] = {
    "schema": a_schema,
    "example": anything,
    "examples": partial(map_of, partial(an_object, "an example", _EXAMPLE, ("value",)), _COMPONENT),
    **EVIDENCE,
}

_CONTENT = partial(map_of, _media, r"[\w.+-]+/[\w.+-]+")

_RESPONSE: dict[str, Check] = {"description": STRING, "content": _CONTENT}

_A_RESPONSE = partial(an_object, "a response", _RESPONSE, ("description",))

_RESPONSE_OR_REFERENCE = partial(_or_reference, "responses", _A_RESPONSE)

_BODY: dict[str, Check] = {"description": STRING, "required": BOOLEAN, "content": _CONTENT}

_OUTCOMES: dict[str, Check] = {**dict.fromkeys(OUTCOMES, _outcome), **EVIDENCE}

_PARAMETER: dict[str, Check] = {
    **dict.fromkeys(("name", "description"), STRING),
    "in": partial(_one_of, ("header",)),
    **dict.fromkeys(("required", "deprecated"), BOOLEAN),
    "schema": a_schema,
    "example": anything,
    **EVIDENCE,
}

_AN_OUTCOME = partial(an_object, "x-outcome", _OUTCOMES, OUTCOMES)

_OPERATION_MEMBERS: dict[str, Check] = {
    **dict.fromkeys(("operationId", "summary", "description"), STRING),
    "externalDocs": api_description.DOCS,
    "security": api_description.SECURITY,
    "tags": partial(list_of, STRING),
    "deprecated": BOOLEAN,
    "parameters": partial(
        list_of, partial(an_object, "a parameter", _PARAMETER, ("name", "in", "schema"))
    ),
    "requestBody": partial(an_object, "a request body", _BODY, ("content",)),
    "responses": _statuses,
    "x-outcome": partial(_or_reference, "x-outcomes", _AN_OUTCOME),
    **dict.fromkeys(("x-title", "x-page"), STRING),
    "x-path": _path,
    **QUESTIONS,
    **ANSWERS,
    **EVIDENCE,
}

_OPERATION = partial(
    an_object,
    "an operation",
    _OPERATION_MEMBERS,
    ("operationId", "requestBody", "responses", "x-outcome"),
)

_SOURCE: dict[str, Check] = {**dict.fromkeys(("read", "shows"), STRING), "url": _page}

_SOURCES = partial(map_of, partial(an_object, "a source", _SOURCE, ("read", "shows")), ".+")

_PATH = partial(
    an_object,
    "a path",
    {
        **dict.fromkeys(METHODS, _OPERATION),
        **dict.fromkeys(("summary", "description"), STRING),
        "x-path": _path,
        "x-sources": _SOURCES,
    },
    (),
)

_UNKNOWN: dict[str, Check] = {
    **dict.fromkeys(("title", "group", "page"), STRING),
    "direction": partial(_one_of, DIRECTIONS),
}

_COMPONENTS: dict[str, Check] = {
    "schemas": partial(map_of, a_schema, _COMPONENT),
    "responses": partial(map_of, _RESPONSE_OR_REFERENCE, _COMPONENT),
    "x-outcomes": partial(map_of, _AN_OUTCOME, _COMPONENT),
    "securitySchemes": api_description.SCHEMES,
}

_OPENAPI_MEMBERS: dict[str, Check] = {
    "openapi": _version,
    "info": api_description.INFO,
    "servers": api_description.SERVERS,
    "security": api_description.SECURITY,
    "tags": api_description.TAGS,
    "externalDocs": api_description.DOCS,
    "paths": partial(map_of, _path_item, "/[^{}]*"),
    "webhooks": partial(map_of, _path_item, _COMPONENT),
    "components": partial(an_object, "components", _COMPONENTS, ()),
    "x-sources": _SOURCES,
    "x-default-operation": STRING,
    "x-unknown-operations": partial(
        list_of,
        partial(an_object, "an operation", _UNKNOWN, ("title", "group", "direction")),
    ),
    **QUESTIONS,
}

_OPENAPI = partial(an_object, "the document", _OPENAPI_MEMBERS, ("openapi", "info", "paths"))

_WHOLE_COMPONENT = 3
"""The length of the way to a component."""

_PARTS: dict[str, Check] = {
    **dict.fromkeys(("paths", "webhooks"), _path_item),
    "x-sources": anything,
    "schemas": a_schema,
    "responses": _RESPONSE_OR_REFERENCE,
    "x-outcomes": _AN_OUTCOME,
}
"""The checks of what is read after the rest, by the group or the kind of component."""
