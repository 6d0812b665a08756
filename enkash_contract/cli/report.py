"""The command `report`: results that were written down, added up and written again."""

from __future__ import annotations

import sys
from dataclasses import replace

import click

from enkash_contract.cli import commands, options, output
from enkash_contract.cli.promised import option as promised_option


@click.command(cls=commands.Unconfigured)
@click.argument("results", nargs=-1, required=True, metavar="RESULT...")
@promised_option
@options.report
def report(results: tuple[str, ...], promised: tuple[str, ...], reports: tuple[str, ...]) -> None:
    """Add up results and write them as other reports.

    RESULT is a file that --report json=PATH has written. Runs are counted once, wherever they are.
    """
    from enkash_contract.report.addition import added
    from enkash_contract.report.cause_lines import INDENT, wrapped
    from enkash_contract.report.destinations import destinations
    from enkash_contract.report.promises import broken, promises
    from enkash_contract.report.read import read
    from enkash_contract.report.sum_lines import sum_lines

    places = destinations(reports)
    whole = added((name, read(name)) for name in results)
    wishes = promises(promised, [(rule.operation, rule.id) for rule in whole.rules])
    if wishes:
        # What one run lacks, another may have.
        whole = replace(whole, promises=tuple(broken(wishes, whole.rules)))
    # What is read by a program is not mixed with what is read by a person.
    aside = any(place.path is None for place in places)
    screen = output.Screen()
    width = screen.view(screen.console(err=aside)).width
    for line in sum_lines(whole):
        for part in wrapped(line, width, INDENT if line[:1].isdigit() else ""):
            click.echo(part, err=aside)
    for place in places:
        place.write(whole)
    sys.exit(whole.exit_code)
