"""The failure of a test whose client sent invalid requests: its whole text, without a port."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING

from enkash_contract.contract.contract import bundled
from enkash_contract.validation.violation import shorten
from tests.support.client_runs import mistyped, place, write
from tests.support.inner_runs import failure_texts, run

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest


OPERATION = bundled().pick()
HOME = OPERATION.path


def test_a_violation_fails_its_test_at_the_end(pytester: pytest.Pytester) -> None:
    """It is eight lines, the sentence first, with no port and no frames of this package."""
    at = write(
        pytester,
        """
def test_wrong(enkash_sandbox):
    post(enkash_sandbox, payload(buyerB2BId=5))
    assert len(enkash_sandbox.interactions) == 1

def test_right(enkash_sandbox):
    post(enkash_sandbox, payload())
""",
    )
    result = run(pytester)
    result.assert_outcomes(passed=2, errors=1)
    line = f"{at('buyerB2BId=5')}: post(enkash_sandbox, payload(buyerB2BId=5))"
    assert failure_texts(result) == {"ERROR at teardown of test_wrong": mistyped(line)}
    # How much of it is shown depends on the width, and on whether this is a CI.
    summary = "ERROR test_it.py::test_wrong - Failed: /b2bIds/buyerB2BId must be a string, b*"
    result.stdout.fnmatch_lines([summary])


def test_the_command_shows_the_violation_again(pytester: pytest.Pytester) -> None:
    """The command behind "reproduce" can be pasted into a shell."""
    write(
        pytester,
        """
def test_wrong(enkash_sandbox):
    post(enkash_sandbox, payload(buyerB2BId="it's\\\\x"))
""",
    )
    (text,) = failure_texts(run(pytester)).values()
    again = text.rpartition("reproduce  ")[2]
    python = f"{sys.executable} -m enkash_contract"
    done = subprocess.run(  # noqa: S602 - it is meant for a shell
        again.replace("enkash-contract", python),
        shell=True,
        cwd=pytester._request.config.rootpath,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "[request/b2bIds/buyerB2BId#pattern, sibling" in done.stdout


EVERYTHING = """
LATIN, JSON = b"\\xff", {"Content-Type": "application/json"}

def test_all_of_it(enkash_sandbox):
    made = payload(buyerB2BId=5)
    del made["invoiceStatus"]
    for _ in range(2):
        post(enkash_sandbox, made)
    url = enkash_sandbox.url + PATH
    requests.put(url, data=LATIN)
    requests.post(url, data=LATIN, headers=JSON)
    requests.post(url, data=b"[1]", headers=JSON)
"""


def test_every_violation_is_reported(pytester: pytest.Pytester) -> None:
    """Each has its place; repetitions by one line are one block, and a request has one command."""
    at = write(pytester, EVERYTHING)
    result = run(pytester)
    result.assert_outcomes(passed=1, errors=1)
    payload = json.loads(json.dumps(OPERATION.request.example))
    payload["b2bIds"]["buyerB2BId"] = 5
    del payload["invoiceStatus"]
    text = json.dumps(payload)
    (found,) = failure_texts(result).values()
    assert re.split(r"\n-+ Captured", found)[0].split("\n\n") == [
        f"""\
/invoiceStatus is required, but missing
    rule       request/invoiceStatus#required
    evidence   sibling (api-18788163, read 2026-11-22)
    payload    /invoiceStatus, not in the payload: {text.replace(" ", "")[:59]}…
    document   {place("request/invoiceStatus#required")}
    example    {shorten(OPERATION.request.example["invoiceStatus"])}
    sent by    test_it.py:{at("  post(")}: post(enkash_sandbox, made) (2 times)""",
        f"""\
