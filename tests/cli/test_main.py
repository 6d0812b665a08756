"""The command line, as it is typed: what it prints, and what it exits with."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from click.testing import CliRunner, Result

import enkash_contract as ec
from enkash_contract.cli import output
from enkash_contract.cli.main import main
from enkash_contract.engine import run as runner
from enkash_contract.engine import selftest
from enkash_contract.engine.selftest import Matrix, Row
from enkash_contract.sandbox import server
from tests.support.paths import RECORDINGS, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def typed(*words: str | Path, stdin: str | bytes = "") -> Result:
    """Type a command and return what happened."""
    return CliRunner().invoke(main, [str(word) for word in words], input=stdin)


def said(result: Result) -> tuple[int, str, str]:
    """Return the exit code, what was printed, and what was complained of."""
    return result.exit_code, result.stdout, result.stderr


# validate


def test_a_right_payload_passes(tmp_path: Path, payload: Any) -> None:
    """Nothing is printed of a right payload but the counts."""
    file = tmp_path / "right.json"
    file.write_text(json.dumps(payload, indent=2))
    assert said(typed("validate", file)) == (0, "", "1 payload, 0 violations, 0 assumptions\n")


def test_a_violation_points_at_the_line_of_its_member(tmp_path: Path, payload: Any) -> None:
    """The line is that of the member in the file, and the rule's place follows."""
    payload["b2bIds"]["buyerB2BId"] = "\\"
    payload["invoiceStatus"]["objectVersion"]["newVersion"] = 0
    file = tmp_path / "wrong.json"
    file.write_text(json.dumps(payload, indent=2))
    buyer = ec.load().pick().rule("request/b2bIds/buyerB2BId#pattern")
    version = ec.load().pick().rule("request/invoiceStatus/objectVersion/newVersion#minimum")
    assert said(typed("validate", file)) == (
        1,
        f'{file}:9: violation /b2bIds/buyerB2BId must match ^[^\\\\"]{{1,100}}$, '
        f'but it is "\\\\" [{buyer.id}, {buyer.evidence}, {buyer.place}]\n'
        f"{file}:17: assumption /invoiceStatus/objectVersion/newVersion must be at least 1, "
        f"but it is 0 [{version.id}, assumed, {version.place}]\n",
        "1 payload, 1 violation, 1 assumption\n",
    )


def test_assumptions_alone_do_not_fail_unless_asked(payload: Any) -> None:
    """`--fail-on` decides what is a violation."""
    del payload["device"]["tag"]["value"]
    text = json.dumps(payload)
    assert typed("validate", "-", stdin=text).exit_code == 0
    strict = typed("validate", "-", "--fail-on", "assumed", stdin=text)
    assert strict.exit_code == 1
    assert strict.stdout.startswith("<stdin>:1: violation /device/tag/value is required")


def test_lines_hold_payloads(tmp_path: Path, payload: Any) -> None:
    """In .ndjson and .jsonl files each line is a payload, blank lines are none."""
    right = json.dumps(payload)
    for name in ("many.ndjson", "many.jsonl"):
        file = tmp_path / name
        file.write_bytes(f"{right}\r\n\r\n[]\n{{\n{right}".encode())
        code, out, err = said(typed("validate", file))
        lines = [line.split(": ", 1)[0] for line in out.splitlines()]
        assert (code, lines) == (1, [f"{file}:3", f"{file}:4"])
        assert err == "4 payloads, 2 violations, 0 assumptions\n"


def test_what_cannot_be_read_does_not_hide_the_rest(tmp_path: Path, payload: Any) -> None:
    """A missing file is one error, and the other files are still validated."""
    right = tmp_path / "right.json"
    right.write_text(json.dumps(payload))
    missing = tmp_path / "missing.json"
    code, out, err = said(typed("validate", missing, right, tmp_path))
    assert (code, out) == (2, "")
    assert err == (
        f"error: {missing}: cannot be read: No such file or directory\n"
        f"error: {tmp_path}: cannot be read: Is a directory\n"
        "1 payload, 0 violations, 0 assumptions\n"
    )


def test_control_characters_of_a_payload_never_reach_the_terminal(payload: Any) -> None:
    """What a wrong value holds is shown escaped."""
    payload["invoiceStatus"]["objectId"] = "\x1b[2J\u202e"
    out = typed("validate", "-", stdin=json.dumps(payload)).stdout
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "\\u202e" in out


