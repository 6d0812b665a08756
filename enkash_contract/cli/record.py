"""The command `record`: a reverse proxy that writes what passes, and judges it."""

from __future__ import annotations

import contextlib
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from enkash_contract.cli import commands, options, served, streams
from enkash_contract.contract import choice

if TYPE_CHECKING:
    from enkash_contract.contract.contract import Contract


@click.command(cls=commands.Command)
@click.argument("upstream", metavar="UPSTREAM")
@click.option("--out", required=True, metavar="FILE", help="The new HAR file to write.")
@served.listening
@click.option("-q", "--quiet", is_flag=True, help="Print no line for each exchange.")
@options.fail_on
@options.document
def record(
    upstream: str,
    out: str,
    host: str,
    port: int,
    quiet: bool,  # noqa: FBT001 - click passes options by name
    fail_on: str,
    overlays: tuple[str, ...],
    operations: tuple[str, ...],
) -> None:
    """Record what passes between a client and a server.

    It listens for the client, passes everything on to UPSTREAM, the URL of the server, unchanged,
    and writes it as HAR, without secrets. Each exchange is judged from both sides.
    """
    from enkash_contract import __version__
    from enkash_contract.contract.contract import layered
    from enkash_contract.sandbox import server
    from enkash_contract.sandbox.log import Log
    from enkash_contract.traffic.recorder.har_file import HarFile
    from enkash_contract.traffic.recorder.live import Live
    from enkash_contract.traffic.recorder.proxy import base_of, proxy
    from enkash_contract.wire.message import shown_url

    contract: Contract = layered(*overlays)
    wanted = choice.wanted(contract, operations)
    # No file is begun for a server that is none.
    base_of(upstream)
    log = Log(served.standard_error())
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(server.listen(host, port))
        file = stack.enter_context(HarFile(Path(out), __version__))
        live = Live(file, wanted, log.add, fail_on, quiet=quiet)
        app = proxy(upstream, live.add)
        address = served.address_of(host, listener)
        click.echo(f"{address} passes on to {shown_url(upstream)}; Ctrl-C stops it")
        # Where its address cannot be written, nobody can use it.
        if not streams.unwritable():
            with log:
                server.serve(
                    app,
                    listener,
                    log_level="critical",
                    server_header=False,
                    date_header=False,
                    # A server that never responds would keep the recorder.
                    timeout_graceful_shutdown=server.PATIENCE,
                )
    click.echo(live.summary())
    click.echo(f"next: enkash-contract traffic {shlex.quote(out)}")
    if live.lost:
        from enkash_contract.judging.result import MISUSED

        sys.exit(MISUSED)
