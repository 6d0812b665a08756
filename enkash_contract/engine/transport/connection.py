"""How requests reach a target: how many at a time, how fast, and with what credentials.

A live sandbox has a pace it bears, a certificate of the bank's own and a token that runs out; all
of that is settled once, and checked before anything is sent. No `repr` and no message holds the
value of a header, a token or a proxy's password.
"""

from __future__ import annotations

import math
import os
import re
import shlex
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from enkash_contract.errors import TargetError, UsageError

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping

TIMEOUT = 10.0
"""Seconds after which a response that is not there yet is given up."""

RETRIES = 3
"""How often a request is sent again whose connection failed before a response; with the pauses in
between, a server may be gone for more than a second."""

WORKERS = 8
"""How many requests are under way at a time, where the target is at an address."""

MAX_WAIT = 60.0
"""Seconds that a run waits in all for a target that is busy."""

MAX_UNSTABLE = 2.0
"""The percentage of responses that may be lost or left to chance, before nothing is concluded."""

BUDGET = 60
"""The most requests that probes send unless somebody says otherwise."""

VARIED = frozenset({"content-type", "content-length", "transfer-encoding"})
"""Headers that are part of what is tested."""

COMMAND_SECONDS = 60.0
"""How long a command may take to print a token."""

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_WINDOWS_PATH = re.compile(r"""\s*["']?(?:[A-Za-z]:\\|\\\\)""")
"""How a command begins that names a program of Windows, wherever it is read."""

_WINDOWS_WORD = re.compile(r"""'[^']*'(?!\S)|(?:"[^"]*"|\S)+""")
"""A word of such a command; an apostrophe may stand in a path, so only a whole word is in them."""

_RATE = re.compile(r"(\d+(?:\.\d+)?)/(s|min|h)")
_SECONDS = {"s": 1, "min": 60, "h": 3600}


@dataclass(frozen=True)
class Connection:
    """How the requests of a run are sent.

    `workers` is None for as many as suit the target, `rate` is in requests a second, `max_wait` the
    seconds that the run waits in all for a busy target. `token` returns what follows
    `Authorization: Bearer`; it is called at the start, and again when the token is rejected. `ca`,
    `cert` and `key` are PEM files. With `cookies`, those that the target sets are sent back.
    """

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    timeout: float = TIMEOUT
    workers: int | None = None
    rate: float | None = None
    retries: int = RETRIES
    max_wait: float = MAX_WAIT
    cookies: bool = False
    token: Callable[[], str] | None = field(default=None, repr=False)
    proxy: str | None = field(default=None, repr=False)
    ca: str | None = None
    cert: str | None = None
    key: str | None = None

    def __post_init__(self) -> None:
        _sendable(self.headers)
        if not 0 < self.timeout < math.inf:
            raise UsageError(
                f"a timeout of {self.timeout} s is none; give a number of seconds above 0"
            )
        if self.workers is not None and self.workers < 1:
            raise UsageError(f"{self.workers} workers send nothing; give 1 or more")
        if self.retries < 0:
            raise UsageError(f"{self.retries} retries are none; give 0 or more")
        if not 0 <= self.max_wait < math.inf:
            raise UsageError(
                f"a wait of at most {self.max_wait} s is none; give a number of seconds from 0"
            )
        if self.rate is not None and not 0 < self.rate < math.inf:
            raise UsageError(f"a rate of {self.rate} requests a second sends nothing; give 10/s")
        if self.token is not None and self.authorized:
            what = "a token and a header Authorization are given"
            raise UsageError(f"{what}; both say the same header, so give one of them")
        if self.key is not None and self.cert is None:
            raise UsageError("a key without a certificate; give both with --cert and --key")

    @property
    def authorized(self) -> bool:
        """Whether the headers hold credentials."""
        return any(name.lower() == "authorization" for name in self.headers)

    def trust(self, *, secured: bool) -> ssl.SSLContext | bool:
        """Return the certificates to trust servers by, for httpx: True for its own.

        An address without TLS needs none, and reading all that a system trusts takes a while.

        Raises:
            UsageError: a file holds no certificate or key in PEM.

        """
        import ssl

        if self.ca is None and self.cert is None:
            return secured or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

        try:
            context = ssl.create_default_context(cafile=self.ca)
        except (OSError, ssl.SSLError) as problem:
            mistake = f"--ca {self.ca}: {_why(problem)}"
            raise UsageError(f"{mistake}; name a file with certificates in PEM") from None
        if self.cert is not None:
            try:
                # Without a function, a key with a passphrase would ask the terminal for it.
                context.load_cert_chain(self.cert, self.key, password=str)
            except (OSError, ssl.SSLError, ValueError) as problem:
                files = f"--cert {self.cert}" + (f" --key {self.key}" if self.key else "")
                mistake = f"{files}: {_why(problem)}"
                raise UsageError(f"{mistake}; name a certificate and its key in PEM") from None
        return context


