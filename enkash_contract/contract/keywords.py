"""The keywords of JSON Schema that a document may use, each with the check of its value.

A keyword that nothing here enforces would be a promise nobody keeps, so it is refused with its
place and a remedy. Each check is a small function over one value; the table at the end names the
keywords, and is the place to look when a page needs one more.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from enkash_contract.errors import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from enkash_contract.contract.document import Document
    from enkash_contract.contract.yaml_nodes import Tokens
    from enkash_contract.errors import Problem

    Check = Callable[[Document, Tokens], Iterator[Problem]]

TYPES = ("string", "integer", "number", "boolean", "null", "object", "array")
FORMATS = ("date", "date-time", "uuid", "email", "uri")

MOST = 1_000_000
"""The greatest count that is honoured: a value on every bound is built and sent."""

ESCAPABLE = frozenset("^$\\.*+?()[]{}|/-dDwWsSbBfnrtvcxupPk0123456789")
"""What may follow a backslash in a pattern of ECMA-262 in unicode mode."""

_PLAIN_PATTERN = re.compile(
    r"\^?(?:"
    r"(?:[A-Za-z0-9 _,:/]|\\[dDwWsS.]|\[\^?(?:[A-Za-z0-9 _,:/\"]|\\\\|[A-Za-z0-9]-[A-Za-z0-9])+\])"
    r"(?:\{[0-9]{1,3}(?:,[0-9]{0,3})?\}|[*+?])?"
    r")*\$?"
)
"""Patterns whose parts are plainly those of ECMA-262, but for the order of bounds in them."""

_SHORT = 40
"""How long such a pattern may be."""

SEE = "see OpenAPI 3.1"

_SCHEMAS = ("components", "schemas")


def anything(_document: Document, _at: Tokens) -> Iterator[Problem]:
    """Let every value pass."""
    yield from ()


def _called(at: Tokens) -> str:
    """Name the value at `at` as a reader of the document would."""
    return f"item {at[-1] + 1} of {at[-2]}" if isinstance(at[-1], int) else at[-1]


def _is(kinds: tuple[type, ...], called: str, document: Document, at: Tokens) -> Iterator[Problem]:
    value = document.at(at)
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        yield document.problem(at, f"{_called(at)} is not {called}", f"write {called}")


STRING = partial(_is, (str,), "a string")
BOOLEAN = partial(_is, (bool,), "true or false")
_NUMBER = partial(_is, (int, float), "a number")


def _count(document: Document, at: Tokens) -> Iterator[Problem]:
    value = document.at(at)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST:
        remedy = f"write a whole number from 0 to {MOST:,}"
        yield document.problem(at, f"{_called(at)} is not a count", remedy)


def _positive(document: Document, at: Tokens) -> Iterator[Problem]:
    yield from _NUMBER(document, at)
    if isinstance(value := document.at(at), (int, float)) and value <= 0:
        yield document.problem(at, f"{_called(at)} is not positive", "write a number above 0")


def list_of(check: Check, document: Document, at: Tokens) -> Iterator[Problem]:
    """Check that the value is a list, and each item of it."""
    value = document.at(at)
    if not isinstance(value, list):
        yield document.problem(at, f"{_called(at)} is not a list", "write a list")
        return
    for index in range(len(value)):
        yield from check(document, (*at, index))


def _some(check: Check, document: Document, at: Tokens) -> Iterator[Problem]:
    if document.at(at) == []:
        yield document.problem(at, f"{at[-1]} is empty", "list at least one, or remove it")
    yield from list_of(check, document, at)


def map_of(check: Check, keys: str, document: Document, at: Tokens) -> Iterator[Problem]:
    """Check that the value is a mapping whose keys match `keys`, and each member of it."""
    value = document.at(at)
    if not isinstance(value, dict):
        yield document.problem(at, f"{_called(at)} is not a mapping", f"write a mapping; {SEE}")
        return
    for key in value:
        if re.fullmatch(keys, key):
            yield from check(document, (*at, key))
        elif key == "x-evidence":
            yield from _evidence(document, (*at, key))
        elif not key.startswith("x-"):
            yield document.problem((*at, key), f"{key!r} is no key of {at[-1]}", SEE)


def an_object(
    name: str, members: dict[str, Check], required: tuple[str, ...], document: Document, at: Tokens
) -> Iterator[Problem]:
    """Check that the value is one of the specification's objects, called `name` in messages."""
    value = document.at(at)
    if not isinstance(value, dict):
        yield document.problem(at, f"this is not {name}", f"write a mapping; {SEE}")
        return
    for key in value:
        if key in members:
            yield from members[key](document, (*at, key))
        elif not key.startswith("x-"):
            remedy = did_you_mean(key, members, "remove it, or say it another way")
            what = f"{name} with the keyword {key!r} is not honoured here"
            yield document.problem((*at, key), what, remedy)
    for key in required:
        if key not in value:
            yield document.problem(at, f"{name} has no {key!r}", f"add it; {SEE}")


