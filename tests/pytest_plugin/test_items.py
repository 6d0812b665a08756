"""Items of the contract: their fixtures, their names, their failures, and the options of pytest."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from enkash_contract.contract import contract
from enkash_contract.sandbox import server
from enkash_contract.sandbox.app import Sandbox
from tests.support.inner_runs import LAX, run, run_apart, section, sent

BUYER = "request/b2bIds/buyerB2BId"
REQUIRED = f"enkash contract::{BUYER}#required [reject]"
CASES = 6
"""How many cases the reject item of that rule has."""

FINGERPRINT = "521bf6a7f762"
"""The fingerprint of that rule's case `removed`, the same in every run."""

PLACES = {rule.id: rule.place for rule in contract.bundled().pick().rules.values()}
CONFTEST = """
import pytest, lax

@pytest.fixture(scope="session")
def enkash_target():
    return lax.app, {"Authorization": "Bearer one"}
"""


@pytest.fixture
def lax(pytester: pytest.Pytester) -> pytest.Pytester:
    """Provide an implementation that takes any buyer, in `lax:app`."""
    pytester.syspathinsert()
    pytester.makepyfile(lax=LAX)
    return pytester


# What is shown


FAILURE = f"""\
accepted, although /b2bIds/buyerB2BId is required, but missing
  rule         request/b2bIds/buyerB2BId#required (negative_data_rejection)
  evidence     sibling (api-10664764, read 2026-11-22)
  payload      /b2bIds/buyerB2BId
  document     {PLACES[f"{BUYER}#required"]}
  reproduce    pytest --enkash-app=lax:app --enkash-case '{BUYER}#required/removed'
  fingerprint  {FINGERPRINT}
  differs      from the accepted baseline
    - "buyerB2BId": "BUYER-0001\""""


def test_a_failure_is_shown_whole(lax: pytest.Pytester) -> None:
    """The sentence comes first, then where to look, then the difference; and no frame of ours."""
    words = ["--enkash-app=lax:app", "--enkash-case", f"{BUYER}#required/removed"]
    result = run(lax, *words)
    shown = section(result, REQUIRED, "= enkash contract =")
    paragraph = section(result, "= enkash contract =", "short test summary")

    assert shown == FAILURE.splitlines()
    assert paragraph == [
        "lax:app: violates the contract; 2 checked: 1 held, 1 violation, 0 assumptions, "
        "0 inconclusive; 64 rules exercised by right requests, 1 by wrong ones"
    ]
    result.assert_outcomes(failed=1)


def test_many_violations_of_one_rule_are_shown_briefly(lax: pytest.Pytester) -> None:
    """Three are shown whole, the others in a line each."""
    result = run(lax, "--enkash-app=lax:app", REQUIRED)
    shown = section(result, REQUIRED, "= enkash contract =")
    sentences = [line for line in shown if line.startswith("accepted, although ")]

    assert shown.count("") == 3
    assert [line.rpartition("[")[2] for line in sentences[3:]] == [
        f"{BUYER}#required/misspelt-upper]",
        f"{BUYER}#required/misspelt-leading-blank]",
        f"{BUYER}#required/misspelt-trailing-blank]",
    ]


# What is checked


def test_a_conftest_says_what_to_check(lax: pytest.Pytester) -> None:
    """An application with a log-in, from the folder of the tests; secrets stay out of sight."""
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


def test_the_fixtures_of_a_root_folder_and_a_base_of_ones_own(lax: pytest.Pytester) -> None:
    """The vouched-for payload is what every case is derived from."""
    base = contract.bundled().pick().request.example
    lax.makeconftest(
        f"{CONFTEST}\n@pytest.fixture(scope='session')\ndef enkash_base():\n"
        f"    return { ({**base, 'b2bIds': {**base['b2bIds'], 'buyerB2BId': 'MINE'}})!r}\n"
    )
    run(lax, "--enkash", "-k", "supplierB2BId and required").assert_outcomes(
        passed=2, deselected=119
    )
    assert {
        json.loads(one.removeprefix("Bearer one"))["b2bIds"].get("buyerB2BId") for one in sent(lax)
    } == {"MINE"}


