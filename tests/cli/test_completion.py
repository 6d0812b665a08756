"""Completion: a shell is told what may stand there, and a person's terminal is left alone."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import click
import pytest
from click.shell_completion import shell_complete

import enkash_contract as ec
from enkash_contract.cli import completion, helpful
from enkash_contract.cli.main import main
from enkash_contract.config.settings import key
from enkash_contract.report import FORMATS
from enkash_contract.sandbox.defects import every_of
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

RULES = ec.load().pick().rules
TYPE = "request/b2bIds#type"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder that is worked in."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def proposed(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Proposed:
    """Return a function that asks what may follow words, as a shell does."""
    return Proposed(monkeypatch, capsys)


class Proposed:
    """Asks as a shell asks, and holds that nothing is complained of."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch, self.capsys = monkeypatch, capsys

    def __call__(self, words: str, shell: str = "bash") -> list[str]:
        split = [*shlex.split(words), *([""] if words.endswith(" ") else [])]
        last = split[-1] if shell == "fish" else str(len(split))
        self.monkeypatch.setenv("COMP_WORDS", f"enkash-contract {shlex.join(split)}")
        self.monkeypatch.setenv("COMP_CWORD", last)
        code = shell_complete(main, {}, "enkash-contract", helpful.COMPLETE, f"{shell}_complete")
        out, err = self.capsys.readouterr()
        assert err == ""
        assert code == 0
        if shell == "zsh":
            return [value.replace("\\:", ":") for value in out.splitlines()[1::3]]
        lines = [line for line in out.splitlines() if line]
        return [line.partition(",")[2] for line in lines]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_shell_is_told_the_same(shell: str, proposed: Proposed) -> None:
    """Each has a notation of its own, which is click's."""
    assert proposed("explain request/b2bIds#", shell) == [
        rule for rule in RULES if rule.startswith("request/b2bIds#")
    ]


@pytest.mark.parametrize("option", ["--only", "--skip"])
def test_rules_are_proposed_and_then_their_cases(option: str, proposed: Proposed) -> None:
    """All cases at once would be too many to read."""
    assert proposed(f"check {option} ") == [*RULES]
    cases = [case.id for case in ec.cases() if case.id.startswith(TYPE)]
    assert proposed(f"check {option} {TYPE}") == [TYPE, *cases]


def test_cases_defects_and_operations_are_proposed(proposed: Proposed) -> None:
    """They are those of the document."""
    assert proposed("check --case ") == [case.id for case in ec.cases()]
    assert proposed("sandbox --defect ") == [one.id for one in every_of(ec.load().pick())]
    assert proposed("rules --operation ") == [*ec.load()]


def test_questions_are_proposed_that_a_request_can_answer(proposed: Proposed) -> None:
    """Those of the operation, and those about all."""
    assert proposed("probe URL un") == ["unknown-members"]
    assert proposed("probe URL auth") == []
    assert proposed("probe URL --operation payInvoice pay") == []
    assert proposed("probe URL --operation payInvoice ti") == ["time-format"]


def test_members_are_proposed_to_be_explained(proposed: Proposed) -> None:
    """A member stands for its rules."""
    assert proposed("explain buyer") == ["buyerB2BId"]


def test_members_of_interactions_are_proposed_to_be_mapped(proposed: Proposed) -> None:
    """A path follows, which nobody can guess; formats and profiles are choices."""
    assert proposed("traffic --map request.b") == ["request.body="]
    assert proposed("traffic --profile k") == ["kong"]
    assert proposed("traffic --format go") == ["go-vcr"]


def test_formats_are_proposed_and_then_files(proposed: Proposed, folder: Path) -> None:
    """Bash, which takes the equals sign for a word, replaces only what follows it."""
    (folder / "out").mkdir()
    (folder / "out" / "result.json").touch()
    assert proposed("check --report ") == [f"{form}=" for form in FORMATS]
    assert proposed("check --report json=o", "zsh") == ["json=out/"]
    assert proposed("check --report json = o") == ["out/"]
    assert proposed("check --report = json = out/re") == ["out/result.json"]
    assert proposed("check --report json=no/x", "zsh") == []


