"""A schema with only the rules that are known well enough, in standard keywords alone.

Every verdict at a level of evidence, and the JSON Schema that is handed to other validators, comes
from here: a rule below the level is left out, and what is inside a choice stays or goes with the
choice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from enkash_contract.contract.rules import CHOICES, CONSTRAINTS

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
    made: dict[str, Any] = {}
    for keyword, value in schema.items():
        at = (*path, keyword)
        kept = [rule for rule in rules.get(at, ()) if rule.evidence.at_least(level)]
        if keyword == "properties":
            made[keyword] = {
                name: _enforced(member, rules, level, (*at, name)) for name, member in value.items()
            }
        elif keyword == "items" or (keyword == "additionalProperties" and isinstance(value, dict)):
            made[keyword] = _enforced(value, rules, level, at)
        elif keyword == "allOf":
            made[keyword] = [
                _enforced(branch, rules, level, (*at, index)) for index, branch in enumerate(value)
            ]
        elif keyword == "required":
            if kept:
                made[keyword] = [rule.value for rule in kept]
        elif keyword in CHOICES:
            if kept:
                made[keyword] = [_standard(branch) for branch in value]
        elif not keyword.startswith("x-") and (keyword not in CONSTRAINTS or kept):
            made[keyword] = value
    return made


def _standard(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Drop the extension keywords from a schema inside a choice, whose rules are one."""
    made: dict[str, Any] = {}
    for keyword, value in schema.items():
        if keyword == "properties":
            made[keyword] = {name: _standard(member) for name, member in value.items()}
        elif keyword in ("items", "additionalProperties") and isinstance(value, dict):
            made[keyword] = _standard(value)
        elif keyword in ("allOf", *CHOICES):
            made[keyword] = [_standard(branch) for branch in value]
        elif not keyword.startswith("x-"):
            made[keyword] = value
    return made
