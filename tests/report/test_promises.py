"""Promises of coverage: read before a run, and held against what it has exercised."""

from __future__ import annotations

from dataclasses import replace

import pytest

from enkash_contract.contract.contract import bundled
from enkash_contract.errors import UsageError
from enkash_contract.judging.result import Tally
from enkash_contract.report.coverage import SideCoverage
from enkash_contract.report.promises import Promise, broken, of_operations, promises
from tests.report.test_coverage import rule

KNOWN = of_operations([bundled().pick()])

HELD, NONE = SideCoverage({"a": Tally(1, 1)}), SideCoverage()


@pytest.mark.parametrize(
    ("pair", "message"),
    [
        ("request#json", "'request#json' is not of the form GLOB=SIDE; write 'request#json=both'"),
        ("=both", "'=both' is not of the form GLOB=SIDE; write '*=both', for all rules"),
        ("*=boht", "'*=boht': there is no side 'boht'; did you mean both?"),
        ("*=x", "'*=x': there is no side 'x'; write both, accept or reject"),
        ("request#jsn=both", "'request#jsn=both' names no rule; did you mean request#json"),
        ("xyz/*=both", "'xyz/*=both' names no rule; `enkash-contract rules` lists them"),
    ],
)
def test_each_mistake_is_one_error(pair: str, message: str) -> None:
    """Before anything is sent, with the option as it was given."""
    with pytest.raises(UsageError) as caught:
        promises([pair], KNOWN, "--enkash-require-coverage")
    assert str(caught.value).startswith(f"--enkash-require-coverage {message}")


def test_rules_are_named_by_globs_and_operations() -> None:
    """A rule of one operation among several has its operation in front."""
    given = ["request/b2bIds/*=both", "changeInvoiceStatus:request#json=reject"]
    assert promises(given, KNOWN) == [
        Promise("request/b2bIds/*", "both"),
        Promise("changeInvoiceStatus:request#json", "reject"),
    ]


def test_what_is_missing_is_named_with_its_side() -> None:
    """Once for each rule, however many promises it breaks; nothing else is said."""
    rules = [
        rule(HELD, HELD, id="request/a#type"),
        rule(HELD, NONE, id="request/b#type"),
        rule(NONE, NONE, id="request/c#type"),
        rule(NONE, NONE, id="request/d#type"),
        rule(NONE, NONE, id="response.200#type"),
        rule(NONE, NONE, id="response.4XX#type", responses=1),
    ]
    given = [
        Promise("request/[abc]#*", "both"),
        Promise("request/b#type", "reject"),
        Promise("request/d#type", "accept"),
        Promise("response*", "both"),
    ]

    assert [*broken(given, rules)] == [
        "request/b#type lacks reject",
        "request/c#type lacks accept and reject",
        "request/d#type lacks accept",
        "response.200#type lacks a response",
    ]
    other = replace(rules[1], operation="refund")
    assert [*broken(given[1:2], [rules[1], other])] == [
        "pay:request/b#type lacks reject",
        "refund:request/b#type lacks reject",
    ]
