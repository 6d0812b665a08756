"""Findings as tests: they stand alone, fail as the check did, and pass once it is mended."""

from __future__ import annotations

import ast
import io
import itertools
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

import enkash_contract as ec
from enkash_contract import report
from enkash_contract.contract.contract import bundled, load
from enkash_contract.engine import run
from enkash_contract.engine.plan import make_plan
from enkash_contract.engine.selection import Selection
from enkash_contract.engine.transport.connection import Connection
from enkash_contract.judging import checks
from enkash_contract.judging.finding import Finding
from enkash_contract.judging.result import Result
from enkash_contract.report import About
from enkash_contract.report.build import build
from enkash_contract.report.reproduction import SANDBOX, Reproduction
from enkash_contract.sandbox import server
from enkash_contract.traffic import check_traffic
from enkash_contract.wire.message import Interaction, Request
from tests.conftest import nobody_listens, raw_server
from tests.support.implementations import fastapi_app
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


SNAPSHOT = ROOT / "tests" / "snapshots" / "findings.txt"


MODULES = ("tests.support.implementations.fastapi_app", "tests.support.implementations.wsgi_app")


REMARKS = "test_invoiceStatus_supplierRemarks_required"


FAILING = {
    "missing_member_accepted": {
        f"{REMARKS}_removed",
        *(f"{REMARKS}_misspelt_{name}" for name in ("capital", "lower", "upper")),
        *(f"{REMARKS}_misspelt_{name}_blank" for name in ("leading", "trailing")),
    },
    "string_version_accepted": {
        "test_invoiceStatus_objectVersion_currentVersion_type_numeric_string"
    },
    "over_long_accepted": {
        "test_b2bIds_buyerB2BId_pattern_one_over",
        "test_b2bIds_buyerB2BId_pattern_one_over_in_combining",
        "test_b2bIds_buyerB2BId_pattern_one_over_by_blank",
        "test_b2bIds_buyerB2BId_pattern_one_over_by_newline",
    },
    "bound_refused": {
        "test_b2bIds_buyerB2BId_pattern_longest",
        "test_b2bIds_buyerB2BId_pattern_longest_in_umlauts",
    },
    "crash_on_list": {"test_type_array", "test_type_wrapped_in_list"},
    "code_as_string": {"test_response_200_response_code_type"},
    "html_answer": {"test_response_200_content_type"},
}
"""The tests that are made of each mistake's violations."""


def written(result: Result, about: About) -> str:
    """Return the module of tests."""
    stream = io.StringIO()
    report.write("pytest", build(result, about), stream)
    return stream.getvalue()


def checked(target: Any, application: str = "", only: Sequence[str] = (), **choices: Any) -> str:
    """Check a target and return its findings as a module of tests."""
    made = make_plan(Selection(only=only), **choices)
    about = About(
        made.contract, made.operation, str(target), made, Reproduction(application=application)
    )
    return written(run.run(made, target), about)


def passed(folder: Path, text: str, **variables: str) -> dict[str, set[str]]:
    """Run a module of tests where this package cannot be imported; return names by outcome."""
    return passed_each(folder, {"findings": text}, **variables)["findings"]


def passed_each(
    folder: Path, texts: dict[str, str], **variables: str
) -> dict[str, dict[str, set[str]]]:
    """Run several modules of tests in one process; return for each its names by outcome."""
    for name, text in texts.items():
        (folder / f"test_{name}.py").write_text(text, encoding="utf-8")
    (folder / "conftest.py").write_text("import sys; sys.modules['enkash_contract'] = None\n")
    words = "-q -rA --tb=short -p no:cacheprovider -W error".split()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words, "--rootdir", folder, "-c", os.devnull, folder],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "NO_PROXY": "*", **variables},
    )
    found: dict[str, dict[str, set[str]]] = {name: {} for name in texts}
    for outcome, module, name in re.findall(
        r"^([A-Z]+) \S*test_(\w+)\.py::(\w+)", done.stdout, re.MULTILINE
    ):
        found[module].setdefault(outcome, set()).add(name)
    assert all(found.values()), done.stdout
    return found


def expected_to_fail(outcomes: dict[str, set[str]]) -> set[str]:
    """Return the tests that are left, which were expected to fail: some pass now."""
    assert set(outcomes) <= {"XFAIL", "XPASS"}
    return set().union(*outcomes.values())


