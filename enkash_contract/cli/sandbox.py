"""The command `sandbox`: a stub server, and what it says of each request."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import click

from enkash_contract.cli import commands, options, served, streams
from enkash_contract.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from enkash_contract.contract.contract import Contract
    from enkash_contract.engine.webhooks import Webhooks


@click.command(cls=commands.Command)
@served.listening
@click.option("--defect", metavar="ID", help="Have this defect, see `defects`.")
@click.option(
    "--max-body",
    metavar="BYTES",
    type=click.IntRange(min=1),
    default=1 << 20,
    show_default=True,
    help="Reject a larger body.",
)
@click.option("--deliver-to", metavar="URL", help="Deliver a webhook after each accepted call.")
@click.option("--deliver", metavar="WEBHOOK", help="Always deliver this webhook.")
@click.option(
    "--deliver-delay",
    type=click.FloatRange(0, 3600),
    default=0.1,
    metavar="SECONDS",
    show_default=True,
    help="Wait this long after the call.",
)
@click.option(
    "--deliver-times",
    type=click.IntRange(1, 100),
    default=1,
    metavar="N",
    show_default=True,
    help="Deliver each N times.",
)
@click.option(
    "--deliver-order",
    type=click.Choice(["kept", "swapped"]),
    default="kept",
    metavar="kept|swapped",
    show_default=True,
    help="As the calls came, or swapped in pairs.",
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
    **delivery: Any,
) -> None:
    """Serve a stub that validates requests.

    It responds as documented, and remembers nothing. With --deliver-to, it calls a receiver of
    webhooks as EnKash does.
    """
    from enkash_contract.contract.contract import layered
    from enkash_contract.sandbox import server
    from enkash_contract.sandbox.app import Sandbox
    from enkash_contract.sandbox.log import Log, Logged

    log = Log(served.standard_error())
    contract = layered(*overlays)
    of_sandbox: dict[str, Any] = {
        "contract": contract,
        "operation": operations,
        "fail_on": fail_on,
        "defect": defect,
        "max_body": max_body,
    }
    app = Sandbox(**of_sandbox) if quiet else Logged(log.add, **of_sandbox)
    if delivery["deliver_to"]:
        app.accepted = _webhooks(contract, delivery, log.add, fail_on).accepted
    else:
        _refuse_idle()
    with server.listen(host, port) as listener:
        address = served.address_of(host, listener)
        defect_shown = f" with {app.defect.id}" if app.defect else ""
        where = f"{address}{app.operation.path}"
        click.echo(f"sandbox of {app.called}{defect_shown} at {where}; Ctrl-C stops it")
        # Where its address cannot be written, nobody can use it.
        if not streams.unwritable():
            with contextlib.nullcontext() if quiet and app.accepted is None else log:
                server.serve(app, listener)


def _webhooks(
    contract: Contract, given: dict[str, Any], log: Callable[[str], None], fail_on: str
) -> Webhooks:
    """Return what delivers webhooks to a receiver.

    Raises:
        UsageError: an option names something that is not there.

    """
    from enkash_contract.contract.evidence import Level
    from enkash_contract.engine.transport.address import is_url
    from enkash_contract.engine.webhooks import Network, Webhooks

    if not is_url(given["deliver_to"]):
        raise UsageError("--deliver-to is no URL; write the address of the receiver, http://…")
    network = Network(given["deliver_delay"], given["deliver_times"], given["deliver_order"])
    return Webhooks(
        contract,
        given["deliver_to"],
        log,
        network=network,
        webhook=given["deliver"],
        level=Level.of(fail_on),
    )


def _refuse_idle() -> None:
    """Raise for an option of deliveries that go nowhere.

    Raises:
        UsageError: naming it.

    """
    for name in ("deliver", "deliver_delay", "deliver_times", "deliver_order"):
        if commands.typed(name):
            option = f"--{name.replace('_', '-')}"
            raise UsageError(f"{option} needs --deliver-to URL; name the receiver, or leave it out")
