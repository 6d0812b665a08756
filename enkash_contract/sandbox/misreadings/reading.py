"""A misreading of one keyword: a verdict in place of the rule's own, and values that show it.

A reading that differs from its rule on no value is no defect. So each brings its own witnesses:
values derived from the schema alone, not from the families that the suite is made of. Were they
derived from those, a family that the suite lacks would never be missed.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from enkash_contract.contract.engines import choice as engines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from enkash_contract.contract.rules import Rule

    Test = Callable[[Any], bool]
    Misreading = Callable[[Rule, Any], Iterator["Reading"]]


@dataclass(frozen=True, slots=True)
class Reading:
    """How an implementation may misread one rule.

    `says` follows "the sandbox". `holds` stands in the place of the rule's verdict on a value (for
    `required` and `additionalProperties`: on the object). The `witnesses` are values on which
    reading and rule may differ; the first on which that is proven counts.
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
    elif rule.keyword == "if":
        schema["then"] = rule.schema["then"]
    return of_schema(schema)


def of_schema(schema: Any) -> Test:
    """Return the verdict of a schema on a value."""
    engine = engines.compiled(schema)

    def holds(value: Any) -> bool:
        try:
            return engine.is_valid(value)
        except ValueError:
            # A lone surrogate breaks a rule of its own.
            return True

    return holds


def unenforced(*witnesses: Any) -> Reading:
    """Return the reading that accepts every value."""
    return Reading("unenforced", "does not enforce it", _always, witnesses)


def _always(_: Any) -> bool:
    return True


def lenient(name: str, says: str, rule: Rule, also: Test, *witnesses: Any) -> Reading:
    """Return the reading that accepts what the rule accepts, and what `also` holds for."""
    own = verdict(rule)
    return Reading(name, says, lambda value: own(value) or also(value), witnesses)


def strict(name: str, says: str, rule: Rule, only: Test, *witnesses: Any) -> Reading:
    """Return the reading that accepts what the rule accepts, if `only` holds for it as well."""
    own = verdict(rule)
    return Reading(name, says, lambda value: own(value) and only(value), witnesses)


def of_text(test: Callable[[str], bool], *, otherwise: bool = False) -> Test:
    """Return `test` for texts; `otherwise` is the verdict on every other value."""
    return lambda value: test(value) if isinstance(value, str) else otherwise


def of_number(test: Callable[[Any], bool], *, otherwise: bool = False) -> Test:
    """Return `test` for numbers; `otherwise` is the verdict on every other value."""
    return lambda value: test(value) if is_number(value) else otherwise


def is_number(value: Any) -> bool:
    """Return whether `value` is a number in JSON; what a float cannot hold is a decimal."""
    return not isinstance(value, (str, bool, list, dict, type(None)))