def a_schema(document: Document, at: Tokens) -> Iterator[Problem]:
    """Check a schema, with every schema in it."""
    yield from an_object("a schema", SCHEMA, (), document, at)


def _required(document: Document, at: Tokens) -> Iterator[Problem]:
    yield from list_of(STRING, document, at)
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
    import jsonschema_rs

    try:
        right = jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid(value)
    except ValueError:
        return  # what is wrong with the schema is said where it is
    if not right:
        what = f"the default {value!r} breaks the schema it stands in"
        yield document.problem(at, what, "correct one of them")


def _schema_or_flag(document: Document, at: Tokens) -> Iterator[Problem]:
    if not isinstance(document.at(at), bool):
        yield from a_schema(document, at)


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
    if not (isinstance(value, str) and (_is_plain_pattern(value) or _is_pattern(value))):
        what = f"the pattern {value!r} is not one of ECMA-262 in unicode mode"
        yield document.problem(at, what, 'escape only what needs it: [^\\\\"], not [^\\\\\\"]')


def _is_plain_pattern(pattern: str) -> bool:
    # The engine refuses what grows too large when it is compiled, as many long repetitions do.
    if len(pattern) > _SHORT or not _PLAIN_PATTERN.fullmatch(pattern):
        return False
    try:
        # Python wants the bounds of `{1,2}` and `[a-z]` in the same order.
        re.compile(pattern)
    except re.error:
        return False
    return True


def _is_pattern(pattern: str) -> bool:
    """Return whether `pattern` is one of ECMA-262 in unicode mode."""
    # Loading the engine takes longer than all else about a document, and few patterns need it.
    import jsonschema_rs

    try:
        jsonschema_rs.Draft202012Validator({"type": "string", "pattern": pattern})
    except ValueError:
        return False
    # The engine is more lenient than the specification about what may be escaped.
    escapes = re.finditer(r"\\(.)", pattern, re.DOTALL)
    return all(escape[1] in ESCAPABLE for escape in escapes)


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


EVIDENCE: dict[str, Check] = {"x-evidence": _evidence}

SCHEMA: dict[str, Check] = {
    **dict.fromkeys(("title", "description", "$comment"), STRING),
    **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems"), _count),
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), _NUMBER),
    **dict.fromkeys(("allOf", "anyOf", "oneOf"), partial(_some, a_schema)),
    **dict.fromkeys(("uniqueItems", "deprecated"), BOOLEAN),
    "const": anything,
    "default": _default,
    **dict.fromkeys(("enum", "examples"), partial(_some, anything)),
    **dict.fromkeys(("items", "x-known-good"), a_schema),
    "$ref": _reference,
    "additionalProperties": _schema_or_flag,
    "format": _format,
    "multipleOf": _positive,
    "pattern": _pattern,
    "properties": partial(map_of, a_schema, "(?s).*"),
    "required": _required,
    "type": _types,
    **EVIDENCE,
}
