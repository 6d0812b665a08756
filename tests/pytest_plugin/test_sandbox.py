"""The fixtures for tests of clients, in pytest runs of their own: what they find and tell."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract.contract.contract import bundled
from enkash_contract.generation import responses
from enkash_contract.pytest_plugin import failures, sandbox, scripted_sandbox
from enkash_contract.pytest_plugin.found import SECTION
from enkash_contract.validation.violation import shorten
from enkash_contract.wire.message import Request
from tests.support.inner_runs import CLIENT, OTHERS, run, run_apart, summary_of, told

if TYPE_CHECKING:
    from collections.abc import Callable

OPERATION = bundled().pick()
ANSWERS = responses.of_operation(OPERATION)
HOME = OPERATION.path


def place(rule: str) -> str:
    """Return where a rule stands in the document."""
    return str(OPERATION.rule(rule).place)


def command(*words: str, **changes: Any) -> str:
    """Return the command that judges the example with some ids changed."""
    payload = json.loads(json.dumps(OPERATION.request.example))
    payload["b2bIds"].update(changes)
    text = json.dumps(payload)
    return " ".join([f"printf %s '{text}' | enkash-contract validate", *words, "-"])


def mistyped(line: str, *, name: str = "test_it.py", again: str | None = None) -> str:
    """Return what is told of a buyerB2BId that is not a text."""
    return "\n".join(
        [
            "/b2bIds/buyerB2BId must be a string, but it is 5",
            "    rule       request/b2bIds/buyerB2BId#type",
            "    evidence   example (change-invoice-status, read 2026-11-22)",
            "    payload    /b2bIds/buyerB2BId: 5",
            f"    document   {place('request/b2bIds/buyerB2BId#type')}",
            '    example    "BUYER-0001"',
            f"    sent by    {name}:{line}",
            f"    reproduce  {again or command(buyerB2BId=5)}",
        ]
    )


def write(pytester: pytest.Pytester, tests: str, name: str = "test_it") -> Callable[[str], int]:
    """Write a file of tests, and return a function that finds the number of one of its lines."""
    text = CLIENT + tests
    pytester.makepyfile(**{name: text})
    # pytester strips what surrounds the text.
    lines = text.strip().splitlines()
    return lambda line: next(at for at, one in enumerate(lines, 1) if line in one)


# What is found


RIGHT = """
def test_right(enkash_sandbox):
    answer = post(enkash_sandbox, payload(), headers={"X-Key": "1"})
    (found,) = enkash_sandbox.interactions
    assert answer.json()["response_code"] == 0
    assert found.request.url == enkash_sandbox.url + PATH
    assert json.loads(found.request.body) == payload()
    assert ("x-key", "1") in found.request.headers
    assert (found.response.status, found.error) == (200, None)
    assert found.response.body == answer.content
    assert repr(enkash_sandbox) == "<ScriptedSandbox of changeInvoiceStatus: 1 request>"

def test_nothing_is_left_of_it(enkash_sandbox):
    assert enkash_sandbox.interactions == ()

def test_elsewhere(enkash_sandbox):
    assert requests.get(enkash_sandbox.url + "/login?user=me").status_code == 404
    (found,) = enkash_sandbox.interactions
    assert found.request.url == enkash_sandbox.url + "/login?user=me"
"""


def test_right_requests_pass(pytester: pytest.Pytester) -> None:
    """They are kept as they were sent; so is what goes elsewhere, of which nothing is said."""
    write(pytester, RIGHT)
    result = run(pytester, "-Werror")
    result.assert_outcomes(passed=3)
    assert summary_of(result) == (
        "enkash_sandbox: conforms; 1 checked: 1 held, 0 violations, 0 assumptions, 0 inconclusive; "
        "64 rules exercised by right requests, 0 by wrong ones"
    )
    assert "enkash assumptions" not in result.stdout.str()


def test_a_violation_fails_its_test_at_the_end(pytester: pytest.Pytester) -> None:
    """The sentence first, then all that is needed, in eight lines, with no port and no frames."""
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
    assert told(result) == {"ERROR at teardown of test_wrong": mistyped(line)}
    # How much of it is shown depends on the width, and on whether this is a CI.
    summary = "ERROR test_it.py::test_wrong - Failed: /b2bIds/buyerB2BId must be a string, b*"
    result.stdout.fnmatch_lines([summary])


def test_the_command_shows_the_violation_again(pytester: pytest.Pytester) -> None:
    """What stands behind "reproduce" can be pasted into a shell."""
    write(
        pytester,
        """
