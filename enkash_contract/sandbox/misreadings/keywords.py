"""The ways to misread a keyword: one table, keyword -> misreadings.

The counterpart of `generation.families`: not the invalid values that a client sends, but the
verdicts that a server gets wrong. A misreading is a small function from (rule, a valid value in its
place) to `Reading`s. `defect_proof` finds out whether a reading really differs from the rule, so a
function may offer more than makes a difference in a given place. Names become part of defect ids,
so they never change their meaning.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from enkash_contract.generation.known_good import plainest
from enkash_contract.sandbox.misreadings.patterns import of_pattern
from enkash_contract.sandbox.misreadings.reading import (
    Reading,
    lenient,
    of_schema,
    of_text,
    strict,
    unenforced,
    verdict,
)
from enkash_contract.sandbox.misreadings.sizes import (
    of_bound,
    of_items,
    of_length,
    of_members,
    of_multiple,
    of_unique,
)
from enkash_contract.sandbox.misreadings.types import of_type

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from enkash_contract.contract.rules import Rule
    from enkash_contract.sandbox.misreadings.reading import Misreading

UNKNOWN = "x-unheard-of"
"""The name of a member that no document describes."""


def of_required(rule: Rule, valid: Any) -> Iterator[Reading]:
    """Another name is read as the member's, or its empty value as missing."""
    name = rule.value
    rest = {key: value for key, value in valid.items() if key != name}

    def renamed(*names: str) -> list[dict[str, Any]]:
        return [{**rest, one: valid[name]} for one in names if one != name]

    yield unenforced(rest)
    other_cases = (name.lower(), name.upper(), name.swapcase(), name[:1].swapcase() + name[1:])
    for called, says, key, names in (
        ("ignoring-case", "ignores capitals in its name", str.lower, other_cases),
        ("trimming", "removes blanks around its name", str.strip, (name + " ", " " + name)),
    ):
        found = _has(key, name)
        yield lenient(called, says, rule, found, *renamed(*names))
    says = "reads an empty value as nothing sent"
    empty: tuple[Any, ...] = ("", [], {}, 0, False, None)
    unfilled = [{**valid, name: value} for value in empty]
    yield strict("empty-value-refused", says, rule, lambda value: _filled(value, name), *unfilled)


def _has(key: Callable[[str], str], name: str) -> Callable[[Any], bool]:
    wanted = key(name)
    return lambda value: isinstance(value, dict) and wanted in map(key, value)


def _filled(value: Any, name: str) -> bool:
    return not isinstance(value, dict) or bool(value.get(name))


def of_listed(rule: Rule, valid: Any) -> Iterator[Reading]:
    """A value near to a listed one is accepted, or a listed one is rejected."""
    known = rule.value if rule.keyword == "enum" else [rule.value]
    texts = [value for value in known if isinstance(value, str)]
    yield unenforced(None, True, 7, 1.5, "unheard of", {}, [])
    for name, says, change in (
        ("ignoring-case", "does not distinguish capital letters from small ones", str.swapcase),
        ("trimming", "removes blanks from both ends first", lambda one: f" {one} "),
        ("beginning-taken", "accepts what begins like one of them", lambda one: f"{one}x"),
        ("part-taken", "accepts what is a part of one of them", lambda one: one[:-1]),
    ):
        near = of_text(_near(name, texts))
        yield lenient(name, says, rule, near, *map(change, texts))
    yield lenient("null-taken", "accepts null", rule, lambda value: value is None, None)
    for number, value in enumerate(known, 1):
        if value != valid:
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
    return lambda value: type(value) is not type(known) or bool(value != known)


def of_further(rule: Rule, valid: Any) -> Iterator[Reading]:
    """Members that the document does not describe are rejected, or accepted, against the rule."""
    more = {**valid, UNKNOWN: "x"}
    known = rule.schema.get("properties", {}).keys()
    if rule.value is False:
        yield unenforced(more)
        return
    says = "rejects members that the document does not describe"
    yield strict("refused", says, rule, lambda value: _has_only(known, value), more)


def _has_only(known: Collection[str], value: Any) -> bool:
    return not isinstance(value, dict) or all(name in known for name in value)


_LOOKS = {
    "date": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "date-time": re.compile(
        r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})"
    ),
    "uuid": re.compile(r"\w{8}-\w{4}-\w{4}-\w{4}-\w{12}"),
    "email": re.compile(r".*@.*", re.DOTALL),
    "uri": re.compile(r".*:.*", re.DOTALL),
}
"""The outline of each format, for readers that check no more."""


def of_format(rule: Rule, valid: Any) -> Iterator[Reading]:
    """Only the outline of the format is checked, or blanks around it are removed."""
    text, own, look = str(valid), verdict(rule), _LOOKS[rule.value]
    invalid = (
        text.replace(text[5:7], "13", 1),
        text.replace(text[:8], "z" * 8, 1),
        "@",
        "a@b@c",
        ":",
        "no format",
    )
    yield unenforced(*invalid, "")
    says = "looks at its outline only"
    yield lenient(
        "outline-only", says, rule, of_text(lambda one: bool(look.fullmatch(one))), *invalid
    )
    says = "removes blanks from both ends first"
    stripped = of_text(lambda one: own(one.strip()))
    yield lenient("trimming", says, rule, stripped, f" {text}", f"{text} ")
    yield lenient(
        "empty-string-taken", "accepts the empty string", rule, of_text(lambda one: not one), ""
    )


def of_choice(rule: Rule, valid: Any) -> Iterator[Reading]:
    """A choice that is not checked, or has lost one of its schemas."""
    yield unenforced(None, True, 7, 1.5, "seven", {}, [], "", -1)
    # Without its only schema, such a server would reject everything.
    for number, branch in enumerate(rule.value if len(rule.value) > 1 else (), 1):
        left = verdict(replace(rule, value=[one for one in rule.value if one is not branch]))
        says = f"has forgotten schema {number}"
        yield Reading(f"schema-{number}-refused", says, left, (plainest(branch),))


def of_condition(rule: Rule, valid: Any) -> Iterator[Reading]:
    """What a condition demands is demanded never or always, or what it is about is rejected."""
    demanded = rule.schema["then"]
    holds, demands = of_schema(rule.value), of_schema(demanded)
    valid = valid if isinstance(valid, dict) else {}
    met = {**valid, **plainest({**rule.value, "type": "object"})}
    kept = {**met, **plainest({**demanded, "type": "object"})}
    others = [
        {**base, name: value}
        for base in (met, valid)
        for name in demanded.get("properties", {})
        for value in _of_member(rule.schema, name)
    ]
    others += [
        _without(base, name) for base in (met, valid) for name in demanded.get("required", ())
    ]
    yield unenforced(*others)
    yield Reading("always", "demands the same without the condition", demands, tuple(others))
    says = "rejects whatever the condition is about"
    yield strict("met-refused", says, rule, lambda value: not holds(value), kept)


def _of_member(schema: Mapping[str, Any], name: str) -> list[Any]:
    member = schema.get("properties", {}).get(name, {})
    return [*member.get("enum", ()), *member.get("examples", ()), "another", 7, False]


def _without(value: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: there for key, there in value.items() if key != name}


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
    "minProperties": of_members,
    "maxProperties": of_members,
    "if": of_condition,
    "uniqueItems": of_unique,
    "additionalProperties": of_further,
    "anyOf": of_choice,
    "oneOf": of_choice,
}
"""How to misread each keyword; every honoured keyword that is a rule has a row."""
