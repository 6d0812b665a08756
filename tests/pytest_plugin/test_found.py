"""The findings of a whole run, gathered from the reports of all workers."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest

from enkash_contract.contract.contract import bundled
from enkash_contract.generation import responses
from enkash_contract.pytest_plugin import failures
from enkash_contract.pytest_plugin.found import SECTION
from tests.support.client_runs import write
from tests.support.inner_runs import failure_texts, run_apart, summary_of

OPERATION = bundled().pick()
ANSWERS = responses.of_operation(OPERATION)


@pytest.mark.unmeasured
def test_findings_come_from_several_workers(pytester: pytest.Pytester) -> None:
    """Each worker has a server of its own, and the summary has the assumptions of all workers."""
    write(
        pytester,
        """
@pytest.mark.parametrize("number", range(6))
def test_it(enkash_sandbox, number):
    made = payload()
    made["device"]["tag"]["name"] = ""
    post(enkash_sandbox, made)
    if number == 3:
        post(enkash_sandbox, payload(buyerB2BId=5))
    assert len(enkash_sandbox.interactions) == 1 + (number == 3)

@pytest.mark.enkash(answers="conforming/charset-*")
def test_answers(enkash_sandbox, enkash_answer):
    post(enkash_sandbox, payload())

@pytest.mark.enkash(speed=1)
def test_wrong(): pass
""",
    )
    result = run_apart(pytester, "-n2")
    number = sum(fnmatchcase(answer.id, "conforming/charset-*") for answer in ANSWERS)
    # pytest-xdist runs what it could collect.
    result.assert_outcomes(passed=7 + number, errors=2)
    assert list(failure_texts(result)) == [
        "ERROR collecting test_it.py",
        "ERROR at teardown of test_it[3]",
    ]
    sentence = "assumption /device/tag/name must have at least 1 character"
    result.stdout.fnmatch_lines([f"test_it.py::test_it[[]0[]] and 5 more: {sentence}*"])
    assert summary_of(result).startswith(
        f"enkash_sandbox: violates the contract; {7 + number} checked: {number} held, 1 violation, "
        "6 assumptions, 0 inconclusive; "
    )


def test_the_section_is_known_to_the_plugin() -> None:
    """The plugin repeats the name of the section, because it imports nothing."""
    assert f"Captured {failures.SECTION} teardown" == SECTION
