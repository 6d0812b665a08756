"""Mistakes in the words of a command: one line each, in the style of every other error."""

from __future__ import annotations

import click
import pytest

from enkash_contract.cli import usage
from enkash_contract.cli.main import main
from tests.support.typed_commands import said, typed


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("chek", "there is no command 'chek'; did you mean check?"),
        ("xyz", "there is no command 'xyz'; `main --help` lists the commands"),
        ("--nope check", "there is no option --nope; `main --help` lists the options"),
        ("--config", "--config needs a value; write --config FILE"),
        ("--no-config", "a command is missing; `main --help` lists the commands"),
        ("check --tmeout 3", "there is no option --tmeout; did you mean --timeout?"),
        ("check -x", "there is no option -x; `main check --help` lists the options"),
        ("check --base", "--base needs a value; write --base FILE"),
        ("check --polarity", "--polarity needs a value; write --polarity both|reject|accept"),
        ("schema --as", "--as needs a value; write --as SHAPE"),
        (
            "check --full=3",
            "--full takes no value; leave out the equals sign and what follows it",
        ),
        ("check --timeout x", "--timeout must be a number above 0, not 'x'"),
        ("check --timeout 0", "--timeout must be a number above 0, not 0.0"),
        ("check --workers 1.5", "--workers must be a whole number from 1, not '1.5'"),
        ("check --max-unstable 101", "--max-unstable must be a number from 0 to 100, not 101.0"),
        ("sandbox --port 99999", "--port must be a whole number from 0 to 65535, not 99999"),
        ("check --color red", "--color must be one of auto, always, never, not 'red'"),
        (
            "check a b",
            "there are too many arguments for main check; write a value with blanks or * in quotes",
        ),
        ("validate", "FILE... is missing; write main validate FILE..."),
        ("check --base ", "--base is empty; write --base FILE, or leave it out"),
        ("check --only a --only ", "--only is empty; write --only RULE, or leave it out"),
        ("check ", "TARGET is empty; name one"),
        ("traffic ", "RECORDING is empty; name one"),
        ("sandbox --host ", "--host is empty; write --host ADDRESS, or leave it out"),
        ("init ", "FOLDER is empty; name one"),
        (
            "rules a b",
            "there are too many arguments for main rules; write a value with blanks or * in quotes",
        ),
        ("check --list --report json=a", "--report needs a run; leave out --list and --dry-run"),
        ("check --dry-run --report json=a", "--report needs a run; leave out --list and --dry-run"),
        ("--env  rules", "--env is empty; write --env NAME, or leave it out"),
        ("explain", "RULE is missing; write main explain RULE"),
    ],
)
def test_each_mistake_is_one_line(words: str, message: str) -> None:
    """Exit 2, nothing on standard output, and what to write."""
    assert said(typed(*words.split(" "))) == (2, "", f"error: {message}\n")


def test_without_words_there_is_help() -> None:
    """Nobody who does not know the program is scolded."""
    result = typed()
    assert "Exit codes:" in result.output
    assert "error:" not in result.output


def test_any_other_mistake_is_told_in_the_words_of_its_author() -> None:
    """A library may know more mistakes than we do."""
    context = click.Context(main)
    assert usage.misuse(click.UsageError("It is odd."), context).message == "It is odd."
    parameter = click.BadParameter("odd", param=click.Option(["--odd"]))
    assert usage.misuse(parameter, context).message == "Invalid value for '--odd': odd"