def test_answers_are_validated_as_answers() -> None:
    """`--as response` takes the rules of the answer with status 200."""
    right = '{"payload": "SUCCESS", "response_code": 0, "response_message": "SUCCESS"}'
    assert typed("validate", "--as", "response", "-", stdin=right).exit_code == 0
    wrong = right.replace("0", '"0"')
    result = typed("validate", "--as", "response", "-", stdin=wrong)
    assert result.exit_code == 1
    assert "[response.200/response_code#type, " in result.stdout


# check


@pytest.mark.unmeasured
def test_the_embedded_sandbox_conforms() -> None:
    """Without a target the sandbox is checked, and a table says what was looked at."""
    result = typed("check")
    assert result.exit_code == 0
    total = len(ec.cases())
    weak = len(ec.check_target().assumptions)
    assert result.stdout.splitlines()[-1] == (
        f"the embedded sandbox: conforms; {total} checked: {total - weak} held, 0 violations, "
        f"{weak} assumptions, 0 inconclusive (assumptions rest on weak evidence and never fail)"
    )
    assert "request/invoiceStatus/statusTransition/currentStatus" in result.stdout


def test_with_all_rules_enforced_nothing_is_left_to_say() -> None:
    """The embedded sandbox enforces what `--fail-on` makes fatal."""
    result = typed("check", "--fail-on", "assumed")
    assert result.exit_code == 0
    assert "assumption " not in result.stdout


def test_a_finding_is_one_line_and_a_command() -> None:
    """The line begins with the severity; the command under it repeats the case."""
    target = "tests.support.implementations.wsgi_app:bound_refused"
    result = typed("check", target)
    found, again, *_ = result.stdout.splitlines()
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
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert said(typed("check", f"http://127.0.0.1:{port}")) == (
        2,
        "",
        f"error: http://127.0.0.1:{port} cannot be reached (All connection attempts failed); "
        "is it running, and is the address right?\n",
    )


@pytest.mark.parametrize("name", ["refuses_everything", "unauthorised"])
def test_nothing_concluded_is_exit_3(name: str) -> None:
    """The note with the remedy is printed, and the last line says it too."""
    result = typed("check", f"tests.support.implementations.wsgi_app:{name}")
    assert result.exit_code == 3
    note, last = result.stdout.splitlines()[0], result.stdout.splitlines()[-1]
    assert note.startswith("note: the ")
    assert "nothing could be concluded" in last


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
    result = typed("check", "tests.cli.test_main:heard_app", *words)
    assert result.exit_code == 1
    assert heard[0]["invoiceStatus"]["objectVersion"] == {"currentVersion": 4, "newVersion": 5}
    assert heard[0]["b2bIds"]["buyerB2BId"] == "007"
    assert f"tests.cli.test_main:heard_app {' '.join(words)} --case" in result.stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--pin", "x=1"], "--pin 'x=1' is not of the form /pointer=value, e.g. "),
        (["--pin", "/x"], "--pin '/x' is not of the form /pointer=value, e.g. "),
        (
            ["--pin", "/invoiceStatus/objectVersion/newVersion=two"],
            "the value of --pin '/invoiceStatus/objectVersion/newVersion=two' is not JSON; write a "
            "number, true, null, or text in double quotes",
        ),
        (["-H", "secret"], "header 1 given with -H is not of the form 'Name: value' in printable"),
        (["-H", "A: b", "-H", "Ä: secret"], "header 2 given with -H is not of the form"),
        (["-H", "A: secret\nB: c"], "header 1 given with -H is not of the form"),
        (
            ["-H", "content-type: x"],
            "the header content-type cannot be given: it is what the cases vary",
        ),
        (["--report", "xml=x"], "--report 'xml=x' is not of the form FORMAT=PATH; write json=PATH"),
        (
            ["--case", "request/b2bIds#type/nul"],
            "there is no case 'request/b2bIds#type/nul'; did you mean request/b2bIds#type/null or ",
        ),
        (["--case", "x"], "there is no case 'x'; `check --list` lists them"),
        (
            ["--case", "request#json/empty", "--only", "request#json"],
            "--case names the one case to send; leave out --only, --skip, --polarity and "
            "--max-accepted",
        ),
        (["--case", "request#json/empty", "--polarity", "accept"], "--case names the one case"),
        (["--case", "request#json/empty", "--max-accepted", "1"], "--case names the one case"),
        (["--rate", "fast"], "the rate 'fast' is not of the form 10/s, 600/min or 1000/h"),
        (
            ["--bearer-env", "A", "--token-command", "secret"],
            "--bearer-env and --token-command both give a token; give one of them",
        ),
        (["--bearer-env", "NOT_SET"], "--bearer-env NOT_SET: the environment variable NOT_SET is"),
        (["--token-command", "no-such-program secret"], "the token command no-such-program cannot"),
        (
            ["--token-command", "echo x", "-H", "Authorization: secret"],
            "a token and a header Authorization are given; both say the same header, so give one",
        ),
        (["http://h", "--proxy", "http://me:secret@h:x"], "--proxy http://h:x is no proxy; write"),
        (["http://h", "--ca", "no.pem"], "--ca no.pem: No such file or directory; name a file"),
        (["http://h", "--key", "no.pem"], "a key without a certificate; give both with --cert"),
        (
            ["--report", "json=no/x"],
            "--report 'json=no/x': no/x cannot be written: No such file or directory",
        ),
        (["--only", "request#x"], "'request#x' matches no rule and no case; "),
        (["--base", "no.json"], "no.json: cannot be read: No such file or directory"),
        (["--overlay", "no.yaml"], "no.yaml:1: cannot be read: No such file or directory; name a"),
        (["--operation", "x"], "there is no operation 'x'; the document has changeInvoiceStatus"),
        (["nowhere"], "'nowhere' is neither a URL nor an application; write http://HOST:PORT, or "),
    ],
)
def test_each_wrong_word_is_one_error(words: list[str], message: str) -> None:
    """Exit 2, nothing on standard output, one line that says what to write, and no secret."""
    code, out, err = said(typed("check", *words))
    assert (code, out) == (2, "")
    assert err.startswith(f"error: {message}")
    assert err.count("\n") == 1
    assert "secret" not in err


