"""What commands print: rules explained, the kill matrix, and the end with its reports."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import enkash_contract as ec
from enkash_contract.cli import output
from enkash_contract.engine.bench import Row
from enkash_contract.engine.selftest import Matrix
from tests.support.typed_commands import PLAIN, said, typed, verdict
from tests.support.workflow_commands import commands

if TYPE_CHECKING:
    from pathlib import Path


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
        "            https://docs.enkash.com/api-10664765\n"
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


def test_a_rule_without_invalid_requests_has_no_pair() -> None:
    """What allows everything cannot be broken."""
    shown = typed("explain", "request/b2bIds#additionalProperties").stdout
    assert "\n  accept    request/b2bIds#additionalProperties/unknown-member: " in shown
    assert "twins" not in shown


def test_a_case_with_weaker_evidence_is_marked() -> None:
    """Of a case that is weaker than its rule, the evidence is shown."""
    shown = typed("explain", "request#json").stdout
    assert "\n  reject    request#json/byte-order-mark [assumed]: the request must be " in shown
    assert "\n  reject    request#json/trailing-comma [assumed]: the request must be " in shown
    assert "\n  reject    request#json/truncated: the request must be " in shown


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


def test_a_report_that_cannot_be_written_is_an_error_before_the_run(tmp_path: Path) -> None:
    """No result is lost for want of a place to write it."""
    assert said(typed("check", "--report", f"json={tmp_path}")) == (
        2,
        "",
        f"error: --report 'json={tmp_path}': {tmp_path} is a folder; name a file in it\n",
    )


def test_a_disk_that_fills_up_is_an_error() -> None:
    """What was found is printed, and the report that failed is named."""
    result = typed("check", "--only", "request#method", "--report", "json=/dev/full")
    assert result.exit_code == 2
    assert "conforms" in result.stdout
    assert result.stderr == (
        "error: --report 'json=/dev/full': /dev/full cannot be written: No space left on device\n"
    )


def test_a_terminal_is_shown_colours() -> None:
    """On a terminal the severity stands out; the words are the same."""
    words = ["check", "tests.support.implementations.wsgi_app:bound_refused", "--full"]
    plain = typed(*words)
    coloured = typed(*words, env=PLAIN | {"FORCE_COLOR": "1", "TERM": "xterm-256color"})
    assert "\n\x1b[1;31mviolation\x1b[0m positive_data_acceptance " in coloured.stdout
    assert "\nviolation positive_data_acceptance " in plain.stdout
    assert "\x1b" not in plain.stdout


FEW = ("check", "--only", "request#method")


@pytest.mark.parametrize(
    ("words", "env", "coloured"),
    [
        ((), {}, False),
        ((), {"FORCE_COLOR": "1"}, True),
        ((), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ((), {"FORCE_COLOR": "1", "CI": "true"}, True),
        ((), {"CI": "true"}, False),
        (("--color", "never"), {"FORCE_COLOR": "1"}, False),
        (("--color", "always"), {"NO_COLOR": "1", "CI": "true"}, True),
        (("--color", "auto"), {"FORCE_COLOR": "1"}, True),
    ],
)
def test_colours_are_chosen(words: tuple[str, ...], env: dict[str, str], *, coloured: bool) -> None:
    """What is typed counts most, then NO_COLOR, and a log has no colours by itself."""
    done = typed(*FEW, *words, env=PLAIN | {"TERM": "xterm"} | env)

    assert ("\x1b[1;32mthe embedded sandbox: conforms" in done.stdout) is coloured
    assert ("\x1b" in done.stdout) is coloured


@pytest.mark.parametrize("columns", ["60", "80", "none"])
def test_lines_fit_the_columns(columns: str) -> None:
    """Those of a terminal, or of COLUMNS; a log without either is as wide as its lines."""
    words = ("check", "--fail-on", "documented")
    lines = typed(*words, env=PLAIN | {"COLUMNS": columns}).stdout.splitlines()
    widest = max(len(line) for line in lines if not line.startswith("next: "))

    assert len(lines) <= 24
    assert widest <= int(columns) if columns.isdigit() else widest > 80


def test_the_verdict_alone_is_one_line() -> None:
    """`--quiet` leaves out the rest, and asks for nothing else beside it."""
    done = typed(*FEW, "--quiet")

    assert done.stdout == f"{verdict(done)}\n"
    for option in ("--full", "--assumptions"):
        assert said(typed(*FEW, "-q", option)) == (
            2,
            "",
            f"error: --quiet prints the verdict alone; leave out {option}\n",
        )


@pytest.mark.parametrize(
    ("set_", "word"),
    [
        ("full", "--quiet"),
        ("assumptions", "--quiet"),
        ("quiet", "--full"),
        ("quiet", "--assumptions"),
    ],
)
def test_what_is_typed_wins_over_the_file(
    set_: str, word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file may ask for much, or little, as a rule, and a person for the opposite once."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "enkash-contract.toml").write_text(f"[check]\n{set_} = true\n")
    done = typed(*FEW, word)

    assert done.exit_code == 0
    assert (len(done.stdout.splitlines()) == 1) is (word == "--quiet"), done.stdout


def test_a_terminal_has_a_width_of_its_own() -> None:
    """The screen fits into it, while a log has as much room as it needs."""
    reader, terminal = pty.openpty()
    command = [sys.executable, "-m", "enkash_contract", "check", "--only", "request#method"]
    variables = {**os.environ, "COLUMNS": "60", "TERM": "xterm"}
    shown = b""
    with subprocess.Popen(
        command, stdout=terminal, stderr=subprocess.DEVNULL, env=variables
    ) as process:
        os.close(terminal)
        # At the end of what was written, Linux raises an error and others return nothing.
        with contextlib.suppress(OSError):
            while part := os.read(reader, 4096):
                shown += part
    os.close(reader)

    assert process.returncode == 0
    lines = re.sub(r"\x1b\[[0-9;]*m", "", shown.decode()).splitlines()
    assert "where    rules  valid accepted  invalid rejected" in lines
    # What is pasted stays in one line.
    assert max(len(line) for line in lines if not line.startswith("next: ")) <= 60


def test_an_ipv6_address_is_written_as_one() -> None:
    """The printed address can be used."""
    command = [sys.executable, "-m", "enkash_contract", "sandbox", "--port", "0", "--host", "::1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert "http://[::1]:" in process.stdout.readline()
        process.terminate()


def test_github_is_told_unasked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What GitHub runs is annotated, with a summary; what people read there commands nothing."""
    monkeypatch.chdir(tmp_path)
    local = typed("check", "--only", "request/device/tag/name#required").stdout
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    words = ("check", "--only", "request/device/tag/name#required")
    told = typed(*words).stdout
    aside = typed(*words, "--report", "json=-").stderr
    kept = typed(*words, "--report", "github=told.txt").stdout
    monkeypatch.setenv("ENKASH_GITHUB", "off")
    off = typed(*words).stdout
    (only,) = commands(told)

    assert [*commands(local)] == [*commands(off)] == [*commands(kept)] == []
    assert "::" not in local
    assert (only.name, only.properties) == (
        "notice",
        {"title": "requests without a required member are accepted"},
    )
    assert [*commands(aside)] == [*commands((tmp_path / "told.txt").read_text())] == [only]
    assert (tmp_path / "summary.md").read_text().count("# The embedded sandbox conforms") == 3
