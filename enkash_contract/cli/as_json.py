"""The items that commands list with `--format json`, as plain data.

Members are only ever added: a member that is there keeps its name and its meaning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from enkash_contract.cli.output import kind_of
from enkash_contract.contract.listing import rule_data

if TYPE_CHECKING:
    from collections.abc import Callable

    from enkash_contract.contract.operation import Operation
    from enkash_contract.contract.rules import Rule
    from enkash_contract.judging.case import Case
    from enkash_contract.sandbox.defects import Defect


def form(about: str) -> Callable[[Any], Any]:
    """Return the option `--format` of a command that prints lines, or JSON."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help=about,
    )


def defect_data(operation: Operation, defect: Defect) -> dict[str, Any]:
    """Return a defect; `rule` and `evidence` are null for what breaks no rule."""
    evidence = defect.evidence(operation)
    return {
        "id": defect.id,
        "kind": kind_of(defect),
        "rule": defect.rule.id if defect.rule else None,
        "evidence": evidence.as_data() if evidence else None,
        "says": defect.says,
    }


def explained(operation: Operation, rule: Rule, cases: tuple[Case, ...]) -> dict[str, Any]:
    """Return a rule with its sources and its cases; `twins` is null where there are none."""
    from enkash_contract.judging.case import nearest

    pair = nearest(rule, cases)
    return {
        **rule_data(rule),
        "method": operation.method,
        "path": operation.path,
        "because": [
            {
                "source": source.id,
                "read": source.read or None,
                "url": source.url or None,
                "shows": source.shows or None,
            }
            for source in rule.evidence.sources
        ],
        "twins": {"valid": pair[1].id, "invalid": pair[0].id} if pair else None,
        "cases": [
            {
                "id": case.id,
                "polarity": case.polarity,
                "evidence": case.evidence.as_data(),
                "says": case.says,
            }
            for case in cases
            if case.rule is rule
        ],
    }
