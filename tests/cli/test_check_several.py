"""`check` of several operations: what is sent, what is shown, and what it exits with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import enkash_contract as ec
from enkash_contract.sandbox.server import in_background
from tests.support.several import ASK, PAY, PAYLOAD, REFUND, RULE, overlay
from tests.support.typed_commands import said, typed

if TYPE_CHECKING:
    from pathlib import Path

CASE = f"{RULE}/one-under"

APP = """
import enkash_contract as ec
contract = ec.load("small.overlay.json")
right = ec.Sandbox(contract=contract, operation="small*")
wrong = ec.Sandbox(contract=contract, operation="small*", defect="smallRefund:{RULE}/unenforced")
""".replace("{RULE}", RULE)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the present folder, with an overlay and two applications in it."""
    overlay(tmp_path)
    (tmp_path / "small_app.py").write_text(APP)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def checked(*words: str, only: str = CASE) -> tuple[int, str, str]:
    """Return the exit code and the output of a check of the small operations."""
    some = ["--only", only] if only else []
    result = typed("check", "--overlay", "small.overlay.json", *some, *words)
    # How long it took is another number in each run.
    return said(result)


@pytest.mark.usefixtures("folder")
def test_each_operation_has_a_row_and_a_verdict() -> None:
    """What is found names its operation, and the command that repeats it."""
    code, out, err = checked("small_app:wrong", "--operation", "small*")
    assert (code, err) == (1, "")
    assert out.partition("\n")[2] == (
        "\n"
        "1. numbers below the minimum are accepted: 1 member, 1 violation (server)\n"
        "   of        smallRefund\n"
        "   members   /amount\n"
        "   evidence  documented (change-invoice-status, read 2026-11-22)\n"
        "   page      https://docs.enkash.com/api-10664765\n"
        "   expected  rejected, because /amount must be at least 1, but it is 0\n"
        "   actual    accepted with status 200\n"
        "   repeat    enkash-contract check small_app:wrong --operation smallRefund --overlay "
        f"small.overlay.json --case 'smallRefund:{CASE}'\n"
        "\n"
        "operation              rules  valid accepted  invalid rejected\n"
        "smallPay: conforms        13             1/1               1/1\n"
        "smallRefund: violated     13             1/1      0/1, 1 short\n"
        "smallAsk: conforms        13             1/1               1/1\n"
        "\n"
        "accepted 3 of 3 valid requests, rejected 2 of 3 invalid requests\n"
        "coverage: 1 of 36 rules both ways\n"
    )


@pytest.mark.usefixtures("folder")
def test_the_command_that_repeats_a_finding_repeats_it() -> None:
    """Its case is qualified, and of that operation alone."""
    for more in (["--operation", REFUND], ["--operation", "small*"], []):
        code, out, _ = checked("small_app:wrong", *more, "--case", f"{REFUND}:{CASE}", only="")
        assert code == 1
        assert f"violation negative_data_rejection {CASE} " in out


@pytest.mark.usefixtures("folder")
def test_lines_are_qualified() -> None:
    """With --list, with --full, and in the forecast of a dry run."""
    code, out, _ = checked("--operation", PAY, "--operation", REFUND, "--list")
    assert (code, out.splitlines()[1::2]) == (
        0,
        [
            f"reject {name}:{CASE} [documented] /amount must be at least 1, but it is 0"
            for name in (PAY, REFUND)
        ],
    )
    assert (
        checked("small_app:wrong", "--operation", "small*", "--full")[1].count(
            f"violation negative_data_rejection {REFUND}:{CASE} "
        )
        == 1
    )
    forecast = checked("http://h", "--operation", "small*", "--dry-run")[1].splitlines()[-3:]
    assert forecast[0].startswith("smallPay of http://h: 3 requests would be sent")
    assert forecast[2] == (
        f"{ASK}: no example of it is published and none was given, so nothing was sent; vouch for "
        f"a payload with --base FOLDER, in {ASK}.json"
    )


def test_a_report_is_the_sum_of_those_of_the_operations(folder: Path) -> None:
    """One run and one operation each, and one exit code."""
    code, _, _ = checked("small_app:wrong", "--operation", "small*", "--report", "json=r.json")
    report = json.loads((folder / "r.json").read_text())
    assert (code, report["exit"], len(report["runs"])) == (1, 1, 3)
    assert [each["id"] for each in report["operations"]] == [PAY, REFUND, ASK]
    assert [(each["operation"], each["rule"]) for each in report["findings"]] == [(REFUND, RULE)]


