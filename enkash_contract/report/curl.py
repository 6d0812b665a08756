"""A finding as a command that shows it again, as it stands, with no secret in it."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from enkash_contract.interaction import shown_url

if TYPE_CHECKING:
    from enkash_contract.interaction import Request
    from enkash_contract.report import About
    from enkash_contract.result import Finding

PUBLIC = frozenset({"content-type"})
"""The headers whose values are shown; all others may be secret."""

IMPLIED = frozenset(
    "host content-length connection accept accept-encoding accept-language user-agent origin "
    "priority referer transfer-encoding".split()
)
"""Headers that curl sends of itself or that say nothing about the request."""


def reproduce(finding: Finding, about: About) -> str:
    """Return the command that repeats the interaction of `finding`; "" when there is none."""
    if about.again and finding.case:
        return f"{about.again} {about.option} {shlex.quote(finding.case)}"
    interaction = finding.interaction
    return "" if interaction is None else curl(interaction.request)


def secret_headers(request: Request) -> list[str]:
    """Name the headers of `request` that belong to it and whose values may be secret."""
    return [
        name
        for name, _ in request.headers
        if name.lower() not in PUBLIC | IMPLIED and not name.lower().startswith((":", "sec-"))
    ]


def variable(name: str) -> str:
    """Return the environment variable that stands for the value of the header `name`."""
    return "ENKASH_" + re.sub(r"\W", "_", name, flags=re.ASCII).upper()


def header_option(name: str) -> str:
    """Return the option that sends the header `name`, its value taken from the environment."""
    # A name comes from a recording, which anyone may have written: it is quoted too.
    plain = re.fullmatch(r"[\w-]+", name, re.ASCII)
    shown = f'"{name}: ' if plain else shlex.quote(f"{name}: ") + '"'
    return f'-H {shown}${variable(name)}"'


def curl(request: Request) -> str:
    """Return a curl line that sends `request`; header values become `$ENKASH_…` variables."""
    # With -X HEAD, curl waits for a body that never comes.
    method = ["-I"] if request.method == "HEAD" else ["-i", "-X", shlex.quote(request.method)]
    line = ["curl", "-sS", *method]
    if urlsplit(request.url).username:
        line += ["-u", '"$ENKASH_USER"']
    address = shlex.quote(shown_url(request.url))
    # A query may hold a key, so it is named like a header and not shown.
    line.append(f'{address}"?$ENKASH_QUERY"' if urlsplit(request.url).query else address)
    labels = [value for name, value in request.headers if name.lower() == "content-type"]
    for text in [f"Content-Type: {label}" for label in labels] or ["Content-Type:"]:
        line += ["-H", shlex.quote(text)]
    line += [header_option(name) for name in secret_headers(request)]
    if request.body is None or not (request.sized or request.body):
        return " ".join(line)
    try:
        text = request.body.decode()
    except UnicodeDecodeError:
        text = "\0"
    if len(text) <= LONG and text.isprintable() and not text.startswith("@"):
        return " ".join([*line, "--data-binary", shlex.quote(text)])
    return f"{_printed(request.body)} | {' '.join([*line, '--data-binary', '@-'])}"


LONG = 2_000
"""More characters than this are piped: the length of a command's argument has a limit."""

_RUN = re.compile(rb"([A-Za-z0-9\[\]])\1{999,}")
"""A thousand times the same: written as a command, so that a person can read the line."""


def _printed(body: bytes) -> str:
    """Return the commands that print `body`."""
    parts, start = [], 0
    for run in _RUN.finditer(body):
        parts.append(_printf(body[start : run.start()]))
        many = f"head -c {len(run[0])} /dev/zero | tr '\\0' '{run[1].decode()}'"
        parts.append(many)
        start = run.end()
    parts.append(_printf(body[start:]))
    return parts[0] if len(parts) == 1 else f"{{ {'; '.join(parts)}; }}"


def _printf(body: bytes) -> str:
    return f"printf -- '{''.join(map(_octal, body))}'"


def _octal(byte: int) -> str:
    char = chr(byte)
    plain = char.isascii() and char.isprintable() and char not in "'\\%"
    return char if plain else f"\\{byte:03o}"
