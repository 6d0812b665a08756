"""Mistakes in the words of a command, in this program's own style: one line, and what to write.

Loaded when one was made.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from enkash_contract.config.settings import expected
from enkash_contract.errors import did_you_mean, printable
from enkash_contract.secrets.misplaced import without_credentials

if TYPE_CHECKING:
    from collections.abc import Iterator


class Misuse(click.UsageError):
    """A mistake in the words of a command, shown as every other error is."""

    def show(self, file: object = None) -> None:  # noqa: ARG002 - click's signature
        """Print it as one line."""
        click.echo(f"error: {self.message}", err=True)


def misuse(error: click.UsageError, context: click.Context) -> click.UsageError:
    """Return `error` in our style; help in place of an error stays help."""
    if type(error).__name__ == "NoArgsIsHelpError":
        return error
    context = error.ctx or context
    return Misuse(printable(without_credentials(next(_told(error, context)))), context)


def _told(error: click.UsageError, context: click.Context) -> Iterator[str]:
    """Yield the message, the most telling first."""
    path, message = context.command_path, error.message
    if isinstance(error, click.NoSuchOption):
        what = f"there is no option {error.option_name}"
        near = did_you_mean(error.option_name, _options(context), _lists(path, "options"))
        yield f"{what}; {near}"
    command = re.match(r"No such command ['\"](.*)['\"]", message, re.DOTALL)
    if command and isinstance(context.command, click.Group):
        known = context.command.list_commands(context)
        near = did_you_mean(command[1], known, _lists(path, "commands"))
        yield f"there is no command {command[1]!r}; {near}"
    if isinstance(error, click.MissingParameter) and error.param:
        shown = error.param.metavar or str(error.param.name).upper()
        if isinstance(error.param, click.Option):
            name = max(error.param.opts, key=len)
            yield f"{name} is missing; write {name} {shown}"
        yield f"{shown} is missing; write {path} {shown}"
    if isinstance(error, click.BadParameter) and error.param:
        value, mark, _ = message.rpartition(" is not ")
        names = error.param.opts
        name = max(names, key=len)
        if mark:
            yield f"{name} must be {expected(error.param)}, not {value}"
    if isinstance(error, click.BadOptionUsage):
        if "requires an argument" in message:
            yield f"{error.option_name} needs a value; write {_written(error.option_name, context)}"
        yield f"{error.option_name} takes no value; leave out the equals sign and what follows it"
    if message.startswith("Missing command"):
        yield f"a command is missing; {_lists(path, 'commands')}"
    if message.startswith("Got unexpected extra"):
        yield f"there are too many arguments for {path}; write a value with blanks or * in quotes"
    yield error.format_message()


def _lists(path: str, what: str) -> str:
    return f"`{path} --help` lists the {what}"


def _options(context: click.Context) -> list[str]:
    names = [name for one in context.command.get_params(context) for name in one.opts]
    return [name for name in names if name.startswith("--")]


def _written(name: str, context: click.Context) -> str:
    """Return how an option is written."""
    (metavar,) = [one.metavar for one in context.command.params if name in one.opts]
    return f"{name} {metavar or 'VALUE'}"
