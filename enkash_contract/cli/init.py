"""The command `init`: the first files of a project that keeps the contract."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from enkash_contract.cli import commands, once
from enkash_contract.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from enkash_contract.cli.project import Project


@click.command(cls=commands.Command)
@click.argument("folder", default=".", metavar="[FOLDER]")
@once.option("--target", metavar="URL", help="The server to check.")
@once.option("--app", metavar="MODULE:ATTRIBUTE", help="The ASGI or WSGI application to check.")
def init(folder: str) -> None:
    """Write the first files of a project.

    They are a configuration, a payload, tests and a workflow of GitHub. A file that is there is
    left as it is.
    """
    import importlib.metadata

    from enkash_contract.cli.project import Project
    from enkash_contract.contract.contract import bundled

    target = once.given().get("target")
    named = _target(target, once.given().get("app"))
    version = importlib.metadata.version("enkash-contract")
    project = Project(bundled().pick(), version, named, is_live=target is not None)
    written, left = _write(Path(folder), project)
    for name in written:
        click.echo(f"wrote {name}")
    for name, why in left:
        click.echo(f"left {name} as it is: {why}")
    if not written:
        raise UsageError(f"{folder}: everything is there already, so nothing was written")
    click.echo(_next(folder))


def _target(url: str | None, app: str | None) -> str | None:
    """Return what is to be checked, None for the embedded sandbox."""
    from enkash_contract.engine.transport.address import is_url
    from enkash_contract.wire.message import shown_url

    if url is not None and app is not None:
        raise UsageError("--target and --app both name what to check; give one of them")
    if url is not None and not is_url(url):
        raise UsageError("--target is no URL; write it like https://uat.bank.example")
    if url is not None and shown_url(url) != url:
        what = "--target has a user, a query or a fragment, which no file should hold"
        raise UsageError(f"{what}; give the rest, and a header by $NAME in the file")
    if app is not None and not re.fullmatch(r"\w+(\.\w+)*:\w+(\.\w+)*", app):
        raise UsageError(
            f"--app {app!r} is not of the form module:attribute, e.g. bank.gateway:app"
        )
    return url or app


def _write(folder: Path, project: Project) -> tuple[list[str], list[tuple[str, str]]]:
    """Write the files that are not there, and return those written and those left, with reasons.

    Raises:
        UsageError: a file cannot be written.

    """
    from enkash_contract.config.location import FILE, PROJECT

    written, left = [], []
    for name, text in project.files():
        path = folder / name
        if name == FILE and _is_configured(folder):
            left.append((name, f"{PROJECT} configures enkash-contract"))
            continue
        if path.exists():
            left.append((name, "it is there already"))
            continue
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8") as stream:
                stream.write(text)
        except OSError as error:
            why = error.strerror or error
            raise UsageError(f"{path} cannot be written: {why}; name another folder") from None
        written.append(name)
    return written, left


def _is_configured(folder: Path) -> bool:
    """Whether the project's own file has our table: two files of one folder are a mistake."""
    from enkash_contract.config.location import PROJECT, read_named

    try:
        read_named(str(folder / PROJECT))
    except ConfigError:
        return False
    return True


def _next(folder: str) -> str:
    from enkash_contract.cli.project import BASE, TESTS, WHEELS, WORKFLOW

    lines = [
        "next:",
        *([f"cd {shlex.quote(folder)}"] if Path(folder) != Path() else []),
        "pytest",
        f"replace {BASE}, an example, by a request that your server accepts",
        "enkash-contract check",
        f"replace is_accepted in {TESTS} by your own client",
        f"put a wheel of enkash-contract into {WHEELS}/, for {WORKFLOW}",
    ]
    path = Path(folder).resolve()
    root = next((above for above in (path, *path.parents) if (above / ".git").exists()), path)
    if root != path:
        lines.append(f"move {WORKFLOW} to the root of the repository, or GitHub will not read it")
    return "\n  ".join(lines)
