"""Several operations in one pytest run: items, waivers, markers, responses and the sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.inner_runs import run
from tests.support.several import ASK, PAY, REFUND, RULE, overlay

if TYPE_CHECKING:
    from pathlib import Path

APP = """
import enkash_contract as ec
contract = ec.load("small.overlay.json")
wrong = ec.Sandbox(contract=contract, operation="small*", defect="smallRefund:{RULE}/unenforced")
""".replace("{RULE}", RULE)

CLIENT = """
import httpx, pytest

@pytest.mark.enkash(operation="smallRefund", answers="right")
def test_answer(enkash_answer, enkash_sandbox):
    assert httpx.post(enkash_sandbox.url + "/small/refund", json={"amount": 5}).status_code < 500

def test_two(enkash_sandbox):
    for path in ("pay", "refund"):
        url = f"{enkash_sandbox.url}/small/{path}"
        assert httpx.post(url, json={"amount": 5}).status_code == 200

def test_wrong(enkash_sandbox):
    httpx.post(enkash_sandbox.url + "/small/refund", json={"amount": 0})

@pytest.mark.enkash(operation="smallRefund", expect_violation="request/amount#minimum")
def test_on_purpose(enkash_sandbox):
    httpx.post(enkash_sandbox.url + "/small/refund", json={"amount": 0})

def test_checked(check_enkash, enkash_sandbox):
    for path in ("pay", "ask"):
        url = f"{enkash_sandbox.url}/small/{path}"
        assert check_enkash(httpx.post(url, json={"amount": 5})).ok
"""

MARKS = """
import pytest

@pytest.mark.enkash(operation="smallPey", answers="right")
def test_name(enkash_answer): pass

@pytest.mark.enkash(operation=["smallPay"])
def test_type(enkash_sandbox): pass
"""


@pytest.fixture
def folder(pytester: pytest.Pytester) -> Path:
    """Return the folder of an inner run, with an overlay and an application in it."""
    overlay(pytester.path)
    pytester.makepyfile(small_app=APP)
    return pytester.path


OVERLAY = "--enkash-overlay=small.overlay.json"

SOME = (OVERLAY, "--enkash-app=small_app:wrong", "--enkash-operation=small*")


@pytest.mark.usefixtures("folder")
def test_items_are_named_with_their_operations(pytester: pytest.Pytester) -> None:
    """Only where several are chosen; one bad operation fails its own items alone."""
    result = run(pytester, *SOME, "-k", "minimum")
    result.assert_outcomes(passed=5, failed=1, deselected=66)
    (line,) = [line for line in result.outlines if line.startswith("FAILED")]
    item = f"enkash contract::{REFUND}::{RULE} [reject]"
    assert line.startswith(f"FAILED {item}")
    assert "1. numbers below the minimum are accepted: 1 member, 5 violations (server)" in (
        result.outlines
    )
    for words in ([item], [item.partition(" [")[0]], [f"enkash contract::{REFUND}"]):
        again = run(pytester, *SOME, *words, "-k", "minimum and reject")
        again.assert_outcomes(failed=1, deselected=again.parseoutcomes().get("deselected", 0))
    inferred = run(pytester, *SOME[:2], f"enkash contract::{REFUND}::{RULE} [reject]")
    inferred.assert_outcomes(failed=1)


@pytest.mark.usefixtures("folder")
def test_a_case_names_its_operation(pytester: pytest.Pytester) -> None:
    """With --enkash-case; without --enkash-operation as well."""
    case = f"--enkash-case={REFUND}:{RULE}/one-under"
    for words in (SOME, SOME[:2]):
        result = run(pytester, *words, case)
        result.assert_outcomes(failed=1)


def test_each_operation_has_its_own_base(pytester: pytest.Pytester, folder: Path) -> None:
    """In a folder; what nobody vouches for is not sent over a network, and does not pass."""
    bases = folder / "bases"
    bases.mkdir()
    (bases / f"{PAY}.json").write_text('{"amount": 3}')
    words = (*SOME, "--enkash-base=bases", "-k", f"{PAY} and minimum")
    run(pytester, *words).assert_outcomes(passed=2, deselected=70)
    pytester.makeconftest(
        "import pytest\n@pytest.fixture(scope='session')\n"
        f"def enkash_base(): return {{'{PAY}': {{'amount': 3}}}}\n"
    )
    run(pytester, *SOME, "-k", f"{PAY} and minimum").assert_outcomes(passed=2, deselected=70)
    url = (OVERLAY, "--enkash-url=http://127.0.0.1:9", f"--enkash-operation={ASK}")
    result = run(pytester, *url, "-k", "minimum and reject")
    result.assert_outcomes(errors=1, deselected=23)
    assert f"nothing could be concluded: {ASK}: no example of it" in result.stdout.str()


def test_a_waiver_of_one_waives_no_other(pytester: pytest.Pytester, folder: Path) -> None:
    """By a qualified rule."""
    waiver = '[[check.waiver]]\nrule = "{}:{}"\nreason = "known"\nuntil = 2130-01-01\n'
    for name, outcomes in ((REFUND, {"xfailed": 1}), (PAY, {"failed": 1})):
        (folder / "w.toml").write_text(waiver.format(name, RULE))
        words = ("--enkash-waivers=w.toml", "-k", f"{REFUND} and minimum and reject")
        result = run(pytester, *SOME, *words)
        result.assert_outcomes(**outcomes, deselected=71)


@pytest.mark.usefixtures("folder")
def test_clients_use_all_operations_at_once(pytester: pytest.Pytester) -> None:
    """The marker says which operation a test is about; the others are served and judged too."""
    pytester.makepyfile(test_client=CLIENT)
    result = run(pytester, OVERLAY, "test_client.py")
    outcomes = result.parseoutcomes()
    assert outcomes == {"passed": outcomes["passed"], "errors": 1}
    assert outcomes["passed"] >= 5
    assert f"    rule       {REFUND}:{RULE}" in result.outlines


@pytest.mark.usefixtures("folder")
def test_a_mistake_in_the_name_of_an_operation_is_an_error(pytester: pytest.Pytester) -> None:
    """Of the collection, with the nearest name."""
    pytester.makepyfile(test_marks=MARKS)
    text = run(pytester, OVERLAY, "test_marks.py").stdout.str()
    assert "(operation='smallPey'): there is no operation 'smallPey'; did you mean smallP" in text
    assert "(operation=['smallPay']): write the id of one operation" in text
    mistyped = run(pytester, OVERLAY, "--enkash", "--enkash-operation=smalPay")
    assert mistyped.ret == pytest.ExitCode.USAGE_ERROR
