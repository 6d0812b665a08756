"""How a broken rule and a wrong value are shown: always on one line that prints anywhere."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.validation.validate import iter_violations
from enkash_contract.validation.violation import SHOWN, Violation, shorten

if TYPE_CHECKING:
    from enkash_contract.contract.operation import Operation

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(JSON)
def test_a_value_is_shown_on_one_short_line(value: Any) -> None:
    """Whatever was sent, a message stays one line of printable text."""
    shown = shorten(value)
    assert shown.isprintable()
    assert shown.encode().decode() == shown
    assert len(shown.partition("…")[0]) <= SHOWN


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "null"),
        (True, "true"),
        ("", '""'),
        ({"a": [1, "é"]}, '{"a":[1,"é"]}'),
        ("x" * 58, f'"{"x" * 58}"'),
        ("x" * 59, f'"{"x" * 58}… (59 characters)'),
        (["x" * 70], f'["{"x" * 57}…'),
        ("a\nb", r'"a\nb"'),
        ("\u202eabc", r'"\u202eabc"'),
        ("\ud800", r"'\ud800'"),
        (2**64, "18446744073709551616"),
        (-(10**4000), f"-1{'0' * 57}…"),
        (Decimal("1e400"), "1E+400"),
        ({"a": 2**64}, "a dict"),
        (["\ud800"], '["\ufffd"]'),
    ],
)
def test_a_value_is_shown_on_one_short_line_examples(value: Any, shown: str) -> None:
    """JSON where it can be, cut with its length where it is long, escaped where it would hide."""
    assert shorten(value) == shown


def test_a_violation_says_where_what_and_how_well_it_is_known(operation: Operation) -> None:
    """The line names the value, the demand, what was there, the rule, its evidence and place."""
    rule = operation.rule("request/device/tag/name#minLength")
    violation = Violation(rule, "/device/tag/name", "must not be empty", 'it is ""')
    assert (violation.evidence, violation.document) == (rule.evidence, rule.place)
    assert str(violation) == (
        '/device/tag/name must not be empty, but it is "" '
        f"[request/device/tag/name#minLength, assumed, {rule.place}]"
    )


def test_the_payload_itself_is_named_in_words(operation: Operation) -> None:
    """An empty pointer would read as nothing."""
    rule = operation.rule("request#type")
    violation = Violation(rule, "", "must be an object", "it is null")
    assert violation.message == "the payload must be an object, but it is null"


@pytest.mark.parametrize(
    ("keyword", "whole"),
    [
        ("method", "request"),
        ("path", "request"),
        ("content-type", "request"),
        ("content-type-present", "request"),
        ("content-type-single", "request"),
        ("json", "payload"),
        ("encoding", "payload"),
        ("duplicate-names", "payload"),
    ],
)
def test_what_is_wrong_outside_the_payload_is_said_of_the_request(
    operation: Operation, keyword: str, whole: str
) -> None:
    """A payload is neither sent by a method nor labelled."""
    violation = Violation(operation.rule(f"request#{keyword}"), "", "must be so", "it is not")
    assert violation.message == f"the {whole} must be so, but it is not"


def test_a_hostile_name_cannot_break_the_line() -> None:
    """Names with line feeds or lone surrogates are escaped where a person reads them."""
    messages = [one.message for one in iter_violations({"a\nb\ud800": {1: 2}})]
    where = r"/a\nb\ud800"
    expected = "must be JSON as RFC 8259 defines it, but a member's name is a Python int"
    assert f"{where} {expected}, not a string" in messages