def test_wrong(enkash_sandbox):
    post(enkash_sandbox, payload(buyerB2BId="it's\\\\x"))
""",
    )
    (text,) = told(run(pytester)).values()
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


def test_every_violation_is_told(pytester: pytest.Pytester) -> None:
    """Each with its place; what one line sends twice is told once, and one command shows it all."""
    at = write(pytester, EVERYTHING)
    result = run(pytester)
    result.assert_outcomes(passed=1, errors=1)
    payload = json.loads(json.dumps(OPERATION.request.example))
    payload["b2bIds"]["buyerB2BId"] = 5
    del payload["invoiceStatus"]
    text = json.dumps(payload)
    (found,) = told(result).values()
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


def test_what_is_only_assumed_is_shown(pytester: pytest.Pytester) -> None:
    """It fails nothing, is told once at the end, and counts as a violation when told to."""
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
    said = '/device/tag/name must have at least 1 character, but it is ""'
    line = f"test_it.py:{at('post(enkash_sandbox, made)')}: post(enkash_sandbox, made)"
    assert result.outlines[start + 1] == (
        f"test_it.py::test_weak: assumption {said} [{rule}, assumed, {place(rule)}], sent by {line}"
    )
    strict = run(pytester, "--enkash-fail-on=assumed")
    strict.assert_outcomes(failed=0, passed=1, errors=1)
    (text,) = told(strict).values()
    assert text.startswith(f"{said}\n    rule       {rule}\n    evidence   assumed\n")
    assert text.endswith("' | enkash-contract validate --fail-on assumed -")


def test_a_line_that_nobody_knows_is_left_out(pytester: pytest.Pytester) -> None:
    """Here a conftest sends; and a path that is only nearly ours is judged as ours."""
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
    (text,) = told(run(pytester)).values()
    block, _, weak = text.partition("\n--")
    lines = mistyped("").splitlines()
    assert block.splitlines() == [one for one in lines if "sent by" not in one]
    rule = "request#path"
    assert weak.splitlines()[1] == (
        f"assumption the request must be sent to exactly {HOME}, but it is sent to /v1{HOME} "
        f"[{rule}, assumed, {place(rule)}]"
    )


def test_an_overlay_counts(pytester: pytest.Pytester) -> None:
    """Its rules are kept by the sandbox, and the command names it."""
    write(pytester, "\ndef test_it(enkash_sandbox):\n    post(enkash_sandbox, payload())\n")
    Path("my own.yaml").write_text(
        "overlay: 1.0.0\n"
        "info: {title: mine, version: 1.0.0}\n"
        "actions:\n"
        "  - target: $.components.schemas.B2BId\n"
        "    update: {maxLength: 10, x-evidence: {maxLength: confirmed}}\n",
        encoding="utf-8",
    )
    (text,) = told(run(pytester, "--enkash-overlay=my own.yaml")).values()
    assert text.startswith("/b2bIds/supplierB2BId must have at most 10 characters, but it is ")
    assert text.endswith("| enkash-contract validate --overlay 'my own.yaml' -")


def test_a_contract_that_cannot_be_served_is_one_line(pytester: pytest.Pytester) -> None:
    """A conftest may bring a contract of its own."""
    pytester.makeconftest(
        """
        import pytest
        from enkash_contract.contract.contract import Contract, bundled

        @pytest.fixture(scope="session")
        def enkash_contract():
            known = bundled()
            one = known.pick()
            return Contract(known.document, {"one": one, "two": one})
        """
    )
    write(pytester, "\ndef test_it(enkash_sandbox): pass\n")
    assert told(run(pytester)) == {
        "ERROR at setup of test_it": "enkash_sandbox: name an operation; the document has one, two"
    }


# Scripted answers


SCRIPTED = """
import time


