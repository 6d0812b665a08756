"""The options that several commands share, and how what a person typed is read.

Every mistake in an argument ends as one `UsageError` that says which argument, what is wrong and
what to write instead.
"""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from enkash_contract.cli import commands
from enkash_contract.contract.evidence import FAIL_ON, Level
from enkash_contract.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from enkash_contract.contract.operation import Operation

    Command = TypeVar("Command", bound=Callable[..., Any])

overlay = click.option(
    "--overlay",
    "overlays",
    multiple=True,
    metavar="FILE",
    help="Lay an OpenAPI overlay on the document.",
)

_operations = click.option(
    "--operation",
    "operations",
    multiple=True,
    metavar="ID",
    help="An operation, a glob over them, or tag:TAG.",
)

fail_on = click.option(
    "--fail-on",
    type=click.Choice([level.value for level in Level]),
    default=FAIL_ON.value,
    metavar="LEVEL",
    show_default=True,
    help=f"The weakest evidence that fails: {', '.join(level.value for level in Level)}.",
)

report = click.option(
    "--report",
    "reports",
    multiple=True,
    metavar="FORMAT=PATH",
    help="Write a report as well: {formats}.",
)


_SHOWN = (
    click.option("--full", is_flag=True, help="Print each finding, not their causes."),
    click.option("--assumptions", is_flag=True, help="Print the causes of assumptions, too."),
    click.option("-q", "--quiet", is_flag=True, help="Print the verdict alone."),
    click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        metavar="auto|always|never",
        show_default=True,
        help="Colours, by default on terminals only.",
    ),
)
"""The options that set how a result is shown."""


def shown(command: Command) -> Command:
    """Add the options of every command that shows a result; it takes a `Screen`."""

    @functools.wraps(command)
    def with_screen(*, full: bool, assumptions: bool, quiet: bool, color: str, **given: Any) -> Any:
        from enkash_contract.cli.output import Screen

        wished = [name for name, wish in (("full", full), ("assumptions", assumptions)) if wish]
        # What is typed wins over what a file says.
        if quiet and commands.typed("quiet"):
            wished = [name for name in wished if commands.typed(name)]
        elif any(map(commands.typed, wished)):
            quiet = False
        for name in wished:
            if quiet:
                raise UsageError(f"--quiet prints the verdict alone; leave out --{name}")
        screen = Screen("full" in wished, "assumptions" in wished, quiet, color)
        return command(screen=screen, **given)

    decorated: Any = with_screen
    for option in reversed(_SHOWN):
        decorated = option(decorated)
    return cast("Command", decorated)


def document(command: Command) -> Command:
    """Add the options that name the document and operations, handed on as they are typed."""
    return overlay(_operations(command))


SPEAKING = ("rule", "defect")
"""The parameters whose values may be qualified by an operation, which then need not be named."""


def contract(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the same options to a command that takes the loaded `contract` and its `operations`."""

    @functools.wraps(command)
    def with_contract(
        *, overlays: tuple[str, ...], operations: tuple[str, ...], **given: Any
    ) -> Any:
        # Loading is work that no command needs for its help.
        from enkash_contract.contract.choice import choose
        from enkash_contract.contract.contract import layered

        contract = layered(*overlays)
        ids = [given[name] for name in SPEAKING if given.get(name)]
        chosen = choose(contract, operations, ids=ids)
        return command(contract=contract, operations=chosen, **given)

    return document(with_contract)


def operation(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the same options to a command that takes one loaded `operation`."""

    @functools.wraps(command)
    def with_operation(*, operations: tuple[Operation, ...], **given: Any) -> Any:
        from enkash_contract.contract.choice import only

        del given["contract"]
        return command(operation=only(operations), **given)

    return contract(with_operation)


def pins(given: tuple[str, ...], operation: Operation, base: Any) -> dict[str, Any]:
    """Read `/pointer=value` pairs; a value is JSON, or text where text stands now.

    Raises:
        UsageError: a pair is not of that form, or the value does not fit.

    """
    from enkash_contract.generation import known_good
    from enkash_contract.secrets.redaction import BY_NAME
    from enkash_contract.wire.pointer import get, tokens

    payload = known_good.base(operation, base)
    values = {}
    for pair in given:
        where, equals, value = pair.partition("=")
        if not equals or not where.startswith("/"):
            what = f"--pin {BY_NAME.hide(pair)!r} is not of the form /pointer=value"
            raise UsageError(f"{what}, e.g. /b2bIds/buyerB2BId=BUYER-0001")
        if isinstance(get(payload, tokens(where)), str):
            values[where] = value
            continue
        try:
            values[where] = json.loads(value)
        except (ValueError, RecursionError):
            what = f"the value of --pin {BY_NAME.hide(pair)!r} is not JSON"
            raise UsageError(
                f"{what}; write a number, true, null, or text in double quotes"
            ) from None
    return values
