"""The same verdicts and violations by either engine, of any value."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import enkash_contract as ec
from enkash_contract.contract.evidence import Level
from enkash_contract.errors import ContractViolated
from tests.support.anything import ANYTHING, JSON, LAYOUTS, changed, near, nearly_json, nested
from tests.support.small_documents import small
from tests.validation.test_validate import (
    OURS_AND_OTHERS,
    PLACES,
    PLACES_IN_EVERYTHING,
    RIGHT,
    STRANGE,
)

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.contract.contract import Contract

ENGINES = ("jsonschema-rs", "jsonschema")


def verdicts(payload: object, contract: Contract, engine: str) -> list[Any]:
    """Return all that one engine says of a value."""
    where: Any = {"contract": contract, "operation": next(iter(contract)), "engine": engine}
    levels = (Level.CONFIRMED, Level.SIBLING, Level.ASSUMED)
    verdicts: list[Any] = [ec.is_valid(payload, fail_on=level, **where) for level in levels]
    return [*verdicts, [str(violation) for violation in ec.iter_violations(payload, **where)]]


def agree(payload: object, contract: Contract) -> None:
    """Assert that both engines say the same of a value."""
    rust, python = (verdicts(payload, contract, engine) for engine in ENGINES)
    assert python == rust


@given(data=st.data())
def test_both_engines_find_the_same_violations(
    judges: list[tuple[Contract, Any]], data: st.DataObject
) -> None:
    """In the same order, with the same messages, of any JSON-like or Python value."""
    contract, right = data.draw(st.sampled_from(judges))
    agree(data.draw(ANYTHING | near(right, ANYTHING)), contract)


@pytest.mark.parametrize("index", range(len(STRANGE)), ids=lambda at: type(STRANGE[at]).__name__)
def test_both_engines_find_the_same_violations_examples(
    judges: list[tuple[Contract, Any]], index: int
) -> None:
    """Everything that has ever confused an engine, wherever it stands."""
    for contract, right in judges:
        for at in PLACES if right is RIGHT else PLACES_IN_EVERYTHING:
            agree(changed(right, at, STRANGE[index]), contract)


@pytest.mark.parametrize("at", [(), ("other",), ("device", "tag")])
@pytest.mark.parametrize("levels", [100, 254, 255, 300, 499, 501, 5000])
def test_both_engines_find_the_same_in_deep_values(
    judges: list[tuple[Contract, Any]], at: tuple[Any, ...], levels: int
) -> None:
    """Around the depth at which one of them gives up, and the one at which reading ends."""
    for contract, right in judges[:2]:
        agree(changed(right, at, nested(levels)), contract)


@pytest.mark.parametrize("schema", [row[0] for row in OURS_AND_OTHERS], ids=str)
def test_both_engines_keep_the_specification(tmp_path: Path, schema: dict[str, Any]) -> None:
    """Where jsonschema by itself differs, the engine made of it does not."""
    contract = small(tmp_path, schema)
    for _, value, _ in OURS_AND_OTHERS:
        agree(value, contract)


@given(st.data(), st.sampled_from(LAYOUTS))
def test_both_engines_find_the_same_in_text(data: st.DataObject, layout: dict[str, Any]) -> None:
    """The lines are the same as well, and so is the payload that is returned."""
    raw = data.draw(nearly_json() | near(RIGHT, JSON).map(lambda one: json.dumps(one, **layout)))
    rust, python = (of_text(raw, engine) for engine in ENGINES)
    assert python == rust


def of_text(raw: bytes | str, engine: str) -> Any:
    """Return the payload that is in a text, or its violations."""
    try:
        return repr(ec.validate_json(raw, engine=engine))
    except ContractViolated as error:
        return [(violation.line, str(violation)) for violation in error.violations]
