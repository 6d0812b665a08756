"""The plugin in pytest runs of its own: items, verdicts, fixtures, and what it costs unused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import httpcore
import pytest

import enkash_contract as ec
from enkash_contract import pytest_plugin
from enkash_contract.contract import contract
from enkash_contract.contract.evidence import Level
from enkash_contract.pytest_plugin import options
from enkash_contract.sandbox import server
from enkash_contract.traffic import FORMATS
from tests.support.inner_runs import run_apart, section, summary_of

if TYPE_CHECKING:
    from pathlib import Path

WSGI = "tests.support.implementations.wsgi_app"

HEAVY = (
    "httpx hypothesis jsonschema_rs orjson rich schemathesis starlette uvicorn yaml click".split()
)

OURS = {
    "enkash_contract",
    "enkash_contract.pytest_plugin",
    "enkash_contract.pytest_plugin.fixtures",
    "enkash_contract.pytest_plugin.found",
    "enkash_contract.pytest_plugin.options",
}
"""The modules of the package that every run of pytest loads."""


# Loaded here, once for all tests: the runs inside this process put back the modules that were
# loaded before them, httpx loads httpcore only when it needs it, and two copies of one exception's
# class are two classes.
assert httpcore.__name__


def run(pytester: pytest.Pytester, *words: str) -> pytest.RunResult:
    """Run pytest on what `pytester` holds, with this package's plugin and no others of ours."""
    pytester.syspathinsert(pytester._request.config.rootpath)
    quiet = ["-p", "no:schemathesis", "-p", "no:randomly", "-p", "no:xdist", "-p", "no:benchmark"]
    return pytester.runpytest_inprocess(*quiet, "-p", "no:cacheprovider", *words)


@pytest.mark.unmeasured
def test_a_right_implementation_passes(pytester: pytest.Pytester) -> None:
    """There is one item for each rule and polarity, and all pass but for what nothing settles."""
    result = run(pytester, f"--enkash-app={WSGI}:app")
    rules = [one for one in contract.bundled().pick().rules.values() if one.side == "request"]
    rejected = {case.rule for case in ec.cases() if case.polarity == "reject"}
    result.assert_outcomes(passed=len(rules) + len(rejected) - 2, xfailed=2)


def test_items_are_named_by_rule_and_polarity(pytester: pytest.Pytester) -> None:
    """The names can be read, and chosen with -k."""
    result = run(
        pytester, f"--enkash-app={WSGI}:app", "-k", "buyerB2BId and not type", "--co", "-q"
    )
    assert result.outlines[:4] == [
        "enkash contract::request/b2bIds/buyerB2BId#required [accept]",
        "enkash contract::request/b2bIds/buyerB2BId#required [reject]",
        "enkash contract::request/b2bIds/buyerB2BId#pattern [accept]",
        "enkash contract::request/b2bIds/buyerB2BId#pattern [reject]",
    ]


def test_a_violation_fails_its_item_alone(pytester: pytest.Pytester) -> None:
    """The output is the finding's own lines, and no frame of this package."""
    words = [f"--enkash-app={WSGI}:bound_refused", "-k", "buyerB2BId"]
    result = run(pytester, *words)
    result.assert_outcomes(passed=5, failed=1, deselected=len(_names(pytester)) - 6)
    lines = section(result, "#pattern [accept] ", "= enkash contract =")
    sentences = [line for line in lines if line.startswith("rejected, although ")]
    assert len(sentences) == 2
    assert [line for line in lines if line.startswith("  reproduce")] == [
        f"  reproduce    pytest --enkash-app={WSGI}:bound_refused --enkash-case "
        f"'request/b2bIds/buyerB2BId#pattern/{name}'"
        for name in ("longest", "longest-in-astral")
    ]


def _names(pytester: pytest.Pytester) -> list[str]:
    result = run(pytester, f"--enkash-app={WSGI}:app", "--co", "-q")
    return [line for line in result.outlines if line.startswith("enkash contract::")]


