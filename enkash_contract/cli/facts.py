"""The facts of a run that only its command knows: what was asked of it, and when."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from enkash_contract.cli import commands, output
from enkash_contract.contract.evidence import FAIL_ON

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.report import Facts


def gathered(started: float, finished: float) -> Facts:
    """Return the facts of the run that the command has carried out, for reports."""
    from enkash_contract.report import Facts

    context = click.get_current_context()
    config, name = context.meta[commands.CONFIG], str(context.command.name)
    return Facts(
        command=name,
        fail_on=str(context.params.get("fail_on", FAIL_ON.value)),
        started=started,
        finished=finished,
        options=tuple(_typed(context)),
        waivers=tuple(config.waivers(name)) if config else (),
    )


def _typed(context: click.Context) -> Iterator[tuple[str, str]]:
    """Yield the options of a command that are not as usual, with nothing secret in them."""
    from enkash_contract.config import settings

    yield from ((name, value) for name, value in commands.chosen() if value)
    for key, parameter in settings.keys(context.command).items():
        source = context.get_parameter_source(str(parameter.name))
        value = context.params.get(str(parameter.name))
        unusual = source not in (None, ParameterSource.DEFAULT) and commands.is_set(value)
        if not unusual or key == "report" or isinstance(parameter, click.Argument):
            continue
        for each in value if isinstance(value, tuple) else (value,):
            shown = output.as_toml(each, hidden=settings.is_secret(key))
            yield f"--{key}", shown if not isinstance(each, str) else json.loads(shown)