def status(sandbox, **options):
    return post(sandbox, payload(), **options).status_code

def test_in_order(enkash_sandbox):
    enkash_sandbox.answers(429, "accepted")
    enkash_sandbox.answers("rejected", code=31, message="No such invoice")
    first, second, third, fourth = [post(enkash_sandbox, payload()) for _ in range(4)]
    assert (first.status_code, first.headers["Retry-After"]) == (429, "0")
    assert second.json()["response_code"] == 0
    assert third.json()["response_code"] == 31
    assert third.json()["response_message"] == "No such invoice"
    assert fourth.json()["response_code"] == 0
    assert [one.response.status for one in enkash_sandbox.interactions] == [429, 200, 400, 200]
    assert first.headers["X-Enkash-Sandbox"] == "stateless stub, not EnKash"

def test_no_answer(enkash_sandbox):
    enkash_sandbox.answers("timeout", "cut")
    with pytest.raises(requests.Timeout):
        status(enkash_sandbox, timeout=0.1)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        status(enkash_sandbox)
    found = [(one.response, one.error) for one in enkash_sandbox.interactions]
    assert found == [(None, "no answer was sent"), (None, "the answer was broken off")]

def test_slow(enkash_sandbox):
    enkash_sandbox.answers("slow", after=0.05)
    begun = time.monotonic()
    assert status(enkash_sandbox) == 200
    assert 0.05 <= time.monotonic() - begun < 1

def test_a_loop(enkash_sandbox):
    script = enkash_sandbox.answers("conforming/refusing-*")
    assert [status(enkash_sandbox) for _ in script] == [200, 400, 400, 400]

def test_the_same_always(enkash_sandbox):
    enkash_sandbox.answers(503, always=True)
    enkash_sandbox.answers("accepted")
    assert [status(enkash_sandbox) for _ in range(3)] == [200, 503, 503]

def test_elsewhere_is_not_scripted(enkash_sandbox):
    enkash_sandbox.answers(302)
    assert requests.post(enkash_sandbox.url + PATH, json=payload()).status_code == 302

def test_a_test_that_gives_up(enkash_sandbox):
    enkash_sandbox.answers("slow", after=60)
    import threading
    import socket
    host, port = enkash_sandbox.url.removeprefix("http://").split(":")
    pytest.left = socket.create_connection((host, int(port)))
    body = json.dumps(payload()).encode()
    pytest.left.sendall(
        f"POST {PATH} HTTP/1.1\\r\\nHost: h\\r\\nContent-Type: application/json\\r\\n"
        f"Content-Length: {len(body)}\\r\\n\\r\\n".encode() + body
    )
    while not enkash_sandbox.interactions:
        time.sleep(0.005)

def test_that_is_let_go():
    with pytest.left:
        assert pytest.left.recv(12) == b"HTTP/1.1 500"
"""


def test_what_comes_next_is_scripted(pytester: pytest.Pytester) -> None:
    """In words, statuses, ids and globs; and no pending answer outlives its test."""
    write(pytester, SCRIPTED)
    begun = time.monotonic()
    result = run(pytester)
    result.assert_outcomes(passed=8)
    assert time.monotonic() - begun < 30


def test_what_is_left_unused_is_told(pytester: pytest.Pytester) -> None:
    """Of a test that passed; one that failed, or was skipped, has enough to say for itself."""
    write(
        pytester,
        """
def test_passes(enkash_sandbox):
    enkash_sandbox.answers(*[500] * 6, "accepted")
    post(enkash_sandbox, payload())

def test_asks_nothing(enkash_sandbox):
    enkash_sandbox.answers("timeout", always=True)

def test_fails(enkash_sandbox):
    enkash_sandbox.answers("accepted")
    assert False

def test_is_skipped(enkash_sandbox):
    enkash_sandbox.answers("accepted")
    pytest.skip()
