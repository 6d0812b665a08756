"""Overlays and the suite: to say more of what is known never finds less."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enkash_contract.contract.contract import load
from enkash_contract.engine.check import check_target
from enkash_contract.generation import suite
from enkash_contract.sandbox.app import Sandbox
from enkash_contract.sandbox.defects import Defect
from enkash_contract.wire import strict_json
from enkash_contract.wire.pointer import get, tokens
from tests.support.second_document import written
from tests.support.second_judge import unproven
from tests.support.small_documents import small

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.sandbox.defect_proof import Seen
    from enkash_contract.validation.violation import Violation

BASE: dict[str, Any] = {"text": "abc", "count": 6, "list": ["ab", "cd"], "inner": {"word": "xy"}}

MORE: dict[str, dict[str, Any]] = {
    "text": {
        "enum": ["abc", "abd"],
        "const": "abc",
        "pattern": "^[a-c]{2,3}$",
        "minLength": 2,
        "maxLength": 3,
    },
    "count": {
        "enum": [6, 7],
        "minimum": 6,
        "maximum": 9,
        "exclusiveMinimum": 5,
        "exclusiveMaximum": 12,
        "multipleOf": 3,
    },
    "list": {
        "enum": [["ab", "cd"], ["ab"]],
        "minItems": 2,
        "maxItems": 2,
        "uniqueItems": True,
        "items": {"type": "string", "minLength": 2, "pattern": "^[a-d]+$"},
    },
    "inner": {
        "enum": [{"word": "xy"}],
        "const": {"word": "xy"},
        "required": ["word"],
        "additionalProperties": False,
    },
}
"""Constraints of each member that the base keeps, all of them at once."""

TYPES = {"text": "string", "count": "integer", "list": "array", "inner": "object"}


def chosen() -> st.SearchStrategy[dict[str, tuple[str, ...]]]:
    """Draw some of the constraints of each member."""
    return st.fixed_dictionaries(
        {name: st.sets(st.sampled_from([*rows])).map(sorted) for name, rows in MORE.items()}
    ).map(lambda drawn: {name: tuple(keys) for name, keys in drawn.items()})


def schema_of(*layers: dict[str, tuple[str, ...]]) -> dict[str, Any]:
    """Return the schema of the base with the constraints of all layers."""
    members: dict[str, Any] = {
        name: {"type": kind, **{key: MORE[name][key] for layer in layers for key in layer[name]}}
        for name, kind in TYPES.items()
    }
    members["inner"]["properties"] = {"word": {"type": "string", "maxLength": 2}}
    return {"type": "object", "properties": members, "required": ["text", "inner"]}


@pytest.mark.unmeasured
@settings(max_examples=12)
@given(known=chosen(), more=chosen())
def test_constraints_that_are_added_lose_no_case(
    tmp_path_factory: pytest.TempPathFactory,
    known: dict[str, tuple[str, ...]],
    more: dict[str, tuple[str, ...]],
) -> None:
    """Whatever is said in addition, every case to be rejected is one still, of the same rule."""
    folder = tmp_path_factory.mktemp("layers")
    before = small(folder, schema_of(known), example=BASE).pick()
    after = small(folder, schema_of(known, more), example=BASE).pick()
    cases = suite.build(after)
    names = {case.id for case in cases}
    # Where two families come to the same request, it is a case of the first of them.
    requests = {(case.rule.id, case.wire) for case in cases}
    lost = [
        case.id
        for case in suite.build(before)
        if case.polarity == "reject"
        and case.id not in names
        and (case.rule.id, case.wire) not in requests
    ]

    assert lost == []
    assert unproven(after, cases) == {}


STATUSES = """
overlay: 1.0.0
info: {title: Statuses, version: 1.0.0}
actions:
  - target: $.components.schemas.Status
    update: {enum: [CREATED, PAID], x-evidence: {enum: confirmed}}
"""
STATUS = "/invoiceStatus/statusTransition/newStatus"


def without_null(seen: Seen) -> tuple[Violation, ...]:
    """Return what a request breaks for a server that takes null for a status."""
    value = None if seen.payload is None else get(seen.payload, tokens(STATUS))
    return tuple(
        violation for violation in seen.broken if value is not None or violation.pointer != STATUS
    )


def test_null_for_a_member_with_an_enum_is_found(tmp_path: Path) -> None:
    """A server that takes null for a status is found out, however much is known of statuses."""
    contract = load(written(tmp_path, "statuses.yaml", STATUSES))
    taking_null = Sandbox(
        contract=contract, defect=Defect("mine", "takes null", None, without_null)
    )
    result = check_target(taking_null, contract=contract, only=[f"request{STATUS}#*"])

    assert [finding.case for finding in result.findings] == [f"request{STATUS}#type/null"]
    assert result.exit_code == 1


def test_with_an_enum_each_other_type_is_still_tried(tmp_path: Path) -> None:
    """A value of another type breaks type and enum, and is a case of the type alone."""
    contract = load(written(tmp_path, "statuses.yaml", STATUSES))
    made = suite.cases(contract=contract)
    plain = {case.id for case in suite.cases()}
    other = [case for case in made if case.rule.id == f"request{STATUS}#enum"]

    assert plain <= {case.id for case in made}
    assert {type(get(strict_json.decode(case.wire.body)[0], tokens(STATUS))) for case in other} == {
        str
    }