MISTAKES = [
    # Both kinds of application are called, each for half of the mistakes.
    *zip(FAILING, itertools.cycle(MODULES), strict=False),
    ("code_as_string", MODULES[0]),
]


@pytest.mark.slow
@pytest.mark.unmeasured
def test_each_mistake_fails_again(tmp_path: Path) -> None:
    """In the application itself: its violations fail, assumptions are expected to."""
    texts = {}
    for number, (mistake, module) in enumerate(MISTAKES):
        target = f"{module}:{mistake}"
        text = checked(target, target)
        texts[f"mistaken_{number}"] = text
        texts[f"mended_{number}"] = text.replace(f").{mistake}\n", ").app\n")
    outcomes = passed_each(tmp_path, texts)

    for number, (mistake, module) in enumerate(MISTAKES):
        found, mended = outcomes[f"mistaken_{number}"], outcomes[f"mended_{number}"]
        assert found.pop("FAILED") == FAILING[mistake], (mistake, module)
        assert set(found) <= {"XFAIL"}, (mistake, module)
        assert mended.pop("PASSED") == FAILING[mistake], (mistake, module)
        assert expected_to_fail(mended) == found.get("XFAIL", set()), (mistake, module)


@pytest.mark.slow
@pytest.mark.parametrize("mistake", ["bound_refused", "code_as_string"])
def test_it_fails_again_over_http(tmp_path: Path, mistake: str) -> None:
    """Behind a server: at the address of the run, and at another one that is right."""
    with (
        server.in_background(getattr(fastapi_app, mistake)) as wrong,
        server.in_background(fastapi_app.app) as right,
    ):
        text = checked(wrong)
        found = passed(tmp_path, text)
        mended = passed(tmp_path, text, ENKASH_URL=right)

    assert found.pop("FAILED") == FAILING[mistake]
    assert set(found) <= {"XFAIL"}
    assert mended.pop("PASSED") == FAILING[mistake]
    assert expected_to_fail(mended) == found.get("XFAIL", set())


@pytest.mark.slow
@pytest.mark.unmeasured
def test_every_kind_of_request_is_sent_again(tmp_path: Path) -> None:
    """Methods, paths, labels, lengths, and bodies of any bytes: all are accepted once more."""
    only = ["request#*", "request/b2bIds/buyerB2BId#*"]
    with server.in_background(fastapi_app.all_success) as url:
        plan = make_plan(Selection(only=only))
        made = run.run(plan, url)
        text = written(made, About(plan.contract, plan.operation, url, plan, Reproduction()))
        found = passed(tmp_path, text)
    with server.in_background(fastapi_app.app) as url:
        mended = passed(
            tmp_path, text, ENKASH_URL=f"{url}/api/v0/invoice/req-status-change-invoice"
        )
    ids = {one.severity: set[str]() for one in made.findings}
    for one in made.findings:
        ids[one.severity].add(one.case)

    assert len(found["FAILED"]) == len(ids["violation"])
    assert len(found["XFAIL"]) == len(ids["assumption"])
    assert mended["PASSED"] == found["FAILED"]


@pytest.mark.unmeasured
def test_the_bytes_are_those_of_the_cases() -> None:
    """What the tests send of each case is what the run sent, to the byte."""
    target = f"{MODULES[1]}:all_success"
    made = make_plan(fail_on="assumed")
    result = run.run(made, target)
    about = About(made.contract, made.operation, target, made, Reproduction(application=target))
    namespace = executed(written(result, about))
    sent: list[Any] = []

    def build(method: str, url: str, headers: list[tuple[str, str]], content: bytes) -> Any:
        sent.append((method, url.removeprefix("http://in-process"), headers, content))
        return httpx.Request(method, url)

    namespace["CLIENT"].build_request = build
    namespace["exchange"] = lambda _: namespace["Response"]()
    for test in (value for name, value in namespace.items() if name.startswith("test_")):
        test(*[None] * test.__code__.co_argcount)
    known = {case.id: case.wire for case in made.cases}
    wires = [known[one.case] for one in result.findings]

    assert len(wires) > 400
    assert sorted(sent) == sorted((one.method, one.path, [*one.headers], one.body) for one in wires)


