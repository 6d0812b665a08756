"""The ways to keep and to break what is demanded of the members of an object together.

How many there are, and a condition: what is demanded of some of them where others are so and so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from enkash_contract.contract.engines import choice as engines
from enkash_contract.generation.known_good import filled, with_members
from enkash_contract.wire.pointer import ABSENT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from enkash_contract.generation.families.reject import Family, Named, Schema

_ANYTHING = ("another", 0, -1, 10**6, False)
"""Values for a member of which no value is known."""


def one_member_short(schema: Schema, valid: Any) -> Named:
    """One member fewer than the bound."""
    yield "one-under", with_members(schema, valid, schema["minProperties"] - 1)


def one_member_long(schema: Schema, valid: Any) -> Named:
    """One member more than the bound."""
    yield "one-over", with_members(schema, valid, schema["maxProperties"] + 1)


def condition_unmet(schema: Schema, valid: Any) -> Named:
    """The condition holds, and one member is not as it demands."""
    if isinstance(valid, dict):
        met = filled(schema, "then", filled(schema, "if", valid))
        for number, (name, value) in enumerate(unmet(schema, met), 1):
            changed = {key: there for key, there in met.items() if key != name}
            yield f"unmet-{number}", changed if value is ABSENT else {**met, name: value}


def unmet(schema: Schema, met: Mapping[str, Any]) -> Named:
    """Values of members that are not as `then` demands, but as they may be otherwise."""
    demanded = schema["then"]
    for name, part in demanded.get("properties", {}).items():
        own = schema.get("properties", {}).get(name, {})
        known = [*own.get("enum", ()), *own.get("examples", ())]
        others = known or _ANYTHING
        first = next((value for value in others if not engines.is_valid(part, value)), ABSENT)
        if first is not ABSENT:
            yield name, first
    for name in demanded.get("required", ()):
        yield name, ABSENT


def on_members_bound(keyword: str) -> Family:
    """Exactly as many members as the bound allows."""

    def on_bound(schema: Schema, valid: Any) -> Named:
        yield "on-bound", with_members(schema, valid, schema[keyword])

    return on_bound


def beside_a_condition(schema: Schema, valid: Any) -> Named:
    """What a condition demands, where it holds; and something else, where it does not."""
    if isinstance(valid, dict):
        met = filled(schema, "then", filled(schema, "if", valid))
        yield "met", met
        # Another value, rather than none, where the condition names a member twice: first come.
        unlike = dict([*unmet({**schema, "then": schema["if"]}, met)][::-1])
        for number, (name, value) in enumerate(unmet(schema, met), 1):
            changed = {**met, **unlike, name: value}
            kept = {key: there for key, there in changed.items() if there is not ABSENT}
            yield f"without-condition-{number}", kept
