"""A wrong reading of one keyword: a verdict in place of the rule's own, and what tells it apart.

A reading that no value tells from the rule is no defect. So each brings its own witnesses: values
that it found out from the schema alone, not from the families that the suite is made of. Were they
taken from there, a suite that lacks a family would never learn of it.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import jsonschema_rs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from enkash_contract.contract.rules import Rule

    Test = Callable[[Any], bool]
    Misreading = Callable[[Rule, Any], Iterator["Reading"]]


@dataclass(frozen=True, slots=True)
class Reading:
    """How an implementation may misread one rule.

    `says` follows "the sandbox" and `holds` stands in the place of the rule's verdict on the value
    it speaks of (of `required` and `additionalProperties`: on the object). Of the `witnesses`,
    values on which the two may differ, the first that is proven is the one that counts.
    """

    name: str
    says: str
    holds: Test = field(repr=False)
    witnesses: tuple[Any, ...] = field(repr=False, default=())


@functools.lru_cache(maxsize=1024)
def verdict(rule: Rule) -> Test:
    """Return the rule's own verdict on a value, by itself and without the rules beside it."""
    schema: dict[str, Any] = {rule.keyword: rule.value}
    if rule.keyword == "required":
        schema = {"required": [rule.value]}
    engine = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)

    def holds(value: Any) -> bool:
        try:
            return engine.is_valid(value)
        except ValueError:
            # A lone surrogate breaks a rule of its own.
            return True

    return holds


def unenforced(*witnesses: Any) -> Reading:
    """Take whatever comes."""
    return Reading("unenforced", "does not enforce it", _always, witnesses)


def _always(_: Any) -> bool:
    return True


def lenient(name: str, says: str, rule: Rule, also: Test, *witnesses: Any) -> Reading:
    """Take what the rule takes, and what `also` says as well."""
    own = verdict(rule)
    return Reading(name, says, lambda value: own(value) or also(value), witnesses)


def strict(name: str, says: str, rule: Rule, only: Test, *witnesses: Any) -> Reading:
    """Take what the rule takes, but nothing that `only` denies."""
    own = verdict(rule)
    return Reading(name, says, lambda value: own(value) and only(value), witnesses)


def of_text(test: Callable[[str], bool], *, otherwise: bool = False) -> Test:
    """Ask `test` of texts; `otherwise` is the answer for every other value."""
    return lambda value: test(value) if isinstance(value, str) else otherwise


def of_number(test: Callable[[Any], bool], *, otherwise: bool = False) -> Test:
    """Ask `test` of numbers; `otherwise` is the answer for every other value."""
    return lambda value: test(value) if is_number(value) else otherwise


def is_number(value: Any) -> bool:
    """Say whether JSON calls `value` a number; a decimal is one that a float cannot hold."""
    return not isinstance(value, (str, bool, list, dict, type(None)))
