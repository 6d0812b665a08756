"""The contract for people: each member, its rules, the evidence of each, and what breaks it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from enkash_contract.contract.rules import expectation
from enkash_contract.generation import suite
from enkash_contract.judging.case import BASELINE, nearest
from enkash_contract.report.html import compared, words
from enkash_contract.report.html.page import render
from enkash_contract.report.html.rows import evident, evident_source, full_side_of, side_of
from enkash_contract.report.html.tree import tree
from enkash_contract.report.shown import exchange_of
from enkash_contract.wire.message import Interaction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.operation import Operation
    from enkash_contract.contract.rules import Rule
    from enkash_contract.judging.case import Case
    from enkash_contract.report.document import ShownRequest
    from enkash_contract.report.html.rows import Row
    from enkash_contract.report.html.tree import Member

AROUND = 2
"""So many equal lines are shown on either side of what makes a payload invalid."""

AROUND_IT = ("required",)
"""The keywords of rules that stand in the schema around the member."""


def text(contract: Contract, fail_on: str) -> str:
    """Return the contract as one HTML page.

    Raises:
        UsageError: Jinja2 is not installed.

    """
    rules = [rule for operation in contract.values() for rule in operation.rules.values()]
    levels = Counter(rule.evidence.level for rule in rules)
    sources = {source.id: source for rule in rules for source in _sources(rule)}
    information = contract.document.part["info"]
    context = {
        "title": information["title"],
        "version": information["version"],
        "about": information.get("description", ""),
        "fail_on": fail_on,
        "sha256": contract.document.sha256,
        "overlays": contract.document.layers[1:],
        "levels": [(level.value, says, levels[level]) for level, says in words.LEVELS.items()],
        "operations": [_operation(operation) for operation in contract.values()],
        "sources": [evident_source(sources[name]) for name in sorted(sources)],
    }
    return render("contract.html.jinja", context)


def _sources(rule: Rule) -> Iterator[Any]:
    yield from rule.evidence.sources
    yield from rule.receiver.sources


def _operation(operation: Operation) -> Row:
    cases = suite.build(operation)
    sides: dict[str, list[_Said]] = {}
    for rule in operation.rules.values():
        sides.setdefault(full_side_of(rule.id), []).append(_said(rule, cases))
    return {
        "id": operation.id,
        "summary": operation.summary,
        "line": f"{operation.method} {operation.path}",
        "rules": len(operation.rules),
        "sides": [(words.side(name), _member(tree(said))) for name, said in sides.items()],
    }


class _Said(NamedTuple):
    """A rule as the page shows it, and what the document says of its member."""

    pointer: str
    note: str
    row: Row


def _said(rule: Rule, cases: tuple[Case, ...]) -> _Said:
    note = "" if rule.keyword in AROUND_IT else rule.schema.get("description", "")
    return _Said(rule.pointer, note, _rule(rule, cases))


def _rule(rule: Rule, cases: tuple[Case, ...]) -> Row:
    return {
        "id": rule.id,
        "keyword": rule.keyword,
        "demands": expectation(rule),
        "side": side_of(rule.id),
        "evidence": evident(rule.evidence),
        "receiver": evident(rule.receiver) if rule.stated else None,
        "place": str(rule.place),
        "twins": [*_twins(rule, cases)],
    }


def _twins(rule: Rule, cases: tuple[Case, ...]) -> Iterator[tuple[str, Any]]:
    """Yield the valid and the invalid request that are nearest to each other, with titles."""
    pair = nearest(rule, cases)
    if pair is None:
        return
    invalid, valid = pair
    says = valid.says if valid.rule is rule and valid.id != BASELINE else "the baseline"
    shown = compared.pair(_shown(valid), _shown(invalid), AROUND)
    yield f"Valid: {says}", shown.valid
    yield f"Invalid: {invalid.says}", shown.invalid


def _shown(case: Case) -> ShownRequest:
    return exchange_of(Interaction(case.request(), None)).request


def _member(whole: Member[_Said]) -> Row:
    return {
        "name": whole.name,
        "pointer": whole.pointer,
        "note": next((each.note for each in whole.items if each.note), ""),
        "rules": [each.row for each in whole.items],
        "members": [_member(each) for each in whole.members.values()],
    }
