"""Misreadings of `type`: values of other types that coercing readers accept.

Languages with loose types, form decoders and configurable JSON libraries each have their own
leniency, so each is a reading of its own; fixed-width integers are the strict ones.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from enkash_contract.generation.known_good import plainest
from enkash_contract.sandbox.misreadings.reading import (
    Reading,
    is_number,
    lenient,
    of_text,
    strict,
    unenforced,
    verdict,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from enkash_contract.contract.rules import Rule
    from enkash_contract.sandbox.misreadings.reading import Test

    Kind = Callable[[Rule, Any], Iterator[Reading]]

_NUMERIC = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")

_EVERY: tuple[Any, ...] = (None, True, 7, 1.5, "seven", {}, [])
"""A value of each JSON type."""


def of_type(rule: Rule, valid: Any) -> Iterator[Reading]:
    """A value of another type is accepted, or one of the type is rejected."""
    yield unenforced(*_EVERY)
    kinds = [rule.value] if isinstance(rule.value, str) else rule.value
    yield from _of_any(rule, valid)
    for kind in kinds:
        yield from _OF_KIND.get(kind, _of_none)(rule, valid)


def _of_any(rule: Rule, valid: Any) -> Iterator[Reading]:
    own = verdict(rule)
    if not own(None):
        says = "accepts null in its place"
        yield lenient("null-taken", says, rule, lambda value: value is None, None)
    if not own([]):
        says = "accepts a list of one such value in its place"
        yield lenient("list-of-one-taken", says, rule, lambda value: _only(own, value), [valid])
    if not own(""):
        says = "accepts the empty string in its place"
        yield lenient("empty-string-taken", says, rule, lambda value: value == "", "")
        says = "accepts JSON in a string in its place"
        text = json.dumps(valid)
        yield lenient("json-text-taken", says, rule, of_text(lambda one: _parsed(own, one)), text)


def _only(own: Callable[[Any], bool], value: Any) -> bool:
    return isinstance(value, list) and len(value) == 1 and own(value[0])


def _parsed(own: Callable[[Any], bool], text: str) -> bool:
    try:
        return own(json.loads(text))
    except (ValueError, RecursionError):
        return False


def _of_string(rule: Rule, valid: Any) -> Iterator[Reading]:
    yield lenient("number-taken", "accepts a number in place of its text", rule, is_number, 7)
    yield lenient(
        "boolean-taken", "accepts a boolean in place of its text", rule, _is_boolean, True
    )


def _is_boolean(value: Any) -> bool:
    return isinstance(value, bool)


def _of_number(rule: Rule, valid: Any) -> Iterator[Reading]:
    says = "accepts a string of digits as a number"
    numeric = of_text(lambda one: _NUMERIC.fullmatch(one) is not None)
    yield lenient("numeric-string-taken", says, rule, numeric, str(valid))
    yield lenient("boolean-taken", "accepts a boolean as 0 or 1", rule, _is_boolean, True)


def _of_integer(rule: Rule, valid: Any) -> Iterator[Reading]:
    yield from _of_number(rule, valid)
    number = valid if is_number(valid) else 1
    says = "cuts off the fraction of a number"
    yield lenient("fraction-taken", says, rule, is_number, number + 0.5)
    says = "rejects a whole number that is written with a fraction"
    yield strict(
        "whole-fraction-refused",
        says,
        rule,
        lambda value: not isinstance(value, float),
        float(number),
    )
    for bits, what in ((31, "32-bit integer"), (53, "double"), (63, "64-bit integer")):
        bound = 2**bits
        yield strict(
            f"beyond-{bits}-bits-refused",
            f"rejects what no {what} can hold",
            rule,
            _within(bound),
            bound,
        )


def _within(bound: int) -> Test:
    return lambda value: not is_number(value) or -bound <= value < bound


def _of_boolean(rule: Rule, valid: Any) -> Iterator[Reading]:
    says = "accepts the words true and false as a boolean"
    words = of_text(lambda one: one.lower() in ("true", "false"))
    yield lenient("word-taken", says, rule, words, "true", "false")
    says = "accepts 0 and 1 as a boolean"
    yield lenient("zero-or-one-taken", says, rule, lambda value: value in (0, 1), 1, 0)


def _of_object(rule: Rule, valid: Any) -> Iterator[Reading]:
    says = "accepts an empty list as an object"
    yield lenient("empty-list-taken", says, rule, lambda value: value == [], [])
    says = "reads false as no object"
    yield lenient("false-taken", says, rule, lambda value: value is False, False)


def _of_array(rule: Rule, valid: Any) -> Iterator[Reading]:
    item = valid[0] if isinstance(valid, list) and valid else plainest(rule.schema.get("items", {}))
    says = "accepts a single item as a list of it"
    kind = type(item)
    yield lenient("single-item-taken", says, rule, lambda value: isinstance(value, kind), item)
    says = "accepts an object as a list of its values"
    yield lenient("object-taken", says, rule, lambda value: isinstance(value, dict), {})


def _of_none(rule: Rule, valid: Any) -> Iterator[Reading]:
    yield lenient("false-taken", "accepts false as null", rule, lambda value: value is False, False)


_OF_KIND: dict[str, Kind] = {
    "string": _of_string,
    "number": _of_number,
    "integer": _of_integer,
    "boolean": _of_boolean,
    "object": _of_object,
    "array": _of_array,
    "null": _of_none,
}
