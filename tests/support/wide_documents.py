"""Documents of any size, for tests and benchmarks of how the work grows with them."""

from __future__ import annotations

import itertools
import json
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

MEMBERS = {f"member{number}": LEAVES[number % len(LEAVES)] for number in range(8)}
"""The members of each object."""

RULES = 26
"""The rules of one object: those of its members, its own type, and that it is required."""


def groups(rules: int) -> list[str]:
    """Return the names of the objects that have about that many rules together."""
    return [f"group{number}" for number in range(math.ceil(rules / RULES))]


def wide(folder: Path, rules: int) -> Contract:
    """Load a document whose request has about that many rules, in objects of eight members."""
    names = groups(rules)
    group = {
        "type": "object",
        "properties": {name: schema for name, (schema, _) in MEMBERS.items()},
        "required": [*MEMBERS],
    }
    schema = {"type": "object", "properties": dict.fromkeys(names, group), "required": names}
    payload = {name: value for name, (_, value) in MEMBERS.items()}
    answers = {status: {"schema": ANSWER} for status in ("200", "4XX")}
    return small(folder, schema, example=dict.fromkeys(names, payload), answers=answers)


def wide_overlay(folder: Path, rules: int) -> Path:
    """Write an overlay with an action for each member of such a document."""
    body = "$.paths['/change'].post.requestBody.content['application/json'].schema"
    actions = [
        {
            "target": f"{body}.properties.{group}.properties.{name}",
            "update": {"description": "Ours."},
        }
        for group, name in itertools.product(groups(rules), MEMBERS)
    ]
    file = folder / "overlay.json"
    head = {"overlay": "1.0.0", "info": {"title": "ours", "version": "1"}}
    file.write_text(json.dumps({**head, "actions": actions}), encoding="utf-8")
    return file
