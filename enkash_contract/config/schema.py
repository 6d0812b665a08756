"""A JSON Schema of the configuration file, made of the declarations of the options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from enkash_contract.config import settings
from enkash_contract.config.waiver import MEMBERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    Schema = dict[str, Any]

_WAIVERS: Schema = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            **{name: {"type": "string"} for name in MEMBERS},
            "until": {"type": "string", "format": "date"},
        },
        "required": ["reason", "until"],
        "oneOf": [{"required": ["rule"]}, {"required": ["fingerprint"]}],
        "additionalProperties": False,
    },
}


def config_schema(commands: Mapping[str, click.Command]) -> Schema:
    """Return the schema of `enkash-contract.toml` for those commands."""
    own = {name: _scope(_options([command])) for name, command in commands.items()}
    common = {**_options([*commands.values()]), **own}
    environment = _scope(common)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "enkash-contract.toml",
        **_scope(
            {
                **common,
                "default-env": {"type": "string", "description": "The environment of --env."},
                "env": {"type": "object", "additionalProperties": environment},
            }
        ),
    }


def _scope(members: Schema) -> Schema:
    return {
        "type": "object",
        "properties": {**members, "waiver": _WAIVERS},
        "additionalProperties": False,
    }


def _options(commands: list[click.Command]) -> Schema:
    """Return the schema of each option; one of several commands takes what all of them take."""
    found: dict[str, list[Schema]] = {}
    for command in commands:
        for key, parameter in settings.keys(command).items():
            schema = _value(parameter)
            if schema not in found.setdefault(key, []):
                found[key].append(schema)
    return {
        key: schemas[0] if len(schemas) == 1 else {"allOf": schemas}
        for key, schemas in found.items()
    }


def _value(parameter: click.Parameter) -> Schema:
    one = _single(parameter)
    help_ = getattr(parameter, "help", None)
    described = {"description": help_} if help_ else {}
    if not settings.repeatable(parameter):
        return {**one, **described}
    several = [one, {"type": "array", "items": one}]
    if settings.pair(parameter):
        several.append({"type": "object"})
    return {"anyOf": several, **described}


def _single(parameter: click.Parameter) -> Schema:
    kind = parameter.type
    if isinstance(kind, click.Choice):
        return {"enum": [*map(str, kind.choices)]}
    if kind.name == "boolean":
        return {"type": "boolean"}
    if isinstance(kind, (click.types.IntParamType, click.types.FloatParamType)):
        return {"type": "integer" if kind.name.startswith("integer") else "number", **_range(kind)}
    return {"type": "string"}


def _range(kind: Any) -> Schema:
    low, high = getattr(kind, "min", None), getattr(kind, "max", None)
    bounds: Schema = {}
    if low is not None:
        bounds["exclusiveMinimum" if kind.min_open else "minimum"] = low
    if high is not None:
        bounds["exclusiveMaximum" if kind.max_open else "maximum"] = high
    return bounds
