"""Cases: one request each, with its expectation."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest

import enkash_contract as ec
from enkash_contract.contract.contract import bundled
from enkash_contract.judging.case import BASELINE, Case, case_id, family_of
from enkash_contract.wire.draft import Draft
from enkash_contract.wire.message import Request

OPERATION = bundled().pick()
RULE = OPERATION.rules["request/b2bIds/buyerB2BId#pattern"]
DRAFT = Draft(OPERATION.method, "application/json", b"{}", OPERATION.path)
CASE = Case(
    id=case_id(RULE, "empty"),
    rule=RULE,
    family=family_of(RULE, "empty"),
    polarity="reject",
    says="/b2bIds/buyerB2BId is empty",
    evidence=RULE.evidence,
    wire=DRAFT,
    path=OPERATION.path,
)


def test_a_case_is_named_after_its_rule() -> None:
    """An id belongs to one rule, a family to all rules with the same keyword."""
    assert CASE.id == "request/b2bIds/buyerB2BId#pattern/empty"
    assert CASE.family == "pattern/empty"
    assert CASE.twin == ""


def test_every_case_of_the_suite_is_named_so() -> None:
    """The name that follows the rule's id is the one that follows the keyword."""
    for case in ec.cases():
        name = case.family.removeprefix(f"{case.rule.keyword}/")
        assert (case.id, case.family) == (case_id(case.rule, name), family_of(case.rule, name))


def test_the_baseline_is_the_first_case() -> None:
    """It is the request that the user vouches for, and is expected to be accepted."""
    first = ec.cases()[0]
    assert (first.id, first.polarity, first.twin) == (BASELINE, "accept", "")
    assert BASELINE == "request#type/baseline"


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        (None, OPERATION.path),
        (f"http://h{OPERATION.path}", f"http://h{OPERATION.path}"),
        (f"http://h/base{OPERATION.path}?a=b", f"http://h/base{OPERATION.path}?a=b"),
    ],
)
def test_a_case_is_sent_to_any_address(url: str | None, sent: str) -> None:
    """By default to the operation's own path."""
    label = (("Content-Type", "application/json"),)
    assert CASE.request(url) == Request("POST", sent, label, b"{}")


def test_a_case_may_change_the_path() -> None:
    """Then its path takes the place of the operation's, wherever that is served."""
    case = replace(CASE, wire=DRAFT.but(path="/elsewhere"))
    assert case.request(f"http://h/base{OPERATION.path}").url == "http://h/base/elsewhere"


def test_two_cases_are_never_equal() -> None:
    """Each is itself, so that a set of cases needs not compare what they send."""
    assert replace(CASE) != CASE
    assert len({CASE, replace(CASE), CASE}) == 2


def test_a_case_does_not_change() -> None:
    """And its repr leaves out what is sent, which may be long."""
    with pytest.raises(FrozenInstanceError):
        setattr(CASE, "id", "")  # noqa: B010 - a plain assignment is a type error
    assert "wire=" not in repr(CASE)
    assert "path=" not in repr(CASE)
