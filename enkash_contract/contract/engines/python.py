"""The engine jsonschema, with the verdicts of the other one.

jsonschema is Draft 2020-12 in terms of Python: its patterns are Python's, its numbers binary. Here
every keyword whose verdict would differ is written anew: numbers are compared as the decimals that
they are written as, patterns are ECMA-262's, formats are asserted, and half of a surrogate pair is
read as U+FFFD.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import jsonschema
from jsonschema import validators

from enkash_contract.contract.engines import patterns
from enkash_contract.contract.engines.exact import (
    SURROGATE,
    Identities,
    is_multiple,
    is_number,
    number,
    text,
)
from enkash_contract.contract.engines.formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Errors = Iterator[jsonschema.ValidationError]
    Check = Callable[[Any, Any, Any, Mapping[str, Any]], Errors]


class Missing(jsonschema.ValidationError):
    """A required member that is missing: its name is `member`."""

    def __init__(self, member: str) -> None:
        super().__init__(f"{member!r} is a required property")
        self.member = member


def _of_numbers(words: str, keeps: Callable[[Any, Any], bool]) -> Check:
    def check(_: Any, bound: Any, value: Any, __: Mapping[str, Any]) -> Errors:
        if is_number(value) and not keeps(number(value), number(bound)):
            yield jsonschema.ValidationError(f"{words} {bound}")

    return check


def _of_texts(words: str, keeps: Callable[[str, Any], bool]) -> Check:
    def check(_: Any, demand: Any, value: Any, __: Mapping[str, Any]) -> Errors:
        if isinstance(value, str) and not keeps(text(value), demand):
            yield jsonschema.ValidationError(f"{words} {demand}")

    return check


def _const(_: Any, constant: Any, value: Any, __: Mapping[str, Any]) -> Errors:
    same = Identities()
    if same.of(value) != same.of(constant):
        yield jsonschema.ValidationError("not the constant")


def _enum(_: Any, listed: list[Any], value: Any, __: Mapping[str, Any]) -> Errors:
    same = Identities()
    if same.of(value) not in map(same.of, listed):
        yield jsonschema.ValidationError("not listed")


def _unique_items(_: Any, wanted: Any, value: Any, __: Mapping[str, Any]) -> Errors:
    if wanted and isinstance(value, (list, tuple)):
        same = Identities()
        if len({*map(same.of, value)}) < len(value):
            yield jsonschema.ValidationError("two equal items")


def _required(validator: Any, names: list[str], value: Any, __: Mapping[str, Any]) -> Errors:
    for name in names if validator.is_type(value, "object") else ():
        if name not in value:
            yield Missing(name)


def _additional(validator: Any, further: Any, value: Any, schema: Mapping[str, Any]) -> Errors:
    described = schema.get("properties", {})
    names = list(value) if validator.is_type(value, "object") else []
    others = [name for name in names if name not in described]
    if isinstance(further, dict):
        for name in others:
            yield from validator.descend(value[name], further, path=name)
    elif others and not further:
        yield jsonschema.ValidationError("other members")


def _if(validator: Any, condition: Any, value: Any, schema: Mapping[str, Any]) -> Errors:
    demanded = schema.get("then", True)
    is_met = validator.evolve(schema=condition).is_valid(value)
    if is_met and not validator.evolve(schema=demanded).is_valid(value):
        # jsonschema leaves this keyword out of the way to an error.
        yield jsonschema.ValidationError("does not match then", schema_path=("if",))


def _is_array(_: Any, value: object) -> bool:
    return isinstance(value, (list, tuple))


def _is_integer(_: Any, value: object) -> bool:
    # What JSON means by an integer is a number without a fraction: 1.0 is one.
    return is_number(value) and is_multiple(value, 1)


def _is_number(_: Any, value: object) -> bool:
    return is_number(value)


def _has_format(value: str, name: str) -> bool:
    return name not in FORMATS or FORMATS[name](value)


KEYWORDS: dict[str, Check] = {
    "additionalProperties": _additional,
    "const": _const,
    "enum": _enum,
    "exclusiveMaximum": _of_numbers("not less than", lambda value, bound: value < bound),
    "exclusiveMinimum": _of_numbers("not more than", lambda value, bound: value > bound),
    "format": _of_texts("not of the format", _has_format),
    "if": _if,
    "maximum": _of_numbers("more than", lambda value, bound: value <= bound),
    "minimum": _of_numbers("less than", lambda value, bound: value >= bound),
    "multipleOf": _of_numbers("not a multiple of", is_multiple),
    "pattern": _of_texts(
        "does not match",
        lambda value, pattern: patterns.compiled(pattern).search(value) is not None,
    ),
    "required": _required,
    "uniqueItems": _unique_items,
}
"""The keywords that are judged otherwise than jsonschema does."""


def _of_any(has_format: Callable[[str], bool], value: object) -> bool:
    return not isinstance(value, str) or has_format(value)


def _format_checker() -> jsonschema.FormatChecker:
    """Return a checker of the same formats, for those who look for one."""
    checker = jsonschema.FormatChecker(formats=())
    for name, has_format in FORMATS.items():
        checker.checks(name)(partial(_of_any, has_format))
    return checker


Draft202012: Any = validators.extend(  # type: ignore[no-untyped-call]  # as above
    jsonschema.Draft202012Validator,
    KEYWORDS,
    type_checker=jsonschema.Draft202012Validator.TYPE_CHECKER.redefine_many(
        {"array": _is_array, "integer": _is_integer, "number": _is_number}
    ),
    format_checker=_format_checker(),
)
"""Draft 2020-12, with the semantics of JSON and ECMA-262."""


DEEPEST = 255
"""How many levels of nesting the other engine reads."""


def _check_readable(*values: Any) -> None:
    """Raise ValueError where the other engine could not read one of `values`."""
    row, levels = [*values], 0
    while row:
        below: list[Any] = []
        containers = [value for value in row if isinstance(value, (dict, list, tuple))]
        for value in containers:
            below += [*value, *value.values()] if isinstance(value, dict) else value
        if any(isinstance(value, str) and SURROGATE.search(value) for value in row):
            raise ValueError("half of a surrogate pair")
        levels += bool(containers)
        if levels > DEEPEST:
            raise ValueError("nested too deeply")
        row = below


class _Kind(NamedTuple):
    """The details of an error."""

    property: str | None


class _Error(NamedTuple):
    """An error, as the other engine would report it."""

    message: str
    instance_path: list[str | int]
    schema_path: list[str | int]
    kind: _Kind


NONE = jsonschema.FormatChecker(formats=())
"""Checks no format at all."""


class PythonEngine:
    """A schema, compiled as far as jsonschema compiles one."""

    def __init__(self, schema: Any) -> None:
        try:
            # Without formats: its own check of patterns would be that of Python.
            jsonschema.Draft202012Validator.check_schema(schema, format_checker=NONE)
        except jsonschema.SchemaError as problem:
            raise ValueError(problem.message) from None
        # What cannot be read is found here, and not in the middle of judging.
        patterns.rewritten(schema, lambda pattern: patterns.compiled(pattern).pattern)
        self._validator = Draft202012(schema)

    def is_valid(self, instance: Any) -> bool:
        """Return whether a value keeps the schema."""
        return next(self._validator.iter_errors(instance), None) is None

    def iter_errors(self, instance: Any) -> Iterator[_Error]:
        """Yield every error.

        Raises:
            ValueError: a value to be shown is too deep, or no text of whole characters, which the
                other engine does not read either.

        """
        for error in self._validator.iter_errors(instance):
            _check_readable(*error.path, error.instance)
            kind = _Kind(error.member if isinstance(error, Missing) else None)
            yield _Error(error.message, [*error.path], [*error.schema_path], kind)
