"""Lists of the contract as JSON: a head that says of which document, and one item a line.

The text is the same on every machine, Python and run, so that two of them can be compared by line.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from enkash_contract.contract.choice import qualified
from enkash_contract.contract.operation import REQUEST
from enkash_contract.contract.rules import expectation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.operation import Operation
    from enkash_contract.contract.rules import Rule

VERSION = 1

NAMES = ("id", "rule", "twin", "valid", "invalid")
"""The members of items that hold the id of a rule, a case or a defect."""


def head(contract: Contract, *operations: Operation) -> dict[str, Any]:
    """Return the members with which every list begins; several operations are listed by name."""
    document = contract.document
    begun = {
        "version": VERSION,
        "document": {"sha256": document.sha256, "overlays": list(document.layers[1:])},
        "operation": operations[0].id,
    }
    if len(operations) == 1:
        return begun
    return {**begun, "operation": None, "operations": [each.id for each in operations]}


def items(
    listed: Mapping[Operation, Iterable[dict[str, Any]]], *, several: bool | None = None
) -> Iterator[dict[str, Any]]:
    """Yield the items of each operation; of several, each with its operation and qualified ids.

    They are of `several` where more than one is listed, or where the list goes on.
    """
    several = len(listed) > 1 if several is None else several
    for operation, every in listed.items():
        for item in every:
            if several:
                yield {**_qualified(item, operation.id), "operation": operation.id}
            else:
                yield item


def _qualified(item: Mapping[str, Any], operation: str) -> dict[str, Any]:
    """Return an item with all its ids qualified."""
    return {name: _value(name, value, operation) for name, value in item.items()}


def _value(name: str, value: Any, operation: str) -> Any:
    if name in NAMES and isinstance(value, str):
        return qualified(operation, value)
    if name == "twins" and value:
        return _qualified(value, operation)
    if name == "cases":
        return [_qualified(case, operation) for case in value]
    return value


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
