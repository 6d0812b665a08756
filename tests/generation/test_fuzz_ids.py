"""Ids and families of drawn cases, which are never those of the suite."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from enkash_contract.generation import fuzz_ids
from enkash_contract.generation.suite import cases
from enkash_contract.wire.draft import Draft

if TYPE_CHECKING:
    from enkash_contract.contract.operation import Operation

DRAFT = Draft("POST", "application/json", b"{}", "/v0/change")


def test_no_case_of_the_suite_is_named_like_a_drawn_one() -> None:
    """An id of the suite has no drawn name, and the id of a drawn case has its own."""
    assert {fuzz_ids.name(case.id) for case in cases()} == {""}
    assert fuzz_ids.name("request#type/right/drawn-01234567") == "right"


@pytest.mark.parametrize(
    ("plain", "drawn"), [("pattern/one-over", "pattern/one-over/drawn"), ("", "drawn")]
)
def test_a_drawn_family_leads_back_to_the_plain_one(plain: str, drawn: str) -> None:
    """A drawn family ends with a word of its own, without which it is that of the suite."""
    assert fuzz_ids.family(plain) == drawn
    assert fuzz_ids.plain(drawn) == plain


def test_an_id_depends_on_the_requests_alone(operation: Operation) -> None:
    """The same requests have the same id; others, and the same in another order, have others."""
    rule = operation.rules["request#type"]
    others = [
        (DRAFT,),
        (DRAFT.but(body=b"{ }"),),
        (DRAFT.but(content_type=None),),
        (DRAFT.but(sized=False),),
        (DRAFT, DRAFT.but(body=b"")),
        (DRAFT.but(body=b""), DRAFT),
    ]
    ids = [fuzz_ids.case_id(rule, fuzz_ids.RIGHT, *drafts) for drafts in others]

    assert ids == [fuzz_ids.case_id(rule, fuzz_ids.RIGHT, *drafts) for drafts in others]
    assert len({*ids}) == len(others)
    assert {fuzz_ids.name(drawn) for drawn in ids} == {fuzz_ids.RIGHT}


def test_an_id_is_for_ever(operation: Operation) -> None:
    """People quote ids, so the same requests have the same one in every version."""
    rule = operation.rules["request#type"]
    other = DRAFT.but(repeated=("a",), sized=False)
    ids = [fuzz_ids.case_id(rule, fuzz_ids.RIGHT, draft) for draft in (DRAFT, other)]
    assert ids == ["request#type/right/drawn-3335e9da", "request#type/right/drawn-bd2d44c6"]


@pytest.mark.parametrize(
    ("name", "takes_two"),
    [
        (fuzz_ids.TWICE, True),
        (fuzz_ids.AFTER, True),
        (fuzz_ids.TOGETHER, True),
        (fuzz_ids.TWO, False),
        (fuzz_ids.RIGHT, False),
    ],
)
def test_a_history_takes_two_requests(operation: Operation, name: str, *, takes_two: bool) -> None:
    """Only the ids of histories are those of cases that take two requests."""
    drawn = fuzz_ids.case_id(operation.rules["request#type"], name, DRAFT)

    assert fuzz_ids.is_history(drawn) == takes_two
