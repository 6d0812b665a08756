"""New waivers: as few as can be, of what failed and of nothing that held."""

from __future__ import annotations

import datetime as dt
import functools
import tomllib
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

import enkash_contract as ec
from enkash_contract.config import waiver
from enkash_contract.config.new_waivers import NewWaiver, new_waivers
from enkash_contract.contract.evidence import FAIL_ON
from enkash_contract.judging import checks
from enkash_contract.judging.finding import Finding
from enkash_contract.place import Place

if TYPE_CHECKING:
    from enkash_contract.judging.case import Case

UNTIL = dt.date(2030, 1, 31)
BUYER = "request/b2bIds/buyerB2BId#pattern"
VERSION = "request/invoiceStatus/objectVersion/currentVersion#type"


@functools.cache
def suite() -> dict[str, Case]:
    """Return the cases whose failure is a violation, by id."""
    return {case.id: case for case in ec.cases() if case.evidence.at_least(FAIL_ON)}


def finding(of: Case | None = None, **more: Any) -> Finding:
    """Return the finding that a case failed."""
    known: dict[str, Any] = {"rule": "response#status", "check": checks.STATUS, "case": "a/b"}
    if of is not None:
        check = checks.NEGATIVE if of.polarity == "reject" else checks.POSITIVE
        known = {"rule": of.rule.id, "check": check, "case": of.id, "family": of.family}
    known |= {
        "operation": "changeInvoiceStatus",
        "severity": "violation",
        "message": "accepted",
        "evidence": of.evidence if of else ec.load().pick().rule("request#json").evidence,
        "document": Place("openapi/enkash.yaml", 1),
    }
    return Finding(**(known | more))


def waived(*findings: Finding) -> list[tuple[str, int]]:
    """Return the rules or fingerprints of new waivers, each with the number of its findings."""
    new = new_waivers(findings, ec.load(), ec.cases(), FAIL_ON)
    return [(one.rule or one.fingerprint, len(one.findings)) for one in new]


def failing(**members: str) -> list[Finding]:
    """Return the findings of a server that fails each case with these members."""
    return [
        finding(case)
        for case in suite().values()
        if all(getattr(case, name) == value for name, value in members.items())
    ]


def test_a_rule_that_is_not_enforced_is_one_waiver() -> None:
    """Whatever way to break it there is."""
    broken = [one for one in failing(polarity="reject") if one.rule == BUYER]
    assert waived(*broken) == [(BUYER, len(broken))]


def test_a_family_that_fails_at_every_member_is_one_waiver() -> None:
    """A server that takes numeric strings takes them everywhere."""
    taken = failing(family="type/numeric-string")
    assert len(taken) > 1
    assert waived(*taken) == [("type/numeric-string", len(taken))]


def test_what_fails_here_and_there_is_waived_case_by_case() -> None:
    """A waiver of the family would waive the members that are right."""
    taken = failing(family="type/numeric-string")
    first = taken[0]
    assert waived(first) == [(first.case, 1)]
    assert waived(*taken[:-1]) == [(one.case, 1) for one in taken[:-1]]


def test_a_broken_promise_of_a_response_is_waived_by_its_rule() -> None:
    """However many cases have shown it; a server error on that rule by its fingerprint."""
    broken = finding(), finding(case="c/d")
    assert waived(*broken) == [("response#status", 2)]
    crash = finding(check=checks.SERVER_ERROR)
    assert waived(crash, *broken) == [("response#status", 2), (crash.fingerprint, 1)]


def test_what_was_drawn_is_waived_by_its_fingerprint() -> None:
    """Its id is of one draw; the fingerprint is of all that are alike."""
    drawn = [
        finding(
            rule=VERSION, check=checks.NEGATIVE, family="type/null/drawn", case=f"{VERSION}/{n}"
        )
        for n in "ab"
    ]
    assert waived(*drawn) == [(drawn[0].fingerprint, 2)]


def test_what_no_file_could_name_is_waived_by_its_fingerprint() -> None:
    """A base of one's own may have cases that the suite does not have."""
    odd = finding(rule=BUYER, check=checks.NEGATIVE, family="pattern/odd", case=f"{BUYER}/odd")
    assert waived(odd) == [(odd.fingerprint, 1)]


@settings(max_examples=10)
@given(st.data())
def test_exactly_the_findings_are_waived(data: st.DataObject) -> None:
    """Each is waived, and no case that held; as read back from the file."""
    some = st.sampled_from(sorted(suite()))
    whole = data.draw(st.sampled_from(["type/numeric-string", "required/removed", "", BUYER]))
    failed = {*data.draw(st.lists(some, max_size=8))} | {
        case.id for case in suite().values() if whole in (case.rule.id, case.family)
    }
    findings = [finding(suite()[name]) for name in sorted(failed)]
    new = new_waivers(findings, ec.load(), ec.cases(), FAIL_ON)
    text = "\n".join(one.text(("waiver",), "known", UNTIL) for one in new)
    read = [
        waiver.read(table, lambda _: Place("w.toml", 1))
        for table in tomllib.loads(text).get("waiver", [])
    ]
    live = [one for one in read if isinstance(one, waiver.Waiver)]
    assert len(live) == len(new) == len(read)
    matched = {
        case.id for case in suite().values() if any(one.matches(finding(case)) for one in live)
    }
    # A rule that fails in every way to break it is waived with the cases that keep it.
    rules = {one.rule for one in live if "#" in one.rule}
    beside = {name for name in matched - failed if suite()[name].rule.id in rules}
    assert matched - beside == failed
    assert all(suite()[name].polarity == "accept" for name in beside)


def test_a_waiver_is_a_table_of_toml() -> None:
    """Texts are quoted, whatever is in them, and a comment shows what it is for."""
    found = finding(suite()[f"{BUYER}/one-over"], message="accepted\n\x7f")
    new = NewWaiver("changeInvoiceStatus", (found, found), rule=found.case)
    assert new.text(("env", "u at", "check", "waiver"), 'a "b" \\ \x7f', UNTIL) == (
        "# accepted\\u000a\\u007f (+1 more)\n"
        '[[env."u at".check.waiver]]\n'
        f'rule = "{found.case}"\n'
        'operation = "changeInvoiceStatus"\n'
        'reason = "a \\"b\\" \\\\ \\u007f"\n'
        "until = 2030-01-31\n"
    )