def executed(text: str) -> dict[str, Any]:
    """Return what a module of tests defines."""
    namespace: dict[str, Any] = {"__name__": __name__}
    exec(compile(text, "findings", "exec"), namespace)  # noqa: S102 - our own output
    return namespace


def finding(check: str, **changes: Any) -> Finding:
    """Return a finding of a run against an address, with some members changed."""
    operation = bundled().pick()
    case = changes.pop("of", "request#json/truncated")
    known = {one.id: one for one in ec.cases()}[case]
    rule = operation.rules[changes.get("rule", known.rule.id)]
    request = known.request("http://h/base" + operation.path)
    members: dict[str, Any] = {
        "check": check,
        "operation": operation.id,
        "rule": rule.id,
        "evidence": rule.evidence,
        "severity": "violation",
        "message": "told as it was found",
        "document": replace(rule.place, line=7),
        "family": "" if "rule" in changes else known.family,
        "case": case,
        "interaction": Interaction(request, None),
    }
    return Finding(**(members | changes))


def test_the_file_as_a_whole() -> None:
    """Everything that is written, of a result with every check in it."""
    made = make_plan(connection=Connection(headers={"Authorization": "canary", "X-Key": "canary"}))
    operation = made.operation
    odd = Request(
        "PUT",
        "http://h/base/other",
        (("Content-Type", "text/plain"), ("Content-Type", 'a/"b"')),
        b'\xff\x00"' + b"x" * 10_000 + "é\u202e'".encode(),
        sized=False,
    )
    weak = "request#content-type-single/same"
    path = "request#path/doubled-slash"
    findings = (
        finding(checks.POSITIVE, severity="assumption", of=weak),
        finding(checks.NEGATIVE),
        finding(
            checks.SERVER_ERROR, message="the same case is told of twice, with " + "words " * 20
        ),
        finding(checks.NEGATIVE),
        finding(checks.STATUS, rule="response#status"),
        finding(checks.CONTENT_TYPE, rule="response.200#content-type", of=path),
        finding(checks.RESPONSE_SCHEMA, rule="response.4XX#json"),
        finding(checks.RESPONSE_SCHEMA, rule="response.4XX/payload#type"),
        finding(checks.NEGATIVE, of=path, interaction=Interaction(odd, None)),
        finding(checks.REQUEST_SCHEMA, message="the client's\nmistake"),
        finding(checks.NEGATIVE, message="nobody knows what was sent", interaction=None),
    )
    about = About(bundled(), operation, "http://h/base/", made)
    text = written(Result(findings, baseline="accepted"), about)
    shown = text.replace(bundled().document.sha256, "0" * 64)

    assert shown == SNAPSHOT.read_text(encoding="utf-8")
    assert "canary" not in text


def test_nothing_is_written_that_no_test_needs() -> None:
    """What says nothing of acceptance needs neither outcomes nor the baseline."""
    made = make_plan()
    about = About(made.contract, made.operation, "http://h", made)
    found = finding(
        checks.CONTENT_TYPE, rule="response.200#content-type", of="request#json/truncated"
    )
    text = written(Result((found,), baseline="accepted"), about)
    assert "def documented(" in text
    assert "OUTCOMES" not in text
    assert "baseline" not in text


