"""Documents of any size, for tests and benchmarks of how the work grows with them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from tests.support.small_documents import ANSWER, small

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.contract.contract import Contract

LEAVES: tuple[tuple[dict[str, Any], Any], ...] = (
    ({"type": "string", "minLength": 1, "maxLength": 40}, "GEOCODE"),
    ({"type": "string", "pattern": r'^[^\\"]{1,100}$'}, "AA0001"),
    ({"type": "integer", "minimum": 1}, 7),
    ({"type": "string"}, "CREATED"),
)
"""Members as an invoice has them, with a value for each."""

GROUP = 8
"""Members of one object."""

RULES = 26
"""The rules of one object: those of its members, its own type, and that it is required."""


def wide(folder: Path, rules: int) -> Contract:
    """Load a document whose request has about that many rules, in objects of eight members."""
    groups = [f"group{number}" for number in range(math.ceil(rules / RULES))]
    members = {f"member{number}": LEAVES[number % len(LEAVES)] for number in range(GROUP)}
    group = {
        "type": "object",
        "properties": {name: schema for name, (schema, _) in members.items()},
        "required": [*members],
    }
    schema = {"type": "object", "properties": dict.fromkeys(groups, group), "required": groups}
    payload = {name: value for name, (_, value) in members.items()}
    answers = {status: {"schema": ANSWER} for status in ("200", "4XX")}
    return small(folder, schema, example=dict.fromkeys(groups, payload), answers=answers)
