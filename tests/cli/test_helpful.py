"""Commands that say what they take: what they load to do so."""

from __future__ import annotations

import sys

import click
import pytest

from enkash_contract.cli import helpful


def test_a_command_knows_the_file_that_was_named_before_it() -> None:
    """Wherever `--config` stood."""
    command = helpful.Helpful("new")
    context = click.Context(command)
    assert command.named_file(context) is None
    context.meta[helpful.CHOSEN] = {"config_file": "own.toml"}
    assert command.named_file(context) == "own.toml"


@pytest.mark.parametrize(("color", "colours"), [(True, True), (False, False), (None, False)])
def test_help_is_coloured_as_the_context_says(color: object, colours: object) -> None:
    """A command that is declared loads nothing; one that is asked for help draws it."""
    command = helpful.Helpful("new", params=[click.Option(["--odd"], metavar="N", help="Odd.")])
    command.propose()
    context = click.Context(command, color=color)  # type: ignore[arg-type]
    assert ("\x1b" in command.get_help(context)) == colours
    assert "enkash_contract.cli.help_page" in sys.modules