def _why(problem: BaseException) -> str:
    import ssl

    if isinstance(problem, OSError) and not isinstance(problem, ssl.SSLError):
        return problem.strerror or str(problem)
    # The library's own words about the inside of a file differ from version to version.
    return "it holds nothing of the kind"


def _sendable(headers: Mapping[str, str]) -> None:
    """Raise for headers that are part of what is tested or cannot be sent."""
    for name, value in headers.items():
        if name.lower() in VARIED:
            raise UsageError(f"the header {name} cannot be given: it is what the cases vary")
        if not _TOKEN.fullmatch(name) or not (value.isascii() and value.isprintable()):
            raise UsageError(f"the header {name!r} or its value is not what HTTP can carry")


def read_rate(given: str | float | None) -> float | None:
    """Read a rate, `10/s`, `600/min` or `1000/h`, as requests a second.

    Raises:
        UsageError: it is not of that form.

    """
    if not isinstance(given, str):
        return given
    found = _RATE.fullmatch(given.strip())
    if found is None:
        raise UsageError(f"the rate {given!r} is not of the form 10/s, 600/min or 1000/h")
    return float(found[1]) / _SECONDS[found[2]]


def token_from_variable(name: str) -> Callable[[], str]:
    """Return a token that is the value of the environment variable `name`.

    Raises:
        UsageError: it is not set; the message shows no value.

    """
    from enkash_contract.secrets.misplaced import is_variable

    value = os.environ.get(name, "")
    if not is_variable(name) and not value.strip():
        # It may be the token itself, which must not be shown.
        what = "--bearer-env names no environment variable that is set"
        raise UsageError(f"{what}; give the name of the variable, not the token")
    if not value.strip():
        raise UsageError(f"--bearer-env {name}: the environment variable {name} is not set")
    return value.strip


def _words(command: str) -> list[str]:
    """Split a command: as a POSIX shell does, or as Windows does, where a backslash is no escape.

    Raises:
        ValueError: a quotation has no end.

    """
    on_windows = os.name == "nt" or sys.platform == "win32"
    if not on_windows and not _WINDOWS_PATH.match(command):
        return shlex.split(command)
    words = _WINDOWS_WORD.findall(command)
    if any(word.count('"') % 2 for word in words if word[0] != "'"):
        raise ValueError("No closing quotation")
    return [word[1:-1] if word[0] == "'" else word.replace('"', "") for word in words]


def token_from_command(command: str) -> Callable[[], str]:
    """Return a token that is what `command` prints.

    What it prints on standard error goes there untouched, for the person who runs it.

    Raises:
        UsageError: it is not a command.

    """
    printed = printed_by(command, "the token command", "a token")
    return lambda: printed().decode("utf-8", "replace").strip()


def printed_by(command: str, name: str, what: str) -> Callable[[], bytes]:
    """Return a function that runs `command`, called `name`, and returns what it prints.

    Raises:
        UsageError: it is not a command; the message says that it has to print `what`.

    """
    try:
        words = _words(command)
    except ValueError as problem:
        raise UsageError(f"{name} cannot be read: {problem}") from None
    if not words:
        raise UsageError(f"{name} is empty; give one that prints {what}")

    def printed() -> bytes:
        import subprocess

        from enkash_contract.secrets.misplaced import is_program

        called = f"{name} {shlex.quote(words[0])}"
        try:
            done = subprocess.run(  # noqa: S603 - the command is the user's own
                words, stdout=subprocess.PIPE, timeout=COMMAND_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            raise TargetError(f"{called} printed nothing within {COMMAND_SECONDS:g} s") from None
        except OSError as problem:
            why = problem.strerror or type(problem).__name__
            # It may be a token in the place of the command.
            shown = called if is_program(words[0]) else name
            raise TargetError(f"{shown} cannot be run: {why}") from None
        if done.returncode:
            raise TargetError(f"{called} ended with exit code {done.returncode}")
        return done.stdout

    return printed
