"""The condition under which a finding is gone, as the source of a test, by the check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from enkash_contract.contract.enforced_schema import enforced
from enkash_contract.contract.evidence import Level
from enkash_contract.contract.subschemas import CHOICES, with_subschemas
from enkash_contract.judging import checks
from enkash_contract.report.pytest_module.source import STEP, literal, quoted

if TYPE_CHECKING:
    from collections.abc import Callable

    from enkash_contract.contract.rules import Rule
    from enkash_contract.judging.finding import Finding
    from enkash_contract.report import About


def _outcome_is_not(outcome: str) -> Callable[[Finding, About], tuple[str, str]]:
    return lambda _, __: ("", f"outcome(response) != {quoted(outcome)}")


def _status(_: Finding, about: About) -> tuple[str, str]:
    known = about.operation.rules["response#status"].value
    return "", f"documented(response, {', '.join(map(quoted, known))})"


def _content_type(finding: Finding, about: About) -> tuple[str, str]:
    rule = about.operation.rules[finding.rule]
    return "", f"{_elsewhere(rule)} or response.label == {quoted(rule.value)}"


def _schema(finding: Finding, about: About) -> tuple[str, str]:
    rule = about.operation.rules[finding.rule]
    schema = literal(_only(rule, about), STEP, STEP + len("schema = "))
    return schema, f"{_elsewhere(rule)} or keeps(response, schema)"


CONDITIONS: dict[str, Callable[[Finding, About], tuple[str, str]]] = {
    checks.POSITIVE: _outcome_is_not("rejected"),
    checks.NEGATIVE: _outcome_is_not("accepted"),
    checks.SERVER_ERROR: _outcome_is_not("error"),
    checks.STATUS: _status,
    checks.CONTENT_TYPE: _content_type,
    checks.RESPONSE_SCHEMA: _schema,
}
"""Conditions on a response, by the check: a schema that it takes, and the condition."""


def _elsewhere(rule: Rule) -> str:
    """Return the condition that the response has another status, of which the rule says nothing."""
    return f"not documented(response, {quoted(rule.side.partition('.')[2])})"


def _only(rule: Rule, about: About) -> Any:
    """Return the schema of the rule's side with this one rule in it; all JSON keeps a wire rule."""
    if not rule.path:
        return {}
    schema = about.operation.sides[rule.side].schema
    return pruned(enforced(schema, {rule.path: [rule]}, Level.ASSUMED))


def pruned(schema: Any) -> Any:
    """Return the schema without what constrains nothing; choices stay whole."""
    kept_keywords: dict[str, Any] = {}
    for keyword, value in schema.items():
        kept = value
        if keyword not in CHOICES:
            kept = with_subschemas(keyword, value, lambda _, inner: pruned(inner))
        if keyword == "properties":
            kept = {name: member for name, member in kept.items() if member}
        elif keyword == "allOf":
            kept = [branch for branch in kept if branch]
        if keyword not in _REMARKS and kept not in (None, {}, []):
            kept_keywords[keyword] = kept
    return kept_keywords


_REMARKS = ("description", "title", "example", "examples", "default", "format", "$comment")
"""Keywords that demand nothing."""
