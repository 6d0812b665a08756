"""The command `probe`: open questions put to a server, announced, asked, and written down."""

from __future__ import annotations

import os
import sys
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from enkash_contract.cli import commands, connecting, options
from enkash_contract.engine.transport.connection import BUDGET
from enkash_contract.errors import UsageError, printable

if TYPE_CHECKING:
    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.operation import Operation
    from enkash_contract.contract.questions import Question
    from enkash_contract.engine.probing.probed import Probed
    from enkash_contract.engine.transport.connection import Connection


@click.command(cls=commands.Command)
@click.argument("target", required=False)
@click.argument("question", metavar="[QUESTION]...", nargs=-1)
@click.option("--base", metavar="FILE", help="A payload that the target accepts.")
@click.option(
    "--pin",
    "pins",
    multiple=True,
    metavar="/POINTER=VALUE",
    help="Set this value in that payload.",
)
@click.option(
    "--budget",
    type=click.IntRange(min=1),
    default=BUDGET,
    show_default=True,
    metavar="N",
    help="Send at most N requests.",
)
@click.option("--dry-run", is_flag=True, help="Print what would be sent, send nothing.")
@click.option("--out", metavar="FILE", help="Write the answers as an overlay.")
@connecting.connected_once
@options.fail_on
@options.document
def probe(
    target: str | None,
    question: tuple[str, ...],
    connection: Connection,
    budget: int,
    dry_run: bool,  # noqa: FBT001 - click hands it on by name
    out: str | None,
    fail_on: str,
    overlays: tuple[str, ...],
    operations: tuple[str, ...],
    **payload: Any,
) -> None:
    """Ask a server what nobody has published.

    QUESTION is an id that `questions` lists, or a glob; by default all are asked that have a probe.
    What will be sent is printed first. TARGET is as for `check`.
    """
    from enkash_contract.contract.choice import choose, only
    from enkash_contract.contract.contract import layered
    from enkash_contract.contract.evidence import Level
    from enkash_contract.engine.bases import unvouched
    from enkash_contract.engine.probing.survey import announced, every, survey

    contract = layered(*overlays)
    operation = only(choose(contract, operations, target=target))
    base, pins = _payload(operation, contract, **payload)
    _refuse_question(target, every(contract, operation))
    to_be = survey(contract, operation, question, base=base, pins=pins)
    if out is not None:
        _refuse_file(Path(out))
    for line in announced(to_be, target):
        click.echo(printable(line))
    to_be.within(budget)
    if dry_run:
        return
    reason = unvouched(operation, base, target)
    if reason:
        click.echo(printable(f"nothing concluded: {reason}"))
        sys.exit(3)
    click.echo()
    probed = _run(to_be, target, connection, contract, Level.of(fail_on))
    _tell(probed)
    _write(probed, out)
    sys.exit(probed.exit_code)


def _refuse_question(target: str | None, known: list[Question]) -> None:
    """Raise if a question was typed in the place of the target.

    Raises:
        UsageError: naming how to write it.

    """
    asked = target is not None and any(fnmatchcase(each.id, target) for each in known)
    if asked:
        raise UsageError(
            f"{target!r} names a question, and the target comes first; write a URL or "
            "module:attribute before it"
        )


def _payload(
    operation: Operation, contract: Contract, base: str | None, pins: tuple[str, ...]
) -> tuple[Any, dict[str, Any]]:
    """Return the payload that the person vouches for, None for the example, and its pins."""
    from enkash_contract.engine.bases import base_of
    from enkash_contract.wire.payload_file import payload_file

    given = None
    if base is not None:
        is_folder = Path(base).is_dir()
        given = base_of(base, operation, contract) if is_folder else payload_file(base)
    return given, options.pins(pins, operation, given)


def _run(to_be: Any, target: Any, connection: Connection, contract: Contract, level: Any) -> Probed:
    from enkash_contract.engine.probing.probed import ProbingInterrupted
    from enkash_contract.engine.probing.run import run

    def told(answer: object) -> None:
        click.echo(printable(str(answer)))

    try:
        return run(to_be, target, connection, contract=contract, fail_on=level, answered=told)
    except ProbingInterrupted as stop:
        return stop.probed


def _tell(probed: Probed) -> None:
    """Print the findings, and why nothing more was concluded."""
    from enkash_contract.report.lines import line

    for finding in probed.findings:
        click.echo(line(finding))
    if probed.note:
        click.echo(printable(f"nothing more concluded: {probed.note}"))
    if probed.interrupted:
        click.echo("interrupted")


def _refuse_file(path: Path) -> None:
    """Raise before anything is sent if the answers could not be written there.

    Raises:
        UsageError: there is such a file already, or no folder to write it to.

    """
    if path.exists():
        raise UsageError(f"{path} is there already; name another file with --out, or remove it")
    if not os.access(path.parent, os.W_OK) or not path.parent.is_dir():
        raise UsageError(f"{path} cannot be written; name a file in another folder with --out")


def _write(probed: Probed, out: str | None) -> None:
    if out is None:
        return
    if not any(answer.concluded for answer in probed.answers):
        click.echo(f"{out} was not written: there is no answer")
        return
    try:
        with Path(out).open("x", encoding="utf-8") as stream:
            stream.write(probed.overlay())
    except OSError as error:
        why = error.strerror or error
        raise UsageError(f"{out} cannot be written: {why}; name another file") from None
    click.echo(f"{out} holds the answers; lay it on the document with --overlay {out}")
