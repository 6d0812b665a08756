"""Help as people read it, on a terminal or in a pipe: rich-click's panels, without their boxes.

It is loaded when help is asked for, because drawing takes longer than most commands.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, cast

import click
from rich.table import Table
from rich.text import Text
from rich_click import RichCommandPanel, RichHelpConfiguration, RichHelpFormatter, RichOptionPanel
from rich_click.rich_help_rendering import get_rich_help_text

from enkash_contract.cli import groups
from enkash_contract.config.settings import key

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDEST = 100
"""Lines are no longer, however wide the terminal is."""

NARROWEST = 40

COLUMN, COMMAND = 29, 10
"""The widths of the names of options, and of commands."""

LISTED = "{formats}"
"""The mark in the help of an option that stands for the formats of reports."""


def rendered(command: click.Command, context: click.Context, styles: dict[str, Any]) -> str:
    """Return the help of `command` in lines that fit the terminal, or COLUMNS where it is set."""
    formatter = RichHelpFormatter(config=_configuration(styles))
    formatter.width = max(NARROWEST, min(formatter.width, WIDEST))
    # Its parts are written for rich-click's own commands, but need nothing that others lack.
    any_command, any_context = cast("Any", command), cast("Any", context)
    command.format_usage(context, formatter)
    get_rich_help_text(any_command, any_context, formatter)
    for panel in _panels(command, context):
        formatter.write(panel.render(any_command, any_context, formatter))
    for title, rows in _endings(command):
        formatter.write(Text(f"{title}:", style="bold"))
        formatter.write(rows)
        formatter.write("")
    lines = formatter.getvalue().splitlines()
    return "\n".join(line.rstrip() for line in lines).rstrip()


def _configuration(styles: dict[str, Any]) -> RichHelpConfiguration:
    return RichHelpConfiguration(
        theme="default-slim",
        enable_theme_env_var=False,
        text_markup=None,
        text_emojis=False,
        width=None,
        max_width=None,
        color_system=styles.get("color_system", "auto"),
        force_terminal=styles.get("force_terminal"),
        options_table_column_types=["opt_all_metavar", "help"],
        options_table_help_sections=["help", "default"],
        append_metavars_help_string="{}",
        default_string=r"\[default: {}]",
    )


class _Options(RichOptionPanel):
    """A group of options, below each other in all groups."""

    def get_objects(self, command: click.Command, ctx: click.Context) -> Iterator[click.Parameter]:  # type: ignore[override]
        """Yield the options as help shows them."""
        for option in super().get_objects(command, ctx):
            shown: Any = copy.copy(option)
            if LISTED in shown.help:
                from enkash_contract.report import FORMATS

                shown.help = shown.help.replace(LISTED, ", ".join(FORMATS))
            yield shown

    def get_table(self, *args: Any) -> Table:
        """Return the table with its first column as wide as that of the other groups."""
        return _aligned(super().get_table(*args))


class _Commands(RichCommandPanel):
    """A group of commands."""

    def get_table(self, *args: Any) -> Table:
        """Return the table with a narrower first column: names of commands are short."""
        return _aligned(super().get_table(*args), COMMAND)


def _aligned(table: Table, width: int = COLUMN) -> Table:
    table.columns[0].width = width
    return table


def _panels(command: click.Command, context: click.Context) -> Iterator[_Options | _Commands]:
    name = str(command.name)
    if isinstance(command, click.Group):
        known = command.list_commands(context)
        for title, commands in groups.names(groups.COMMANDS, name, known).items():
            yield _Commands(title, commands)
    options = [one for one in command.get_params(context) if isinstance(one, click.Option)]
    by_key = {key(option): option.opts[0] for option in options}
    for title, keys in groups.names(groups.OPTIONS, name, [*by_key]).items():
        yield _Options(title, [by_key[known] for known in keys])


def _endings(command: click.Command) -> Iterator[tuple[str, Table | Text]]:
    """Yield the examples and the exit codes, each with its title."""
    name = "" if isinstance(command, click.Group) else str(command.name)
    examples = groups.EXAMPLES.get(name, ())
    if examples:
        lines = "\n".join(f"  {example}" for example in examples)
        yield "Examples", Text(lines, no_wrap=True, overflow="ignore")
    codes = groups.EXITS.get(name, {})
    if codes:
        table = Table.grid(padding=(0, 1))
        table.add_column(width=5, justify="right")
        for code, meaning in codes.items():
            table.add_row(str(code), meaning)
        yield "Exit codes", table