def test_what_rests_on_weak_evidence_is_an_expected_failure(pytester: pytest.Pytester) -> None:
    """The reason says what was accepted."""
    pytester.makepyfile(lenient="import enkash_contract as ec\napp = ec.Sandbox()")
    words = ["--enkash-app=lenient:app", "-k", "newVersion and minimum", "-rx"]
    result = run(pytester, *words)
    result.assert_outcomes(passed=1, xfailed=1, deselected=len(_names(pytester)) - 2)
    result.stdout.fnmatch_lines(
        [
            "XFAIL enkash contract::request/invoiceStatus/objectVersion/newVersion#minimum "
            "[[]reject[]] - accepted, although /invoiceStatus/objectVersion/newVersion "
            "must be at least 1, but it is 0 (and 3 more)"
        ]
    )


def test_the_level_that_fails_can_be_chosen(pytester: pytest.Pytester) -> None:
    """With --enkash-fail-on=assumed the same is a failure; a wrong level is an error."""
    pytester.makepyfile(lenient="import enkash_contract as ec\napp = ec.Sandbox()")
    words = ["--enkash-app=lenient:app", "-k", "newVersion and minimum"]
    result = run(pytester, *words, "--enkash-fail-on=assumed")
    result.assert_outcomes(passed=1, failed=1, deselected=len(_names(pytester)) - 2)
    assert run(pytester, "--enkash-fail-on=weak").ret == pytest.ExitCode.USAGE_ERROR


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("refuses_everything", "the baseline was rejected, so a rejection of anything else proves"),
        ("unauthorised", "the response to the baseline was 401: the credentials were rejected"),
    ],
)
def test_nothing_concluded_is_never_a_success(
    name: str, note: str, pytester: pytest.Pytester
) -> None:
    """Every item fails, and each says why nothing follows."""
    result = run(pytester, f"--enkash-app={WSGI}:{name}", "-k", "method")
    result.assert_outcomes(failed=2, deselected=len(_names(pytester)) - 2)
    result.stdout.fnmatch_lines([f"nothing could be concluded: {note}*"])


def test_cases_that_show_nothing_are_no_success(pytester: pytest.Pytester) -> None:
    """A target that lets in one request and forgets who asks has shown nothing."""
    pytester.makepyfile(
        limited="""
        import enkash_contract as ec

        sandbox, served = ec.Sandbox(), []

        async def app(scope, receive, send):
            if scope["type"] == "http":
                served.append(scope)
            if len(served) < 2:
                await sandbox(scope, receive, send)
                return
            await send({"type": "http.response.start", "status": 403, "headers": []})
            await send({"type": "http.response.body"})
        """
    )
    result = run(pytester, "--enkash-app=limited:app", "-k", "device and required and not tag")
    result.assert_outcomes(passed=1, failed=1, deselected=len(_names(pytester)) - 2)
    result.stdout.fnmatch_lines(
        ["nothing could be concluded: the answers say nothing about the payload"]
    )


def test_an_answer_of_the_wrong_shape_is_told_by_the_accepting_items(
    pytester: pytest.Pytester,
) -> None:
    """The finding on the baseline's answer is shown; the items without one say what is missing."""
    words = [f"--enkash-app={WSGI}:code_as_string", "-k", "method"]
    result = run(pytester, *words)
    result.assert_outcomes(failed=2, deselected=len(_names(pytester)) - 2)
    result.stdout.fnmatch_lines(
        [
            "in the response, /response_code must be an integer, but it is *",
            "nothing could be concluded: the response to the baseline was 200 in a way the *",
        ]
    )


