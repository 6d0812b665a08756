"""A rule is quoted by its id, and says in words what it demands."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from enkash_contract.contract.rules import expectation, is_named
from enkash_contract.place import Place

if TYPE_CHECKING:
    from enkash_contract.contract.operation import Operation


def test_a_rule_shows_what_it_demands_and_how_well_it_is_known(operation: Operation) -> None:
    """The repr is a sentence with the place in it; a long value is cut."""
    rule = replace(operation.rule("request#method"), place=Place("a.yaml", 7))
    assert repr(rule) == "<Rule request#method: 'POST', documented, a.yaml:7>"
    long = replace(rule, value="x" * 100)
    assert repr(long) == f"<Rule request#method: '{'x' * 78}…, documented, a.yaml:7>"


@pytest.mark.parametrize(
    ("wish", "ids", "named"),
    [
        ("request#json", ["request#json"], True),
        ("request#json", ["request#json/bom", "request#json"], True),
        ("request#json", ["request#json/bom"], False),
        ("request#json*", ["request#json/bom"], True),
        ("request/tags/*#type", ["request/tags/*#type"], True),
        ("request/tags[0]#type", ["request/tags[0]#type"], True),
        ("request/TAGS#*", ["request/tags#type"], False),
        ("*", [], False),
    ],
)
def test_an_id_or_a_glob_names_ids(wish: str, ids: list[str], named: bool) -> None:  # noqa: FBT001
    """An id names itself, whatever it holds, and a glob every id that it matches."""
    assert is_named(wish, *ids) is named


def test_a_rule_is_explained_by_its_keyword_and_value(operation: Operation) -> None:
    """The phrase of a rule is that of its keyword, filled with its value."""
    rule = operation.rule("request/b2bIds/buyerB2BId#pattern")
    assert expectation(rule) == r'must match ^[^\\"]{1,100}$'
