"""The suite of small documents, for keywords that the bundled one does not use."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract.contract.keywords import CONSTRAINTS
from enkash_contract.generation import suite
from enkash_contract.judging.case import BASELINE
from tests.support.small_documents import small

if TYPE_CHECKING:
    from pathlib import Path

from tests.support.case_names import (
    ANOTHER,
    LIST,
    NO_TEXT,
    NUMERALS,
    ODD,
    SPELLED,
    WIDE,
    but,
    by_rule,
    misspelt,
)
from tests.support.keyword_cases import KEYWORDS, in_object
from tests.support.second_judge import unproven

WIDER = [ANOTHER, *WIDE, "minus-zero", *SPELLED]


@pytest.mark.parametrize(
    ("schema", "right", "rejected", "accepted"),
    [
        (
            {"type": "boolean"},
            True,
            [*but("boolean", "false"), "boolean-string", "zero-or-one", NO_TEXT, LIST],
            [],
        ),
        ({"type": "null"}, None, [*but("null"), "json-text", NO_TEXT, LIST], []),
        ({"type": "string"}, "x", [*but("string"), LIST], [ANOTHER, *ODD[1:]]),
        ({"type": ["string", "null"]}, "x", [*but("null", "string"), LIST], [ANOTHER, *ODD[1:]]),
        (
            {"type": "number"},
            1,
            [*but("integer", "fraction"), *NUMERALS, NO_TEXT, LIST],
            WIDER,
        ),
        ({"type": "integer"}, 1, [*but("integer"), *NUMERALS, NO_TEXT, LIST], WIDER),
        # It is written with a point already.
        (
            {"type": "integer"},
            1.0,
            [*but("integer"), *(name for name in NUMERALS if "decimal" not in name), NO_TEXT, LIST],
            [],
        ),
        ({"type": "object"}, {"a": 1}, [*but("object"), "json-text", NO_TEXT, LIST], []),
        ({"type": "array"}, [1], [*but("array"), "json-text", NO_TEXT], ["no-items", "two-items"]),
    ],
)
def test_types_are_broken_by_every_other(
    tmp_path: Path, schema: dict[str, Any], right: Any, rejected: list[str], accepted: list[str]
) -> None:
    """A value of each other JSON type is tried, and what a lenient reader takes for the right."""
    operation = small(tmp_path, in_object(schema), example={"it": right}).pick()
    made = suite.build(operation)

    assert by_rule(made, "reject")["request/it#type"] == rejected
    assert by_rule(made, "accept")["request/it#type"] == [*accepted, "left-out"]
    assert unproven(operation, made) == {}


@pytest.mark.parametrize(("schema", "right", "accepted", "rejected"), KEYWORDS)
def test_each_keyword_has_its_cases(
    tmp_path: Path,
    schema: dict[str, Any],
    right: Any,
    accepted: dict[str, list[str]],
    rejected: dict[str, list[str]],
) -> None:
    """In a small document each keyword gets its cases, and the second judge agrees with each."""
    operation = small(tmp_path, in_object(schema), example={"it": right}).pick()
    made = suite.build(operation)

    def found(polarity: str) -> dict[str, list[str]]:
        listed = by_rule(made, polarity).items()
        return {
            rule.removeprefix("request/it"): names
            for rule, names in listed
            if rule.startswith("request/it") and not rule.endswith("type")
        }

    assert (found("accept"), found("reject")) == (accepted, rejected)
    assert unproven(operation, made) == {}


def test_the_keywords_above_are_all_there_are() -> None:
    """No keyword that is a rule is forgotten here."""
    text = json.dumps([schema for schema, *_ in KEYWORDS])
    forgotten = [one for one in sorted(CONSTRAINTS) if f'"{one}"' not in text]

    assert forgotten == []


def test_a_member_that_the_base_lacks(tmp_path: Path) -> None:
    """An optional member that is not there is put there right, and then broken, as is all in it."""
    inner = in_object({"type": "integer"}) | {"required": ["it"]}
    operation = small(tmp_path, in_object(inner), example={}).pick()
    made = suite.build(operation)
    types = [*but("object"), "json-text", NO_TEXT, LIST]

    assert {rule: names for rule, names in by_rule(made, "reject").items() if "/it" in rule} == {
        "request/it#type": types,
        "request/it/it#required": misspelt("it"),
        "request/it/it#type": [*but("integer"), *NUMERALS, NO_TEXT, LIST],
    }
    assert by_rule(made, "accept")["request/it#type"] == ["present"]
    assert unproven(operation, made) == {}


TWINS: list[tuple[dict[str, Any], Any, dict[str, str]]] = [
    (
        {"type": "string", "minLength": 2, "maxLength": 6},
        "abcd",
        {"minLength/one-under": "minLength/on-bound", "maxLength/one-over": "maxLength/on-bound"},
    ),
    (
        {"type": "string", "pattern": "^[a-c]{2,6}$"},
        "abcb",
        {"pattern/one-under": "pattern/shortest", "pattern/one-over": "pattern/longest"},
    ),
    (
        {"type": "integer", "minimum": 10, "maximum": 99},
        55,
        {"minimum/one-under": "minimum/on-bound", "maximum/one-over": "maximum/on-bound"},
    ),
    (
        {"type": "integer", "exclusiveMinimum": 10, "exclusiveMaximum": 19},
        15,
        {
            "exclusiveMinimum/on-bound": "exclusiveMinimum/one-inside",
            "exclusiveMaximum/on-bound": "exclusiveMaximum/one-inside",
        },
    ),
    (
        {"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": 5},
        [1, 1, 1],
        {"minItems/one-under": "minItems/on-bound", "maxItems/one-over": "maxItems/on-bound"},
    ),
    # The base stands on the bound itself.
    ({"type": "integer", "minimum": 2}, 2, {"minimum/one-under": "type/baseline"}),
    ({"enum": ["Paid", "PAD"]}, "Paid", {"enum/unknown": "type/baseline"}),
]


@pytest.mark.parametrize(("schema", "right", "twins"), TWINS)
def test_what_is_beyond_a_bound_has_its_twin_on_it(
    tmp_path: Path, schema: dict[str, Any], right: Any, twins: dict[str, str]
) -> None:
    """A step too far is compared with the last right step, wherever that is another request."""
    operation = small(tmp_path, in_object(schema), example={"it": right}).pick()
    made = suite.build(operation)

    assert {
        one.family: one.twin.rpartition("#")[2]
        for one in made
        if one.polarity == "reject" and one.family in twins
    } == twins


@pytest.mark.parametrize("level", ["documented page", "assumed"])
def test_no_twin_is_a_guess(tmp_path: Path, level: str) -> None:
    """Nothing is compared with what no evidence settles, not even where all is assumed."""
    schema = in_object({"type": "integer"})
    operation = small(tmp_path, schema, example={"it": 1}, level=level).pick()
    made = {one.id: one for one in suite.build(operation)}
    fraction = made["request/it#type/fraction"]

    # By its bytes it would be the spelling with a point: 1.0 and 1.5.
    assert fraction.wire.body == b'{"it":1.5}'
    assert made["request/it#type/decimal-point"].wire.body == b'{"it":1.0}'
    assert fraction.twin == BASELINE