""",
    )
    result = run(pytester)
    result.assert_outcomes(passed=2, errors=2, failed=1, skipped=1)
    found = told(result)
    assert found["ERROR at teardown of test_passes"] == (
        "6 scripted answers never asked for: 500, 500, 500, 500, 500 and 1 more\n"
        "    the test sent 1 request; script what it asks for, and no more"
    )
    assert found["ERROR at teardown of test_asks_nothing"] == (
        "1 scripted answer never asked for: timeout\n"
        "    the test sent 0 requests; script what it asks for, and no more"
    )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("'acepted'", "no answer is called 'acepted'; did you mean accepted?"),
        ("", "name at least one answer, such as 'accepted' or 'timeout'"),
        ("'accepted', code=3", "code can be said of 'rejected' alone"),
        ("500, 503, always=True", "always=True takes one answer, and 2 were named"),
    ],
)
def test_a_wrong_script_is_one_error_in_the_test(
    call: str, message: str, pytester: pytest.Pytester
) -> None:
    """The traceback ends in the test's own line."""
    write(pytester, f"\ndef test_it(enkash_sandbox):\n    enkash_sandbox.answers({call})\n")
    (text,) = told(run(pytester)).values()
    assert text.splitlines()[-5:] == [
        "    def test_it(enkash_sandbox):",
        f">       enkash_sandbox.answers({call})",
        f"E       enkash_contract.errors.UsageError: {message}",
        "",
        text.splitlines()[-1],
    ]
    assert text.splitlines()[-1].startswith("test_it.py:")


# Every answer


SURVIVING = """
@pytest.mark.enkash(answers=%s)
def test_survives(enkash_sandbox, enkash_answer):
    for _ in range(2):
        try:
            answer = post(enkash_sandbox, payload(), timeout=0.2, allow_redirects=False)
        except requests.RequestException:
            assert enkash_answer.response is None or enkash_answer.cut
        else:
            assert answer.status_code == enkash_answer.response.status
    assert len(enkash_sandbox.interactions) == 2
"""


@pytest.mark.parametrize(
    ("named", "ids"),
    [
        ("'failing/*'", {one.id for one in ANSWERS if one.to == "any"}),
        (
            "('conforming/answering-200', 'response#status/30[12]')",
            {"conforming/answering-200", "response#status/301", "response#status/302"},
        ),
    ],
)
def test_a_test_goes_through_the_answers(
    named: str, ids: set[str], pytester: pytest.Pytester
) -> None:
    """Each is an item of its own with the answer's id, and is given to every request."""
    write(pytester, SURVIVING % named)
    result = run(pytester, "-v")
    result.assert_outcomes(passed=len(ids))
    found = [line.partition("[")[2].partition("] PASSED")[0] for line in result.outlines]
    assert sorted(filter(None, found)) == sorted(ids)


@pytest.mark.parametrize("polarity", ["right", "wrong", None])
def test_the_answers_are_the_right_the_wrong_or_all(
    polarity: str | None, pytester: pytest.Pytester
) -> None:
    """The nearest marker counts, and without one every answer is tried."""
    text = SURVIVING.replace("@pytest.mark.enkash(answers=%s)", "")
    write(
        pytester,
        text + (f"\npytestmark = pytest.mark.enkash(answers={polarity!r})" * bool(polarity)),
    )
    result = run(pytester, "--co", "-q")
    found = [line.partition("[")[2][:-1] for line in result.outlines if "[" in line]
    assert found == [one.id for one in ANSWERS if polarity in (one.polarity, None)]


def test_what_cannot_be_a_parameter_says_so(pytester: pytest.Pytester) -> None:
    """A method of unittest's and a fixture asked for by name have no parameter."""
    write(
        pytester,
        """
def test_by_name(request):
    request.getfixturevalue("enkash_answer")
""",
    )
    (text,) = told(run(pytester)).values()
    assert text == sandbox.UNPARAMETRISED


def test_a_document_that_cannot_be_loaded_is_an_error_of_the_collection(
    pytester: pytest.Pytester,
) -> None:
    """In one line, whatever asks for it."""
    write(pytester, "\ndef test_it(enkash_answer): pass\n")
    result = run(pytester, "--enkash-overlay=no.yaml")
    assert told(result) == {
        "ERROR collecting test_it.py": "no.yaml:1: cannot be read: No such file or directory; "
        "name a file that is there"
    }


