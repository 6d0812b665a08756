"""The document as OpenAPI 3.0, for tools that load nothing newer.

It describes the same API with fewer words: 3.0 has no webhooks, conditions or constants, and one
type for a value, which may be nullable. What it cannot say is kept beside it as an extension, or
left out where it would only be wrong; no constraint becomes narrower.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from enkash_contract.contract.subschemas import CHOICES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Schema = dict[str, Any]

VERSION = "3.0.3"

_BOUNDS = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}
"""Bounds that are flags in 3.0, each with the bound that it is a flag of."""

_AS_THEY_ARE = frozenset(
    {"example", "examples", "x-evidence", "x-open-questions", "x-outcome", "x-outcomes"}
)
"""Members whose values are none of OpenAPI's objects."""


def lowered(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return an OpenAPI document of version 3.1 as one of version 3.0."""
    info = {key: value for key, value in document["info"].items() if key != "summary"}
    if "license" in info:
        license_ = info["license"].items()
        info["license"] = {key: value for key, value in license_ if key != "identifier"}
    data: dict[str, Any] = _part({**document, "openapi": VERSION, "info": info})
    if "webhooks" in data:
        data["x-webhooks"] = data.pop("webhooks")
    schemes = data.get("components", {}).get("securitySchemes", {})
    for name in [name for name, scheme in schemes.items() if scheme["type"] == "mutualTLS"]:
        del schemes[name]
    return data


def _part(value: Any) -> Any:
    """Return a part of the document, with every schema in it as one of 3.0."""
    if isinstance(value, list):
        return [*map(_part, value)]
    if not isinstance(value, dict):
        return value
    made = {}
    for key, inner in value.items():
        if key == "schema":
            made[key] = _schema(inner)
        elif key == "schemas":
            made[key] = {name: _schema(schema) for name, schema in inner.items()}
        elif key in _AS_THEY_ARE:
            made[key] = inner
        else:
            made[key] = _part(inner)
    return made


def _schema(schema: Any) -> Any:
    """Return a schema of 2020-12 as one of OpenAPI 3.0."""
    made: Schema = {}
    for key, value in schema.items():
        if key == "properties":
            made[key] = {name: _schema(member) for name, member in value.items()}
        elif key == "allOf":
            made[key] = [*made.get(key, ()), *map(_schema, value)]
        elif key in CHOICES:
            made[key] = [*map(_schema, value)]
        elif key in ("items", "additionalProperties") and isinstance(value, dict):
            made[key] = _schema(value)
        elif key in _WORDS:
            _WORDS[key](made, value)
        else:
            made[key] = value
    if "$ref" in made and len(made) > 1:
        # Beside a reference, 3.0 reads nothing.
        made = {"allOf": [{"$ref": made.pop("$ref")}, *made.pop("allOf", ())], **made}
    if made.get("type") == "array":
        made.setdefault("items", {})
    return made


def _type(made: Schema, value: Any) -> None:
    names = [value] if isinstance(value, str) else [*value]
    nullable = {"nullable": True} if "null" in names else {}
    # Only beside a type does `nullable` mean anything.
    kinds = [{"type": name, **nullable} for name in names if name != "null"]
    if len(kinds) == 1:
        made |= kinds[0]
    elif kinds:
        _both(made, {"anyOf": [*map(_schema, kinds)]})
    else:
        _both(made, _NULL)


def _both(made: Schema, other: Schema) -> None:
    """Demand another schema too, beside what else is demanded."""
    made["allOf"] = [*made.get("allOf", ()), other]


def _const(made: Schema, value: Any) -> None:
    _both(made, _NULL if value is None else {"enum": [value]})


_NULL = {"type": "string", "nullable": True, "enum": [None]}
"""The schema of null, which is no type in 3.0."""


def _examples(made: Schema, value: Any) -> None:
    made["example"] = value[0]


def _bound(keyword: str) -> Callable[[Schema, Any], None]:
    def bound(made: Schema, value: Any) -> None:
        _both(made, {_BOUNDS[keyword]: value, keyword: True})

    return bound


def _extension(keyword: str) -> Callable[[Schema, Any], None]:
    def keep(made: Schema, value: Any) -> None:
        made[f"x-{keyword}"] = value

    return keep


_WORDS: dict[str, Callable[[Schema, Any], None]] = {
    "type": _type,
    "const": _const,
    "examples": _examples,
    **{keyword: _bound(keyword) for keyword in _BOUNDS},
    **{keyword: _extension(keyword) for keyword in ("if", "then", "$comment")},
}
"""The keywords that 3.0 says in another way, or not at all."""
