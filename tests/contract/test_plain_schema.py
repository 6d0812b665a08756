"""Schemas that can be seen to be such without loading the engine."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
from hypothesis import example, given
from hypothesis import strategies as st

from enkash_contract.contract import plain_schema
from enkash_contract.contract.contract import bundled

LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=3), st.just("null"))
OUTCOMES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*plain_schema._PLAIN]), inner)
    ),
)


@given(OUTCOMES)
@example({"required": ["a", "a"]})
@example({"type": ["null"], "anyOf": []})
@example({"minimum": True})
def test_a_plain_schema_is_one_to_the_engine(value: Any) -> None:
    """What is accepted at a glance is what the engine accepts."""
    if plain_schema.is_plain(value):
        jsonschema_rs.Draft202012Validator(value)


def test_the_outcomes_of_the_bundled_document_need_no_engine() -> None:
    """They are plain, so that commands which validate nothing start fast."""
    for operation in bundled().values():
        assert all(map(plain_schema.is_plain, operation.outcomes.values()))
