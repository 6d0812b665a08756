"""Misreadings of bounds: one off each way, or counted in another unit."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from enkash_contract.generation.known_good import item_list, with_members
from enkash_contract.sandbox.misreadings.patterns import utf8_bytes, utf16_units
from enkash_contract.sandbox.misreadings.reading import (
    Reading,
    is_number,
    lenient,
    of_number,
    of_text,
    strict,
    unenforced,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from enkash_contract.contract.rules import Rule


def of_length(rule: Rule, valid: Any) -> Iterator[Reading]:
    """The bound is one off, or lengths are counted in another unit."""
    bound: int = rule.value
    text = str(valid)
    least = rule.keyword == "minLength"

    def fits(size: int, moved: int = 0) -> bool:
        return size >= bound + moved if least else size <= bound + moved

    def sized(count: int, char: str = "x") -> str:
        return text[:count].ljust(count, char)

    way = -1 if least else 1
    yield unenforced(sized(bound + way))
    if bound + way:
        yield Reading(
            "one-more-taken" if way > 0 else "one-fewer-taken",
            f"accepts one character {'more' if way > 0 else 'fewer'}",
            of_text(lambda one: fits(len(one), way), otherwise=True),
            (sized(bound + way),),
        )
    says = "rejects a text on the bound"
    on_bound = of_text(lambda one: fits(len(one), -way), otherwise=True)
    yield Reading("bound-refused", says, on_bound, (sized(bound),))
    says = "removes blanks from both ends first"
    trimmed = of_text(lambda one: fits(len(one.strip())), otherwise=True)
    yield Reading("trimming", says, trimmed, (sized(bound) + " ", " " * bound, sized(0, " ")))
    for name, says, size, char in (
        ("counting-bytes", "counts bytes of UTF-8 instead of characters", utf8_bytes, "é"),
        ("counting-utf-16", "counts units of UTF-16 instead of characters", utf16_units, "😀"),
    ):
        counted = of_text(_of_size(size, fits), otherwise=True)
        yield Reading(name, says, counted, (char * bound, char * (bound - 1)))


def _of_size(size: Callable[[str], int], fits: Callable[[int], bool]) -> Callable[[str], bool]:
    return lambda one: fits(size(one))


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "minimum": lambda value, bound: value >= bound,
    "maximum": lambda value, bound: value <= bound,
    "exclusiveMinimum": lambda value, bound: value > bound,
    "exclusiveMaximum": lambda value, bound: value < bound,
}


def of_bound(rule: Rule, valid: Any) -> Iterator[Reading]:
    """The bound of a number is one step off each way, or its sign is ignored."""
    bound, compare = rule.value, _COMPARE[rule.keyword]
    step = _step(rule)
    outward = -step if "inimum" in rule.keyword else step
    beyond = bound if rule.keyword.startswith("exclusive") else bound + outward
    inside = bound - outward if rule.keyword.startswith("exclusive") else bound
    yield unenforced(beyond)
    for name, says, moved, witness in (
        ("one-beyond-taken", "accepts one step beyond the bound", bound + outward, beyond),
        ("bound-refused", "rejects the last number before the bound", bound - outward, inside),
    ):
        reads = of_number(_compared(compare, moved), otherwise=True)
        yield Reading(name, says, reads, (witness,))
    says = "ignores the sign"
    unsigned = of_number(lambda value: compare(abs(value), bound))
    yield lenient("sign-overlooked", says, rule, unsigned, -valid if is_number(valid) else -bound)


def _compared(compare: Callable[[Any, Any], bool], bound: Any) -> Callable[[Any], bool]:
    return lambda value: compare(value, bound)


def _step(rule: Rule) -> Any:
    types = rule.schema.get("type", ())
    whole = "integer" in types and "number" not in types
    return rule.schema.get("multipleOf", 1 if whole else 0.5)


def of_multiple(rule: Rule, valid: Any) -> Iterator[Reading]:
    """Multiples are computed in binary, or of a coarser unit."""
    unit = rule.value
    number = valid if is_number(valid) else unit
    yield unenforced(number + unit / 2, number + 1)
    says = "divides in binary fractions, whose rounding it reads as a remainder"
    multiples = (float(Fraction(str(unit)) * count) for count in range(1, 100))
    binary = of_number(lambda value: _binary_multiple(value, unit), otherwise=True)
    yield strict("binary-remainder", says, rule, binary, *multiples)
    says = "accepts whole numbers"
    yield lenient("whole-number-taken", says, rule, of_number(lambda value: value % 1 == 0), *_ONES)


def _binary_multiple(value: Any, unit: Any) -> bool:
    return bool(abs(value) > _EXACT or float(value) % unit == 0)


_ONES = tuple(range(1, 20))

_EXACT = 2**53
"""The greatest whole number up to which a double holds every one."""


def of_items(rule: Rule, valid: Any) -> Iterator[Reading]:
    """The bound of a list is one off, or only its different items are counted."""
    bound, least = rule.value, rule.keyword == "minItems"
    way = -1 if least else 1

    def sized(count: int) -> list[Any]:
        return item_list(rule.schema, valid, count)

    def counting(size: Callable[[list[Any]], int], moved: int = 0) -> Callable[[Any], bool]:
        limit = bound + moved
        return _of_list(lambda one: size(one) >= limit if least else size(one) <= limit)

    yield unenforced(sized(bound + way))
    for name, says, moved, count in (
        ("one-beyond-taken", "accepts one item beyond the bound", way, bound + way),
        ("bound-refused", "rejects a list on the bound", -way, bound),
    ):
        if count or not least:
            yield Reading(name, says, counting(len, moved), (sized(count),))
    says = "counts equal items once"
    alike = sized(1) * (bound if least else bound + 1)
    yield Reading("equal-items-once", says, counting(_different), (alike,))


def of_members(rule: Rule, valid: Any) -> Iterator[Reading]:
    """The bound of an object is one member off."""
    bound, least = rule.value, rule.keyword == "minProperties"
    way = -1 if least else 1

    def sized(count: int) -> dict[str, Any]:
        return with_members(rule.schema, valid, count)

    def counting(limit: int) -> Callable[[Any], bool]:
        return lambda value: (
            not isinstance(value, dict) or (len(value) >= limit if least else len(value) <= limit)
        )

    yield unenforced(sized(bound + way))
    for name, says, moved, count in (
        ("one-beyond-taken", "accepts one member beyond the bound", way, bound + way),
        ("bound-refused", "rejects an object on the bound", -way, bound),
    ):
        yield Reading(name, says, counting(bound + moved), (sized(count),))


def _different(items: list[Any]) -> int:
    return len({repr(item) for item in items})


def _of_list(test: Callable[[list[Any]], bool]) -> Callable[[Any], bool]:
    return lambda value: not isinstance(value, list) or test(value)


def of_unique(rule: Rule, valid: Any) -> Iterator[Reading]:
    """Only neighbours are compared, as by a server that forgot to sort."""
    items = item_list(rule.schema, valid, max(2, rule.schema.get("minItems", 0)))
    yield unenforced([*items, items[0]], [items[0], items[0], *items[2:]])
    says = "compares neighbours only"
    apart = _of_list(lambda one: all(first != second for first, second in itertools.pairwise(one)))
    yield Reading("neighbours-only", says, apart, ([*items, items[0]],))
