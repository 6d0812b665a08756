"""The command `sandbox`: a stub server, and what it says of each request."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING, Any

import click

from enkash_contract.cli import commands, options, streams

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable


@click.command(cls=commands.Command)
@click.option(
    "--host",
    default="127.0.0.1",
    metavar="ADDRESS",
    show_default=True,
    help="Listen at this address.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8080,
    metavar="PORT",
    show_default=True,
    help="The port; 0 takes a free one.",
)
@click.option("--defect", metavar="ID", help="Have this defect, see `defects`.")
@click.option(
    "--max-body",
    metavar="BYTES",
    type=click.IntRange(min=1),
    default=1 << 20,
    show_default=True,
    help="Reject a larger body.",
)
@click.option("-q", "--quiet", is_flag=True, help="Log no requests.")
@options.fail_on
@options.document
def sandbox(
    host: str,
    port: int,
    defect: str | None,
    max_body: int,
    quiet: bool,  # noqa: FBT001 - click passes options by name
    fail_on: str,
    overlays: tuple[str, ...],
    operations: tuple[str, ...],
) -> None:
    """Serve a stub that validates requests.

    It responds as documented, and remembers nothing.
    """
    from enkash_contract.contract.contract import layered
    from enkash_contract.sandbox import server
    from enkash_contract.sandbox.app import Sandbox
    from enkash_contract.sandbox.log import Log, Logged

    log = Log(standard_error())
    of_sandbox: dict[str, Any] = {
        "contract": layered(*overlays),
        "operation": operations,
        "fail_on": fail_on,
        "defect": defect,
        "max_body": max_body,
    }
    app = Sandbox(**of_sandbox) if quiet else Logged(log.add, **of_sandbox)
    with server.listen(host, port) as listener:
        address = address_of(host, listener)
        defect_shown = f" with {app.defect.id}" if app.defect else ""
        where = f"{address}{app.operation.path}"
        click.echo(f"sandbox of {app.called}{defect_shown} at {where}; Ctrl-C stops it")
        # Where its address cannot be written, nobody can use it.
        if not streams.unwritable():
            with contextlib.nullcontext() if quiet else log:
                server.serve(app, listener)


def address_of(host: str, listener: socket.socket) -> str:
    """Return the address of a server that listens at `host`."""
    named = f"[{host}]" if ":" in host else host
    return f"http://{named}:{listener.getsockname()[1]}"


def standard_error() -> Callable[[str], None]:
    """Return what writes to standard error, past the buffer that a process waits for at its end."""
    try:
        descriptor = sys.stderr.fileno()
    except (AttributeError, OSError):
        return lambda text: click.echo(text, nl=False, err=True)

    def write(text: str) -> None:
        data = text.encode(errors="backslashreplace")
        while data:
            data = data[os.write(descriptor, data) :]

    return write
