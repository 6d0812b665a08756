"""A schema with only the rules that are known well enough, in standard keywords alone.

Every verdict at a level of evidence, and the JSON Schema that is handed to other validators, comes
from here: a rule below the level is left out, and a choice is kept or left out with all inside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from enkash_contract.contract.keywords import CONSTRAINTS
from enkash_contract.contract.subschemas import CHOICES, with_subschemas

if TYPE_CHECKING:
    from collections.abc import Mapping

    from enkash_contract.contract.evidence import Level
    from enkash_contract.contract.rules import Rule
    from enkash_contract.contract.yaml_nodes import Tokens


def enforced(
    schema: Mapping[str, Any], rules: Mapping[Tokens, list[Rule]], level: Level
) -> dict[str, Any]:
    """Return `schema` with only the rules at or above `level`, and nothing but standard keywords.

    `rules` maps the path of a keyword to its rules: one, or one for each required member.
    """
    return _enforced(schema, rules, level, ())


def _enforced(
    schema: Mapping[str, Any], rules: Mapping[Tokens, list[Rule]], level: Level, path: Tokens
) -> dict[str, Any]:
    def within(below: Tokens, inner: Mapping[str, Any]) -> dict[str, Any]:
        return _enforced(inner, rules, level, (*path, *below))

    standard: dict[str, Any] = {}
    for keyword, value in schema.items():
        kept = [rule for rule in rules.get((*path, keyword), ()) if rule.evidence.at_least(level)]
        # Where further members have a schema, the rules are in it.
        further = keyword == "additionalProperties" and isinstance(value, dict)
        if keyword.startswith("x-") or (keyword in CONSTRAINTS and not further and not kept):
            continue
        if keyword == "required":
            standard[keyword] = [rule.value for rule in kept]
        elif keyword in CHOICES:
            standard[keyword] = [_standard((), branch) for branch in value]
        else:
            standard[keyword] = with_subschemas(keyword, value, within)
    return standard


def _standard(_: Tokens, schema: Mapping[str, Any]) -> dict[str, Any]:
    """Drop the extension keywords from a schema inside a choice, whose rules are one."""
    return {
        keyword: with_subschemas(keyword, value, _standard)
        for keyword, value in schema.items()
        if not keyword.startswith("x-")
    }
