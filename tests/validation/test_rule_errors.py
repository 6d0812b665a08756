"""A validator of jsonschema, whose errors name the rules of the contract."""

from __future__ import annotations

import copy
import pickle
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema.exceptions import ErrorTree, best_match, relevance
from jsonschema.protocols import Validator as Protocol

import enkash_contract as ec
from enkash_contract.contract.contract import bundled
from enkash_contract.contract.evidence import Level
from tests.support.anything import ANYTHING, changed, near, nested
from tests.support.small_documents import small
from tests.validation.test_validate import (
    PLACES,
    PLACES_IN_EVERYTHING,
    RIGHT,
    STRANGE,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from enkash_contract.contract.contract import Contract

VALIDATOR = ec.json_schema_validator()
BUYER = "request/b2bIds/buyerB2BId"


def wrong() -> Any:
    """Return a payload that breaks three rules."""
    payload = changed(RIGHT, ("b2bIds", "buyerB2BId"), 'a"b')
    payload["device"] = {1, 2}
    del payload["invoiceStatus"]["supplierRemarks"]
    return payload


RULES = ["request#json", f"{BUYER}#pattern", "request/invoiceStatus/supplierRemarks#required"]


def agree(payload: object, contract: Contract) -> None:
    """Assert that each level's validator has the verdict and the violations of the contract."""
    where: Any = {"contract": contract, "operation": next(iter(contract))}
    violations = list(ec.iter_violations(payload, **where))
    for level in (Level.CONFIRMED, Level.SIBLING, Level.ASSUMED):
        validator = ec.json_schema_validator(fail_on=level, **where)
        errors = list(validator.iter_errors(payload))
        assert validator.is_valid(payload) == ec.is_valid(payload, fail_on=level, **where)
        assert sorted(map(str, errors)) == sorted(
            str(violation) for violation in violations if violation.evidence.at_least(level)
        )
        assert [error for error in errors if not isinstance(error, ec.RuleViolated)] == []


@given(data=st.data())
def test_each_error_is_a_violation(judges: list[tuple[Contract, Any]], data: st.DataObject) -> None:
    """At every level, of any JSON-like or Python value."""
    contract, right = data.draw(st.sampled_from(judges))
    agree(data.draw(ANYTHING | near(right, ANYTHING)), contract)


@pytest.mark.parametrize("index", range(len(STRANGE)), ids=lambda at: type(STRANGE[at]).__name__)
def test_each_error_is_a_violation_examples(judges: list[tuple[Contract, Any]], index: int) -> None:
    """Everything that has ever confused an engine, wherever it stands."""
    for contract, right in judges:
        for at in PLACES if right is RIGHT else PLACES_IN_EVERYTHING:
            agree(changed(right, at, STRANGE[index]), contract)


@pytest.mark.parametrize("levels", [100, 255, 300, 499, 501, 5000])
def test_deep_values_have_the_same_errors(judges: list[tuple[Contract, Any]], levels: int) -> None:
    """At any depth."""
    for contract, right in judges[:2]:
        agree(changed(right, ("device", "tag"), nested(levels)), contract)


def test_an_error_names_its_rule_and_evidence() -> None:
    """In its message, which is that of the violation, and as attributes."""
    errors = list(VALIDATOR.iter_errors(wrong()))
    assert [error.rule for error in errors] == RULES
    error = errors[1]
    assert str(error) == error.message == str(error.violation)
    assert error.message.startswith('/b2bIds/buyerB2BId must match ^[^\\\\"]{1,100}$, but it is ')
    assert error.evidence == bundled().pick().rule(f"{BUYER}#pattern").evidence
    assert (error.validator, error.validator_value) == ("pattern", '^[^\\\\"]{1,100}$')
    assert list(error.absolute_path) == ["b2bIds", "buyerB2BId"]
    assert error.json_path == "$.b2bIds.buyerB2BId"
    assert error.instance == 'a"b'
    assert repr(error) == f"<RuleViolated: {error.message!r}>"


def test_trees_and_best_matches_are_made_of_the_errors() -> None:
    """As those of jsonschema's own validators."""
    tree = ErrorTree(VALIDATOR.iter_errors(wrong()))
    best = best_match(VALIDATOR.iter_errors(wrong()))
    assert len(tree) == 3
    assert tree["b2bIds"]["buyerB2BId"].errors["pattern"].rule == f"{BUYER}#pattern"
    assert "json" in tree["device"].errors
    assert best is not None
    assert best.rule == "request/invoiceStatus/supplierRemarks#required"


def rebuilt(error: Any) -> Any:
    """Return an error that went through a pickle."""
    return pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes


@pytest.mark.parametrize("copied", [rebuilt, copy.copy, copy.deepcopy, ec.RuleViolated.create_from])
def test_a_copy_of_an_error_is_equal(copied: Callable[[Any], Any], tmp_path: Path) -> None:
    """It keeps its words, its rule, its path and its relevance, and so do the errors within it."""
    schema = {"type": "object", "properties": {"a": {"anyOf": [{"type": "string"}, {"const": 1}]}}}
    choice = ec.json_schema_validator(contract=small(tmp_path, schema), fail_on="assumed")
    for error in [*VALIDATOR.iter_errors(wrong()), *choice.iter_errors({"a": None})]:
        words = [str(inner) for inner in error.context]
        other = copied(error)
        assert (str(other), other.rule, other.evidence) == (str(error), error.rule, error.evidence)
        assert relevance(other) == relevance(error)
        assert (other.path, other.schema_path) == (error.path, error.schema_path)
        assert [str(inner) for inner in other.context] == words


def test_jsonschema_can_copy_an_error_as_one_of_its_own() -> None:
    """It loses its attributes, and keeps its message."""
    (error,) = VALIDATOR.iter_errors(changed(RIGHT, ("device",), None))
    plain = jsonschema.ValidationError.create_from(error)
    assert plain.message == error.message
    assert ec.RuleViolated.create_from(plain).rule is None


def test_an_error_in_a_choice_names_the_choice(tmp_path: Path) -> None:
    """What is said of a branch is of that branch, on the evidence of the whole."""
    inner = {"type": "object", "properties": {"b": {"maximum": 5}}}
    schema = {"type": "object", "properties": {"a": {"oneOf": [{"type": "string"}, inner]}}}
    validator = ec.json_schema_validator(contract=small(tmp_path, schema), fail_on="assumed")
    (error,) = validator.iter_errors({"a": {"b": 9}})
    told = [error, *error.context]
    assert [each.rule for each in told] == ["request/a#oneOf"] * 3
    assert [each.violation.message for each in told] == [
        '/a must match exactly one of 2 schemas, but it is {"b":9}',
        '/a must be a string, but it is {"b":9}',
        "/a/b must be at most 5, but it is 9",
    ]
    best = best_match([error])
    assert best is not None
    assert best.message.startswith("/a/b must be at most 5")


def test_a_part_of_the_schema_judges_a_part_of_a_payload() -> None:
    """By `evolve` and by `descend`, the rules are still known, and where they stand."""
    schema = VALIDATOR.schema["properties"]["b2bIds"]
    part = VALIDATOR.evolve(schema=schema)
    assert type(part) is type(VALIDATOR)
    assert type(VALIDATOR.evolve()) is type(VALIDATOR)
    messages = [error.violation.message for error in part.iter_errors({"buyerB2BId": 5})]
    assert messages == [
        "/b2bIds/supplierB2BId is required, but missing",
        "/b2bIds/buyerB2BId must be a string, but it is 5",
    ]
    (error,) = VALIDATOR.descend(5, schema["properties"]["buyerB2BId"])
    assert error.violation.message == messages[1]


def test_somebody_elses_schema_is_judged_by_the_same_semantics() -> None:
    """There is no rule to be named."""
    validator = VALIDATOR.evolve(schema={"pattern": r"^\d$", "maximum": 0.1})
    (error,) = validator.iter_errors("\u0661")
    assert (error.rule, error.evidence, error.violation) == (None, None, None)
    assert error.message == r"does not match ^\d$"
    assert "Failed validating 'pattern' in schema" in str(error)


def test_the_first_error_is_raised() -> None:
    """By the validator, and by jsonschema's function with its class."""
    with pytest.raises(ec.RuleViolated, match="must be an object"):
        VALIDATOR.validate(changed(RIGHT, ("device",), None))
    with pytest.raises(ec.RuleViolated, match="must be an object"):
        jsonschema.validate(
            changed(RIGHT, ("device",), None), VALIDATOR.schema, cls=type(VALIDATOR)
        )
    jsonschema.validate(RIGHT, VALIDATOR.schema, cls=type(VALIDATOR))


def test_it_is_a_validator_of_draft_2020_12() -> None:
    """With its metaschema, and without any effect on jsonschema's own."""
    assert {name for name in dir(Protocol) if name[0] != "_"} <= {*dir(VALIDATOR)}
    assert VALIDATOR.META_SCHEMA == jsonschema.Draft202012Validator.META_SCHEMA
    assert jsonschema.validators.validator_for(VALIDATOR.schema) is jsonschema.Draft202012Validator
    assert VALIDATOR.schema == bundled().pick().json_schema()
    assert repr(VALIDATOR) == "<EnkashValidator of changeInvoiceStatus, request, sibling>"


def test_a_side_and_a_level_are_chosen() -> None:
    """A mistyped name of either is an error."""
    response = ec.json_schema_validator(side="response", fail_on="assumed")
    assert [error.rule for error in response.iter_errors({"payload": "a", "response_code": 0})] == [
        "response.200/response_message#required"
    ]
    for options in ({"side": "answer"}, {"fail_on": "sure"}, {"operation": "nope"}):
        with pytest.raises(ec.UsageError):
            ec.json_schema_validator(**options)  # type: ignore[arg-type]


def test_secrets_are_in_no_message(tmp_path: Path) -> None:
    """What is secret by its name is in none, although jsonschema would show the instance."""
    schema = {"type": "object", "additionalProperties": {"type": "integer"}}
    validator = ec.json_schema_validator(contract=small(tmp_path, schema), fail_on="assumed")
    (error,) = validator.iter_errors({"password": "canary"})
    assert "canary" not in f"{error} {error!r} {error.message}"
