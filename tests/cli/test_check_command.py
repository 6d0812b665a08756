"""The command `check`: its findings, its exit codes, and the commands that repeat it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import enkash_contract as ec
from enkash_contract.sandbox import server
from tests.conftest import nobody_listens
from tests.support.typed_commands import said, typed, verdict

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


@pytest.mark.unmeasured
def test_the_embedded_sandbox_conforms() -> None:
    """Without a target the sandbox is checked, and a table says what was looked at."""
    result = typed("check")
    assert result.exit_code == 0
    total = len(ec.cases())
    weak = len(ec.check_target().assumptions)
    assert verdict(result) == (
        f"the embedded sandbox: conforms; {total} checked: {total - weak} held, 0 violations, "
        f"{weak} assumptions, 0 inconclusive"
    )
    assert "/invoiceStatus/statusTransition " in result.stdout


def test_with_all_rules_enforced_nothing_is_left_to_say() -> None:
    """The embedded sandbox enforces what `--fail-on` makes fatal."""
    result = typed("check", "--fail-on", "assumed")
    assert result.exit_code == 0
    assert "assumption " not in result.stdout


def test_a_finding_is_one_line_and_a_command() -> None:
    """The line begins with the severity; the command under it repeats the case."""
    target = "tests.support.implementations.wsgi_app:bound_refused"
    result = typed("check", target, "--full")
    _, found, again, *_ = result.stdout.splitlines()
    rule = ec.load().pick().rule("request/b2bIds/buyerB2BId#pattern")
    assert result.exit_code == 1
    assert found.startswith(
        "violation positive_data_acceptance request/b2bIds/buyerB2BId#pattern/longest rejected, "
        'although it keeps every rule: /b2bIds/buyerB2BId is "abcdefgh'
    )
    assert f"[{rule.evidence}; {rule.place}; " in found
    assert again == (
        f"    reproduce: enkash-contract check {target} "
        "--case 'request/b2bIds/buyerB2BId#pattern/longest'"
    )
    repeated = typed("check", target, "--case", "request/b2bIds/buyerB2BId#pattern/longest")
    assert repeated.stdout.splitlines().count(found) == 1


def test_the_cases_are_listed_and_nothing_is_sent() -> None:
    """`--list` needs no target that is there."""
    result = typed("check", "http://127.0.0.1:9", "--list", "--only", "request#method")
    assert said(result) == (
        0,
        "accept request#type/baseline [example] the payload every other case is derived from\n"
        + "".join(
            f"reject request#method/{name} [documented] the request must be sent by POST, "
            f"but it is sent by {name}\n"
            for name in ("GET", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE")
        ),
        "",
    )


def test_nothing_there_is_exit_2() -> None:
    """A target that is not there is one line, with what to look at."""
    with nobody_listens() as url:
        result = said(typed("check", url))
    assert result == (
        2,
        "",
        f"error: {url} cannot be reached (All connection attempts failed); is it running, and is "
        "the address right?\n",
    )


@pytest.mark.parametrize("name", ["refuses_everything", "unauthorised"])
def test_nothing_concluded_is_exit_3(name: str) -> None:
    """The note with the remedy is printed, and the last line says it too."""
    result = typed("check", f"tests.support.implementations.wsgi_app:{name}")
    assert result.exit_code == 3
    assert "\nnote: the " in result.stdout
    assert "nothing could be concluded" in verdict(result)


def test_a_base_and_pins_are_sent(tmp_path: Path, payload: Any) -> None:
    """The base's values, and the pinned ones, are in the request; the command repeats them."""
    base = tmp_path / "base.json"
    payload["invoiceStatus"]["objectVersion"]["currentVersion"] = 4
    base.write_text(json.dumps(payload))
    heard: list[Any] = []

    def app(environ: Any, start_response: Any) -> Iterable[bytes]:
        heard.append(json.loads(environ["wsgi.input"].read()))
        start_response("500 Broken", [])
        return []

    globals()["heard_app"] = app
    pins = ["/invoiceStatus/objectVersion/newVersion=5", "/b2bIds/buyerB2BId=007"]
    words = ["--base", str(base), "--pin", pins[0], "--pin", pins[1]]
    result = typed("check", "tests.cli.test_check_command:heard_app", *words)
    assert result.exit_code == 1
    assert heard[0]["invoiceStatus"]["objectVersion"] == {"currentVersion": 4, "newVersion": 5}
    assert heard[0]["b2bIds"]["buyerB2BId"] == "007"
    assert f"tests.cli.test_check_command:heard_app {' '.join(words)} --case" in result.stdout


def test_a_report_is_written(tmp_path: Path) -> None:
    """`--report json=PATH` writes the result beside what is printed."""
    path = tmp_path / "result.json"
    result = typed("check", "--only", "request#method", "--report", f"json={path}")
    written = json.loads(path.read_text())
    assert result.exit_code == 0
    assert written["target"] == "the embedded sandbox"
    assert written["cases"]["held"] == 8


