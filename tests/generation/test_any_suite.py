"""The suite of any document: each case is proven by the second judge, and its twin is near."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from enkash_contract.generation import suite
from enkash_contract.judging.case import BASELINE, Case
from tests.support.drawn_schemas import arrays, numbers, objects, strings
from tests.support.keyword_cases import in_object
from tests.support.second_judge import unproven
from tests.support.small_documents import small

SCALARS: list[dict[str, Any]] = [
    {"type": "boolean"},
    {"type": "null"},
    {"const": "A"},
    {"const": {"a": [1]}},
    {"enum": ["Paid", 2, None]},
    {"type": ["integer", "null"], "minimum": 2, "examples": [2, None]},
    {"type": "string", "pattern": "^(?:ab|c+d)$", "examples": ["cd"]},
    {"type": "string", "pattern": "^.{4}$", "x-known-good": {"pattern": "^A[b-d]{3}$"}},
    {"type": "string", "pattern": r"^(a|b)\1$", "examples": ["aa"]},
]
"""Schemas that strategies would hardly come to."""


def around(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Draw schemas made of others, such as a document may hold."""
    nothing = {"type": "null"}
    made = [
        lambda one: {"type": "object", "additionalProperties": one},
        lambda one: {"allOf": [one, {"title": "x"}]},
        lambda one: {"anyOf": [one, nothing]},
        lambda one: {"oneOf": [one, {"const": "nothing else is this"}]},
    ]
    return (
        arrays(inner)
        | objects(inner)
        | st.tuples(st.sampled_from(made), inner).map(lambda pair: pair[0](pair[1]))
    )


SCHEMAS = st.recursive(strings() | numbers() | st.sampled_from(SCALARS), around, max_leaves=4)


@pytest.mark.unmeasured
@given(schema=SCHEMAS, level=st.sampled_from(["documented page", "assumed"]))
@example(schema={"type": "array", "items": {"type": "string", "maxLength": 0}}, level="assumed")
def test_any_suite_is_proven(
    tmp_path_factory: pytest.TempPathFactory, schema: dict[str, Any], level: str
) -> None:
    """Whatever the document: ids and requests differ, twins are right, the second judge agrees."""
    folder = tmp_path_factory.mktemp("any")
    operation = small(folder, in_object(schema), level=level).pick()
    made = suite.build(operation)
    named = {one.id: one for one in made}
    requests = [(one.rule.id, one.polarity, one.wire) for one in made]
    twins = {one.id: named[one.twin] for one in made if one.polarity == "reject"}

    assert [(one.id, one.family.partition("/")[0]) for one in made] == [
        (f"{one.rule.id}/{one.family.partition('/')[2]}", one.rule.keyword) for one in made
    ]
    assert (len(named), len(set(requests))) == (len(made), len(made))
    assert unproven(operation, made) == {}
    assert {one.polarity for one in twins.values()} == {"accept"}
    assert [
        name for name, one in twins.items() if one.id != BASELINE and one.rule != named[name].rule
    ] == []
    assert [name for name, one in twins.items() if further(named[name], one, made[0])] == []


def shared(one: bytes, other: bytes) -> int:
    """Return how many bytes two texts begin with in common."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, pair in pairs if len(set(pair)) > 1), min(len(one), len(other)))


def further(case: Case, twin: Case, baseline: Case) -> bool:
    """Say whether a case is further from its twin than from the baseline, by their bytes."""

    def distance(other: Case) -> int:
        one, two = case.wire.body, other.wire.body
        start = shared(one, two)
        end = shared(one[start:][::-1], two[start:][::-1])
        return max(len(one), len(two)) - start - end

    return distance(twin) > distance(baseline)
