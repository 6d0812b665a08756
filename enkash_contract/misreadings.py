"""The ways to misread a keyword: one table, keyword -> misreadings.

The counterpart of `mutations`, from the other side: not what a client sends wrong, but what a
server takes for right, or for wrong, by mistake. A misreading is a small function from (rule, the
right value it speaks of) to `Reading`s. Whether a reading can really be told from the rule is proven
by `seeded`, so a function may offer more than makes a difference in a given place. Names become
part of defect ids, so they never change their meaning.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from enkash_contract.examples import item_list, known_good
from enkash_contract.misread_patterns import of_pattern, utf8_bytes, utf16_units
from enkash_contract.misread_types import of_type
from enkash_contract.reading import (
    Reading,
    is_number,
    lenient,
    of_number,
    of_text,
    strict,
    unenforced,
    verdict,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from enkash_contract.reading import Misreading
    from enkash_contract.rules import Rule

UNKNOWN = "x-unheard-of"
"""The name of a member that no document describes."""


def of_required(rule: Rule, right: Any) -> Iterator[Reading]:
    """Another name is taken for the member's, or its value for nothing."""
    name = rule.value
    rest = {key: value for key, value in right.items() if key != name}

    def renamed(*names: str) -> list[dict[str, Any]]:
        return [{**rest, one: right[name]} for one in names if one != name]

    yield unenforced(rest)
    other_cases = (name.lower(), name.upper(), name.swapcase(), name[:1].swapcase() + name[1:])
    for called, says, key, names in (
        ("ignoring-case", "does not tell capitals in its name", str.lower, other_cases),
        ("trimming", "removes blanks around its name", str.strip, (name + " ", " " + name)),
    ):
        found = _has(key, name)
        yield lenient(called, says, rule, found, *renamed(*names))
    says = "takes a value that is empty for nothing sent"
    empty = ({**right, name: value} for value in ("", [], {}, 0, False, None))
    yield strict("empty-value-refused", says, rule, lambda value: _filled(value, name), *empty)


def _has(key: Callable[[str], str], name: str) -> Callable[[Any], bool]:
    wanted = key(name)
    return lambda value: isinstance(value, dict) and wanted in map(key, value)


def _filled(value: Any, name: str) -> bool:
    return not isinstance(value, dict) or bool(value.get(name))


def of_listed(rule: Rule, right: Any) -> Iterator[Reading]:
    """What is near to a value of the list, or a value that was left out of it."""
    known = rule.value if rule.keyword == "enum" else [rule.value]
    texts = [value for value in known if isinstance(value, str)]
    others = (None, True, 7, 1.5, "unheard of", {}, [])
    yield unenforced(*others)
    for name, says, change in (
        ("ignoring-case", "does not tell capital letters from small ones", str.swapcase),
        ("trimming", "removes blanks from both ends first", lambda one: f" {one} "),
        ("beginning-taken", "takes what begins like one of them", lambda one: f"{one}x"),
        ("part-taken", "takes what is a part of one of them", lambda one: one[:-1]),
    ):
        near = of_text(_near(name, texts))
        yield lenient(name, says, rule, near, *map(change, texts))
    yield lenient("null-taken", "takes null", rule, lambda value: value is None, None)
    for number, value in enumerate(known, 1):
        if value != right:
            says = "has forgotten it" if len(known) == 1 else f"has forgotten value {number}"
            forgotten = _other_than(value)
            yield strict(f"value-{number}-refused", says, rule, forgotten, value)


def _near(name: str, texts: list[str]) -> Callable[[str], bool]:
    lowered, joined = {one.lower() for one in texts}, ",".join(texts)
    return {
        "ignoring-case": lambda one: one.lower() in lowered,
        "trimming": lambda one: one.strip() in texts,
        "beginning-taken": lambda one: one.startswith(tuple(texts)),
        "part-taken": lambda one: one in joined,
    }[name]


def _other_than(known: Any) -> Callable[[Any], bool]:
    return lambda value: type(value) is not type(known) or value != known


