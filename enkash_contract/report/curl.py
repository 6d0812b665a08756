"""A finding as a command that shows it again, as it stands, with no secret in it."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from enkash_contract.interaction import header, shown_url

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
        return f"{about.again} --only {shlex.quote(finding.case)}"
    interaction = finding.interaction
    return "" if interaction is None else curl(interaction.request)


def curl(request: Request) -> str:
    """Return a curl line that sends `request`; header values become `$ENKASH_…` variables."""
    line = ["curl", "-sS", "-i", "-X", shlex.quote(request.method)]
    address = shlex.quote(shown_url(request.url))
    # A query may hold a key, so it is named like a header and not shown.
    line.append(f'{address}"?$ENKASH_QUERY"' if urlsplit(request.url).query else address)
    label = header(request.headers, "content-type")
    line += ["-H", shlex.quote(f"Content-Type: {label}" if label is not None else "Content-Type:")]
    for name, _ in request.headers:
        lowered = name.lower()
        if lowered not in PUBLIC | IMPLIED and not lowered.startswith((":", "sec-")):
            variable = re.sub(r"\W", "_", name, flags=re.ASCII).upper()
            # A name comes from a recording, which anyone may have written: it is quoted too.
            plain = re.fullmatch(r"[\w-]+", name, re.ASCII)
            shown = f'"{name}: ' if plain else shlex.quote(f"{name}: ") + '"'
            line += ["-H", f'{shown}$ENKASH_{variable}"']
    if request.body is None:
        return " ".join(line)
    try:
        text = request.body.decode()
    except UnicodeDecodeError:
        text = "\0"
    if text.isprintable() and not text.startswith("@"):
        return " ".join([*line, "--data-binary", shlex.quote(text)])
    octal = "".join(_octal(byte) for byte in request.body)
    return f"printf -- '{octal}' | {' '.join([*line, '--data-binary', '@-'])}"


def _octal(byte: int) -> str:
    char = chr(byte)
    plain = char.isascii() and char.isprintable() and char not in "'\\%"
    return char if plain else f"\\{byte:03o}"
