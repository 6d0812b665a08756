"""The condition under which a finding is gone, and the schema with one rule that it takes."""

from __future__ import annotations

import ast

import pytest

from enkash_contract.contract.contract import bundled
from enkash_contract.judging import checks
from enkash_contract.judging.finding import Finding
from enkash_contract.report import About
from enkash_contract.report.pytest_module import conditions

OPERATION = bundled().pick()
ABOUT = About(bundled(), OPERATION, "http://h")


def condition(check: str, rule: str) -> tuple[str, str]:
    """Return the schema and the condition of a finding."""
    found = Finding(
        check=check,
        operation=OPERATION.id,
        rule=rule,
        evidence=OPERATION.rules[rule].evidence,
        severity="violation",
        message="m",
        document=OPERATION.rules[rule].place,
    )
    return conditions.CONDITIONS[check](found, ABOUT)


def test_every_check_of_a_server_has_a_condition() -> None:
    """A check of the client alone has none: no request to a server shows its mistake again."""
    assert set(conditions.CONDITIONS) == {
        *(checks.POSITIVE, checks.NEGATIVE),
        *(check for check in checks.CHECKS if check != checks.REQUEST_SCHEMA),
    }


@pytest.mark.parametrize(
    ("check", "outcome"),
    [
        (checks.POSITIVE, "rejected"),
        (checks.NEGATIVE, "accepted"),
        (checks.SERVER_ERROR, "error"),
    ],
)
def test_a_finding_on_an_outcome_is_gone_with_any_other(check: str, outcome: str) -> None:
    """Also an unknown one: the finding was about this outcome alone."""
    assert condition(check, "request#type") == ("", f'outcome(response) != "{outcome}"')


def test_a_status_has_to_be_a_documented_one() -> None:
    """All of them are named, ranges as the document writes them."""
    assert condition(checks.STATUS, "response#status") == (
        "",
        'documented(response, "200", "4XX")',
    )


def test_a_rule_of_one_status_says_nothing_of_others() -> None:
    """A label and a schema hold for the status that they are documented for."""
    assert condition(checks.CONTENT_TYPE, "response.200#content-type") == (
        "",
        'not documented(response, "200") or response.label == "application/json"',
    )
    schema, holds = condition(checks.RESPONSE_SCHEMA, "response.200/response_code#type")

    assert ast.literal_eval(schema) == {"properties": {"response_code": {"type": "integer"}}}
    assert holds == 'not documented(response, "200") or keeps(response, schema)'


def test_a_schema_is_left_with_one_rule() -> None:
    """What constrains nothing is left out, at every depth."""
    schema = {
        "description": "x",
        "properties": {"a": {"examples": [1]}, "b": {"items": {"minimum": 1}}},
        "allOf": [{"title": "x"}, {"type": "object"}],
        "additionalProperties": {"description": "x"},
        "items": {"description": "x"},
    }

    assert conditions.pruned(schema) == {
        "properties": {"b": {"items": {"minimum": 1}}},
        "allOf": [{"type": "object"}],
    }
    # A branch of a choice that demands nothing still means that anything is right.
    assert conditions.pruned({"anyOf": [{}, {"title": "x"}]}) == {"anyOf": [{}, {"title": "x"}]}
    assert conditions.pruned({"additionalProperties": False}) == {"additionalProperties": False}
