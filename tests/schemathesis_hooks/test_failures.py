"""Failures as Schemathesis prints them: all that a finding says, and each told from the others."""

from __future__ import annotations

import pytest
from schemathesis.core.failures import FailureGroup

import enkash_contract as ec
from enkash_contract.contract import contract
from enkash_contract.schemathesis_hooks.failures import Inconclusive, Violated
from tests.support.schemathesis_runs import ours, theirs

BUYER = "request/b2bIds/buyerB2BId#pattern"


def test_a_failure_shows_the_whole_finding() -> None:
    """The check and the rule, the sentence, the evidence, the place, the case, the fingerprint."""
    operation = theirs(ec.Sandbox(defect=f"{BUYER}/unenforced"))
    (expected,) = ec.check_target(
        ec.Sandbox(defect=f"{BUYER}/unenforced"), only=[f"{BUYER}/forbidden-u005c-first-of-part-1"]
    ).findings
    with pytest.raises(FailureGroup) as raised:
        ours(operation, f"{BUYER}/forbidden-u005c-first-of-part-1").call_and_validate()
    (failure,) = raised.value.exceptions
    assert (failure.title, failure.message) == (
        f"negative_data_rejection {BUYER}",
        f"{expected.message}\n\n"
        f"Evidence: {expected.evidence}\n"
        f"Document: {expected.document}\n"
        f"Case: {expected.case}\n"
        f"Fingerprint: {expected.fingerprint}",
    )


def test_each_finding_is_a_failure_of_its_own() -> None:
    """Two that are alike in all but their case are two, and one that comes again is one."""
    target = ec.Sandbox(defect=f"{BUYER}/unenforced")
    findings = ec.check_target(target, only=[BUYER]).violations
    assert len({Violated(finding) for finding in (*findings, *findings)}) == len(findings) > 1


def test_without_a_response_nothing_can_be_concluded() -> None:
    """The failure says so, and what to do about it."""
    failure = Inconclusive(contract.bundled().pick(), None)
    first, *remedy = failure.message.splitlines()
    assert (failure.title, first) == (
        "Nothing can be concluded",
        "The document's example is not accepted (there is no response), so rejections prove "
        "nothing.",
    )
    assert "overlay" in remedy[0]