def test_bash_breaks_words_at_equals_signs(proposed: Proposed) -> None:
    """The words are those of the program."""
    assert proposed("check --only =") == [*RULES]
    assert proposed("check --only = request#js") == proposed("check --only request#js")
    assert proposed("check http : //h --color al") == ["always"]


def test_environments_are_those_of_the_configuration(proposed: Proposed, folder: Path) -> None:
    """The nearest file, a project's file, or the one that was named."""
    assert proposed("check --env ") == []
    assert proposed("--env ") == []
    (folder / "pyproject.toml").write_text("[tool.enkash-contract.env.uat]\n")
    assert proposed("check --env ") == proposed("--env ") == ["uat"]
    (folder / "other.toml").write_text("[env.live]\n[env.local]\n")
    assert proposed("check --config other.toml --env ") == ["live", "local"]
    assert proposed("check --config other.toml --env lo") == ["local"]


def test_variables_and_files_are_proposed(
    proposed: Proposed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names of the environment, never their values; files are left to the shell."""
    monkeypatch.setenv("ENKASH_TOKEN_OF_TEST", "secret")
    assert proposed("check --bearer-env ENKASH_TOKEN_OF") == ["ENKASH_TOKEN_OF_TEST"]
    assert proposed("check --base pay") == ["pay"]
    assert proposed("traffic rec") == ["rec"]


def test_the_overlay_in_effect_is_read(proposed: Proposed, folder: Path) -> None:
    """Typed, or from the configuration."""
    (folder / "more.yaml").write_text(OVERLAY)
    assert proposed("check --overlay more.yaml --only request/b2bIds/zz") == [ADDED]
    (folder / "enkash-contract.toml").write_text('overlay = "more.yaml"\n')
    assert proposed("check --only request/b2bIds/zz") == [ADDED]


@pytest.mark.parametrize("text", ["[[[", "no-such = 1", "overlay = 'no.yaml'", "env = 3"])
@pytest.mark.parametrize("words", ["check --only ", "check --env ", "sandbox --defect x"])
def test_a_broken_configuration_is_no_noise(
    text: str, words: str, proposed: Proposed, folder: Path
) -> None:
    """Nothing is written to the terminal of a person who is typing."""
    (folder / "enkash-contract.toml").write_text(text)
    proposed(words)


def test_a_broken_document_proposes_nothing(proposed: Proposed) -> None:
    """The command will say what is wrong with it."""
    assert proposed("check --overlay no.yaml --only ") == []
    assert proposed("check --config no.toml --env ") == []


def test_all_that_is_proposed_is_a_parameter() -> None:
    """The table names no option that is gone."""
    known = {key(one) for command in main.commands.values() for one in command.params}
    assert set(completion.PROPOSED) <= known | {"env"}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_lines_that_set_it_up_are_documented(shell: str) -> None:
    """They name the variable by which the program is asked."""
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert f"{helpful.COMPLETE}={shell}_source enkash-contract" in text


def test_the_program_answers_shells(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The variable is the one that is documented."""
    monkeypatch.setenv(helpful.COMPLETE, "zsh_source")
    with pytest.raises(SystemExit) as stop:
        main([], prog_name="enkash-contract")
    assert stop.value.code == 0
    assert helpful.COMPLETE in capsys.readouterr().out
    assert isinstance(main, click.Group)


ADDED = "request/b2bIds/zzId#type"

OVERLAY = """\
overlay: 1.0.0
info: {title: more, version: "1"}
actions:
  - target: $.components.schemas.B2BIds.properties
    update:
      zzId: {type: string, x-evidence: {type: assumed}}
"""
