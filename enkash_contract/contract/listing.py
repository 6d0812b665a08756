"""Lists of the contract as JSON: a head that says of which document, and one item a line.

The text is the same on every machine, Python and run, so that two of them can be compared by line.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from enkash_contract.contract.operation import REQUEST
from enkash_contract.contract.rules import expectation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.rules import Rule

VERSION = 1


def head(contract: Contract, operation: str) -> dict[str, Any]:
    """Return the members with which every list begins."""
    document = contract.document
    return {
        "version": VERSION,
        "document": {"sha256": document.sha256, "overlays": list(document.layers[1:])},
        "operation": operation,
    }


def text(begun: dict[str, Any], **lists: Iterable[dict[str, Any]]) -> str:
    """Return one JSON object: the members of `begun`, then each list, with an item a line."""
    members = [json.dumps(begun)[1:-1]]
    for name, items in lists.items():
        lines = ",\n".join(map(json.dumps, items))
        members.append(f'"{name}": [\n{lines}\n]' if lines else f'"{name}": []')
    return f"{{{', '.join(members)}}}"


def rule_data(rule: Rule) -> dict[str, Any]:
    """Return one rule as plain data; `receiver` is null for rules of responses."""
    return {
        "id": rule.id,
        "side": rule.side,
        "pointer": rule.pointer,
        "keyword": rule.keyword,
        "value": rule.value,
        "demands": expectation(rule),
        "evidence": rule.evidence.as_data(),
        "receiver": rule.receiver.as_data() if rule.side == REQUEST else None,
        "document": str(rule.place),
        "note": rule.schema.get("description"),
    }