def test_a_base_that_is_not_json_names_its_line(tmp_path: Path) -> None:
    """The place in the file is in the message."""
    base = tmp_path / "base.json"
    base.write_text('{\n"a": }')
    code, _, err = said(typed("check", "--base", base))
    assert code == 2
    assert err == f"error: {base}:2: not JSON: expecting value at line 2 column 6\n"


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
        *("check", "tests.cli.test_main:secret_app", "-H", "Authorization: Bearer canary-1"),
        *("--report", f"json={path}"),
    )
    assert heard == {"Bearer canary-1"}
    assert "canary-1" not in result.output + path.read_text()


def test_a_credential_is_a_variable_in_the_command_that_repeats() -> None:
    """The curl line sends the header too, from the environment."""
    with server.in_background(ec.Sandbox()) as url:
        words = ["-H", "Authorization: Bearer canary-3", "--fail-on", "assumed"]
        result = typed("check", url, *words, "--only", "request#duplicate-names")
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


def test_an_interrupt_is_not_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends a run with exit code 130."""

    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(runner, "run", interrupted)
    assert said(typed("check")) == (130, "", "interrupted\n")


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
    assert printed[-1].endswith("2 checked: 1 held, 1 violation, 0 assumptions, 0 inconclusive")
    assert "canary-4" not in result.output


def test_the_baseline_is_a_case() -> None:
    """Its id is printed too, so it can be sent alone."""
    result = typed("check", "--case", "request#type/baseline")
    assert result.exit_code == 0
    assert [one for one in result.stdout.splitlines() if one.startswith("---")] == [
        "--- request#type/baseline [accept] the payload every other case is derived from"
    ]


def test_a_case_is_repeated_as_it_was_weighed() -> None:
    """The command holds what decides the verdict."""
    words = ["--fail-on", "assumed", "--only", "request#content-type-single/same"]
    result = typed("check", "tests.support.implementations.wsgi_app:app", *words)
    assert result.stdout.splitlines()[1] == (
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


# traffic


def test_a_recording_is_judged() -> None:
    """Each finding names the file and the entry."""
    file = RECORDINGS / "mitmproxy.har"
    result = typed("traffic", file)
    assert result.exit_code == 1
    found = [line for line in result.stdout.splitlines() if line.startswith("violation ")]
    assert [re.findall(r"log\.entries\[(\d+)\]", line) for line in found] == [
        ["5"],
        ["6"],
        ["6"],
        ["7"],
        ["9"],
        ["13"],
    ]
    assert "canary" not in result.stdout


def test_a_recording_of_nothing_concludes_nothing(tmp_path: Path) -> None:
    """Exit 3, and a note that says what was looked for."""
    file = tmp_path / "empty.har"
    file.write_text('{"log": {"entries": []}}')
    code, out, _ = said(typed("traffic", file))
    assert code == 3
    assert out == (
        "note: no request to /api/v0/invoice/req-status-change-invoice is recorded there\n"
        f"{file}: nothing could be concluded; 0 checked: 0 held, 0 violations, 0 assumptions, "
        "0 inconclusive\n"
    )


def test_a_recording_that_is_none_is_exit_2(tmp_path: Path) -> None:
    """The others are still judged, and their report is written."""
    file = tmp_path / "broken.har"
    file.write_text("{")
    report = tmp_path / "result.json"
    result = typed("traffic", file, tmp_path / "x.pcap", "--report", f"json={report}")
    assert result.exit_code == 2
    assert f"note: {file}:1 is not JSON: " in result.stdout
    assert f"note: {tmp_path / 'x.pcap'} is no recording that is read here" in result.stdout
    assert json.loads(report.read_text())["exit"] == 2


# rules, explain, cases, schema


def test_every_rule_is_listed_with_its_evidence() -> None:
    """One line a rule: id, level and source, demand, place."""
    lines = typed("rules").stdout.splitlines()
    rules = ec.load().pick().rules
    assert [line.split()[0] for line in lines] == [*rules]
    line = next(one for one in lines if one.startswith("request/b2bIds/buyerB2BId#pattern "))
    place = rules["request/b2bIds/buyerB2BId#pattern"].place
    assert re.sub(r" {2,}", "  ", line) == (
        "request/b2bIds/buyerB2BId#pattern  sibling api-10664764  "
        f'must match ^[^\\\\"]{{1,100}}$  {place}'
    )


def test_a_rule_is_explained() -> None:
    """What it demands, what is behind it, where it stands, and how it is tested."""
    place = ec.load().pick().rule("response.200/response_code#type").place
    assert said(typed("explain", "response.200/response_code#type")) == (
        0,
        "response.200/response_code#type\n"
        "  demands   /response_code must be an integer\n"
        "  of        POST /api/v0/invoice/req-status-change-invoice (changeInvoiceStatus)\n"
        "  evidence  example (change-invoice-status, read 2026-11-22)\n"
        "  because   The operation's own page - method, path, media type, one request and one "
        "200 answer.\n"
        f"  document  {place}\n"
        "  note      0 when the request was accepted, anything else when it was refused.\n",
        "",
    )
    wire = typed("explain", "request#json").stdout
    assert "  demands   the request must be JSON as RFC 8259 defines it\n" in wire
    assert "  accept    request#json/pretty-printed: " in wire
    assert "  reject    request#json/truncated: " in wire
    assert (
        "  demands   the response must be labelled"
        in typed("explain", "response.200#content-type").stdout
    )
    assert "\n  accept    the baseline\n" in typed("explain", "request/device#required").stdout


@pytest.mark.parametrize(
    ("rule", "twins"),
    [
        (
            "request/b2bIds/buyerB2BId#pattern",
            '  twins     valid:   /b2bIds/buyerB2BId is "a"\n'
            '            invalid: /b2bIds/buyerB2BId must match ^[^\\\\"]{1,100}$, but it is ""\n',
        ),
        (
            "request/device#required",
            "  twins     valid:   the baseline\n"
            "            invalid: /device is required, but missing\n",
        ),
    ],
)
def test_a_rule_is_explained_by_a_pair(rule: str, twins: str) -> None:
    """What is just wrong and what is just right stand side by side."""
    assert twins in typed("explain", rule).stdout


def test_a_rule_without_wrong_requests_has_no_pair() -> None:
    """What allows everything cannot be broken."""
    shown = typed("explain", "request/b2bIds#additionalProperties").stdout
    assert "\n  accept    request/b2bIds#additionalProperties/unknown-member: " in shown
    assert "twins" not in shown


def test_what_a_rule_does_not_settle_is_marked() -> None:
    """Of a case that is weaker than its rule, the evidence is shown."""
    shown = typed("explain", "request#json").stdout
    assert "\n  reject    request#json/byte-order-mark [assumed]: the request must be " in shown
    assert "\n  reject    request#json/trailing-comma: the request must be " in shown


def test_a_pattern_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    """Its cases are made of generated texts, which stand on no bound."""
    overlay = tmp_path / "partner.yaml"
    overlay.write_text(
        "overlay: 1.0.0\n"
        "info: {title: mine, version: 1.0.0}\n"
        "actions:\n"
        "  - target: $.components.schemas.Status\n"
        "    update: {pattern: ^(?:CREATED|PAID)$, x-evidence: {pattern: confirmed}}\n"
    )
    rule = "request/invoiceStatus/statusTransition/newStatus#pattern"
    shown = typed("explain", rule, "--overlay", overlay).stdout
    assert (
        "  note      its bounds cannot be read, so its cases are made of generated texts" in shown
    )
    assert f"\n  reject    {rule}/generated-2-cut: " in shown


def test_the_cases_are_written_as_data() -> None:
    """`cases --format json` is the manifest, and the default is a line for each case."""
    written = typed("cases", "--format", "json").stdout
    lines = typed("cases").stdout.splitlines()
    assert [one["id"] for one in json.loads(written)["cases"]] == [
        line.split()[1] for line in lines
    ]


def test_a_rule_that_is_not_there_has_near_ones() -> None:
    """A mistyped rule id is an error with what may have been meant."""
    code, out, err = said(typed("explain", "request/b2bIds/buyerB2BId#patern"))
    assert (code, out) == (2, "")
    assert err.startswith(
        "error: changeInvoiceStatus has no rule 'request/b2bIds/buyerB2BId#patern'; "
        "did you mean request/b2bIds/buyerB2BId#pattern or "
    )


def test_the_cases_are_listed() -> None:
    """One line a case, the baseline first."""
    lines = typed("cases").stdout.splitlines()
    assert len(lines) == len(ec.cases())
    assert lines[0].startswith("accept request#type/baseline ")


def test_the_schema_stands_alone() -> None:
    """What is printed is the JSON Schema of the side asked for, with the rules asked for."""
    found = ec.load().pick()
    assert json.loads(typed("schema").stdout) == found.json_schema()
    assert json.loads(typed("schema", "--as", "response", "--fail-on", "assumed").stdout) == (
        found.json_schema("response", fail_on="assumed")
    )


# sandbox, and the program itself


def test_the_sandbox_serves_and_says_where() -> None:
    """The printed address answers, and an interrupt ends it."""
    command = [sys.executable, "-m", "enkash_contract", "sandbox", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = re.search(r"http://\S+(?=;)", process.stdout.readline())
        assert address is not None
        answer = httpx.post(address[0], json={}, trust_env=False)
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
    assert answer.status_code == 400
    assert answer.headers["x-enkash-sandbox"] == "stateless stub, not EnKash"


@pytest.mark.parametrize(
    ("host", "why"), [("127.0.0.1", "Address already in use"), ("::1", "Address already in use")]
)
def test_a_port_in_use_is_an_error(host: str, why: str) -> None:
    """The address is named, and the option that helps."""
    with server.listen(host, 0) as taken:
        port = taken.getsockname()[1]
        code, _, err = said(typed("sandbox", "--host", host, "--port", str(port)))
    assert (code, err) == (
        2,
        f"error: cannot listen on {host}:{port}: {why}; choose another --port\n",
    )


def test_a_served_application_stops_when_told() -> None:
    """The background server takes no time to stop, and its port is free after."""
    started = time.monotonic()
    with server.in_background(ec.Sandbox()) as url:
        assert httpx.get(url, trust_env=False).status_code == 404
    assert time.monotonic() - started < 5
    with pytest.raises(httpx.ConnectError):
        httpx.get(url, trust_env=False)


def test_the_configuration_may_be_named_with_every_command() -> None:
    """Whatever can be asked for before the command can be asked for after it."""
    shared = {"--config", "--env", "--show-config"}
    for command in (main, *main.commands.values()):
        assert shared <= {name for one in command.params for name in one.opts}


def test_help_and_version() -> None:
    """Every command and every option has a line of help."""
    assert typed("--version").stdout == "enkash-contract, version 0.1.0\n"
    for name, command in main.commands.items():
        assert typed(name, "--help").exit_code == 0
        for parameter in command.params:
            if parameter.param_type_name == "option":
                assert getattr(parameter, "help", None), (name, parameter.name)


def test_a_report_that_cannot_be_written_is_told_before_the_run(tmp_path: Path) -> None:
    """No result is lost for want of a place to write it."""
    assert said(typed("check", "--report", f"json={tmp_path}")) == (
        2,
        "",
        f"error: --report 'json={tmp_path}': {tmp_path} cannot be written: Is a directory\n",
    )


def test_a_disk_that_fills_up_is_an_error() -> None:
    """What was found is printed, and the report that failed is named."""
    result = typed("check", "--only", "request#method", "--report", "json=/dev/full")
    assert result.exit_code == 2
    assert "conforms" in result.stdout
    assert result.stderr == (
        "error: the report /dev/full cannot be written: No space left on device\n"
    )


@pytest.mark.parametrize(
    "target",
    [
        "ftp://u:canary-7@h/",
        " http://u:canary-7@127.0.0.1:1",
        "https:/u:canary-7@h/",
        "u:canary-7@h",
        "http://u:canary-7@[::1/x",
        "http://u:canary-7@h:99999/",
        "http://u:canary-7@/x",
        "http://h/?key=canary-7#canary-7:",
    ],
)
def test_a_mistyped_address_is_told_without_its_password(target: str) -> None:
    """Whatever is wrong with it, there is one line, and no secret in it."""
    code, out, err = said(typed("check", target, "--timeout", "2"))
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "canary-7" not in err


def test_a_closed_standard_input_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """`validate - <&-` is a mistake like any other."""
    done = subprocess.run(  # noqa: S602 - a shell is needed to close standard input
        f"'{sys.executable}' -m enkash_contract validate - <&-",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("error: -: there is no standard input; name a file instead\n")


def test_nothing_validated_is_nothing_concluded(tmp_path: Path) -> None:
    """An empty file of payloads is no success."""
    file = tmp_path / "empty.ndjson"
    file.write_text("\n")
    assert said(typed("validate", file)) == (3, "", "0 payloads, 0 violations, 0 assumptions\n")


def test_a_base_of_null_is_none(tmp_path: Path) -> None:
    """It is not taken for "no base given"."""
    base = tmp_path / "null.json"
    base.write_text("null")
    assert said(typed("check", "--base", base)) == (
        2,
        "",
        f"error: {base}:1: null is no payload; write the request's JSON object\n",
    )


def test_a_terminal_without_unicode_is_no_traceback() -> None:
    """What cannot be shown is shown escaped."""
    target = "tests.support.implementations.wsgi_app:bound_refused"
    done = subprocess.run(
        [sys.executable, "-m", "enkash_contract", "check", target, "--only", "request/b2bIds/*"],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        cwd=ROOT,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, b"")
    assert b"0123\\u2026 (100 characters)" in done.stdout


def test_a_pin_nested_too_deep_is_told() -> None:
    """JSON that cannot be read is a mistake of the argument."""
    code, _, err = said(typed("check", "--pin", "/device=" + "[" * 100_000))
    assert code == 2
    assert err.startswith("error: the value of --pin '/device=[[")


def test_an_ipv6_address_is_written_as_one() -> None:
    """The printed address can be used."""
    command = [sys.executable, "-m", "enkash_contract", "sandbox", "--port", "0", "--host", "::1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert "http://[::1]:" in process.stdout.readline()
        process.terminate()


def test_a_terminal_is_shown_colours() -> None:
    """On a terminal the severity stands out; the words are the same."""
    words = ["check", "tests.support.implementations.wsgi_app:bound_refused"]
    plain = CliRunner().invoke(main, words)
    coloured = CliRunner().invoke(main, words, env={"FORCE_COLOR": "1", "TERM": "xterm-256color"})
    assert coloured.stdout.startswith("\x1b[1;31mviolation\x1b[0m positive_data_acceptance ")
    assert plain.stdout.startswith("violation positive_data_acceptance ")


def test_output_may_be_taken_by_another_program() -> None:
    """A stream that is no file of the system's is written to as it is."""
    taken = io.StringIO()
    with contextlib.redirect_stdout(taken):
        main(["cases"], standalone_mode=False)
    assert taken.getvalue().startswith("accept request#type/baseline ")