# What a test expects


EXPECTING = """
@pytest.mark.enkash(expect_violation="request/b2bIds/buyerB2BId#type")
class TestIt:
    def test_wrong_on_purpose(self, enkash_sandbox):
        assert post(enkash_sandbox, payload(buyerB2BId=5)).status_code == 400

    def test_not_wrong(self, enkash_sandbox):
        post(enkash_sandbox, payload())

    def test_wrong_in_another_way(self, enkash_sandbox):
        post(enkash_sandbox, payload(buyerB2BId=""))

    def test_fails(self, enkash_sandbox):
        assert False


@pytest.mark.parametrize("name", [pytest.param("", marks=pytest.mark.enkash(
    expect_violation=["request/device/tag/name#minLength", "request#method"]))])
def test_weak(enkash_sandbox, name):
    made = payload()
    made["device"]["tag"]["name"] = name
    requests.put(enkash_sandbox.url + PATH, json=made)
    post(enkash_sandbox, made)
"""


def test_a_violation_on_purpose_is_no_failure(pytester: pytest.Pytester) -> None:
    """But its absence is one, and so is every other violation."""
    at = write(pytester, EXPECTING)
    result = run(pytester)
    result.assert_outcomes(passed=4, errors=3, failed=1)
    found = told(result)
    assert "enkash assumptions" not in result.stdout.str()
    absent = (
        "no request broke request/b2bIds/buyerB2BId#type, which the test expects\n"
        "    marker     @pytest.mark.enkash(expect_violation='request/b2bIds/buyerB2BId#type')\n"
        "    requests   1 to the sandbox"
    )
    assert found["ERROR at teardown of TestIt.test_not_wrong"] == absent
    other = found["ERROR at teardown of TestIt.test_wrong_in_another_way"].split("\n\n")
    assert (
        other[0].splitlines()[0] == '/b2bIds/buyerB2BId must match ^[^\\\\"]{1,100}$, but it is ""'
    )
    number = at('buyerB2BId="")')
    assert f"test_it.py:{number}: " in other[0]
    assert other[1] == f"{absent}; what they broke: request/b2bIds/buyerB2BId#pattern"
    assert found["ERROR at teardown of TestIt.test_fails"].endswith("requests   0 to the sandbox")
    assert summary_of(result) == (
        "enkash_sandbox: violates the contract; 5 checked: 4 held, 1 violation, 0 assumptions, "
        "0 inconclusive; 64 rules exercised by right requests, 4 by wrong ones"
    )


MISTAKEN = """
@pytest.mark.enkash(anwsers="wrong")
def test_name(): pass

@pytest.mark.enkash("wrong")
def test_bare(): pass

@pytest.mark.enkash(answers="rong")
def test_answer(enkash_answer): pass

@pytest.mark.enkash(answers=5)
def test_type(enkash_answer): pass

@pytest.mark.enkash(expect_violation="request/b2bIds/buyerB2BId#patern")
def test_rule(enkash_sandbox): pass

@pytest.mark.enkash(expect_violation="response#status")
def test_side(enkash_sandbox): pass

@pytest.mark.enkash(expect_violation="request#method")
def test_no_sandbox(): pass

@pytest.mark.enkash(answers="wrong")
def test_no_answer(enkash_sandbox): pass

@pytest.mark.parametrize("one", "ab")
@pytest.mark.enkash(speed=1)
def test_twice(one): pass

@pytest.mark.enkash(answers="wrong")
class TestSome:
    def test_other(self): pass
"""


