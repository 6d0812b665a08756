"""Servers with one lawful oddity each: none is accused of it, and a defect shows through it."""

from __future__ import annotations

import pytest

import enkash_contract as ec
from tests.support.odd_servers import ODDITIES, Oddity, odd_server

BUYER = "request/b2bIds/buyerB2BId"
REQUIRED = f"{BUYER}#required"
DEFECT = f"{REQUIRED}/unenforced"
FEW = ["request#method*", f"{REQUIRED}*", f"{BUYER}#type*", f"{BUYER}#pattern/longest*"]
"""Valid requests, invalid ones, and those by other methods."""


@pytest.mark.parametrize("name", ODDITIES)
def test_an_oddity_is_no_violation(name: str) -> None:
    """Valid requests, invalid ones and those by other methods are all judged in spite of it."""
    with odd_server(ODDITIES[name]) as url:
        result = ec.check_target(url, only=FEW)
    assert (result.exit_code, result.violations) == (0, ())
    assert result.count("inconclusive") == 0


@pytest.mark.parametrize("name", ODDITIES)
def test_a_defect_shows_through_an_oddity(name: str) -> None:
    """It is named, and nothing else."""
    with odd_server(ODDITIES[name], DEFECT) as url:
        result = ec.check_target(url, only=[f"{REQUIRED}*"])
    assert (result.exit_code, {finding.rule for finding in result.violations}) == (1, {REQUIRED})


@pytest.mark.slow
@pytest.mark.parametrize("defect", [None, DEFECT])
@pytest.mark.parametrize("name", ODDITIES)
def test_the_whole_suite_finds_the_defect_alone(name: str, defect: str | None) -> None:
    """No case of the suite takes an oddity for a mistake."""
    with odd_server(ODDITIES[name], defect) as url:
        result = ec.check_target(url)
    rules = {finding.rule for finding in result.violations}
    assert (result.exit_code, rules) == ((1, {REQUIRED}) if defect else (0, set()))


def test_a_redirection_says_where_to_go() -> None:
    """It is no violation, and the address that the note names conforms."""
    with odd_server(Oddity(slash=True)) as url:
        base = url.removesuffix("/api/v0/invoice/req-status-change-invoice/")
        result = ec.check_target(base, only=[REQUIRED])
        assert (result.exit_code, result.violations) == (3, ())
        assert any(url in note for note in result.notes), result.notes
        again = ec.check_target(url, only=[REQUIRED])
    assert (again.exit_code, again.violations) == (0, ())
