"""The parts of OpenAPI that describe an API to people, whom to ask and where it is served.

Nothing here reads them, but a document that other tools read has to be right in them as well.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from enkash_contract.contract.shapes import SEE, STRING, an_object, list_of, map_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.contract.document import Document
    from enkash_contract.contract.shapes import Check
    from enkash_contract.contract.yaml_nodes import Tokens
    from enkash_contract.errors import Problem


def _like(schema: dict[str, Any], document: Document, at: Tokens) -> Iterator[Problem]:
    """Check a value that only describes the API, which nothing here reads, by a JSON Schema."""
    from enkash_contract.contract.engines import choice as engines

    for error in engines.compiled(schema).iter_errors(document.at(at)):
        message = f"{at[-1]} is not as OpenAPI says: {error.message}"
        yield document.problem((*at, *error.instance_path), message, SEE)


def _license(document: Document, at: Tokens) -> Iterator[Problem]:
    yield from an_object("a license", _LICENSE, ("name",), document, at)
    value = document.at(at)
    if isinstance(value, dict) and {"identifier", "url"} <= value.keys():
        yield document.problem(at, "a license has an identifier and a url", "keep one of them")


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
_LICENSE: dict[str, Check] = dict.fromkeys(("name", "identifier", "url"), STRING)
_CONTACT = _texts("name", "url", "email")
DOCS = partial(_like, _texts("description", "url", required=("url",)))
_VARIABLE = _texts("default", "description", required=("default",), enum={**_TEXTS, "minItems": 1})
SECURITY = partial(list_of, partial(map_of, partial(list_of, STRING), ".+"))

_INFO_MEMBERS: dict[str, Check] = {
    **dict.fromkeys(("title", "version", "summary", "description", "termsOfService"), STRING),
    "contact": partial(_like, _CONTACT),
    "license": _license,
}

INFO = partial(an_object, "info", _INFO_MEMBERS, ("title", "version"))

_SERVER: dict[str, Check] = {
    **dict.fromkeys(("url", "description"), STRING),
    "variables": partial(_like, {"type": "object", "additionalProperties": _VARIABLE}),
}

SERVERS = partial(list_of, partial(an_object, "a server", _SERVER, ("url",)))

_TAG: dict[str, Check] = {
    **dict.fromkeys(("name", "description"), STRING),
    "externalDocs": DOCS,
}

TAGS = partial(list_of, partial(an_object, "a tag", _TAG, ("name",)))

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

SCHEMES = partial(_like, {"type": "object", "additionalProperties": _SCHEME})
"""The security schemes of the components."""