def test_a_marker_that_says_nothing_is_an_error_of_the_collection(
    pytester: pytest.Pytester,
) -> None:
    """Each in one line with its place, all at once, and what was probably meant."""
    at = write(pytester, MISTAKEN)
    result = run(pytester)
    assert result.ret == pytest.ExitCode.INTERRUPTED
    mark = "@pytest.mark.enkash"
    said = {
        "test_name": "(anwsers='wrong'): there is no argument 'anwsers'; did you mean answers?",
        "test_bare": "('wrong'): write answers='wrong', with a name",
        "test_answer": "(answers='rong'): no answer is called 'rong'; did you mean wrong?",
        "test_type": "(answers=5): write a text, or a list of texts",
        "test_rule": "(expect_violation='request/b2bIds/buyerB2BId#patern'): changeInvoiceStatus "
        "has no rule 'request/b2bIds/buyerB2BId#patern'; did you mean "
        "request/b2bIds/buyerB2BId#pattern or request/b2bIds/buyerB2BId#type or "
        "request/b2bIds/supplierB2BId#pattern?",
        "test_side": "(expect_violation='response#status'): it is a rule of the answer, which no "
        "request breaks",
        "test_no_sandbox": "(expect_violation=…): the test does not use the fixture enkash_sandbox",
        "test_no_answer": "(answers=…): the test does not use the fixture enkash_answer",
        "test_twice": "(speed=1): there is no argument 'speed'; it takes answers and "
        "expect_violation",
    }
    lines = [f"test_it.py:{line(at, name)}: {mark}{text}" for name, text in said.items()]
    assert told(result) == {"ERROR collecting test_it.py": "\n".join(lines)}


def line(at: Callable[[str], int], name: str) -> int:
    """Return the line that pytest gives for a test: that of its first decorator."""
    return at(f"def {name}(") - (2 if name == "test_twice" else 1)


def test_the_marker_is_registered(pytester: pytest.Pytester) -> None:
    """It is listed, and no unknown marker to --strict-markers."""
    write(pytester, "\n@pytest.mark.enkash(answers='cut')\ndef test_it(): pass\n")
    listed = run(pytester, "--markers").stdout.str()
    assert "@pytest.mark.enkash(answers=..., expect_violation=...): which answers " in listed


# However tests are written, and wherever they stand


KINDS = """
import asyncio
import concurrent.futures
import unittest

import httpx


@pytest.fixture
def anyio_backend():
    return "asyncio"


async def send(sandbox):
    async with httpx.AsyncClient(verify=False) as client:
        body, label = json.dumps(payload(buyerB2BId=5)), {"Content-Type": "application/json"}
        await client.post(sandbox.url + PATH, content=body, headers=label)


@pytest.mark.anyio
async def test_anyio(enkash_sandbox):
    await send(enkash_sandbox)  # anyio


@pytest.mark.asyncio
async def test_asyncio(enkash_sandbox):
    await asyncio.wait_for(send(enkash_sandbox), 5)  # asyncio


@pytest.mark.usefixtures("enkash_sandbox")
class TestCase(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def _sandbox(self, enkash_sandbox):
        self.sandbox = enkash_sandbox

    def test_method(self):
        post(self.sandbox, payload(buyerB2BId=5))  # method


class AsyncCase(unittest.IsolatedAsyncioTestCase):
    @pytest.fixture(autouse=True)
    def _sandbox(self, enkash_sandbox):
        self.sandbox = enkash_sandbox

    async def test_coroutine(self):
        await send(self.sandbox)  # coroutine


class TestPlain:
    def test_threads(self, enkash_sandbox):
        with concurrent.futures.ThreadPoolExecutor() as pool:
            pool.submit(post, enkash_sandbox, payload(buyerB2BId=5)).result()

    def test_elsewhere(self, sent): pass


@pytest.fixture
def sent(enkash_sandbox):
    post(enkash_sandbox, payload(buyerB2BId=5))  # fixture
"""

NAMED = {
    "test_anyio": "await send(enkash_sandbox)  # anyio",
    "test_asyncio": "await asyncio.wait_for(send(enkash_sandbox), 5)  # asyncio",
    "TestCase.test_method": "post(self.sandbox, payload(buyerB2BId=5))  # method",
    "AsyncCase.test_coroutine": "await send(self.sandbox)  # coroutine",
    "TestPlain.test_threads": "pool.submit(post, enkash_sandbox, payload(buyerB2BId=5)).result()",
    "TestPlain.test_elsewhere": "post(enkash_sandbox, payload(buyerB2BId=5))  # fixture",
}


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--import-mode=importlib", "-p", "no:cacheprovider"],
        ["--rootdir=root", "--strict-markers"],
    ],
)
def test_every_kind_of_test_names_its_line(words: list[str], pytester: pytest.Pytester) -> None:
    """Functions, methods, unittest's classes and coroutines, wherever the root is."""
    pytester.mkdir("root")
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function\nmarkers = asyncio")
    at = write(pytester, KINDS)
    others = [one for one in OTHERS if one not in ("asyncio", "cacheprovider")]
    # A slow machine makes asyncio log that its loop waited.
    words = ["-ctox.ini", "--show-capture=no", *words]
    result = run(pytester, *words, "test_it.py", without=others)
    result.assert_outcomes(passed=6, errors=6)
    assert told(result) == {
        f"ERROR at teardown of {name}": mistyped(f"{at(text)}: {text}")
        for name, text in NAMED.items()
    }


