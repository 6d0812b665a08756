"""Checks of the values that the keywords of a schema may have, one function for each kind.

What the engine would read otherwise than JSON Schema says, or would not assert at all, is an error
of the document here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from enkash_contract.contract.integers import BITS
from enkash_contract.contract.plain_schema import TYPES, is_plain
from enkash_contract.contract.shapes import NUMBER, STRING, called, list_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.contract.document import Document
    from enkash_contract.contract.yaml_nodes import Tokens
    from enkash_contract.errors import Problem

FORMATS = ("date", "date-time", "uuid", "email", "uri")

MOST = 1_000_000
"""The greatest count that is honoured: a value on every bound is built and sent."""

ESCAPABLE = frozenset("^$\\.*+?()[]{}|/-dDwWsSbBfnrtvcxupPk0123456789")
"""The characters that may follow a backslash in a pattern of ECMA-262 in unicode mode."""

_PLAIN_PATTERN = re.compile(
    r"\^?(?:"
    r"(?:[A-Za-z0-9 _,:/]|\\[dDwWsS.]|\[\^?(?:[A-Za-z0-9 _,:/\"]|\\\\|[A-Za-z0-9]-[A-Za-z0-9])+\])"
    r"(?:\{[0-9]{1,3}(?:,[0-9]{0,3})?\}|[*+?])?"
    r")*\$?"
)
"""Patterns whose parts are plainly those of ECMA-262, but for the order of bounds in them."""

_SHORT = 40
"""How long such a pattern may be."""

_SCHEMAS = ("components", "schemas")


def count(document: Document, at: Tokens) -> Iterator[Problem]:
    """Check that the value is a whole number that can be built and sent."""
    value = document.at(at)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST:
        remedy = f"write a whole number from 0 to {MOST:,}"
        yield document.problem(at, f"{called(at)} is not a count", remedy)


def positive(document: Document, at: Tokens) -> Iterator[Problem]:
    """Check that the value is a number above 0."""
    yield from NUMBER(document, at)
    if isinstance(value := document.at(at), (int, float)) and value <= 0:
        yield document.problem(at, f"{called(at)} is not positive", "write a number above 0")


def required(document: Document, at: Tokens) -> Iterator[Problem]:
    """Check that the value is a list of names that the schema describes."""
    yield from list_of(STRING, document, at)
    schema, names = document.at(at[:-1]), document.at(at)
    described = schema.get("properties", {})
    if {"allOf", "$ref"} & schema.keys() or not isinstance(described, dict):
        return
    for index, name in enumerate(names if isinstance(names, list) else ()):
        if isinstance(name, str) and name not in described:
            message = f"the required member {name!r} is not among the properties"
            yield document.problem((*at, index), message, "describe it there")


def default(document: Document, at: Tokens) -> Iterator[Problem]:
    """Check that the value is valid in the schema it stands in."""
    value = document.at(at)
    schema = {**document.at(at[:-1]), "components": document.part.get("components", {})}
    from enkash_contract.contract.engines import choice as engines

    try:
        is_valid = engines.is_valid(schema, value)
    except ValueError:
        return  # the problems of the schema are reported where they stand
    if not is_valid:
        message = f"the default {value!r} breaks the schema it stands in"
        yield document.problem(at, message, "correct one of them")


def types(document: Document, at: Tokens) -> Iterator[Problem]:
    """Check that the value is a JSON type, or a list of them without repetition."""
    value = document.at(at)
    for name in value if isinstance(value, list) and value else [value]:
        if name not in TYPES:
            known = ", ".join(TYPES)
            yield document.problem(at, f"{name!r} is not a JSON type", f"the types are {known}")
    if isinstance(value, list) and any(value.count(name) > 1 for name in value):
        yield document.problem(at, "a type is listed twice", "keep one of them")


def known_format(document: Document, at: Tokens) -> Iterator[Problem]:
    """Check that the value is a format that the engine asserts."""
    value = document.at(at)
    if isinstance(value, str) and value in BITS:
        if document.at(at[:-1]).get("type") != "integer":
            message = f"the format {value} is one of integers"
            yield document.problem(at, message, "write `type: integer` beside it")
    elif value not in FORMATS:
        remedy = f"the formats honoured are {', '.join((*FORMATS, *BITS))}"
        yield document.problem(at, f"the format {value!r} is not honoured here", remedy)


def condition(document: Document, at: Tokens) -> Iterator[Problem]:
    """Check that the value is the schema of a condition, and that all of the condition is there."""
    if not (isinstance(value := document.at(at), dict) and is_plain(value)):
        remedy = "write it with required, properties, const and enum"
        yield document.problem(at, f"{called(at)} is not the schema of a condition", remedy)
    other = {"if": "then", "then": "if"}[str(at[-1])]
    if other not in document.at(at[:-1]):
        yield document.problem(at, f"{called(at)} stands without {other}", f"write {other} as well")


def pattern(document: Document, at: Tokens) -> Iterator[Problem]:
    """Check that the value is a pattern of ECMA-262 in unicode mode."""
    value = document.at(at)
    if not (isinstance(value, str) and (is_plain_pattern(value) or is_pattern(value))):
        message = f"the pattern {value!r} is not one of ECMA-262 in unicode mode"
        yield document.problem(at, message, 'escape only what needs it: [^\\\\"], not [^\\\\\\"]')


def is_plain_pattern(pattern: str) -> bool:
    """Return whether `pattern` is one of ECMA-262 as can be seen without loading the engine."""
    # The engine refuses what grows too large when it is compiled, as many long repetitions do.
    if len(pattern) > _SHORT or not _PLAIN_PATTERN.fullmatch(pattern):
        return False
    try:
        # Python wants the bounds of `{1,2}` and `[a-z]` in the same order.
        re.compile(pattern)
    except re.error:
        return False
    return True


def is_pattern(pattern: str) -> bool:
    """Return whether `pattern` is one of ECMA-262 in unicode mode."""
    # Loading the engine takes longer than all else about a document, and few patterns need it.
    from enkash_contract.contract.engines import choice as engines

    if not engines.reads(pattern):
        return False
    # The engine is more lenient than the specification about what may be escaped.
    escapes = re.finditer(r"\\(.)", pattern, re.DOTALL)
    return all(escape[1] in ESCAPABLE for escape in escapes)


def reference(document: Document, at: Tokens) -> Iterator[Problem]:
    """Check that the value is a reference to a schema of the document."""
    value = document.at(at)
    target = document.resolve(value)
    if target is None or target[:-1] != _SCHEMAS:
        names = ", ".join(str(at[-1]) for at in document.places if at[:-1] == _SCHEMAS)
        message = f"the reference {value!r} points at no schema"
        yield document.problem(
            at, message, f"the schemas in #/components/schemas are {names or 'none'}"
        )