def test_headers_are_sent_and_never_shown(tmp_path: Path) -> None:
    """A credential reaches the server, and neither the output nor the report."""
    heard: set[str] = set()

    def app(environ: Any, start_response: Any) -> Iterable[bytes]:
        heard.add(environ.get("HTTP_AUTHORIZATION", ""))
        start_response("500 Broken", [("Content-Type", "application/json")])
        return []

    globals()["secret_app"] = app
    path = tmp_path / "result.json"
    result = typed(
        *(
            "check",
            "tests.cli.test_check_command:secret_app",
            "-H",
            "Authorization: Bearer canary-1",
        ),
        *("--report", f"json={path}"),
    )
    assert heard == {"Bearer canary-1"}
    assert "canary-1" not in result.output + path.read_text()


def test_a_credential_is_a_variable_in_the_command_that_repeats() -> None:
    """The curl line sends the header too, from the environment."""
    with server.in_background(ec.Sandbox()) as url:
        words = ["-H", "Authorization: Bearer canary-3", "--fail-on", "assumed"]
        result = typed("check", url, *words, "--only", "request#duplicate-names", "--full")
    assert '-H "Authorization: $ENKASH_AUTHORIZATION"' in result.stdout
    assert "canary-3" not in result.output


def test_a_url_is_shown_without_what_may_be_secret(tmp_path: Path) -> None:
    """User, password and query of the address are in no output, but they are sent."""
    path = tmp_path / "result.json"
    with server.in_background(ec.Sandbox()) as url:
        target = url.replace("//", "//me:canary-2@") + "?key=canary-2"
        words = ["--only", "request/device/tag/value#*", "--report", f"json={path}"]
        result = typed("check", target, "--fail-on", "assumed", *words)
    assert result.exit_code == 1
    assert "canary-2" not in result.output + path.read_text()
    (first, *_) = json.loads(path.read_text())["findings"]
    assert first["reproduce"].startswith("curl -sS -i -X POST ")
    assert "ENKASH_QUERY" in first["reproduce"]


def test_one_case_is_shown_in_full() -> None:
    """`--case` prints the baseline's exchange and its own, then what was found."""
    case = "request/b2bIds/buyerB2BId#required/removed"
    words = ["-H", "Authorization: Bearer canary-4", "--case", case]
    result = typed("check", "tests.support.implementations.wsgi_app:all_success", *words)
    printed = result.stdout.splitlines()
    ours = [line for line in printed if line.startswith(("---", "violation", "    reproduce"))]
    rule = ec.load().pick().rule("request/b2bIds/buyerB2BId#required")
    says = "/b2bIds/buyerB2BId is required, but missing"
    assert result.exit_code == 1
    assert [line.partition(" [")[0] for line in ours[:2]] == [
        "--- request#type/baseline",
        f"--- {case}",
    ]
    assert ours[1] == f"--- {case} [reject] {says}"
    assert ours[2].startswith(
        f"violation negative_data_rejection {case} accepted, although {says} [{rule.evidence}; "
    )
    assert ours[3:] == [
        "    reproduce: enkash-contract check tests.support.implementations.wsgi_app:all_success "
        f"""-H "Authorization: $ENKASH_AUTHORIZATION" --case '{case}'"""
    ]
    assert printed.count("> Authorization: ***") == 2
    assert printed.count("< 200 OK") == 2
    assert verdict(result).endswith("2 checked: 1 held, 1 violation, 0 assumptions, 0 inconclusive")
    assert "canary-4" not in result.output


def test_the_baseline_is_a_case() -> None:
    """Its id is printed too, so it can be sent alone."""
    result = typed("check", "--case", "request#type/baseline")
    assert result.exit_code == 0
    assert [one for one in result.stdout.splitlines() if one.startswith("---")] == [
        "--- request#type/baseline [accept] the payload every other case is derived from"
    ]


def test_a_case_is_repeated_at_the_same_level_of_evidence() -> None:
    """The command holds what decides the verdict."""
    words = ["--fail-on", "assumed", "--only", "request#content-type-single/same"]
    result = typed("check", "tests.support.implementations.wsgi_app:app", *words, "--full")
    assert result.stdout.splitlines()[2] == (
        "    reproduce: enkash-contract check tests.support.implementations.wsgi_app:app "
        "--fail-on assumed --case 'request#content-type-single/same'"
    )


def test_every_exchange_is_shown_as_it_happens() -> None:
    """`--verbose` writes what is sent and answered to standard error, in the order of sending."""
    words = ["-H", "X-Key: canary-5", "--only", "request#method", "--verbose"]
    result = typed("check", *words)
    heads = [line.split()[1] for line in result.stderr.splitlines() if line.startswith("---")]
    methods = ("GET", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE")
    baseline = "request#type/baseline"
    assert heads == [baseline, *(f"request#method/{one}" for one in methods), baseline]
    assert result.stderr.count("\n> X-Key: ***\n") == len(heads)
    assert "---" not in result.stdout
    assert "canary-5" not in result.output
