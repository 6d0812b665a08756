"""The command `redact`: a recording that can be handed on."""

from __future__ import annotations

import posixpath
import secrets
import sys
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import click

from enkash_contract.cli import commands, formats, options
from enkash_contract.contract import choice
from enkash_contract.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from enkash_contract.traffic.reading.address import Address
    from enkash_contract.traffic.redacting.recordings import Redacted


SHOWN = 3
"""Of the places that could not be read, so many are named."""


@click.command(cls=commands.Command)
@click.argument("source", metavar="IN")
@click.argument("destination", metavar="OUT")
@click.option(
    "--salt-file",
    metavar="FILE",
    help="Take the salt from this file, not at random.",
)
@formats.options
@options.document
def redact(
    source: str,
    destination: str,
    salt_file: str | None,
    form: formats.Chosen,
    overlays: tuple[str, ...],
    operations: tuple[str, ...],
) -> None:
    """Write a recording anew, so that nobody is known by it.

    IN is a recording, or a folder of them, or an address of such; OUT is new. The format and every
    verdict stay, equal things stay equal, and secrets, ids, numbers, remarks and places become
    others.
    """
    from enkash_contract.contract.contract import layered
    from enkash_contract.judging.result import INCONCLUSIVE, MISUSED
    from enkash_contract.traffic.redacting.messages import Messages
    from enkash_contract.traffic.redacting.recordings import Redacted, Redactor
    from enkash_contract.traffic.redacting.texts import Texts

    contract = layered(*overlays)
    wanted = choice.wanted(contract, operations)
    messages = Messages(wanted, Texts(wanted, _salt(salt_file)))
    redactor = Redactor(wanted, messages, form.formats)
    total = Redacted()
    target = _target(destination)
    for file, written in _files(source, target):
        total.add(redactor.redact(file, written, named=written == target))
    _print_summary(total, destination)
    if total.unread:
        sys.exit(MISUSED)
    if not total.written:
        sys.exit(INCONCLUSIVE)


def _salt(file: str | None) -> bytes:
    """Return the salt: at random, unless a file holds one.

    Raises:
        UsageError: it cannot be read, or is empty.

    """
    if file is None:
        return secrets.token_bytes(32)
    try:
        salt = Path(file).read_bytes()
    except OSError as error:
        raise UsageError(f"--salt-file {file} cannot be read: {error.strerror}") from None
    if not salt.strip():
        raise UsageError(f"--salt-file {file} is empty; write some random bytes into it")
    return salt


def _target(destination: str) -> Path:
    """Return where to write.

    Raises:
        UsageError: it is elsewhere, or no file.

    """
    from enkash_contract.traffic.reading.address import located

    if destination == "-":
        raise UsageError("OUT is -, and a recording is not printed; name a file")
    target = located(destination)
    if not isinstance(target, Path):
        raise UsageError(f"OUT {target} is an address; name a file here, and copy it there")
    return target


def _files(source: str, target: Path) -> Iterable[tuple[Path | Address, Path]]:
    """Return each file to read, and where it is to be written.

    Raises:
        UsageError: there is none, or the folder is there already.

    """
    from enkash_contract.traffic.reading.address import Address, located
    from enkash_contract.traffic.reading.files import found
    from enkash_contract.traffic.reading.listing import listed

    whole = located(source)
    if isinstance(whole, Address):
        files = [file for file in listed(whole) if not file.problem]
        if not files or files[0].path == whole:
            return [(whole, target)]
        within = _within([str(file.path) for file in files])
        pairs = [(file.path, target / path) for file, path in zip(files, within, strict=True)]
    elif whole.is_dir():
        paths = [file.path for file in found(whole) if not file.problem]
        inner = [path for path in paths if isinstance(path, Path)]
        pairs = [(file, target / file.relative_to(whole)) for file in inner]
    else:
        return [(whole, target)]
    if target.exists():
        raise UsageError(f"{target} is there already; name another folder")
    for _, written in pairs:
        written.parent.mkdir(parents=True, exist_ok=True)
    return pairs


def _within(names: list[str]) -> list[Path]:
    """Return the paths of files below the folder that holds them all, and never above it."""
    paths = [
        PurePosixPath(*(part for part in name.split("/") if part not in (".", "..")))
        for name in names
    ]
    shared = posixpath.commonpath([path.parent for path in paths])
    return [Path(path.relative_to(shared)) for path in paths]


def _print_summary(total: Redacted, target: str) -> None:
    """Print what was written and what was left out, and what could not be read."""
    from enkash_contract.contract.wording import counted
    from enkash_contract.errors import printable

    for problem in total.unread[:SHOWN]:
        click.echo(f"error: {printable(problem)}", err=True)
    if total.unread[SHOWN:]:
        click.echo(f"error: and {len(total.unread) - SHOWN:,} more such places", err=True)
    where = f" to {target}" if total.written else ""
    click.echo(f"wrote {counted(total.written, 'interaction')}{where}")
    for reason, number in total.left.items():
        click.echo(f"left out {counted(number, 'interaction')}: {reason}")
