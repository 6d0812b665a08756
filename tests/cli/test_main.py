"""The program and its smaller commands: what they print, exit with, and load."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from click.testing import CliRunner

import enkash_contract as ec
from enkash_contract.cli.main import main
from enkash_contract.engine import selftest
from enkash_contract.engine.bench import Row
from enkash_contract.engine.selftest import Matrix
from enkash_contract.sandbox import server
from tests.support.paths import RECORDINGS
from tests.support.recorded import entry, log, written
from tests.support.typed_commands import said, typed

if TYPE_CHECKING:
    from pathlib import Path


def test_a_recording_is_judged() -> None:
    """Each finding names the file and the entry."""
    file = RECORDINGS / "mitmproxy.har"
    result = typed("traffic", file, "--full")
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
        f"changeInvoiceStatus of {file}: 0 interactions\n"
        "note: no request to any of 25 operations is recorded there\n"
        "recordings: 1 file, 0 interactions read, 0 of our operations, 0 judged\n"
        f"{file}: nothing could be concluded; 0 checked: 0 held, 0 violations, 0 assumptions, "
        "0 inconclusive\n"
    )


def test_a_recording_that_is_none_is_exit_2(tmp_path: Path) -> None:
    """The others are still judged, and their report is written."""
    file = tmp_path / "broken.har"
    file.write_text("{")
    report = tmp_path / "result.json"
    (tmp_path / "x.pcap").write_text("x")
    result = typed("traffic", file, tmp_path / "x.pcap", "--report", f"json={report}")
    assert result.exit_code == 2
    assert f"note: {file}:1 is not JSON: " in result.stdout
    assert f"note: {tmp_path / 'x.pcap'} is no recording that is read here" in result.stdout
    assert json.loads(report.read_text())["exit"] == 2


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
    interaction = json.loads(typed("schema", "--as", "interaction").stdout)
    assert interaction["$id"] == "urn:enkash-contract:interaction:1"


def test_the_sandbox_serves_and_says_where() -> None:
    """The printed address answers, and an interrupt ends it."""
    command = [sys.executable, "-m", "enkash_contract", "sandbox", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = re.search(r"http://\S+(?=;)", process.stdout.readline())
        assert address is not None
        answer = httpx.post(address[0], json={}, trust_env=False)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
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


def test_help_and_version() -> None:
    """Every command and every option has a line of help."""
    assert typed("--version").stdout == "enkash-contract, version 0.1.0\n"
    for name, command in main.commands.items():
        assert typed(name, "--help").exit_code == 0
        for parameter in command.params:
            if parameter.param_type_name == "option":
                assert getattr(parameter, "help", None), (name, parameter.name)


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


@pytest.mark.parametrize("words", [["rules"]])
def test_a_list_of_rules_loads_nothing_that_runs_or_reports(
    words: list[str], tmp_path: Path
) -> None:
    """It starts quickly: no library that sends, draws, serves or prints, and no room for that."""
    modules = loaded(*words, folder=tmp_path)
    heavy = "dask httpx hypothesis orjson pytest requests rich schemathesis starlette uvicorn"
    rooms = ("engine", "generation", "judging", "report", "sandbox", "secrets", "traffic")
    own = {name.removeprefix("enkash_contract.") for name in modules if "enkash_contract." in name}

    assert "cli.main" in own
    assert modules & set(heavy.split()) == set()
    assert {name for name in own if name.startswith((*rooms, "validation"))} == set()


def test_recordings_that_lie_here_load_nothing_for_others(tmp_path: Path) -> None:
    """Neither what reads from elsewhere, nor what judges there, nor what starts processes."""
    recording = written(tmp_path, log(entry()))
    modules = loaded("traffic", str(recording), folder=tmp_path)
    heavy = "aiohttp concurrent.futures.process dask distributed fsspec s3fs"
    # Coverage loads the rest of what starts processes.
    starting = {"multiprocessing.connection", "enkash_contract.traffic.parts.processes"}

    assert "enkash_contract.traffic.check" in modules
    assert modules & {*heavy.split(), *starting} == set()


def test_help_loads_nothing_that_runs(tmp_path: Path) -> None:
    """It loads what draws it, and the table of the formats of reports."""
    modules = loaded("check", "--help", folder=tmp_path)
    heavy = "dask httpx hypothesis pytest requests schemathesis starlette uvicorn"
    assert "rich_click" in modules
    assert modules & set(heavy.split()) == set()


def test_help_does_not_read_the_document(tmp_path: Path) -> None:
    """Nor does it load what reads it."""
    modules = loaded("--help", folder=tmp_path)

    assert modules & {"yaml", "enkash_contract.contract.contract"} == set()


def test_the_rules_of_a_member_are_explained() -> None:
    """By its name, or by a glob; as data as well."""
    named = typed("explain", "buyerB2BId").stdout
    assert [line for line in named.splitlines() if line.startswith("request")] == [
        "request/b2bIds/buyerB2BId#required",
        "request/b2bIds/buyerB2BId#type",
        "request/b2bIds/buyerB2BId#pattern",
    ]
    assert typed("explain", "request/b2bIds/buyerB2BId#*").stdout == named
    data = json.loads(typed("explain", "buyerB2BId", "--format", "json").stdout)
    assert len(data["rules"]) == 3


def test_lists_of_several_operations_have_qualified_ids() -> None:
    """Rules, cases, and what is explained of them."""
    names = ("--operation", "changeInvoiceStatus", "--operation", "registerB2BId")
    for words in (["rules"], ["explain", "request#json"], ["defects"]):
        result = CliRunner().invoke(main, [*words, *names, "--format", "json"])
        assert result.exit_code == 0
        text = result.output
        assert '"changeInvoiceStatus:request#json' in text
        assert '"registerB2BId:request#json' in text


def test_payloads_of_several_operations_are_told_apart_by_their_names(tmp_path: Path) -> None:
    """A file that is named for none of them is a mistake."""
    names = ("--operation", "changeInvoiceStatus", "--operation", "registerB2BId")
    good, bad = tmp_path / "registerB2BId.json", tmp_path / "registerB2BIt.json"
    for file in (good, bad):
        file.write_text("{}")
    result = CliRunner().invoke(main, ["validate", str(good), *names])
    assert result.exit_code == 1
    result = CliRunner().invoke(main, ["validate", str(bad), *names])
    assert result.exit_code == 2
    assert "is named for none of the operations, did you mean registerB2BId?" in result.stderr
