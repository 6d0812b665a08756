"""Options for one run alone."""

from __future__ import annotations

import click
from click.testing import CliRunner

from enkash_contract.cli import once
from enkash_contract.config import settings


@click.command()
@once.option("--write", metavar="FILE")
@once.option("--why")
def command() -> None:
    """Print what was typed."""
    click.echo(once.given())


def test_what_was_typed_is_kept_aside() -> None:
    """By name, and only that."""
    assert CliRunner().invoke(command, ["--why", "x"]).stdout == "{'why': 'x'}\n"
    assert CliRunner().invoke(command).stdout == "{}\n"


def test_a_configuration_file_cannot_set_them() -> None:
    """It sets what is handed to a command."""
    assert settings.keys(command) == {}
