"""Servers that look up their invoice: what else is wrong with them is still found."""

from __future__ import annotations

import itertools

import pytest

import enkash_contract as ec
from tests.support.look_up import BUYER, EVERY, INVOICE, look_up

TAG, REMARKS = "request/device/tag", "request/invoiceStatus/supplierRemarks"
VERSION = "request/invoiceStatus/objectVersion/currentVersion"
SAMPLE = (
    "request#method/PUT-taken",
    "request#json/crash-on-nothing",
    "request#json/escapes-refused",
    "request/device#type/null-taken",
    "request/device#required/unenforced",
    f"{TAG}#required/trimming",
    f"{TAG}/name#type/number-taken",
    f"{TAG}/name#minLength/crash",
    f"{VERSION}#type/numeric-string-taken",
    f"{VERSION}#minimum/crash",
    f"{REMARKS}#pattern/line-feed-at-end-taken",
    f"{REMARKS}#pattern/lower-bound-plus-1",
    f"{REMARKS}#pattern/upper-bound-plus-1",
    # A crash shows in a member that is looked up as well.
    "request/invoiceStatus/objectId#pattern/crash",
    "response.200#content-type/html-page",
    "response.200/payload#required/removed",
    "response.200/response_code#type/numeric-string",
    "response#status/204",
)
"""Defects of every keyword that has violations: none of them is hidden by a look-up."""


@pytest.mark.parametrize(
    ("defect", "status"), list(zip(SAMPLE, itertools.cycle([404, 422]), strict=False))
)
def test_a_defect_is_named_and_nothing_else(defect: str, status: int) -> None:
    """It fails the run, and what is looked up is no violation beside it."""
    rule, _, _ = defect.rpartition("/")
    only = [f"request{INVOICE}*", f"request{BUYER}*", *([] if "response" in rule else [rule])]
    result = ec.check_target(look_up(ec.Sandbox(defect=defect), status), only=only)

    assert result.exit_code == 1
    assert {finding.rule for finding in result.violations} == {rule}


def is_hidden(defect: str) -> bool:
    """Return whether a defect lies in a value that is looked up, or around one."""
    place = defect.partition("#")[0].removeprefix("request")
    return not defect.startswith("response") and any(
        key == place or key.startswith(f"{place}/") for key in EVERY
    )


@pytest.mark.slow
def test_a_defect_of_each_family_is_found() -> None:
    """The violations are those of the same server without its look-ups."""
    shown = [defect.id for defect in ec.defects() if not is_hidden(defect.id)]
    families = {defect.rpartition("#")[2]: defect for defect in reversed(shown)}
    seen = {}
    for defect in families.values():
        targets = (look_up(ec.Sandbox(defect=defect)), ec.Sandbox(defect=defect))
        results = [ec.check_target(target) for target in targets]
        seen[defect] = [{finding.fingerprint for finding in one.violations} for one in results]
    assert {name: pair for name, pair in seen.items() if pair[0] != pair[1]} == {}
