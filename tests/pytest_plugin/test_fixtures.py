"""The fixtures of the items: a conftest defines the target, and its mistakes are one line."""

from __future__ import annotations

import json

import pytest

from enkash_contract.contract import contract
from tests.support.inner_runs import run, section, sent
from tests.support.item_runs import BUYER, CASES, CONFTEST


def test_a_conftest_defines_the_target(lax: pytest.Pytester) -> None:
    """The target is an application with a log-in; its secrets are in no output or report."""
    lax.mkdir("tests").joinpath("conftest.py").write_text(CONFTEST)
    lax.path.joinpath("tests/test_own.py").write_text(
        "def test_own(enkash_base):\n    assert enkash_base['device']\n"
    )
    words = ["--enkash", "-k", "own or (buyerB2BId and required)"]
    result = run(lax, *words, "--enkash-report=json=result.json", "tests")
    report = json.loads((lax.path / "result.json").read_text())

    result.assert_outcomes(passed=2, failed=1, deselected=119)
    assert {line.partition(" {")[0] for line in sent(lax)} == {"Bearer one"}
    assert "Bearer" not in "\n".join(result.outlines) + json.dumps(report)
    assert (report["target"], report["exit"], len(report["findings"])) == ("app", 1, CASES)
    assert report["findings"][0]["reproduce"] == (
        f"pytest --enkash --enkash-case '{BUYER}#required/removed'"
    )


def test_a_conftest_of_the_root_folder_defines_target_and_base(lax: pytest.Pytester) -> None:
    """Every case is derived from the vouched-for payload."""
    base = contract.bundled().pick().request.example
    lax.makeconftest(
        f"{CONFTEST}\n@pytest.fixture(scope='session')\ndef enkash_base():\n"
        f"    return { ({**base, 'b2bIds': {**base['b2bIds'], 'buyerB2BId': 'MINE'}})!r}\n"
    )
    run(lax, "--enkash", "-k", "supplierB2BId and required").assert_outcomes(
        passed=2, deselected=119
    )
    assert {
        json.loads(line.removeprefix("Bearer one"))["b2bIds"].get("buyerB2BId")
        for line in sent(lax)
    } == {"MINE"}


MOVING = """
import pytest
from enkash_contract.sandbox.server import in_background
from tests.support.moving import Moving

SERVER = Moving({defect!r})

@pytest.fixture(scope="session")
def enkash_target():
    with in_background(SERVER) as url:
        yield {target}

@pytest.fixture(scope="session")
def enkash_base():
    return SERVER.payload
"""


@pytest.mark.parametrize("target", ["url", "SERVER"])
def test_a_base_may_be_a_function(target: str, pytester: pytest.Pytester) -> None:
    """A target that accepts a request only once conforms, and its defect is found."""
    words = ["--enkash", "-k", "buyerB2BId and (required or pattern)"]
    pytester.makeconftest(MOVING.format(target=target, defect=None))
    run(pytester, *words).assert_outcomes(passed=4, deselected=117)
    pytester.makeconftest(MOVING.format(target=target, defect=f"{BUYER}#required/unenforced"))
    result = run(pytester, *words)
    result.assert_outcomes(passed=3, failed=1, deselected=117)
    result.stdout.fnmatch_lines([f"*pytest --enkash --enkash-case '{BUYER}#required/removed'*"])


@pytest.mark.parametrize(
    ("conftest", "words", "message"),
    [
        (
            "@pytest.fixture(scope='session')\n"
            "def enkash_target(enkash_target): return enkash_target",
            ["--enkash"],
            "nothing says what to check: give --enkash-url or --enkash-app, or write a fixture "
            "enkash_target of scope session in a conftest.py",
        ),
        (
            "@pytest.fixture(scope='session')\ndef enkash_target(): return 'nowhere'",
            ["--enkash"],
            "'nowhere' is neither a URL nor an application; write http://HOST:PORT, or "
            "module:attribute of an ASGI or WSGI application",
        ),
        (
            "@pytest.fixture(scope='session')\ndef enkash_target(): return 'http://h', {'a b': ''}",
            ["--enkash"],
            "the header 'a b' or its value is not what HTTP can carry",
        ),
        (
            "@pytest.fixture(scope='session')\ndef enkash_base(enkash_base):\n"
            "    enkash_base['invoiceStatus']['objectVersion']['newVersion'] = True\n"
            "    return enkash_base",
            ["--enkash-app=lax:app"],
            "the base payload itself breaks the contract: /invoiceStatus/objectVersion/newVersion",
        ),
        (
            "@pytest.fixture(scope='session')\ndef enkash_base(): return {}",
            ["--enkash-app=lax:app"],
            "the base payload itself breaks the contract: /device is required",
        ),
    ],
)
def test_a_mistake_in_a_fixture_is_one_line(
    conftest: str, words: list[str], message: str, lax: pytest.Pytester
) -> None:
    """No frame of this package is shown, whatever the mistake."""
    lax.makeconftest(f"import pytest\n{conftest}")
    result = run(lax, *words, "-k", "method and accept")
    result.assert_outcomes(errors=1, deselected=120)
    (shown,) = [line for line in section(result, "ERROR at setup", "====") if line]
    assert shown.startswith(message)


def test_a_fixture_of_another_scope_is_an_error_of_pytest(lax: pytest.Pytester) -> None:
    """One baseline serves a session, so the target must be of that scope."""
    lax.makeconftest(CONFTEST.replace('(scope="session")', ""))
    result = run(lax, "--enkash", "-k", "method and accept")
    result.assert_outcomes(errors=1, deselected=120)
    result.stdout.fnmatch_lines(["ScopeMismatch: *enkash_target*"])


def test_fixtures_that_apply_to_functions_apply_to_items(lax: pytest.Pytester) -> None:
    """Fixtures of a module apply too, because other plugins have them."""
    lax.makeconftest(
        f"""{CONFTEST}
@pytest.fixture(autouse=True)
def each(request):
    print("seen", request.node.name, request.module.__name__)

@pytest.fixture(autouse=True, scope="module")
def one(request):
    print("module", request.path.name)
"""
    )
    result = run(lax, "--enkash", "-k", "method and accept", "-s")
    result.assert_outcomes(passed=1, deselected=120)
    result.stdout.fnmatch_lines(
        ["*module enkash contract", "seen request#method [[]accept[]] enkash_contract_items"]
    )