/b2bIds/buyerB2BId must be a string, but it is 5
    rule       request/b2bIds/buyerB2BId#type
    evidence   example (change-invoice-status, read 2026-11-22)
    payload    /b2bIds/buyerB2BId: 5
    document   {place("request/b2bIds/buyerB2BId#type")}
    example    "BUYER-0001"
    sent by    test_it.py:{at("  post(")}: post(enkash_sandbox, made) (2 times)
    reproduce  printf %s '{text}' | enkash-contract validate -""",
        f"""\
the request must be sent by POST, but it is sent by PUT
    rule       request#method
    evidence   documented (change-invoice-status, read 2026-11-22)
    request    PUT {HOME}, labelled nothing
    document   {place("request#method")}
    sent by    test_it.py:{at("requests.put")}: requests.put(url, data=LATIN)""",
        f"""\
the request must be UTF-8, but byte 0xff at offset 0 is not UTF-8
    rule       request#encoding
    evidence   documented (change-invoice-status, read 2026-11-22)
    payload    "\ufffd"
    document   {place("request#encoding")}
    sent by    test_it.py:{at("data=LATIN, h")}: requests.post(url, data=LATIN, headers=JSON)
    reproduce  pytest test_it.py::test_all_of_it""",
        f"""\
the payload must be an object, but it is [1]
    rule       request#type
    evidence   example (change-invoice-status, read 2026-11-22)
    payload    [1]
    document   {place("request#type")}
    sent by    test_it.py:{at("[1]")}: requests.post(url, data=b"[1]", headers=JSON)
    reproduce  printf %s '[1]' | enkash-contract validate -""",
    ]


def test_assumptions_are_listed_at_the_end(pytester: pytest.Pytester) -> None:
    """An assumption fails nothing, unless --enkash-fail-on makes it a violation."""
    at = write(
        pytester,
        """
def test_weak(enkash_sandbox):
    made = payload()
    made["device"]["tag"]["name"] = ""
    post(enkash_sandbox, made)
""",
    )
    result = run(pytester)
    result.assert_outcomes(passed=1)
    start = result.outlines.index(f"{' enkash assumptions ':=^80}")
    rule = "request/device/tag/name#minLength"
    sentence = '/device/tag/name must have at least 1 character, but it is ""'
    line = f"test_it.py:{at('post(enkash_sandbox, made)')}: post(enkash_sandbox, made)"
    assert result.outlines[start + 1] == (
        f"test_it.py::test_weak: assumption {sentence} [{rule}, assumed, {place(rule)}], "
        f"sent by {line}"
    )
    strict = run(pytester, "--enkash-fail-on=assumed")
    strict.assert_outcomes(failed=0, passed=1, errors=1)
    (text,) = failure_texts(strict).values()
    assert text.startswith(f"{sentence}\n    rule       {rule}\n    evidence   assumed\n")
    assert text.endswith("' | enkash-contract validate --fail-on assumed -")


def test_an_unknown_line_is_left_out(pytester: pytest.Pytester) -> None:
    """A conftest sends the request, to a path that is below another and judged all the same."""
    pytester.makeconftest(
        """
        import pytest

        @pytest.fixture
        def sent(enkash_sandbox):
            import test_it
            url = enkash_sandbox.url + "/v1" + test_it.PATH
            test_it.requests.post(url, json=test_it.payload(buyerB2BId=5))
        """
    )
    write(pytester, "\ndef test_it(sent): pass\n")
    (text,) = failure_texts(run(pytester)).values()
    block, _, weak = text.partition("\n--")
    lines = mistyped("").splitlines()
    assert block.splitlines() == [text for text in lines if "sent by" not in text]
    rule = "request#path"
    assert weak.splitlines()[1] == (
        f"assumption the request must be sent to exactly {HOME}, but it is sent to /v1{HOME} "
        f"[{rule}, assumed, {place(rule)}]"
    )


def line(at: Callable[[str], int], name: str) -> int:
    """Return the line that pytest gives for a test: that of its first decorator."""
    return at(f"def {name}(") - (2 if name == "test_twice" else 1)
