"""The HTTP library's log, without the secrets in it.

httpx logs the address of every request, with user, password and query; httpcore logs the headers
that come back. Both go wherever the program's own log goes, so they are rewritten before any
handler sees them, and only while a run lasts.
"""

from __future__ import annotations

import contextlib
import logging
import re
from typing import TYPE_CHECKING

from enkash_contract.secrets.redaction import HARMLESS_HEADERS
from enkash_contract.secrets.secret_names import HIDDEN
from enkash_contract.wire.message import shown_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.secrets.redaction import Secrets

LOGGERS = (
    "httpx",
    *(f"httpcore.{name}" for name in ("connection", "http11", "http2", "proxy", "socks")),
)
"""The loggers in use while requests are sent. A logger's filter does not see its children."""

_URL = re.compile(r"\w+://[^\s'\"]+")

_HEADER = re.compile(r"""\(b(["'])([\w\-]+)\1, b(?:"[^"]*"|'(?:[^'\\]|\\.)*')\)""")


@contextlib.contextmanager
def without(secrets: Secrets) -> Iterator[None]:
    """Log no secret as long as this lasts."""

    def rewrite(record: logging.LogRecord) -> bool:
        text = _URL.sub(lambda found: shown_url(found[0]), record.getMessage())
        record.msg, record.args = secrets.hide(_HEADER.sub(_header, text)), ()
        return True

    loggers = [logging.getLogger(name) for name in LOGGERS]
    for logger in loggers:
        logger.addFilter(rewrite)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeFilter(rewrite)


def _header(found: re.Match[str]) -> str:
    name = found[2]
    # Nothing takes the query out of what is logged as a location.
    is_shown = name.lower() in HARMLESS_HEADERS - {"location"}
    return found[0] if is_shown else f"({name!r}, {HIDDEN!r})"