def of_length(rule: Rule, right: Any) -> Iterator[Reading]:
    """The bound one off, or lengths in another unit."""
    bound, text = rule.value, str(right)
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
            f"takes one character {'more' if way > 0 else 'fewer'}",
            of_text(lambda one: fits(len(one), way), otherwise=True),
            (sized(bound + way),),
        )
    says = "refuses a text on the bound"
    on_bound = of_text(lambda one: fits(len(one), -way), otherwise=True)
    yield Reading("bound-refused", says, on_bound, (sized(bound),))
    says = "removes blanks from both ends first"
    trimmed = of_text(lambda one: fits(len(one.strip())), otherwise=True)
    yield Reading("trimming", says, trimmed, (sized(bound) + " ", " " * bound, sized(0, " ")))
    for name, says, size, char in (
        ("counting-bytes", "counts bytes of UTF-8", utf8_bytes, "é"),
        ("counting-utf-16", "counts units of UTF-16", utf16_units, "😀"),
    ):
        counted = of_text(lambda one, size=size: fits(size(one)), otherwise=True)
        yield Reading(
            name, f"{says} instead of characters", counted, (char * bound, char * (bound - 1))
        )


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "minimum": lambda value, bound: value >= bound,
    "maximum": lambda value, bound: value <= bound,
    "exclusiveMinimum": lambda value, bound: value > bound,
    "exclusiveMaximum": lambda value, bound: value < bound,
}


def of_bound(rule: Rule, right: Any) -> Iterator[Reading]:
    """The bound of a number one step off each way, or its sign overlooked."""
    bound, compare = rule.value, _COMPARE[rule.keyword]
    step = _step(rule)
    outward = -step if "inimum" in rule.keyword else step
    beyond = bound if rule.keyword.startswith("exclusive") else bound + outward
    inside = bound - outward if rule.keyword.startswith("exclusive") else bound
    yield unenforced(beyond)
    for name, says, moved, witness in (
        ("one-beyond-taken", "takes one step beyond the bound", bound + outward, beyond),
        ("bound-refused", "refuses the last number before the bound", bound - outward, inside),
    ):
        reads = of_number(lambda value, moved=moved: compare(value, moved), otherwise=True)
        yield Reading(name, says, reads, (witness,))
    says = "overlooks the sign"
    unsigned = of_number(lambda value: compare(abs(value), bound))
    yield lenient("sign-overlooked", says, rule, unsigned, -right if is_number(right) else -bound)


def _step(rule: Rule) -> Any:
    types = rule.schema.get("type", ())
    whole = "integer" in types and "number" not in types
    return rule.schema.get("multipleOf", 1 if whole else 0.5)


def of_multiple(rule: Rule, right: Any) -> Iterator[Reading]:
    """Multiples reckoned in binary, or of a coarser unit."""
    unit = rule.value
    number = right if is_number(right) else unit
    yield unenforced(number + unit / 2, number + 1)
    says = "divides in binary fractions, whose rounding it takes for a remainder"
    binary = of_number(
        lambda value: abs(value) > _EXACT or float(value) % unit == 0, otherwise=True
    )
    multiples = (float(Fraction(str(unit)) * count) for count in range(1, 100))
    own = verdict(rule)
    yield Reading(
        "binary-remainder", says, lambda value: own(value) and binary(value), tuple(multiples)
    )
    says = "takes whole numbers"
    yield lenient("whole-number-taken", says, rule, of_number(lambda value: value % 1 == 0), *_ONES)


_ONES = tuple(range(1, 20))

_EXACT = 2**53
"""The greatest whole number up to which a double holds every one."""


def of_items(rule: Rule, right: Any) -> Iterator[Reading]:
    """The bound of a list one off, or only its different items counted."""
    bound, least = rule.value, rule.keyword == "minItems"
    way = -1 if least else 1

    def sized(count: int) -> list[Any]:
        return item_list(rule.schema, right, count)

    def fits(size: int, moved: int) -> bool:
        return size >= bound + moved if least else size <= bound + moved

    yield unenforced(sized(bound + way))
    for name, says, moved, count in (
        ("one-beyond-taken", "takes one item beyond the bound", way, bound + way),
        ("bound-refused", "refuses a list on the bound", -way, bound),
    ):
        if count or not least:
            yield Reading(
                name, says, _of_list(lambda one, m=moved: fits(len(one), m)), (sized(count),)
            )
    says = "counts equal items once"
    once = _of_list(lambda one: fits(len({repr(item) for item in one}), 0))
    alike = sized(1) * (bound if least else bound + 1)
    yield Reading("equal-items-once", says, once, (alike,))


