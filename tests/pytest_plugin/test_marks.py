"""The marker of tests of clients: which answers, which violation on purpose, and its mistakes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from enkash_contract.contract.contract import bundled
from enkash_contract.contract.evidence import FAIL_ON, Level
from enkash_contract.generation import responses
from tests.support.client_runs import write
from tests.support.inner_runs import failure_texts, run, summary_of

if TYPE_CHECKING:
    from collections.abc import Callable


OPERATION = bundled().pick()
ANSWERS = responses.of_operation(OPERATION)
IDS = {answer.id for answer in ANSWERS}


SURVIVING = """
@pytest.mark.enkash(answers=%s)
def test_survives(enkash_sandbox, enkash_answer):
    # Only what never comes is not waited for.
    seconds = 0.2 if enkash_answer.response is None else 30
    for _ in range(2):
        try:
            answer = post(enkash_sandbox, payload(), timeout=seconds, allow_redirects=False)
        except requests.RequestException:
            assert enkash_answer.response is None or enkash_answer.cut
        else:
            assert answer.status_code == enkash_answer.response.status
    assert len(enkash_sandbox.interactions) == 2
"""


@pytest.mark.parametrize(
    ("named", "ids"),
    [
        ("'failing/*'", {answer.id for answer in ANSWERS if answer.to == "any"}),
        (
            "('conforming/answering-200', 'response#status/30[12]')",
            {"conforming/answering-200", "response#status/301", "response#status/302"},
        ),
    ],
)
def test_a_test_goes_through_the_answers(
    named: str, ids: set[str], pytester: pytest.Pytester
) -> None:
    """Each answer has an item with its id, and is sent to every request of the test."""
    write(pytester, SURVIVING % named)
    result = run(pytester, "-v")
    result.assert_outcomes(passed=len(ids))
    found = [line.partition("[")[2].partition("] PASSED")[0] for line in result.outlines]
    assert sorted(filter(None, found)) == sorted(ids)


@pytest.mark.parametrize("polarity", ["right", "wrong", None])
def test_the_marker_chooses_answers_by_polarity(
    polarity: str | None, pytester: pytest.Pytester
) -> None:
    """The marker of a module counts too, and without any marker both kinds are tried."""
    text = SURVIVING.replace("@pytest.mark.enkash(answers=%s)", "")
    write(
        pytester,
        text + (f"\npytestmark = pytest.mark.enkash(answers={polarity!r})" * bool(polarity)),
    )
    result = run(pytester, "--co", "-q")
    found = [line.partition("[")[2][:-1] for line in result.outlines if "[" in line]
    assert found == [
        answer.id
        for answer in ANSWERS
        if polarity in (answer.polarity, None) and answer.counts(FAIL_ON)
    ]
    assert 10 < len(found) < len(ANSWERS) - 100


@pytest.mark.parametrize("level", ["confirmed", "example", "assumed"])
def test_the_level_decides_what_is_surely_invalid(level: str, pytester: pytest.Pytester) -> None:
    """What is invalid on weaker evidence is left out; failures never are, nor what a glob names."""
    write(
        pytester,
        """
@pytest.mark.enkash(answers="wrong")
def test_word(enkash_answer): pass

@pytest.mark.enkash(answers=["response*", "failing/*"])
def test_globs(enkash_answer): pass

def test_loop(enkash_sandbox, request):
    for reply in enkash_sandbox.answers("wrong"):
        print("", reply.id, sep="\\n")
""",
    )
    listed = run(pytester, "--co", "-q", f"--enkash-fail-on={level}").outlines
    found = {
        name: [line.partition("[")[2][:-1] for line in listed if f"::{name}[" in line]
        for name in ("test_word", "test_globs")
    }
    invalid = [answer for answer in ANSWERS if answer.polarity == "wrong"]
    sure = [
        answer.id
        for answer in invalid
        if answer.rule is None or answer.evidence.at_least(Level(level))
    ]
    assert found == {"test_word": sure, "test_globs": [answer.id for answer in invalid]}
    looped = run(pytester, "-s", "-ktest_loop", f"--enkash-fail-on={level}").outlines
    assert [line for line in looped if line in IDS] == sure


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
    """Its absence is a failure, and so is every other violation."""
    at = write(pytester, EXPECTING)
    result = run(pytester)
    result.assert_outcomes(passed=4, errors=3, failed=1)
    found = failure_texts(result)
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
    assert other[1] == f"{absent}; they broke request/b2bIds/buyerB2BId#pattern"
    assert found["ERROR at teardown of TestIt.test_fails"].endswith("requests   0 to the sandbox")
    assert summary_of(result) == (
        "enkash_sandbox: violates the contract; 5 checked: 4 held, 1 violation, 0 assumptions, "
        "0 inconclusive; 64 rules exercised by valid requests, 4 by invalid ones"
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


def test_a_mistake_in_a_marker_is_an_error_of_the_collection(
    pytester: pytest.Pytester,
) -> None:
    """All mistakes are reported at once, a line each, with its place and the likely meaning."""
    at = write(pytester, MISTAKEN)
    result = run(pytester)
    assert result.ret == pytest.ExitCode.INTERRUPTED
    mark = "@pytest.mark.enkash"
    messages = {
        "test_name": "(anwsers='wrong'): there is no argument 'anwsers'; did you mean answers?",
        "test_bare": "('wrong'): write answers='wrong', with a name",
        "test_answer": "(answers='rong'): no answer is called 'rong'; did you mean wrong?",
        "test_type": "(answers=5): write a text, or a list of texts",
        "test_rule": "(expect_violation='request/b2bIds/buyerB2BId#patern'): changeInvoiceStatus "
        "has no rule 'request/b2bIds/buyerB2BId#patern'; did you mean "
        "request/b2bIds/buyerB2BId#pattern or request/b2bIds/buyerB2BId#type or "
        "request/b2bIds/supplierB2BId#pattern?",
        "test_side": "(expect_violation='response#status'): it is a rule of the response, which "
        "no request breaks",
        "test_no_sandbox": "(expect_violation=…): the test does not use the fixture enkash_sandbox",
        "test_no_answer": "(answers=…): the test does not use the fixture enkash_answer",
        "test_twice": "(speed=1): there is no argument 'speed'; it takes answers, "
        "expect_violation, operation",
    }
    lines = [f"test_it.py:{line(at, name)}: {mark}{text}" for name, text in messages.items()]
    assert failure_texts(result) == {"ERROR collecting test_it.py": "\n".join(lines)}


def line(at: Callable[[str], int], name: str) -> int:
    """Return the line that pytest reports for a test: that of its first decorator."""
    return at(f"def {name}(") - (2 if name == "test_twice" else 1)
