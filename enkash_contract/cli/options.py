"""The options that several commands share, and how what a person typed is read.

Every mistake in an argument ends as one `UsageError` that says which argument, what is wrong and
what to write instead.
"""

from __future__ import annotations

import functools
import json
import re
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from enkash_contract.cli import commands
from enkash_contract.contract.evidence import FAIL_ON, Level
from enkash_contract.engine.transport.connection import MAX_WAIT, RETRIES, TIMEOUT, WORKERS
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


_CONNECTED = (
    click.option(
        "-H",
        "--header",
        "headers",
        multiple=True,
        metavar="'NAME: VALUE'",
        help="Send this header with every request.",
    ),
    click.option(
        "--bearer-env",
        metavar="NAME",
        help="Environment variable with a bearer token.",
    ),
    click.option(
        "--token-command",
        metavar="COMMAND",
        help="Command that prints a bearer token.",
    ),
    click.option(
        "--timeout",
        type=click.FloatRange(min=0, min_open=True),
        default=TIMEOUT,
        show_default=True,
        metavar="SECONDS",
        help="Wait so long for a response.",
    ),
    click.option(
        "--workers",
        type=click.IntRange(min=1),
        metavar="N",
        help=f"Requests at a time, {WORKERS} by default.",
    ),
    click.option("--rate", metavar="N/s|N/min|N/h", help="Send no faster than this, e.g. 10/s."),
    click.option(
        "--retries",
        type=click.IntRange(min=0),
        default=RETRIES,
        show_default=True,
        metavar="N",
        help="Send what was lost again so often.",
    ),
    click.option(
        "--max-wait",
        type=click.FloatRange(min=0),
        default=MAX_WAIT,
        show_default=True,
        metavar="SECONDS",
        help="Wait so long in all for a busy target.",
    ),
    click.option(
        "--cookies",
        is_flag=True,
        help="Send back the cookies that the target sets.",
    ),
    click.option("--proxy", metavar="URL", help="Send through this proxy."),
    click.option("--ca", metavar="FILE", help="Trust these certificates (PEM)."),
    click.option("--cert", metavar="FILE", help="Present this client certificate (PEM)."),
    click.option("--key", metavar="FILE", help="The key of --cert, if it is in another file."),
)
"""The options that set how requests reach a target."""


def connected(command: Command) -> Command:
    """Add the options of every command that sends requests; it takes a `Connection`."""
    return _connected(command, ())


def connected_once(command: Command) -> Command:
    """Add those of a command that sends each request once, one after another."""
    return _connected(command, ("workers", "retries"))


def _connected(command: Command, left_out: tuple[str, ...]) -> Command:
    @functools.wraps(command)
    def with_connection(
        *,
        headers: tuple[str, ...],
        bearer_env: str | None,
        token_command: str | None,
        rate: str | None,
        **given: Any,
    ) -> Any:
        from enkash_contract.engine.transport import connection

        how = {name: given.pop(name) for name in _PLAIN if name not in left_out}
        settled = connection.Connection(
            headers=read_headers(headers),
            token=_token(bearer_env, token_command),
            rate=connection.read_rate(rate),
            **how,
        )
        return command(connection=settled, **given)

    decorated: Any = with_connection
    for option in reversed(_CONNECTED):
        decorated = option(decorated)
    kept = [option for option in decorated.__click_params__ if option.name not in left_out]
    decorated.__click_params__ = kept
    return cast("Command", decorated)


_PLAIN = ("timeout", "workers", "retries", "max_wait", "cookies", "proxy", "ca", "cert", "key")
"""Options that are handed to the `Connection` as they are."""


def _token(variable: str | None, command: str | None) -> Callable[[], str] | None:
    if variable is not None and command is not None:
        raise UsageError("--bearer-env and --token-command both give a token; give one of them")
    from enkash_contract.engine.transport.connection import token_from_command, token_from_variable

    if variable is not None:
        return token_from_variable(variable)
    return None if command is None else token_from_command(command)


def read_headers(given: tuple[str, ...]) -> dict[str, str]:
    """Read `Name: value` pairs; a message never shows the value.

    Raises:
        UsageError: a header is not of that form.

    """
    headers = {}
    for number, pair in enumerate(given, 1):
        match = re.fullmatch(r"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*:\s*([ -~]*?)\s*", pair)
        if match is None:
            which = f"header {number} given with -H"
            raise UsageError(f"{which} is not of the form 'Name: value' in printable ASCII")
        headers[match[1]] = match[2]
    return headers


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
