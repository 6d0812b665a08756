"""While a run lasts, the HTTP library's log holds no secret; before and after, it is left alone."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from enkash_contract.engine.transport import logs
from enkash_contract.secrets.redaction import Secrets

if TYPE_CHECKING:
    import pytest


def test_records_are_rewritten_while_it_lasts(caplog: pytest.LogCaptureFixture) -> None:
    """Addresses, headers and known values; what others log stays as it is."""
    caplog.set_level(logging.DEBUG)
    secrets = Secrets()
    secrets.add("canary-1")
    url = "http://me:canary-2@h/x?key=canary-3"
    headers = [(b"Set-Cookie", b"a='canary-4'"), (b"Date", b"today"), (b"X", b"it's canary-5")]
    http, core = logging.getLogger("httpx"), logging.getLogger("httpcore.http11")
    with logs.without(secrets):
        http.info('HTTP Request: POST %s "%s"', url, "no canary-1")
        core.debug(f"complete return_value=(200, {headers!r})")
        logging.getLogger("other").info("canary-1")
    http.info("canary-1")

    assert [one.getMessage() for one in caplog.records] == [
        'HTTP Request: POST http://h/x "no ***"',
        "complete return_value=(200, [('Set-Cookie', '***'), (b'Date', b'today'), ('X', '***')])",
        "canary-1",
        "canary-1",
    ]
    assert [logging.getLogger(name).filters for name in logs.LOGGERS] == [[]] * len(logs.LOGGERS)
