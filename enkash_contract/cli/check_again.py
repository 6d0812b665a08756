"""The command line that repeats a check, or a part of it, from the options of the one that ran."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from enkash_contract.cli import commands
from enkash_contract.contract.evidence import FAIL_ON

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from enkash_contract.cli.check_options import CheckOptions
    from enkash_contract.engine.plan import Plan

    Options = Iterable[tuple[str, str | None]]
    """Options with their values, "" for a flag, None for what is left out."""


def command(options: CheckOptions, plan: Plan, *more: Options) -> str:
    """Return the command that checks the same target, with `more` options."""
    from enkash_contract.report.reproduction import check_command
    from enkash_contract.secrets import redaction

    secrets = redaction.of_request(plan.baseline.request(), plan.operation.described)
    headers = [*plan.headers, *(["Authorization"] if plan.connection.token else [])]
    words = [*_given(options), *itertools.chain(*more)]
    return check_command(options.target, words, headers, secrets)


def pace() -> Iterator[tuple[str, str | None]]:
    """Yield the options that spare a target."""
    for name in ("rate", "workers", "max_failures"):
        value = click.get_current_context().params.get(name)
        yield f"--{name.replace('_', '-')}", None if value is None else str(value)


def choosing(options: CheckOptions) -> Iterator[tuple[str, str | None]]:
    """Yield the options that decide what is drawn."""
    yield from (("--only", wish) for wish in options.only)
    yield from (("--skip", wish) for wish in options.skip)
    yield "--database", options.database if options.fuzz else None
    yield "--polarity", None if options.polarity == "both" else options.polarity
    yield "--max-accepted", None if options.max_accepted is None else str(options.max_accepted)


def _given(options: CheckOptions) -> Iterator[tuple[str, str | None]]:
    """Yield the options that must be given again."""
    yield from commands.chosen()
    yield from (("--base", options.base), ("--base-command", options.base_command))
    yield from (("--operation", name) for name in _named(options))
    yield from (("--pin", pin) for pin in options.pins)
    yield from (("--overlay", name) for name in options.overlays)
    if options.fail_on != FAIL_ON.value:
        yield "--fail-on", options.fail_on
    yield "--robustness", "" if options.robustness else None
    how = options.connection
    yield "--cookies", "" if how.cookies else None
    yield from (("--ca", how.ca), ("--cert", how.cert), ("--key", how.key))


def _named(options: CheckOptions) -> Iterator[str]:
    """Yield the operation that a command has to name; that of an address is clear by itself."""
    contract = options.contract
    plain = replace(options, operations=(), only=(), skip=(), case=None, loaded=contract)
    if options.operations or contract.default is None or plain.chosen != options.chosen:
        yield options.chosen_operation.id