def test_a_waiver_of_one_operation_waives_no_other(folder: Path) -> None:
    """Without an operation it is of the default; a fingerprint is that of one anyway."""
    waiver = '[[waiver]]\nrule = "{}"\nreason = "known"\nuntil = 2130-01-01\n'
    words = ("small_app:wrong", "-q", "--config", "w.toml")
    for rule, waived in ((f"{PAY}:{RULE}", 0), (f"{REFUND}:{RULE}", 1), (RULE, 0)):
        (folder / "w.toml").write_text(f'operation = "{PAY}"\n{waiver.format(rule)}')
        code, out, _ = checked(*words, "--operation", "small*")
        assert (code, ", 1 waived" in out) == (1 - waived, bool(waived))


def test_waivers_that_are_written_name_their_operations(folder: Path) -> None:
    """And waive what was found."""
    words = ("small_app:wrong", "--operation", "small*", "-q", "--no-config")
    wish = ("--write-waivers", "new.toml", "--reason", "known", "--until", "2130-01-01")
    assert checked(*words, *wish)[0] == 1
    assert f'operation = "{REFUND}"' in (folder / "new.toml").read_text()
    assert checked(*words[:-1], "--config", "new.toml")[0] == 0


def written(folder: Path, **payloads: Any) -> str:
    """Write payloads into files named for operations, and return the name of their folder."""
    bases = folder / "bases"
    bases.mkdir()
    for name, payload in payloads.items():
        (bases / f"{name}.json").write_text(json.dumps(payload))
    return "bases"


def test_a_folder_holds_the_base_of_each(folder: Path) -> None:
    """It serves one operation as well, and the file is named in what repeats a finding."""
    bases = written(folder, smallRefund={"amount": 3}, smallAsk=PAYLOAD)
    code, out, _ = checked("small_app:wrong", "--operation", "small*", "--base", bases)
    assert code == 1
    assert "--base bases/smallRefund.json --operation smallRefund" in out
    assert checked("small_app:right", "--operation", REFUND, "--base", bases)[0] == 0
    assert checked("small_app:right", "--operation", PAY, "--base", bases)[0] == 0


@pytest.mark.usefixtures("folder")
def test_pins_are_of_those_that_have_the_member() -> None:
    """Or of the operation that they name."""
    assert checked("--operation", "small*", "--pin", "/amount=9")[0] == 0
    assert checked("--operation", "small*", "--pin", f"{REFUND}:/amount=9")[0] == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--pin", "/nothing=9"], "the pin '/nothing' points at nothing in the payload; write it "),
        (["--pin", "other:/amount=9"], "--pin other:… is of no operation that is chosen"),
        (["--base", "none.json"], "none.json is no folder; the base of several operations is a "),
        (["--base-command", "x"], "--base-command prints the payload of one operation, and "),
        (["--case", CASE], "this is for one operation, and several are named: smallPay, "),
        (["--operation", "smal"], "there is no operation 'smal'; did you mean small"),
        (["--require-coverage", "x=both"], "--require-coverage 'x=both' names no rule; "),
    ],
)
@pytest.mark.usefixtures("folder")
def test_each_mistake_is_one_error(words: list[str], message: str) -> None:
    """Exit 2, and it says what to write."""
    code, out, err = checked("--operation", "small*", *words, only="")
    assert (code, out) == (2, "")
    assert err.startswith(f"error: {message}")


@pytest.mark.usefixtures("folder")
def test_coverage_may_be_required_of_each() -> None:
    """A glob over the ids of all; what is missing names its operation."""
    words = ("--operation", "small*", "--require-coverage", f"{RULE}=reject")
    assert checked(*words)[0] == 0
    code, out, _ = checked(*words, "--skip", f"{PAY}:{CASE}")
    assert code == 0
    assert "smallPay" not in out


def test_an_operation_of_which_nothing_was_sent_needs_its_waiver(folder: Path) -> None:
    """Nobody knows whether it is still needed."""
    waiver = f'[[waiver]]\nrule = "{ASK}:{RULE}"\nreason = "known"\nuntil = 2130-01-01\n'
    (folder / "w.toml").write_text(waiver)
    contract = ec.load("small.overlay.json")
    with in_background(ec.Sandbox(contract=contract, operation="small*")) as address:
        words = (address, "--operation", "small*", "--config", "w.toml")
        report = ("--report", "markdown=r.md")
        code, out, _ = checked(*words, *report)
    assert code == 3
    assert "no longer needed" not in out
    assert f"{ASK}" in (folder / "r.md").read_text()