def test_a_url_is_a_target(pytester: pytest.Pytester, tmp_path: Path, payload: Any) -> None:
    """With a base of the user's own, and an overlay."""
    base = tmp_path / "base.json"
    payload["b2bIds"]["buyerB2BId"] = "MINE"
    base.write_text(json.dumps(payload))
    overlay = tmp_path / "mine.yaml"
    overlay.write_text(
        "overlay: 1.0.0\n"
        "info: {title: mine, version: 1.0.0}\n"
        "actions:\n"
        "  - target: $.components.schemas.B2BId\n"
        "    update: {maxLength: 13, x-evidence: {maxLength: confirmed}}\n"
    )
    with server.in_background(ec.Sandbox(contract=ec.load(overlay))) as url:
        words = [f"--enkash-url={url}", f"--enkash-base={base}", f"--enkash-overlay={overlay}"]
        result = run(pytester, *words, "-k", "buyerB2BId and Length")
    assert result.parseoutcomes()["passed"] == 2


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["--enkash-url=http://h", "--enkash-app=a:b"],
            "ERROR: --enkash-url and --enkash-app name two targets; give one of them",
        ),
        (
            ["--enkash-url=h"],
            "ERROR: --enkash-url 'h' is not an address; write http://HOST:PORT",
        ),
        (
            ["--enkash-app=no_such_module:app"],
            "ERROR: there is no module 'no_such_module', asked for by no_such_module:app",
        ),
        (
            ["--enkash-app="],
            "ERROR: '' is neither a URL nor an application; write http://HOST:PORT, "
            "or module:attribute of an ASGI or WSGI application",
        ),
        (
            ["--enkash-url=http://h", "--enkash-base=no.json"],
            "ERROR: no.json: cannot be read: No such file or directory",
        ),
        (
            ["--enkash-url=http://h", "--enkash-overlay=no.yaml"],
            "ERROR: no.yaml:1: cannot be read: No such file or directory; "
            "name a file that is there",
        ),
    ],
)
def test_a_wrong_option_is_one_error(
    words: list[str], message: str, pytester: pytest.Pytester
) -> None:
    """Pytest's usage error, in one line, before anything runs."""
    result = run(pytester, *words)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert message in result.errlines


def test_a_target_that_is_not_there_fails_each_item_in_one_line(
    pytester: pytest.Pytester,
) -> None:
    """It is tried once, and no traceback is shown."""
    result = run(pytester, "--enkash-url=http://127.0.0.1:9", "-k", "method")
    result.assert_outcomes(failed=2, deselected=len(_names(pytester)) - 2)
    message = (
        "http://127.0.0.1:9 cannot be reached (All connection attempts failed); "
        "is it running, and is the address right?"
    )
    assert result.outlines.count(message) == 2
    assert "Traceback" not in "\n".join(result.outlines)