def _of_list(test: Callable[[list[Any]], bool]) -> Callable[[Any], bool]:
    return lambda value: not isinstance(value, list) or test(value)


def of_unique(rule: Rule, right: Any) -> Iterator[Reading]:
    """Only neighbours compared, as after a sorting that was forgotten."""
    items = item_list(rule.schema, right, max(2, rule.schema.get("minItems", 0)))
    yield unenforced([*items, items[0]], [items[0], items[0], *items[2:]])
    says = "compares neighbours only"
    apart = _of_list(lambda one: all(a != b for a, b in zip(one, one[1:], strict=False)))
    yield Reading("neighbours-only", says, apart, ([*items, items[0]],))


def of_further(rule: Rule, right: Any) -> Iterator[Reading]:
    """Members that the document does not describe: refused where they may be, or taken."""
    more = {**right, UNKNOWN: "x"}
    known = rule.schema.get("properties", {}).keys()
    if rule.value is False:
        yield unenforced(more)
        return
    says = "refuses members that the document does not describe"
    none_further = lambda value: not isinstance(value, dict) or value.keys() <= known  # noqa: E731 - it is an argument like the others
    yield Reading("refused", says, none_further, (more,))


_LOOKS = {
    "date": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "date-time": re.compile(
        r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})"
    ),
    "uuid": re.compile(r"\w{8}-\w{4}-\w{4}-\w{4}-\w{12}"),
    "email": re.compile(r".*@.*", re.DOTALL),
    "uri": re.compile(r".*:.*", re.DOTALL),
}
"""What each format looks like at a glance."""


def of_format(rule: Rule, right: Any) -> Iterator[Reading]:
    """A glance at the format, or blanks around it."""
    text, own, look = str(right), verdict(rule), _LOOKS[rule.value]
    wrong = (
        text.replace(text[5:7], "13", 1),
        text.replace(text[:8], "z" * 8, 1),
        "@",
        "a@b@c",
        ":",
        "no format",
    )
    yield unenforced(*wrong, "")
    says = "looks at its outline only"
    yield lenient(
        "outline-only", says, rule, of_text(lambda one: bool(look.fullmatch(one))), *wrong
    )
    says = "removes blanks from both ends first"
    stripped = of_text(lambda one: own(one.strip()))
    yield lenient("trimming", says, rule, stripped, f" {text}", f"{text} ")
    yield lenient(
        "empty-string-taken", "takes the empty string", rule, of_text(lambda one: not one), ""
    )


def of_choice(rule: Rule, right: Any) -> Iterator[Reading]:
    """A choice that is not checked, or has lost one of its schemas."""
    yield unenforced(None, True, 7, 1.5, "seven", {}, [], "", -1)
    for number, branch in enumerate(rule.value, 1):
        rest = [one for one in rule.value if one is not branch]
        left = verdict(_choice(rule, rest)) if rest else _never
        says = f"has forgotten schema {number}"
        yield Reading(f"schema-{number}-refused", says, left, (known_good(branch),))


def _choice(rule: Rule, branches: list[Any]) -> Rule:
    from dataclasses import replace

    return replace(rule, value=branches)


def _never(_: Any) -> bool:
    return False


MISREADINGS: dict[str, Misreading] = {
    "type": of_type,
    "required": of_required,
    "enum": of_listed,
    "const": of_listed,
    "minLength": of_length,
    "maxLength": of_length,
    "pattern": of_pattern,
    "format": of_format,
    "minimum": of_bound,
    "maximum": of_bound,
    "exclusiveMinimum": of_bound,
    "exclusiveMaximum": of_bound,
    "multipleOf": of_multiple,
    "minItems": of_items,
    "maxItems": of_items,
    "uniqueItems": of_unique,
    "additionalProperties": of_further,
    "anyOf": of_choice,
    "oneOf": of_choice,
}
"""How to misread each keyword; every honoured keyword that is a rule has a row."""