@pytest.mark.unmeasured
def test_it_works_on_several_workers(pytester: pytest.Pytester) -> None:
    """Each worker has a server of its own, and what is assumed is told by all of them."""
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
    number = sum(fnmatchcase(one.id, "conforming/charset-*") for one in ANSWERS)
    # pytest-xdist runs what it could collect.
    result.assert_outcomes(passed=7 + number, errors=2)
    assert list(told(result)) == [
        "ERROR collecting test_it.py",
        "ERROR at teardown of test_it[3]",
    ]
    said = "assumption /device/tag/name must have at least 1 character"
    result.stdout.fnmatch_lines([f"test_it.py::test_it[[]0[]] and 5 more: {said}*"])
    assert summary_of(result).startswith(
        f"enkash_sandbox: violates the contract; {7 + number} checked: {number} held, 1 violation, "
        "6 assumptions, 0 inconclusive ("
    )


def test_what_a_client_sent_is_in_the_reports(pytester: pytest.Pytester) -> None:
    """With the test that sent it, which sends it again, and no address of a server that is gone."""
    write(
        pytester,
        """
def test_it(enkash_sandbox):
    post(enkash_sandbox, payload(buyerB2BId=5))
    enkash_sandbox.answers("error", "rejected")
    post(enkash_sandbox, payload())
    post(enkash_sandbox, payload())
    requests.get(enkash_sandbox.url + "/health")
""",
    )
    run(pytester, "--enkash-report=json=result.json").assert_outcomes(passed=1, errors=1)
    text = (pytester.path / "result.json").read_text(encoding="utf-8")
    data = json.loads(text)
    (found,) = data["findings"]
    assert "127.0.0.1" not in text
    assert (data["target"], data["exit"]) == ("enkash_sandbox", 1)
    assert (data["cases"]["held"], data["cases"]["violations"]) == (2, 1)
    assert (found["check"], found["rule"], found["source"], found["reproduce"]) == (
        "request_schema_conformance",
        "request/b2bIds/buyerB2BId#type",
        "test_it.py::test_it",
        "pytest test_it.py::test_it",
    )


# What it costs, and what it leaves


def test_the_logging_of_the_session_is_left_alone(pytester: pytest.Pytester) -> None:
    """A log file goes on being written, and no failure of the server's is in a test's log."""
    write(
        pytester,
        """
import logging

def test_before():
    logging.error("before")

def test_it(enkash_sandbox, caplog):
    enkash_sandbox.answers("cut")
    with pytest.raises(requests.RequestException):
        post(enkash_sandbox, payload())
    assert caplog.records == []

def test_after():
    logging.error("after")
""",
    )
    run(pytester, "--log-file=all.log").assert_outcomes(passed=3)
    lines = Path("all.log").read_text(encoding="utf-8").splitlines()
    assert [one.rpartition(" ")[2] for one in lines] == ["before", "after"]


def test_without_a_test_a_server_answers_as_any_sandbox() -> None:
    """A request that comes too late belongs to nobody."""
    made = scripted_sandbox.Server(contract=bundled(), fail_on="sibling")
    response = made.answer(Request("GET", f"http://sandbox{HOME}")).response
    assert response is not None
    assert response.status == 405


def test_the_section_is_known_to_the_plugin() -> None:
    """The plugin repeats its name, because it imports nothing."""
    assert f"Captured {failures.SECTION} teardown" == SECTION