@pytest.mark.parametrize(
    ("conftest", "words", "told"),
    [
        (
            "",
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
def test_a_fixture_that_is_wrong_is_told_in_a_line(
    conftest: str, words: list[str], told: str, lax: pytest.Pytester
) -> None:
    """No frame of this package is shown, whatever the mistake."""
    lax.makeconftest(f"import pytest\n{conftest}")
    result = run(lax, *words, "-k", "method and accept")
    result.assert_outcomes(errors=1, deselected=120)
    (shown,) = [line for line in section(result, "ERROR at setup", "====") if line]
    assert shown.startswith(told)


def test_a_fixture_of_another_scope_is_pytest_s_own_error(lax: pytest.Pytester) -> None:
    """One target for the session is what one baseline stands for."""
    lax.makeconftest(CONFTEST.replace('(scope="session")', ""))
    result = run(lax, "--enkash", "-k", "method and accept")
    result.assert_outcomes(errors=1, deselected=120)
    result.stdout.fnmatch_lines(["ScopeMismatch: *enkash_target*"])


def test_two_folders_cannot_both_say_what_to_check(lax: pytest.Pytester) -> None:
    """Of folders within each other the innermost does; of two side by side none."""
    lax.makeconftest(CONFTEST)
    for name in ("a", "b"):
        lax.mkdir(name).joinpath("conftest.py").write_text(CONFTEST)
        lax.path.joinpath(name, f"test_{name}.py").write_text("def test(): pass")
    result = run(lax, "--enkash", "-k", "method", "a", "b")
    assert result.errlines[0] == (
        f"ERROR: {lax.path}/a/conftest.py and {lax.path}/b/conftest.py both have enkash_target or "
        "enkash_base; leave one of them, or name the other's folder alone on the command line"
    )
    run(lax, "--enkash", "-k", "method and accept", "a").assert_outcomes(passed=1, deselected=121)


@pytest.mark.parametrize("words", [["tests"], ["--", "enkash contract::request#method [accept]"]])
def test_a_root_folder_elsewhere(words: list[str], lax: pytest.Pytester) -> None:
    """The conftest of the tests applies, wherever the root is and however tests are imported."""
    lax.mkdir("root")
    lax.mkdir("tests").joinpath("conftest.py").write_text(CONFTEST)
    where = ["--rootdir=root", "--import-mode=importlib"] if words == ["tests"] else []
    result = run(lax, *where, "--enkash", "-k", "method and accept", *words)
    assert result.parseoutcomes()["passed"] == 1
    assert {line.partition(" {")[0] for line in sent(lax)} == {"Bearer one"}


def test_a_target_that_keeps_state_is_told_at_the_end(lax: pytest.Pytester) -> None:
    """Where the baseline is not accepted any more, what passed has proven nothing."""
    lax.makepyfile(
        stale="""
        import lax
        served = []

        def app(environ, start):
            served.append(1)
            if len(served) > 2:
                environ["CONTENT_LENGTH"] = "0"
            return lax.app(environ, start)
        """
    )
    result = run(lax, "--enkash-app=stale:app", "-k", "device and required and reject and not tag")
    result.assert_outcomes(passed=1, errors=1, deselected=120)
    assert section(result, "ERROR at teardown", "= enkash contract =") == [
        "the baseline was accepted at first and is not any more: the target keeps state or is "
        "gone, so what it refused since then proves nothing; vouch for a request that it accepts "
        "every time"
    ]


def test_what_is_not_sent_is_not_passed(lax: pytest.Pytester) -> None:
    """A target that falls silent is given up; the items left over fail and say so."""
    lax.makepyfile(
        silent="""
        served = []

        async def app(scope, receive, send):
            import enkash_contract as ec
            served.extend([scope] * (scope["type"] == "http"))
            if len(served) < 2:
                await ec.Sandbox()(scope, receive, send)
        """
    )
    result = run(lax, "--enkash-app=silent:app", "-k", "method and reject or b2bIds and type")
    result.assert_outcomes(failed=4, passed=3, errors=1, deselected=114)
    assert (
        "nothing could be concluded: the answers say nothing about the payload" in result.outlines
    )


def test_a_payload_without_a_place_for_a_case_is_skipped(
    lax: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The items are those of the options; a fixture's base may leave one of them without cases."""
    monkeypatch.setattr("enkash_contract.pytest_plugin.items._cases", lambda *_: [])
    result = run(lax, "--enkash-app=lax:app", "-k", "method", "-rs")
    result.assert_outcomes(passed=1, skipped=1, deselected=119)
    result.stdout.fnmatch_lines(["SKIPPED * the base payload has no place for such a case"])


# Names and options of pytest


def test_an_item_is_named_on_the_command_line(lax: pytest.Pytester) -> None:
    """By what a failure is called, by its rule, or all of them; the name alone turns them on."""
    lax.makeconftest(CONFTEST)
    lax.makepyfile("def test_own(): pass")

    def listed(*words: str) -> list[str]:
        lines = run(lax, "--co", "-q", *words).outlines
        return lines[: lines.index("")]

    both = [REQUIRED.replace("reject", "accept"), REQUIRED]
    assert listed(REQUIRED) == [REQUIRED]
    assert listed(REQUIRED.partition(" [")[0]) == both
    assert listed("test_an_item_is_named_on_the_command_line.py", REQUIRED)[1:] == [REQUIRED]
    assert len(listed("enkash contract")) == 121
    assert run(lax, "enkash contract::nothing").errlines[0] == (
        "ERROR: there is no item 'enkash contract::nothing'; --co lists them"
    )


def test_one_case_can_be_chosen(lax: pytest.Pytester) -> None:
    """It is sent by the item of its rule, and the baseline is one as well."""
    words = ["--enkash-app=lax:app", "--co", "-q", "--enkash-case"]
    assert run(lax, *words, f"{BUYER}#pattern/longest").outlines[0] == (
        f"enkash contract::{BUYER}#pattern [accept]"
    )
    assert run(lax, *words, "request#type/baseline").outlines[0] == (
        "enkash contract::request#type [accept]"
    )
    assert (
        run(lax, *words, "request#type/baselin")
        .errlines[0]
        .startswith(
            "ERROR: there is no case 'request#type/baselin'; did you mean request#type/baseline"
        )
    )


def test_the_tree_shows_the_contract(lax: pytest.Pytester) -> None:
    """It stands below the folder whose conftest.py speaks of it."""
    lax.makeconftest(CONFTEST)
    result = run(lax, "--co", f"enkash contract::{BUYER}#type")
    assert [line for line in result.outlines if line.lstrip().startswith("<")] == [
        f"<Dir {lax.path.name}>",
        "  <Root enkash contract>",
        f"    <ContractItem {BUYER}#type [accept]>",
        f"    <ContractItem {BUYER}#type [reject]>",
    ]


def test_what_failed_last_is_run_again(lax: pytest.Pytester) -> None:
    """--lf chooses, --ff orders, and -x stops, as for functions."""
    lax.makepyfile("def test_own(): pass")
    words = ["--enkash-app=lax:app", "-k", "own or (buyerB2BId and not pattern)"]
    first = run(lax, *words, cache=True)
    again = run(lax, *words, "--lf", cache=True)
    before = run(lax, *words, "--ff", "--co", "-q", cache=True)
    stopped = run(lax, *words, "-x", "-q", "--durations=0", "--durations-min=0", cache=True)

    first.assert_outcomes(passed=3, failed=2, deselected=117)
    again.assert_outcomes(failed=2, deselected=120)
    assert "run-last-failure: rerun previous 2 failures" in again.outlines
    assert before.outlines[:3] == [
        REQUIRED,
        f"enkash contract::{BUYER}#type [reject]",
        "test_what_failed_last_is_run_again.py::test_own",
    ]
    stopped.assert_outcomes(passed=2, failed=1, deselected=117)
    assert "stopping after 1 failures" in "\n".join(stopped.outlines)
    assert any(line.endswith(f"call     {REQUIRED}") for line in stopped.outlines)


def test_the_junit_report_holds_what_an_item_is_about(lax: pytest.Pytester) -> None:
    """The rule, its evidence, and the fingerprint of each finding are properties."""
    run(lax, "--enkash-app=lax:app", f"--enkash-case={BUYER}#required/removed", "--junit-xml=j.xml")
    (case,) = ET.parse(lax.path / "j.xml").iter("testcase")  # noqa: S314 - pytest wrote it
    found = {one.get("name"): one.get("value") for one in case.iter("property")}

    assert (case.get("classname"), case.get("name")) == (
        "enkash contract",
        f"{BUYER}#required [reject]",
    )
    assert [*found.items()] == [
        ("rule", f"{BUYER}#required"),
        ("evidence", "sibling (api-10664764, read 2026-11-22)"),
        ("fingerprint", FINGERPRINT),
    ]


def test_fixtures_that_apply_to_functions_apply_to_items(lax: pytest.Pytester) -> None:
    """Those of a module too, as other plugins have them."""
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


# Several workers


@pytest.mark.unmeasured
@pytest.mark.parametrize(
    "dist",
    [
        "load",
        # They differ from it in the order alone, and each of them starts two workers.
        *(
            pytest.param(one, marks=pytest.mark.slow)
            for one in ("loadscope", "loadfile", "loadgroup", "worksteal")
        ),
        "each",
        "no",
    ],
)
def test_no_case_is_sent_twice(dist: str, lax: pytest.Pytester) -> None:
    """In whatever way tests are handed out, there is one result, and one report of it."""
    words = ["-n2", f"--dist={dist}", "-k", "buyerB2BId and required", "-q"]
    report = "--enkash-report=json=result.json"
    result = run_apart(lax, "--enkash-app=lax:app", *words, report)
    data: Any = json.loads((lax.path / "result.json").read_text())
    bodies = sent(lax)
    base = max(bodies, key=bodies.count)
    cases = [one for one in bodies if one != base]
    times = 2 if dist == "each" else 1

    result.assert_outcomes(passed=times, failed=times)
    assert len(cases) == times * len(set(cases)) == times * CASES
    assert data["cases"] | {"total": 0} == {
        "total": 0,
        "held": 1,
        "violations": times * CASES,
        "assumptions": 0,
        "inconclusive": 0,
        "waived": 0,
    }
    assert {one["reproduce"] for one in data["findings"]} == {
        f"pytest --enkash-app=lax:app --enkash-case '{one['case']}'" for one in data["findings"]
    }


def test_an_object_has_no_file_of_tests(lax: pytest.Pytester) -> None:
    """What a fixture built cannot be called by its name, and a line says so."""
    lax.makeconftest(CONFTEST)
    words = ["--enkash", f"--enkash-case={BUYER}#required/removed"]
    result = run(lax, *words, "--enkash-report=pytest=test_again.py")
    assert result.errlines[0] == (
        "ERROR: --enkash-report pytest=test_again.py: a file of tests needs an address or "
        "module:attribute to call, and the fixture enkash_target returned an object"
    )


def test_a_url_is_checked_by_an_address(lax: pytest.Pytester) -> None:
    """What curl reaches is repeated by curl, and the file of tests names the address."""
    with server.in_background(Sandbox(defect=f"{BUYER}#required/unenforced")) as url:
        words = [f"--enkash-url={url}", REQUIRED, "--enkash-report=pytest=test_again.py"]
        result = run(lax, *words)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([f"  reproduce    curl -sS -i -X POST {url}/api/v0/*"])
    assert f'"{url}"' in (lax.path / "test_again.py").read_text()