# defects and selftest


def test_every_defect_is_listed() -> None:
    """One a line: the id for `sandbox --defect`, how well its rule is known, what it does."""
    code, out, err = said(typed("defects"))
    lines = out.splitlines()
    assert (code, err) == (0, "")
    assert [line.partition(" ")[0] for line in lines[: len(ec.defects())]] == [
        one.id for one in ec.defects()
    ]
    assert lines[0] == "request#method/unenforced [documented] does not look at it"
    assert "conforming/refusing-by-200 [conforming] rejects with status 200" in lines
    assert lines[-1] == "failing/cut [failing] breaks off amid the body"


NAMED = ("request#json", "request/x#type", "request#type")


def test_a_matrix_is_printed() -> None:
    """A row for each keyword, a line for each miss and each blame, and the sums."""
    rows = (
        Row("request#json/a", "takes a", "request#json", "json", frozenset({"request#json"}), 1),
        Row("request#json/f", "takes f", "request#json", "json", frozenset(NAMED), 1),
        Row("request#json/b", "takes b", "request#json", "json", frozenset({"request#type"}), 1),
        Row("request/x#type/c", "takes\n", "request/x#type", "type"),
        Row("conforming/d", "is right", named=frozenset({"request#type"}), violations=2),
        Row("conforming/e", "is right"),
    )
    assert list(output.matrix_lines(Matrix(rows, 1.25))) == [
        "json     3 defects     2 found     1 missed",
        "type     1 defects     0 found     1 missed",
        "missed request#json/b: takes b; it named request#type",
        "missed request/x#type/c: takes\\n",
        "blamed conforming/d: 2 violations on request#type",
        "request#json/f also shows as request#type, request/x#type",
        "selftest: 4 defects, 2 found and named, 1 of them by other rules as well; 2 conforming "
        "variants, 2 violations; 1.2 s",
    ]


