"""The suite derived from the user's own payload and pins."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract.contract.evidence import Level
from enkash_contract.errors import UsageError
from enkash_contract.generation import suite
from enkash_contract.generation.suite import cases
from tests.support.anything import CYCLE
from tests.support.small_documents import small

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.contract.operation import Operation
from tests.support.case_names import ENCODING_BREAKS, ID, JSON_BREAKS, LETTERS, WIRE_BREAKS, by_rule
from tests.support.second_judge import broken_rules, expected_rules


def test_cases_are_derived_from_the_user_s_base(operation: Operation, payload: Any) -> None:
    """With a base and pins, each case is that base with one thing changed."""
    payload["b2bIds"]["supplierB2BId"] = "मुंबई"
    payload["extra"] = [1]
    pins = {"/invoiceStatus/objectId": "INV" + "7" * 32}
    made = cases(base=payload, pins=pins)
    first = json.loads(made[0].wire.body)
    payload["invoiceStatus"]["objectId"] = "INV" + "7" * 32

    assert first == payload
    assert {one.id: broken_rules(operation, one) for one in made} == expected_rules(made)
    # What is pinned is what the target knows, so right requests keep it; and it has no letters.
    lost = [f"request{ID}#pattern/{name.format(2)}" for name in ("shortest", *LETTERS)]
    lost.append(f"request{ID}#type/another")
    assert [one.id for one in made] == [one.id for one in cases() if one.id not in lost]


def test_pins_alone_change_the_example() -> None:
    """Pins without a base are set in the document's example, and every right request has them."""
    made = cases(pins={"/b2bIds/buyerB2BId": "MINE"})
    right = [json.loads(one.wire.body) for one in made if one.polarity == "accept"]

    assert {one["b2bIds"]["buyerB2BId"] for one in right} == {"MINE"}
    assert by_rule(made, "reject") == by_rule(cases(), "reject")


@pytest.mark.parametrize(
    ("pins", "left"),
    [
        ({}, ["/a", "/ab", "/list", "/list/*"]),
        ({"/a": "xx"}, ["/ab", "/list", "/list/*"]),
        ({"/list/0": "xx"}, ["/a", "/ab", "/list"]),
        ({"/list": ["xx"]}, ["/a", "/ab"]),
        ({"": {"a": "x", "ab": "x", "list": ["x"]}}, []),
    ],
)
def test_what_is_pinned_stays(tmp_path: Path, pins: dict[str, Any], left: list[str]) -> None:
    """A pin keeps its own value and what is in it, and nothing that is only called alike."""
    text = {"type": "string", "minLength": 2}
    members = {"a": text, "ab": text, "list": {"type": "array", "items": text, "maxItems": 2}}
    base = {"a": "xxx", "ab": "xxx", "list": ["xxx"]}
    schema = {"type": "object", "properties": members}
    operation = small(tmp_path, schema, example=base).pick()
    found = by_rule(suite.build(operation, base, pins), "accept")

    assert sorted({rule.partition("#")[0].removeprefix("request") for rule in found} - {""}) == left


def test_a_base_that_breaks_a_weak_rule(operation: Operation, payload: Any) -> None:
    """What the base itself breaks is left out, and all other cases break their own rule only."""
    payload["invoiceStatus"]["objectVersion"]["currentVersion"] = 0
    del payload["device"]["tag"]["name"]
    known = {
        "request/invoiceStatus/objectVersion/currentVersion#minimum",
        "request/device/tag/name#required",
    }
    made = cases(base=payload)
    found = {one.id: broken_rules(operation, one) - known for one in made}
    rejected = {one.rule.id for one in made if one.polarity == "reject"}

    assert rejected & known == set()
    assert found == expected_rules(made)


def test_a_base_that_is_no_object() -> None:
    """Nothing can be put into a base that is not an object, and what is left still holds."""
    made = cases(base=7)
    # Of one byte little is left: half of it is nothing, and so is all but the last of it.
    lost = """malformed doubled-colon last-byte-missing empty trailing-comma single-quotes
        unquoted-name bare-line-break bare-tab bare-nul bare-tab-in-unknown-member
        utf-16-le nested-deeply"""
    whole = {
        name: WIRE_BREAKS[name] for name in WIRE_BREAKS if not name.endswith("#duplicate-names")
    }

    assert by_rule(made, "reject") == whole | {
        "request#encoding": [name for name in ENCODING_BREAKS if "surrogate-" not in name],
        "request#json": [name for name in JSON_BREAKS if name not in lost.split()],
    }
    assert by_rule(made, "accept") == {
        "request#type": ["baseline"],
        "request#content-type": ["charset-utf-8", "capitals", "charset-iso-8859-1"],
        "request#json": ["blanks-around", "chunked", "expect-continue"],
        "request#path": ["encoded-hyphens"],
    }


@pytest.mark.parametrize(
    ("base", "problem"),
    [
        ({"a": {1, 2}}, "a set is no JSON value"),
        ({"a": [b"x"]}, "a bytes is no JSON value"),
        ({(1, 2): "x"}, "keys must be str, int, float, bool or None, not tuple"),
        (CYCLE, "Circular reference detected"),
    ],
)
def test_a_base_that_cannot_be_written(base: Any, problem: str) -> None:
    """A base that is no JSON is refused with the reason."""
    with pytest.raises(UsageError) as caught:
        cases(base=base)

    assert str(caught.value) == f"the base payload cannot be written as JSON: {problem}"


def test_a_base_without_a_bottom() -> None:
    """A base that is nested deeper than can be written is refused, too."""
    base: Any = []
    for _ in range(100_000):
        base = [base]

    with pytest.raises(UsageError, match="the base payload cannot be written as JSON"):
        cases(base=base)


def test_a_base_with_a_lone_surrogate(payload: Any) -> None:
    """A text that has no UTF-8 is sent as its escape; that it is wrong is for others to say."""
    payload["invoiceStatus"]["supplierRemarks"] = "\ud800"
    made = cases(base=payload)

    assert b'"supplierRemarks":"\\ud800"' in made[0].wire.body
    assert json.loads(made[0].wire.body) == payload


def test_no_server_is_asked_to_accept_a_value_that_nobody_knows(tmp_path: Path) -> None:
    """Of a list whose items are not published, the base's own items are known and no other."""
    items = {"type": "object", "x-known-good": False}
    lists = {"type": "array", "items": items}
    properties = {"there": lists, "absent": lists, "plain": {"type": "array", "items": {}}}
    schema = {"type": "object", "properties": properties}
    base = {"there": [{"a": 1}], "plain": ["x"]}
    operation = small(tmp_path, schema, example=base).pick()
    settled = [
        case.id
        for case in suite.build(operation)
        if case.polarity == "accept" and case.rule.path and case.evidence.level is not Level.ASSUMED
    ]

    assert settled == [
        "request#type/baseline",
        "request/there#type/left-out",
        "request/plain#type/two-items",
        "request/plain#type/left-out",
    ]
