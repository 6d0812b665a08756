"""The option `--write-waivers`: what it writes, what it refuses, and that it reads back."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

import enkash_contract as ec
from tests.support.paths import RECORDINGS
from tests.support.typed_commands import said, typed

if TYPE_CHECKING:
    from pathlib import Path

BUYER = "request/b2bIds/buyerB2BId#pattern"
app = ec.Sandbox(defect=f"{BUYER}/unenforced")
CASE = f"{BUYER}/one-under"
CHECK = ("check", "tests.cli.test_waivers:app", "--only", CASE, "-q")
WISH = ("--reason", 'Known; "BANK-1"', "--until", "2130-01-31")

TABLE = f"""\
# accepted, although /b2bIds/buyerB2BId must match ^[^\\\\"]{{1,100}}$, but it is ""
[[check.waiver]]
rule = "{CASE}"
operation = "changeInvoiceStatus"
reason = "Known; \\"BANK-1\\""
until = 2130-01-31
"""


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No configuration is found by chance, and files are written here."""
    monkeypatch.chdir(tmp_path)


def test_a_run_with_its_waivers_conforms(tmp_path: Path) -> None:
    """The run that writes them has its own verdict; the next one finds nothing else."""
    file = tmp_path / "waivers.toml"
    code, out, err = said(typed(*CHECK, "--write-waivers", "waivers.toml", *WISH))
    assert (code, "1 violation," in out) == (1, True)
    assert err == (
        "waivers: wrote 1 waiver of 1 violation to waivers.toml, until 2130-01-31\n"
        "next: read what they waive, then run again with --config waivers.toml\n"
    )
    assert file.read_text() == TABLE

    code, out, err = said(typed(*CHECK, "--config", "waivers.toml"))
    assert (code, "1 waived" in out, err) == (0, True, "")
    others = ("--only", "request/b2bIds/*", "-q", "--config", "waivers.toml")
    again = typed("check", "tests.cli.test_waivers:app", *others)
    assert (again.exit_code, "13 violations" in again.stdout) == (1, True)


def test_what_is_waived_already_is_not_added(tmp_path: Path) -> None:
    """Neither where the run has read the file, nor where it has not."""
    file = tmp_path / "waivers.toml"
    file.write_text(TABLE)
    code, _, err = said(typed(*CHECK, "--write-waivers", "waivers.toml", *WISH))
    assert (code, err) == (
        1,
        "waivers: waivers.toml waives every violation; nothing was added\n"
        "next: read what they waive, then run again with --config waivers.toml\n",
    )
    read = typed(*CHECK, "--config", str(file), "--write-waivers", "waivers.toml", *WISH)
    assert said(read)[::2] == (
        0,
        "waivers: there is no violation to waive; nothing was written to waivers.toml\n",
    )
    assert file.read_text() == TABLE


@pytest.mark.parametrize(
    ("before", "gap"),
    [(b"", b""), (b"# mine\r\n", b"\n"), (b"fail-on = 'sibling'", b"\n\n")],
)
def test_what_stands_in_the_file_stays(before: bytes, gap: bytes, tmp_path: Path) -> None:
    """Byte by byte, with comments and options; waivers are added below."""
    file = tmp_path / "enkash-contract.toml"
    file.write_bytes(before)
    code, _, err = said(typed(*CHECK, "--write-waivers", "enkash-contract.toml", *WISH))
    assert (code, err.splitlines()[1:]) == (
        1,
        ["next: read what they waive, then run again; enkash-contract.toml is read as before"],
    )
    assert file.read_bytes() == before + gap + TABLE.encode()
    assert typed(*CHECK).exit_code == 0


def test_an_expired_waiver_is_no_reason_to_leave_one_out(tmp_path: Path) -> None:
    """It stays for whoever agreed on it, and the run says that it has expired."""
    file = tmp_path / "waivers.toml"
    file.write_text(TABLE.replace("2130", "2020"))
    assert typed(*CHECK, "--write-waivers", "waivers.toml", *WISH).exit_code == 1
    assert file.read_text() == f"{TABLE.replace('2130', '2020')}\n{TABLE}"


def test_an_environment_has_waivers_of_its_own(tmp_path: Path) -> None:
    """And so has the table in a project's file."""
    file = tmp_path / "pyproject.toml"
    file.write_text("[tool.enkash-contract.env.uat.check]\ntimeout = 5\n")
    words = (*CHECK, "--env", "uat")
    assert typed(*words, "--write-waivers", "pyproject.toml", *WISH).exit_code == 1
    assert "\n[[tool.enkash-contract.env.uat.check.waiver]]\n" in file.read_text()
    assert typed(*words).exit_code == 0


