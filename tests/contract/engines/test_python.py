"""The engine jsonschema, whose numbers, texts and equality are those of JSON."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema.exceptions import FormatError

from enkash_contract.contract.engines import choice as engines
from enkash_contract.contract.engines.python import Draft202012, PythonEngine
from tests.support.anything import JSON, nested

NUMBERS: st.SearchStrategy[Any] = st.one_of(
    st.integers(),
    st.integers(-20, 20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-2000, 2000).map(lambda number: number / 100),
    st.decimals(allow_nan=False, allow_infinity=False, places=3),
    st.sampled_from([10**400, -(10**400), Decimal("1e400"), Decimal("1e-400")]),
    st.sampled_from([-0.0, 1e300, 5e-324]),
)
BOUNDS = st.integers(-20, 20) | st.sampled_from([0.1, 19.99, 1e22, 9007199254740993, 10**30])
SCHEMAS = st.one_of(
    st.builds(
        lambda keyword, bound: {keyword: bound},
        st.sampled_from(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "const"]),
        BOUNDS,
    ),
    st.sampled_from([0.01, 3, 1.5, 1, 1e-8, 0.1, 7]).map(lambda unit: {"multipleOf": unit}),
    st.sampled_from(["integer", "number"]).map(lambda name: {"type": name}),
    st.lists(BOUNDS, min_size=1).map(lambda listed: {"enum": listed}),
)


@given(SCHEMAS, NUMBERS)
def test_both_engines_agree_on_numbers(schema: dict[str, Any], value: Any) -> None:
    """Integers of any size, doubles and decimals, as they are written."""
    rust, python = (engines.compiled(schema, engine) for engine in engines.ENGINES)
    assert python.is_valid(value) == rust.is_valid(value)


@given(st.lists(NUMBERS | JSON, max_size=4), JSON | NUMBERS)
def test_both_engines_agree_on_equality(items: list[Any], value: Any) -> None:
    """1 is 1.0 and not true, in a constant, in a list, and wherever it stands in either."""
    for schema, instance in (({"uniqueItems": True}, items), ({"const": items}, [value, *items])):
        rust, python = (engines.compiled(schema, engine) for engine in engines.ENGINES)
        assert python.is_valid(instance) == rust.is_valid(instance)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("nan"), True])
def test_what_is_no_number_keeps_every_rule_of_numbers(value: Any) -> None:
    """And has the type of none."""
    assert engines.compiled({"maximum": -9, "multipleOf": 7}, "jsonschema").is_valid(value)
    assert not engines.compiled({"type": "number"}, "jsonschema").is_valid(value)


def test_half_a_character_is_read_as_the_replacement_character() -> None:
    """As the other engine is shown it, wherever texts are compared."""
    assert engines.compiled({"pattern": "^\ufffd$"}, "jsonschema").is_valid("\ud800")


def test_equality_reaches_as_deep_as_json_is_read() -> None:
    """Two values that differ at the 500th level are two."""
    engine = engines.compiled({"uniqueItems": True}, "jsonschema")
    deep, deeper = nested(490), nested(491)
    assert engine.is_valid([deep, deeper, (deeper,)])
    assert not engine.is_valid([deep, deep])


@pytest.mark.parametrize(
    "value",
    ["\ud800", {"\ud800": 1}, [["\ud800"]], nested(256)],
    ids=["text", "name", "item", "deep"],
)
def test_what_the_other_engine_cannot_show_is_not_shown(value: Any) -> None:
    """Both give up on the same values, so both are shown the same in their place."""
    for engine in engines.ENGINES:
        with pytest.raises(ValueError, match=r"\S"):
            list(engines.compiled({"type": "integer"}, engine).iter_errors(value))


def test_an_error_leads_to_the_keyword_and_the_value() -> None:
    """By the same path as the other engine's, with the name of what is missing."""
    schema = {
        "required": ["a"],
        "properties": {"list": {"items": {"type": "null"}}, "open": {"anyOf": [{"type": "null"}]}},
        "additionalProperties": {"format": "date", "allOf": [{"maxLength": 1}]},
    }
    value: dict[str, Any] = {"list": [None, 1], "open": 1, "more": "ab", "other": 5}
    found: list[set[tuple[Any, ...]]] = [
        {
            (*error.instance_path, "at", *error.schema_path, getattr(error.kind, "property", None))
            for error in engines.compiled(schema, engine).iter_errors(value)
        }
        for engine in engines.ENGINES
    ]
    assert found[0] == found[1]
    assert len(found[0]) == 5


def test_further_members_may_be_forbidden_or_free() -> None:
    """One error for the object, however many there are; none where there is no object."""
    closed = PythonEngine({"properties": {"a": {}}, "additionalProperties": False})
    values: list[Any] = [{"b": 1, "c": 2}, {"a": 1}, []]
    assert [len([*closed.iter_errors(value)]) for value in values] == [1, 0, 0]
    assert PythonEngine({"additionalProperties": True}).is_valid({"b": 1})
    assert PythonEngine({"uniqueItems": False}).is_valid([1, 1])


def test_formats_are_checked_without_a_checker_and_known_to_one() -> None:
    """Jsonschema asks a checker that its user has to pass; here the keyword is enough."""
    assert not Draft202012({"format": "date"}).is_valid("today")
    assert Draft202012({"format": "colour"}).is_valid("today")
    checker = Draft202012.FORMAT_CHECKER
    assert checker.conforms(5, "date")
    with pytest.raises(FormatError):
        checker.check("today", "date")