def test_a_mistake_of_our_own_is_shown_with_its_traceback(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only what the items found is shown without one."""

    def broken(*_: Any, **__: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr("enkash_contract.pytest_plugin.run.add", broken)
    result = run(pytester, f"--enkash-app={WSGI}:app", "-k", "method and accept")
    result.stdout.fnmatch_lines(["*ZeroDivisionError*"])


def test_the_junit_report_names_the_items(pytester: pytest.Pytester, tmp_path: Path) -> None:
    """The XML that CI servers read has one test case for each item."""
    path = tmp_path / "junit.xml"
    words = ["-k", "method", f"--junit-xml={path}", "-o", "junit_family=xunit2"]
    run(pytester, f"--enkash-app={WSGI}:app", *words)
    cases = ET.parse(path).iter("testcase")  # noqa: S314 - pytest wrote it just now
    assert [case.get("name") for case in cases] == [
        "request#method [accept]",
        "request#method [reject]",
    ]


def test_without_a_target_there_are_no_items(pytester: pytest.Pytester) -> None:
    """A user's own tests are all that runs."""
    pytester.makepyfile("def test_own(): pass")
    run(pytester).assert_outcomes(passed=1)


TESTS_OF_A_CLIENT = """
import pytest
import enkash_contract as ec
from starlette.testclient import TestClient

PATH = "/api/v0/invoice/req-status-change-invoice"
client = TestClient(ec.Sandbox())


def test_right(check_enkash, enkash_contract):
    payload = enkash_contract.pick().request.example
    result = check_enkash(client.post(PATH, json=payload))
    assert result.count("held") == 1


def test_wrong(check_enkash):
    check_enkash(client.post(PATH, json={"device": {}}))


def test_other_path(check_enkash):
    check_enkash(client.get("/elsewhere"))


def test_preflight(check_enkash):
    with pytest.raises(ec.UsageError, match="^<Request OPTIONS .*> is a preflight"):
        check_enkash(client.options(PATH))


def test_slash(check_enkash, enkash_contract):
    payload = enkash_contract.pick().request.example
    findings = check_enkash(client.post(PATH + "/", json=payload)).findings
    assert [finding.rule for finding in findings] == ["request#path"]
"""


def test_a_response_is_judged_with_its_request(pytester: pytest.Pytester) -> None:
    """A valid pair passes, an invalid request fails, another path is a mistake of the test."""
    pytester.makepyfile(TESTS_OF_A_CLIENT)
    result = run(pytester, "-W", "ignore")
    result.assert_outcomes(passed=3, failed=2)
    first, second, third = "\n".join(section(result, "_ test_wrong _", "_ test_other")).split(
        "\n\n"
    )
    number = (
        TESTS_OF_A_CLIENT.strip()
        .splitlines()
        .index('    check_enkash(client.post(PATH, json={"device": {}}))')
    )
    assert first.splitlines() == [
        "/b2bIds is required, but missing",
        "  rule         request/b2bIds#required (request_schema_conformance)",
        "  evidence     sibling (api-10664764, read 2026-11-22)",
        "  payload      /b2bIds",
        f"  document     {contract.bundled().pick().rules['request/b2bIds#required'].place}",
        f"  checked      test_a_response_is_judged_with_its_request.py:{number + 1}: "
        'check_enkash(client.post(PATH, json={"device": {}}))',
        "  reproduce    pytest test_a_response_is_judged_with_its_request.py::test_wrong",
        "  fingerprint  097c13e5c823",
    ]
    assert [one.splitlines()[0] for one in (second, third)] == [
        f"/{name} is required, but missing" for name in ("invoiceStatus", "device/tag")
    ]
    other = section(result, "_ test_other_path _", "= enkash contract =")
    assert [line for line in other if line.startswith(("E", ">"))] == [
        '>       check_enkash(client.get("/elsewhere"))',
        "E       enkash_contract.errors.UsageError: <Request GET http://testserver/elsewhere, 0 "
        "bytes> is not for changeInvoiceStatus, which is /api/v0/invoice/req-status-change-invoice",
    ]
    assert "enkash_contract/" not in "\n".join(other)
    assert summary_of(result) == (
        "check_enkash: violates the contract; 3 checked: 1 held, 1 violation, 1 assumption, "
        "0 inconclusive (assumptions rest on weak evidence and never fail); 64 rules exercised by "
        "right requests, 4 by wrong ones"
    )


@pytest.mark.slow
@pytest.mark.unmeasured
def test_items_run_on_several_workers(pytester: pytest.Pytester) -> None:
    """Under pytest-xdist each item runs once, on whichever worker."""
    result = run_apart(pytester, f"--enkash-app={WSGI}:app", "-n2", "-k", "b2bIds")
    result.assert_outcomes(passed=17)


def test_the_levels_are_those_of_the_evidence() -> None:
    """The plugin repeats the names only to load nothing for its help."""
    assert [level.value for level in Level] == [*options.LEVELS]


def test_loaded_but_unused_it_imports_nothing_heavy(tmp_path: Path) -> None:
    """A run that does not use the plugin pays for no library."""
    (tmp_path / "test_own.py").write_text(
        "import sys\n"
        f"HEAVY = {HEAVY!r}\n"
        "def test_own():\n"
        "    assert 'enkash_contract.pytest_plugin' in sys.modules\n"
        "    assert [name for name in HEAVY if name in sys.modules] == []\n"
        "    ours = {name for name in sys.modules if name.startswith('enkash_contract')}\n"
        f"    assert ours == {OURS!r}\n"
    )
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "enkash_contract.pytest_plugin",
            "test_own.py",
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_the_endings_of_recordings_are_those_that_are_read() -> None:
    """They stand in the plugin only to load nothing for a file that is none."""
    assert list(pytest_plugin.RECORDED) == [*FORMATS]