RUFF = shutil.which("ruff", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.unmeasured
@pytest.mark.skipif(RUFF is None, reason="ruff is not installed")
def test_the_file_is_formatted(tmp_path: Path) -> None:
    """As ruff would have it, whatever the findings."""
    for number, target in enumerate((f"{MODULES[0]}:all_success", f"{MODULES[1]}:app")):
        text = checked(target, target, fail_on="assumed")
        (tmp_path / f"{number}.py").write_text(text, encoding="utf-8")
    (tmp_path / "snapshot.py").write_bytes(SNAPSHOT.read_bytes())
    command = [str(RUFF), "format", "--no-cache", "--isolated", "--line-length=100", "--diff"]
    done = subprocess.run([*command, tmp_path], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (0, "")


def test_nothing_found_is_a_test_of_the_baseline(tmp_path: Path) -> None:
    """The file is never empty: it says whether anything can be concluded at all."""
    target = "tests.support.implementations.wsgi_app:app"
    text = checked(target, target, only=["request#method"])

    assert passed(tmp_path, text) == {"PASSED": {"test_baseline"}}
    assert passed(tmp_path, text.replace(").app\n", ").unauthorised\n")) == {
        "ERROR": {"test_baseline"}
    }


def test_the_sandbox_is_made_as_it_was(tmp_path: Path) -> None:
    """The one target that needs this package: with its overlays, and its level of evidence."""
    overlay = tmp_path / "mine.yaml"
    overlay.write_text(
        "overlay: 1.0.0\n"
        "info: {title: mine, version: 1.0.0}\n"
        "actions: [{target: $.info, update: {summary: mine}}]\n"
    )
    made = make_plan(contract=load(overlay), fail_on="assumed")
    about = About(
        made.contract,
        made.operation,
        "the embedded sandbox",
        made,
        Reproduction(application=SANDBOX),
    )
    text = written(Result(baseline="accepted"), about)
    plain = checked(None, SANDBOX, only=["request#method"])

    assert "from enkash_contract import Sandbox, load\n" in text
    assert f'APP = Sandbox(contract=load("{overlay}"), fail_on="assumed")\n' in text
    assert "\nimport pytest\nfrom enkash_contract import Sandbox\n" in plain
    assert "\nAPP = Sandbox()\n" in plain
    level = checked(None, SANDBOX, only=["request#method"], fail_on="assumed")
    assert '\nAPP = Sandbox(fail_on="assumed")\n' in level
    for one in (text, plain, level):
        namespace = executed(one)
        assert namespace["outcome"](namespace["send"]("[]")) == "rejected"


@pytest.mark.parametrize("operation", ["payInvoice", "statusChangeInvoiceRequest"])
def test_an_operation_that_goes_not_without_saying_is_named(operation: str) -> None:
    """A sandbox serves the one that was checked: another than the default, or a webhook."""
    plan = make_plan(operation=operation)
    about = About(
        plan.contract,
        plan.operation,
        "the embedded sandbox",
        plan,
        Reproduction(application=SANDBOX),
    )
    text = written(Result(), about)

    assert "\nfrom enkash_contract import Sandbox\n" in text
    assert f'\nAPP = Sandbox(operation="{operation}")\n' in text


def test_recorded_requests_are_sent_where_somebody_says(tmp_path: Path) -> None:
    """No address is the default for what was recorded; what a client did wrong is no test."""
    recording = ROOT / "tests" / "recordings" / "mitmproxy.har"
    result = check_traffic(str(recording))
    text = written(result, About(bundled(), bundled().pick(), "mitmproxy.har"))
    with server.in_background(ec.Sandbox()) as url:
        variables = dict.fromkeys(re.findall(r'variable\("(ENKASH_\w+)"\)', text), "x")
        found = passed(tmp_path, text, **variables | {"ENKASH_URL": url})
    client = [one for one in result.findings if one.check == checks.REQUEST_SCHEMA]

    assert set(found) == {"PASSED"}
    assert text.count("\n# Not a test: request_schema_conformance: ") == len(
        {(one.fingerprint, one.message) for one in client}
    )
    assert 'URL = variable("ENKASH_URL")\n' in text
    assert "canary" not in text


def test_a_recording_without_findings_says_so() -> None:
    """There is nothing to send, and so no test."""
    text = written(Result(), About(bundled(), bundled().pick(), 'a "b" \\users\\x.har'))

    (docstring,) = ast.parse(text).body
    assert isinstance(docstring, ast.Expr)
    assert ast.literal_eval(docstring.value).startswith(
        "What was found in a 'b' \\users\\x.har: 0 violations and 0 assumptions, each "
    )


def test_secrets_of_a_body_are_read_from_the_environment(tmp_path: Path) -> None:
    """The tests send what the variables hold; what cannot be written so is no test: it says why."""
    base = {**bundled().pick().request.example, "accessToken": "canary-1"}
    only = ["request/device#required/removed"]
    with server.in_background(fastapi_app.all_success) as url:
        text = checked(url, only=only, base=base)
        found = passed(tmp_path, text, ENKASH_BODY_ACCESSTOKEN="canary-2")
    request = Request("POST", "http://h/x", (), '{"accessToken":"canary-1"}'.encode("utf-16"))
    left = finding(checks.NEGATIVE, interaction=Interaction(request, None))
    told = written(Result((left,)), About(bundled(), bundled().pick(), "http://h"))

    assert found == {"FAILED": {"test_device_required_removed"}}
    assert 'variable("ENKASH_BODY_ACCESSTOKEN"),\n' in text
    assert "from the environment: ENKASH_BODY_ACCESSTOKEN.\n" in text
    assert told.endswith(
        "; its body spells a secret in a way in which no variable can stand for it\n"
    )
    assert "\n# Not a test: negative_data_rejection: " in told
    assert "canary" not in text + told


def test_a_variable_that_is_not_set_skips_what_needs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole module where all of it does, otherwise the one test; a sentence says which."""
    secret = Request("POST", "http://h/x", (), b'{"accessToken":"canary-1"}')
    found = (finding(checks.NEGATIVE, interaction=Interaction(secret, None)),)
    recorded = written(Result(found), About(bundled(), bundled().pick(), "a.har"))
    reason = "^ENKASH_{} is not set, and its value is not written here$"

    with pytest.raises(pytest.skip.Exception, match=reason.format("URL")) as skipped:
        executed(recorded)
    assert skipped.value.allow_module_level
    monkeypatch.setenv("ENKASH_URL", "http://h")
    (test,) = [value for name, value in executed(recorded).items() if name.startswith("test_")]
    with pytest.raises(pytest.skip.Exception, match=reason.format("BODY_ACCESSTOKEN")):
        test()


def test_a_mistyped_path_of_a_recording_is_kept() -> None:
    """What was wrong with the address is sent again; what stood before it is not known."""
    operation = bundled().pick()
    for path, shown in (
        (f"/proxy{operation.path}", ""),
        (f"{operation.path}/", f', path="{operation.path}/"'),
    ):
        request = Request("POST", f"http://h{path}", (("content-type", "application/json"),), b"1")
        one = finding(checks.NEGATIVE, case="", interaction=Interaction(request, None))
        text = written(Result((one,)), About(bundled(), operation, "x.har"))
        assert f'response = send("1"{shown})\n' in text


def test_credentials_come_from_the_environment(tmp_path: Path) -> None:
    """Headers, user and query of the run are sent again, and none of them is in the file."""
    heard: list[tuple[str, str]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            headers = dict(scope["headers"])
            heard.append((headers.get(b"authorization", b"").decode(), scope["query_string"]))
            assert headers[b"x-key"] == b"canary-1"
        await fastapi_app.all_success(scope, receive, send)

    connection = Connection(headers={"X-Key": "canary-1"})
    with server.in_background(app) as url:
        target = url.replace("//", "//me:canary-2@") + "?key=canary-3"
        made = make_plan(Selection(only=["request#json/truncated"]), connection=connection)
        about = About(made.contract, made.operation, url, made)
        text = written(run.run(made, target), about)
        heard_then, heard[:] = set(heard), []
        found = passed(
            tmp_path,
            text,
            ENKASH_X_KEY="canary-1",
            ENKASH_USER="me:canary-2",
            ENKASH_QUERY="key=canary-3",
        )

    assert found == {"FAILED": {"test_json_truncated"}}
    assert set(heard) == heard_then
    assert "canary" not in text
    assert (
        "\nCredentials are read from the environment: ENKASH_QUERY, ENKASH_USER, ENKASH_X_KEY.\n"
    ) in text


def outcome(url: str, seconds: float = 10) -> str:
    """Return what the tests take for the outcome of a request to `url`, after `seconds` at most."""
    namespace = executed(checked(None, SANDBOX, only=["request#method"]))
    over_http = executed(
        written(
            Result(baseline="accepted"),
            About(
                bundled(),
                bundled().pick(),
                url,
                make_plan(connection=Connection(timeout=seconds)),
            ),
        )
    )
    assert namespace["outcome"](namespace["Response"]()) == "error"
    answer = over_http["send"]("{}")
    assert "b" not in repr(answer).replace("Answer(status=", "")
    found: str = over_http["outcome"](answer)
    over_http["CLIENT"].close()
    return found


def test_no_response_is_an_error() -> None:
    """A server that is silent, breaks off or answers without end has failed."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"

    def silent(connection: socket.socket) -> None:
        connection.recv(1 << 16)
        time.sleep(0.6)

    def broken(connection: socket.socket) -> None:
        connection.recv(1 << 16)

    def endless(connection: socket.socket) -> None:
        connection.recv(1 << 16)
        connection.sendall(head + b" " * (2 << 20))

    def dripping(connection: socket.socket) -> None:
        connection.recv(1 << 16)
        connection.sendall(head)
        for _ in range(10):
            connection.sendall(b" ")
            time.sleep(0.1)

    def deep(connection: socket.socket) -> None:
        # Whoever closes a connection with bytes unread resets it.
        connection.recv(1 << 16, socket.MSG_PEEK)
        time.sleep(0.05)
        connection.recv(1 << 16)
        connection.sendall(head.replace(b"200", b"400") + b"[" * 100_000)

    found = {}
    for server_of in (silent, broken, endless, dripping, deep):
        with raw_server(server_of) as url:
            # Only those that go on for longer are to be given up.
            seconds = 0.3 if server_of in {silent, dripping} else 10
            found[server_of.__name__] = outcome(url, seconds)

    assert found == dict.fromkeys(("silent", "broken", "endless", "dripping"), "error") | {
        "deep": "rejected"
    }


def test_nothing_there_is_no_finding() -> None:
    """A server that is not running shows nothing, and the test says why it could not be run."""
    with nobody_listens() as url, pytest.raises(httpx.ConnectError):
        outcome(url)


async def living(scope: Any, receive: Any, send: Any) -> None:
    """Serve only what was started, and only until it is stopped."""
    if scope["type"] == "lifespan":
        await receive()
        scope["state"]["ready"] = True
        await send({"type": "lifespan.startup.complete"})
        await receive()
        LIVES.append("over")
        await send({"type": "lifespan.shutdown.complete"})
    else:
        assert scope["state"]["ready"]
        await fastapi_app.app(scope, receive, send)


async def sleeping(scope: Any, receive: Any, send: Any) -> None:
    """Never answer."""
    import asyncio  # noqa: PLC0415 - what a test calls in this process

    await asyncio.sleep(60 if scope["type"] == "http" else 0)


def raising(environ: Any, start_response: Any) -> Iterable[bytes]:
    """Raise."""
    raise ZeroDivisionError


async def exiting(scope: Any, receive: Any, send: Any) -> None:
    """Exit, as no application should."""
    if scope["type"] == "http":
        raise ZeroDivisionError


LIVES: list[str] = []


@pytest.mark.parametrize(
    ("name", "seconds", "expected", "lives"),
    [
        ("living", 10, "rejected", 1),
        ("sleeping", 0.3, "error", 0),
        ("raising", 10, "error", 0),
        ("exiting", 10, "error", 0),
    ],
)
def test_an_application_is_run_as_a_server_would(
    name: str, seconds: float, expected: str, lives: int
) -> None:
    """With its lifespan and within its time; one that raises is an error."""
    target = f"tests.report.pytest_module.test_write:{name}"
    about = About(
        bundled(),
        bundled().pick(),
        target,
        make_plan(connection=Connection(timeout=seconds)),
        Reproduction(application=target),
    )
    text = written(Result(baseline="accepted"), about)
    namespace = executed(text)
    LIVES.clear()

    assert namespace["outcome"](namespace["send"]("{}")) == expected
    assert len(LIVES) == lives


def test_how_a_body_is_sent_is_written() -> None:
    """A request in chunks, and one that asks first, are sent so again."""
    named = {case.id: case.request("http://h/x") for case in ec.cases()}
    made = make_plan()
    about = About(bundled(), made.operation, "http://h/", made)
    cases = ("request#json/chunked", "request#json/expect-continue")
    findings = [
        finding(checks.POSITIVE, of=case, interaction=Interaction(named[case], None))
        for case in cases
    ]
    text = written(Result(tuple(findings), baseline="accepted"), about)

    assert 'fields=(("Transfer-Encoding", "chunked"),),' in text
    assert 'fields=(("Expect", "100-continue"),),' in text
    assert text.count("sized=False,") == 1
