"""The command `check`: its options, and the run that they ask for.

It has more options than all other commands together, because a live target has a pace, credentials
and state of its own.
"""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from enkash_contract.cli import (
    commands,
    connecting,
    facts,
    fuzzing,
    options,
    output,
    promised,
    waivers,
)
from enkash_contract.cli.check_options import CheckOptions
from enkash_contract.clock import monotonic, now
from enkash_contract.contract.evidence import Level
from enkash_contract.engine.selection import refuse_idle
from enkash_contract.engine.transport.connection import MAX_UNSTABLE
from enkash_contract.errors import UsageError

if TYPE_CHECKING:
    from enkash_contract.engine.plan import Plan


@click.command(cls=commands.Command)
@click.argument("target", required=False)
@click.option("--base", metavar="FILE", help="A payload that the target accepts.")
@click.option(
    "--base-command",
    metavar="COMMAND",
    help="Prints such a payload anew each time.",
)
@click.option(
    "--pin",
    "pins",
    multiple=True,
    metavar="/POINTER=VALUE",
    help="Set this value in that payload.",
)
@click.option(
    "--only", multiple=True, metavar="RULE", help="Send only the cases of this rule or glob."
)
@click.option(
    "--skip", multiple=True, metavar="RULE", help="Leave out the cases of this rule or glob."
)
@click.option(
    "--polarity",
    type=click.Choice(["both", "reject", "accept"]),
    default="both",
    metavar="both|reject|accept",
    show_default=True,
    help="Only what a server must reject, or accept.",
)
@click.option(
    "--robustness",
    is_flag=True,
    help="Deliver invalid webhooks too; only a crash counts.",
)
@click.option(
    "--max-accepted",
    type=click.IntRange(min=0),
    metavar="N",
    help="Send at most N requests to be accepted.",
)
@click.option(
    "--max-unstable",
    type=click.FloatRange(0, 100),
    default=MAX_UNSTABLE,
    show_default=True,
    metavar="PERCENT",
    help="Conclude nothing if more is left to chance.",
)
@connecting.connected
@click.option("--case", metavar="ID", help="Send this case alone, show its exchange.")
@fuzzing.options
@click.option("-v", "--verbose", is_flag=True, help="Show every exchange on standard error.")
@click.option("--list", "listed", is_flag=True, help="Print the cases, send nothing.")
@click.option("--dry-run", is_flag=True, help="Print what would be sent, send nothing.")
@click.option(
    "--max-failures",
    type=click.IntRange(min=1),
    metavar="N",
    help="Stop after N violations.",
)
@promised.option
@options.shown
@options.report
@waivers.written
@options.fail_on
@options.document
def check(**given: Any) -> None:
    """Check whether a server keeps the contract.

    TARGET is a URL, or module:attribute of an ASGI or WSGI application; without it, the embedded
    sandbox.
    """
    from enkash_contract.generation import suite
    from enkash_contract.report.destinations import destinations

    chosen = CheckOptions(**given)
    if chosen.fuzz is None:
        fuzzing.refuse_idle()
    if (chosen.listed or chosen.dry_run) and commands.typed("reports"):
        raise UsageError("--report needs a run; leave out --list and --dry-run")
    refuse_idle(chosen.chosen, robustness=chosen.robustness)
    if chosen.is_in_parts:
        from enkash_contract.cli.check_several import check_several

        check_several(chosen)
        return
    operation = chosen.chosen_operation
    waive, wish = waivers.waive(chosen.contract), waivers.wish()
    promises = promised.read(chosen.promised, [operation])
    plan = chosen.plan()
    if chosen.listed or chosen.dry_run:
        _list(chosen, plan)
        return
    fuzz = chosen.fuzzing()
    places = destinations(chosen.reports)
    began, started = monotonic(), now()
    result = chosen.run(plan, fuzz)
    seconds, finished = monotonic() - began, now()
    # A waiver is needless only if no case of the whole suite needs it, sent or not.
    whole = functools.cache(
        functools.partial(suite.build, operation, chosen.payload, chosen.pinned)
    )
    result = waive(result, operation, cases=whole)
    if wish:
        wish.fulfil(result, chosen.contract, Level.of(chosen.fail_on), whole())
    known = facts.gathered(started, finished)
    cases = whole if chosen.is_narrowed else lambda: (plan.baseline, *plan.cases)
    about = replace(chosen.about(plan, result), seconds=seconds, facts=known, cases=cases)
    # Of one case, all that was found is told.
    screen = replace(chosen.screen, full=chosen.screen.full or chosen.case is not None)
    output.finish(promised.held(result, about, promises), about, places, screen)


def _list(chosen: CheckOptions, plan: Plan) -> None:
    """Print the cases, and for a dry run what sending them would take."""
    for case in (plan.baseline, *plan.cases):
        click.echo(output.case_line(case))
    if chosen.dry_run:
        click.echo(output.forecast(plan, chosen.shown))