def test_another_file_than_the_configuration_is_to_be_moved(tmp_path: Path) -> None:
    """Only one file of configuration is read, so the second would take the place of the first."""
    (tmp_path / "enkash-contract.toml").write_text("[check]\ntimeout = 5\n")
    err = typed(*CHECK, "--write-waivers", "waivers.toml", *WISH).stderr
    assert err.splitlines()[1] == (
        "next: move them to enkash-contract.toml, which --config waivers.toml would replace"
    )


def test_recorded_traffic_is_waived_by_rules() -> None:
    """What both sides did wrong; the same recording conforms after."""
    words = ("traffic", RECORDINGS / "chromium.har", "-q")
    written = typed(*words, "--write-waivers", "waivers.toml", *WISH)
    assert said(written)[::2] == (
        1,
        "waivers: wrote 5 waivers of 6 violations to waivers.toml, until 2130-01-31\n"
        "next: read what they waive, then run again with --config waivers.toml\n",
    )
    assert typed(*words, "--config", "waivers.toml").exit_code == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["w.toml", *WISH, "--list"],
            "--write-waivers needs a run; leave out --list and --dry-run",
        ),
        (["w.toml"], "--write-waivers needs --reason and --until as well"),
        (["w.toml", "--reason", "x"], "--write-waivers needs --until as well"),
        (
            ["w.toml", "--reason", " ", "--until", "2130-01-31"],
            "--reason is empty; write --reason WHY, or leave it out",
        ),
        (
            ["w.toml", "--reason", "a\nb", "--until", "2130-01-31"],
            "--reason must say on one line why the violations are waived",
        ),
        (
            ["w.toml", "--reason", "x", "--until", "20300131"],
            "--until '20300131' is no day; write it like 2027-03-31",
        ),
        (
            ["w.toml", "--reason", "x", "--until", "2030-02-31"],
            "--until '2030-02-31' is no day; write it like 2027-03-31",
        ),
        (
            ["w.toml", "--reason", "x", "--until", "2020-01-31"],
            "--until 2020-01-31 is no day to come; a waiver ends on a later day",
        ),
        (
            ["none/w.toml", *WISH],
            "--write-waivers none/w.toml: there is no folder none; make it",
        ),
        (
            ["notes.md", *WISH],
            "--write-waivers notes.md: it is no configuration file and is left as it is; name "
            "another (notes.md:1: 'note' is no option and no command; there is ",
        ),
    ],
)
def test_a_wrong_wish_is_refused_before_the_run(
    words: list[str], message: str, tmp_path: Path
) -> None:
    """Nothing is sent, and no file is touched."""
    (tmp_path / "notes.md").write_text("note = 1")
    code, out, err = said(typed(*CHECK, "--write-waivers", *words))
    assert (code, out) == (2, "")
    assert err.startswith(f"error: {message}")
    assert [file.name for file in tmp_path.iterdir()] == ["notes.md"]
    assert (tmp_path / "notes.md").read_text() == "note = 1"


@pytest.mark.parametrize("name", ["reason", "until"])
def test_a_reason_alone_is_a_mistake(name: str) -> None:
    """It says which option it belongs to."""
    code, _, err = said(typed(*CHECK, f"--{name}", "2130-01-31"))
    message = f"--{name} is of --write-waivers FILE; give that as well"
    assert (code, err) == (2, f"error: {message}\n")


def test_a_table_that_cannot_grow_is_left_as_it_is(tmp_path: Path) -> None:
    """An inline table takes no further member, so nothing is written that could not be read."""
    file = tmp_path / "w.toml"
    file.write_text("check = {timeout = 5}\n")
    code, _, err = said(typed(*CHECK, "--write-waivers", "w.toml", *WISH))
    assert code == 2
    assert err.startswith(
        "error: --write-waivers w.toml: waivers cannot be added at its end; write its tables as "
        "[table], or name another file (w.toml:"
    )
    assert file.read_text() == "check = {timeout = 5}\n"


def test_a_file_that_cannot_be_written_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process has made it meanwhile: it is not overwritten."""
    monkeypatch.setattr("pathlib.Path.exists", lambda _: False)
    (tmp_path / "w.toml").write_text("")
    code, _, err = said(typed(*CHECK, "--write-waivers", "w.toml", *WISH))
    assert (code, err) == (
        2,
        f"error: --write-waivers w.toml: cannot be written: {os.strerror(17)}\n",
    )


def test_no_configuration_asks_for_waivers(tmp_path: Path) -> None:
    """They are for one run."""
    (tmp_path / "enkash-contract.toml").write_text(f"[check]\nreason = {json.dumps('x')}\n")
    code, _, err = said(typed(*CHECK))
    assert code == 2
    assert err.startswith("error: enkash-contract.toml:2: 'reason' is no option of check; ")
