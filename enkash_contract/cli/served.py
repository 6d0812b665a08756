"""Options and output of the commands that serve: where they listen, and where their lines go."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

_HOST = click.option(
    "--host",
    default="127.0.0.1",
    metavar="ADDRESS",
    show_default=True,
    help="Listen at this address.",
)
_PORT = click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8080,
    metavar="PORT",
    show_default=True,
    help="The port; 0 takes a free one.",
)


def listening(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say where it listens, as `host` and `port`."""
    return _HOST(_PORT(command))


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
