"""Commands that take the options that were not typed from the configuration file.

What reads the file is imported when a command is carried out: help needs none of it.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import TYPE_CHECKING, Any

import click

from enkash_contract.cli import helpful, later, output, streams
from enkash_contract.cli.helpful import CHOSEN
from enkash_contract.errors import EnkashContractError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from enkash_contract.config.settings import Setting

CONFIG, BY_CHANCE, SETTINGS = (f"{__name__}.{name}" for name in ("config", "by-chance", "settings"))
"""Where a context keeps the configuration, whether it was found by chance, and its settings."""


def _shared() -> list[click.Parameter]:
    """Return the options that are understood before and after the command."""

    def keep(context: click.Context, option: click.Parameter, value: Any) -> None:
        _refuse_blank(context, option, value)
        if value not in (None, False):
            context.meta.setdefault(CHOSEN, {})[option.name] = value

    common: dict[str, Any] = {"expose_value": False, "callback": keep}
    return [
        click.Option(
            ["--config", "config_file"],
            metavar="FILE",
            help="Read options from this file.",
            **common,
        ),
        click.Option(
            ["--no-config", "config_none"],
            is_flag=True,
            help="Read no configuration file.",
            **common,
        ),
        click.Option(
            ["--env", "config_env"],
            metavar="NAME",
            help="Take the options of [env.NAME] in the file.",
            **common,
        ),
        click.Option(
            ["--show-config", "config_shown"],
            is_flag=True,
            help="Print the options in effect, do nothing.",
            **common,
        ),
    ]


def configured(commands: Mapping[str, click.Command]) -> dict[str, click.Command]:
    """Return those of `commands` whose options can be set in the file."""
    return {
        name: command
        for name, command in commands.items()
        if isinstance(command, Command) and command.configured
    }


class Command(helpful.Helpful):
    """A command whose options the configuration file may set, if it is `configured`."""

    configured = True

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.params += _shared()
        self.propose()

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        """Read `args`, and from the file the options that they leave open."""
        try:
            parsed = self.make_parser(context).parse_args(list(args))[0]
        except click.UsageError as error:
            error.ctx = error.ctx or context
            raise
        help_option = self.get_help_option(context)
        if context.resilient_parsing or (help_option and help_option.name in parsed):
            # Help is also for a person whose file has mistakes.
            context.color = {"always": True, "never": False}.get(str(parsed.get("color")))
            return super().parse_args(context, args)
        for parameter in self.params:
            _refuse_blank(context, parameter, parsed.get(str(parameter.name)))
        typed = {name for name, value in parsed.items() if is_set(value)}
        before = context.meta.setdefault(CHOSEN, {})
        before.update((name, parsed[name]) for name in typed if name.startswith("config_"))
        given = [setting for setting in self.read_settings(context) if setting.name not in typed]
        context.meta[SETTINGS] = given
        known = {setting.name: setting.value for setting in given}
        context.default_map = {**(context.default_map or {}), **known}
        if before.get("config_shown"):
            self._show(context, list(args), given)
            context.exit()
        if context.meta.get(BY_CHANCE):
            _name_source(given)
        return super().parse_args(context, [*args, *_further(given, args)])

    def read_settings(self, context: click.Context) -> list[Setting]:
        """Return the settings that the configuration holds for this command."""
        if not self.configured:
            context.meta[CONFIG] = None
            return []
        from enkash_contract.config.location import read_named, read_nearest

        before, parent = context.meta.setdefault(CHOSEN, {}), context.parent
        file, environment = before.get("config_file"), before.get("config_env")
        located = None
        if file:
            located = read_named(file)
        elif not before.get("config_none"):
            located = read_nearest(_note)
        if located is None and environment is None:
            # Most runs have no file, and what reads one takes a tenth of the time of a short run.
            context.meta[CONFIG] = None
            return []
        from enkash_contract.config.file import load_config

        group = parent.command if parent else None
        every = group.commands if isinstance(group, click.Group) else {str(self.name): self}
        config = load_config(configured(every), located, environment)
        context.meta[CONFIG] = config
        context.meta[BY_CHANCE] = located is not None and not located.named
        return config.settings(str(self.name))

    def _show(self, context: click.Context, args: list[str], given: list[Setting]) -> None:
        """Print each option with its value and its source, as TOML that could be a file."""
        from enkash_contract.config import settings

        parser = self.make_parser(context)
        parsed, rest, _ = parser.parse_args([*args, *_further(given, args)])
        for parameter in settings.keys(self).values():
            # A run needs its arguments; a look at the options does not.
            with contextlib.suppress(click.MissingParameter):
                parameter.handle_parse_result(context, parsed, rest)
        places = {setting.name: str(setting.where()) for setting in given}
        chosen = context.meta[CONFIG].environment if context.meta[CONFIG] else None
        about = f", environment {chosen}" if chosen else ""
        click.echo(f"# {context.command_path}{about}")
        for key, parameter in settings.keys(self).items():
            name = str(parameter.name)
            value = context.params.get(name)
            if not is_set(value):
                click.echo(f"# {key} is not set")
                continue
            typed = "command line" if is_set(parsed.get(name)) else "default"
            shown = output.as_toml(value, hidden=settings.is_secret(key))
            click.echo(f"{key} = {shown}  # {places.get(name, typed)}")


FAR_REACHING = frozenset("target token-command proxy header report dask".split())
"""The options by which a file that was found by chance could do harm."""


def _name_source(given: Iterable[Setting]) -> None:
    """Say where options come from that decide what is run, written, or sent where."""
    places = [f"{setting.key} at {setting.where()}" for setting in given]
    named = [place for place in places if place.split(" ", 1)[0] in FAR_REACHING]
    if named:
        _note(f"from the configuration: {', '.join(named)} (--no-config leaves it out)")


def _note(text: str) -> None:
    click.echo(f"note: {text}", err=True)


def is_set(value: Any) -> bool:
    """Whether click holds a value, however its version says that there is none."""
    return isinstance(value, (str, int, float, list)) or (isinstance(value, tuple) and value != ())


def _refuse_blank(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    """Refuse a value of nothing but blanks, such as a variable that is not set leaves behind."""
    values = value if isinstance(value, (list, tuple)) else [value]
    if all(not isinstance(one, str) or one.strip() for one in values):
        return
    metavar = (parameter.metavar or str(parameter.name).upper()).strip("[].")
    if isinstance(parameter, click.Argument):
        raise click.UsageError(f"{metavar} is empty; name one", context)
    name = max(parameter.opts, key=len)
    raise click.UsageError(f"{name} is empty; write {name} {metavar}, or leave it out", context)


def typed(name: str) -> bool:
    """Whether the parameter `name` of the command that runs was typed, or else set in a file."""
    source = click.get_current_context().get_parameter_source(name)
    return source is click.core.ParameterSource.COMMANDLINE


def _further(given: list[Setting], args: list[str]) -> list[str]:
    """Return the words for an argument that takes any number: older click asks no file for it."""
    lists = [setting.value for setting in given if setting.parameter.nargs == -1]
    words = [word for values in lists for word in values]
    # An argument that stands before them would take the first of them.
    alone = [setting for setting in given if _is_single(setting.parameter)]
    words = [*(str(setting.value) for setting in alone), *words] if words else []
    return ["--", *words] if words and "--" not in args else words


def _is_single(parameter: click.Parameter) -> bool:
    return isinstance(parameter, click.Argument) and parameter.nargs == 1


class Unconfigured(Command):
    """A command that takes nothing from the file: its name is that of an option there."""

    configured = False


class Commands(helpful.Helpful, click.Group):
    """Turns every error of this package into one message and exit code 2."""

    command_class = Command
    commands: later.Later

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.commands = later.Later()
        self.params += _shared()
        self.propose()

    def main(self, *args: Any, **more: Any) -> Any:
        """Run the whole command line, whatever becomes of its output."""
        if helpful.COMPLETE in os.environ:
            # A shell is known once its class is loaded.
            from enkash_contract.cli import completion  # noqa: F401
        with streams.forgiving():
            return super().main(*args, **more)

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        """Read the words before the command."""
        try:
            return super().parse_args(context, args)
        except click.UsageError as error:
            from enkash_contract.cli.usage import misuse

            raise misuse(error, context) from None

    def invoke(self, context: click.Context) -> Any:
        """Run the command that was typed, and end as its errors ask."""
        for stream in (sys.stdout, sys.stderr):
            # A character that the terminal cannot show is escaped; it never ends a run.
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        try:
            return super().invoke(context)
        except EnkashContractError as error:
            from enkash_contract.config import settings
            from enkash_contract.judging.result import MISUSED
            from enkash_contract.secrets.misplaced import without_credentials

            for line in str(error).splitlines():
                message = settings.traced(line, context.meta.get(SETTINGS, ()))
                click.echo(f"error: {without_credentials(message)}", err=True)
            context.exit(MISUSED)
        except click.UsageError as error:
            from enkash_contract.cli.usage import misuse

            raise misuse(error, context) from None
        except KeyboardInterrupt:
            from enkash_contract.judging.result import INTERRUPTED

            click.echo("interrupted", err=True)
            context.exit(INTERRUPTED)


def chosen() -> list[tuple[str, str | None]]:
    """Return how the configuration was chosen, as options that choose it again."""
    before = click.get_current_context().meta[CHOSEN]
    return [("--config", before.get("config_file")), ("--env", before.get("config_env"))]
