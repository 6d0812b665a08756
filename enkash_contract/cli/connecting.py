"""The options of commands that send requests, and the `Connection` that is made of them.

A live target has credentials, a pace and certificates of its own; no message shows any of them.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from enkash_contract.engine.transport.connection import MAX_WAIT, RETRIES, TIMEOUT, WORKERS
from enkash_contract.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    Command = TypeVar("Command", bound=Callable[..., Any])

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
