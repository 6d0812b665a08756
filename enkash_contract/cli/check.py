"""The command `check`: its options, and the run that they ask for.

It has more options than all other commands together, because a live target has a pace, credentials
and state of its own.
"""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import Any

import click

from enkash_contract.cli import commands, options, output
from enkash_contract.cli.check_options import CheckOptions
from enkash_contract.clock import monotonic
from enkash_contract.engine.transport.connection import MAX_UNSTABLE


@click.command(cls=commands.Command)
@click.argument("target", required=False)
@click.option(
    "--base", metavar="FILE", help="A payload the target accepts; all cases derive from it."
)
@click.option(
    "--base-command",
    metavar="COMMAND",
    help="Print the payload the target accepts now; run before each baseline, if it moves on.",
)
@click.option(
    "--pin",
    "pins",
    multiple=True,
    metavar="/POINTER=VALUE",
    help="Set this value in the base payload.",
)
@click.option("--only", multiple=True, metavar="RULE", help="Only this rule or case, or a glob.")
@click.option("--skip", multiple=True, metavar="RULE", help="Not this rule or case, or a glob.")
@click.option(
    "--polarity",
    type=click.Choice(["both", "reject", "accept"]),
    default="both",
    show_default=True,
    help="Only the cases that a conforming server rejects (reject), or accepts (accept).",
)
@click.option(
    "--max-accepted",
    type=click.IntRange(min=0),
    metavar="N",
    help="At most N of the cases that a conforming server accepts.",
)
@click.option(
    "--max-unstable",
    type=click.FloatRange(0, 100),
    default=MAX_UNSTABLE,
    show_default=True,
    metavar="PERCENT",
    help="Conclude nothing if more responses than this are lost, 502, 503, 504 or contradictory.",
)
@options.connected
@click.option(
    "--case", metavar="ID", help="Send the baseline and this case, and show both exchanges."
)
@options.fuzzing
@click.option("-v", "--verbose", is_flag=True, help="Show every exchange, on standard error.")
@click.option("--list", "listed", is_flag=True, help="Print the cases, send nothing.")
@click.option(
    "--dry-run", is_flag=True, help="Print what would be sent and accepted, send nothing."
)
@click.option(
    "--max-failures",
    type=click.IntRange(min=1),
    metavar="N",
    help="Send no further case after N violations.",
)
@options.shown
@options.report
@options.fail_on
@options.document
def check(**given: Any) -> None:
    """Check TARGET: a URL, module:attribute of an ASGI or WSGI app, or the embedded sandbox."""
    from enkash_contract import report
    from enkash_contract.generation import suite

    chosen = CheckOptions(**given)
    operation = chosen.chosen_operation
    waive = commands.waive(chosen.contract)
    plan = chosen.plan()
    if chosen.listed or chosen.dry_run:
        for case in (plan.baseline, *plan.cases):
            click.echo(output.case_line(case))
        if chosen.dry_run:
            click.echo(output.forecast(plan, chosen.shown))
        return
    fuzz = chosen.fuzzing()
    paths = report.report_paths(chosen.reports)
    began = monotonic()
    result = chosen.run(plan, fuzz)
    seconds = monotonic() - began
    # A waiver is needless only if no case of the whole suite needs it, sent or not.
    whole = functools.partial(suite.build, operation, chosen.payload, chosen.pinned)
    result = waive(result, operation, cases=whole)
    about = replace(chosen.about(plan, result), seconds=seconds)
    # Of one case, all that was found is told.
    screen = replace(chosen.screen, full=chosen.screen.full or chosen.case is not None)
    output.finish(result, about, paths, screen)
