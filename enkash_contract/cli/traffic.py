"""The command `traffic`: recordings, judged from both sides."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from enkash_contract.cli import excerpt as excerpts
from enkash_contract.cli import facts, formats, options, output, waivers
from enkash_contract.cli import promised as promises
from enkash_contract.clock import now
from enkash_contract.contract import choice
from enkash_contract.contract.evidence import FAIL_ON, Level

if TYPE_CHECKING:
    from collections.abc import Callable

    from enkash_contract.contract.contract import Contract
    from enkash_contract.judging.result import Result
    from enkash_contract.traffic.judging import Judge
    from enkash_contract.traffic.learning.file import Learning

    Option = tuple[str, str | None]


@click.command(cls=excerpts.Command)
@click.argument("recordings", nargs=-1, required=True, metavar="RECORDING...")
@excerpts.options
@formats.options
@promises.option
@click.option(
    "--learn",
    metavar="FILE",
    help="Write an overlay of what no page describes and was seen.",
)
@options.shown
@options.report
@waivers.written_until
@options.fail_on
@options.document
def traffic(
    recordings: tuple[str, ...],
    excerpt: excerpts.Excerpt,
    form: formats.Chosen,
    promised: tuple[str, ...],
    learn: str | None,
    reports: tuple[str, ...],
    fail_on: str,
    overlays: tuple[str, ...],
    operations: tuple[str, ...],
    screen: output.Screen,
) -> None:
    """Check recordings from both sides.

    RECORDING is a HAR file, a cassette, a log of JSON, or a folder of them.
    """
    from enkash_contract import report
    from enkash_contract.contract.contract import layered
    from enkash_contract.report.destinations import destinations
    from enkash_contract.report.reproduction import of_recordings
    from enkash_contract.traffic.directions import directions
    from enkash_contract.traffic.judging import Judge
    from enkash_contract.traffic.reading.address import is_address, shown

    contract = layered(*overlays)
    waive, wish = waivers.waive(contract), waivers.wish()
    wanted = choice.wanted(contract, operations)
    promised_rules = promises.read(promised, wanted)
    places, started = destinations(reports), now()
    _complain(recordings)
    ways = directions(contract, wanted, excerpt.partner_host)
    waive_each = waivers.waive_each(contract)
    judge = Judge(wanted, excerpt.host, Level.of(fail_on), waive_each, ways)
    result = _judged(recordings, judge, excerpt, form, _learning(learn, contract))
    if waive_each is not None:
        result = waive(result, *wanted)
    if wish:
        wish.fulfil(result, contract, Level.of(fail_on))
    # An address may hold a password, or be signed.
    names = [shown(name) if is_address(name) else name for name in recordings]
    level = None if fail_on == FAIL_ON.value else fail_on
    is_one = bool(operations) and len(wanted) == 1
    judging, choosing = _repeating(overlays, level, operations, is_one=is_one)
    choosing += [*excerpt.choosing, *form.choosing]
    default = choice.taken(contract, wanted)
    is_plain = excerpt.is_whole and not (form.formats or overlays or operations or level)
    about = report.About(
        contract,
        wanted[0],
        ", ".join(names),
        reproduction=of_recordings(names, judging, choosing, default=default),
        facts=facts.gathered(started, now()),
        next_command=_next(recordings, plain=is_plain and not any(map(is_address, recordings))),
    )
    output.finish(promises.held(result, about, promised_rules), about, places, screen)


def _judged(
    recordings: tuple[str, ...],
    judge: Judge,
    excerpt: excerpts.Excerpt,
    form: formats.Chosen,
    learning: Learning | None,
) -> Result:
    """Return what the recordings show, and write down what is learned from them."""
    from enkash_contract.report.progress import reading

    with reading() as watch:
        learned = learning.learned if learning else None
        result = excerpt.check(judge, watch, form.formats, learned).as_far_as(recordings)
    if learning:
        _keep(learning)
    return result


def _repeating(
    overlays: tuple[str, ...], level: str | None, operations: tuple[str, ...], *, is_one: bool
) -> tuple[list[Option], list[Option]]:
    """Return the options that judge a payload as here, and those that choose what is read."""
    judging: list[Option] = [*(("--overlay", name) for name in overlays), ("--fail-on", level)]
    named: list[Option] = [("--operation", name) for name in operations]
    # One operation is named to whoever judges a payload; of several, each finding names its own.
    return ([*judging, *named], []) if is_one else (judging, named)


def _learning(path: str | None, contract: Contract) -> Learning | None:
    if path is None:
        return None
    from enkash_contract.traffic.learning.file import Learning

    return Learning(path, contract)


def _keep(learning: Learning) -> None:
    """Write what was learned, and say so at the end."""
    summary = learning.write()
    again = f"--overlay {shlex.quote(str(learning.path))}"
    lines = f"learned: {summary}\nnext: read it, then run again with {again}"
    click.get_current_context().call_on_close(lambda: click.echo(lines, err=True))


def _complain(recordings: tuple[str, ...]) -> None:
    """Name the recordings that are not there, and end where none is."""
    from enkash_contract.errors import printable
    from enkash_contract.judging.result import MISUSED
    from enkash_contract.traffic.reading.address import located

    paths = {name: located(name) for name in recordings}
    missing = [name for name, path in paths.items() if isinstance(path, Path) and not path.exists()]
    for name in missing:
        click.echo(
            f"error: {printable(name)}: No such file or directory; name a recording", err=True
        )
    if len(missing) == len(paths):
        sys.exit(MISUSED)


def _next(recordings: tuple[str, ...], *, plain: bool) -> Callable[[Result], str]:
    """Return the function that knows the command to try after a result."""

    def command(result: Result) -> str:
        # It would need the same options, some of which the plugin does not have.
        tests = f"pytest {' '.join(map(shlex.quote, recordings))}"
        return tests if plain and result.ok else ""

    return command