def test_the_selftest_is_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """It prints the matrix, and exits with 1 when something was missed."""
    asked: list[Any] = []

    def run(**options: Any) -> Matrix:
        asked.append(options)
        return Matrix((Row("d", "is wrong", "request#json", "json"),), 0.5)

    monkeypatch.setattr(selftest, "selftest", run)
    code, out, err = said(typed("selftest"))
    assert (code, err) == (1, "")
    assert out == (
        "json     1 defects     0 found     1 missed\n"
        "missed d: is wrong\n"
        "selftest: 1 defect, 0 found and named; 0 conforming variants, 0 violations; 0.5 s\n"
    )
    assert [one["operation"] for one in asked] == ["changeInvoiceStatus"]


def test_a_sandbox_with_a_defect_that_is_none() -> None:
    """The message names the nearest ones, and nothing is served."""
    code, out, err = said(typed("sandbox", "--defect", "request#json/unenforce"))
    assert (code, out) == (2, "")
    assert err.startswith("error: changeInvoiceStatus has no defect 'request#json/unenforce'; did")


LOADED = """
import sys
from enkash_contract.cli.main import main
try:
    main({words!r}, prog_name="enkash-contract")
finally:
    print(*sorted(sys.modules), file=sys.stderr)
"""


def loaded(*words: str, folder: Path) -> set[str]:
    """Return the modules that a command has loaded at its end."""
    command = [sys.executable, "-c", LOADED.format(words=list(words))]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return set(done.stderr.split())


@pytest.mark.parametrize("words", [["rules"], ["--help"], ["check", "--help"]])
def test_a_list_of_rules_loads_nothing_that_runs_or_reports(
    words: list[str], tmp_path: Path
) -> None:
    """It starts quickly: no library that sends, draws, serves or prints tables, and no room for it.

    Of the rooms below only what names options and exit codes is there.
    """
    modules = loaded(*words, folder=tmp_path)
    heavy = "dask httpx hypothesis orjson pytest requests rich schemathesis starlette uvicorn"
    rooms = ("engine", "generation", "judging", "report", "sandbox", "secrets", "traffic")
    own = {name.removeprefix("enkash_contract.") for name in modules if "enkash_contract." in name}

    assert "cli.main" in own
    assert modules & set(heavy.split()) == set()
    assert {name for name in own if name.startswith((*rooms, "validation"))} == {
        "engine",
        "engine.transport",
        "engine.transport.connection",
    }


def test_help_does_not_read_the_document(tmp_path: Path) -> None:
    """Nor does it load what reads it."""
    modules = loaded("--help", folder=tmp_path)

    assert modules & {"yaml", "jsonschema_rs", "enkash_contract.contract.contract"} == set()
