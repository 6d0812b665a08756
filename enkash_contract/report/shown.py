"""An exchange as it may be shown: addresses, headers and bodies without the secrets in them."""

from __future__ import annotations

import base64
import datetime as dt
from typing import TYPE_CHECKING

from enkash_contract.report.document import Body, Exchange, ShownRequest, ShownResponse
from enkash_contract.secrets import redaction
from enkash_contract.secrets.redaction import CORRELATION, MARGIN, QUOTED
from enkash_contract.wire.message import shown_url

if TYPE_CHECKING:
    from enkash_contract.secrets.redaction import Secrets
    from enkash_contract.wire.message import Headers, Interaction


def moment(seconds: float | None) -> str:
    """Return a time in ISO 8601, to the millisecond; "" where nobody knows it."""
    if seconds is None:
        return ""
    return dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat(timespec="milliseconds")


class Exchanges:
    """Makes interactions fit to be shown.

    The same texts stand in most exchanges of a run, and what was hidden once is not searched again.
    """

    def __init__(self) -> None:
        self._hidden: dict[tuple[Secrets, str, str], str] = {}
        self._bodies: dict[tuple[Secrets, bytes], Body] = {}

    def of(self, interaction: Interaction) -> Exchange:
        """Return an interaction as it may be shown."""
        request, response = interaction.request, interaction.response
        secrets = redaction.of(interaction)
        shown = None
        if response is not None:
            headers = self._headers(response.headers, secrets)
            shown = ShownResponse(response.status, headers, self._body(response.body, secrets))
        return Exchange(
            ShownRequest(
                request.method,
                self._hide(shown_url(request.url), secrets),
                self._headers(request.headers, secrets),
                self._body(request.body, secrets),
            ),
            shown,
            self._hide(interaction.error or "", secrets),
            moment(interaction.at),
            None if interaction.seconds is None else round(interaction.seconds, 6),
            _correlation(shown),
        )

    def _hide(self, text: str, secrets: Secrets) -> str:
        key = (secrets, "", text)
        if key not in self._hidden:
            self._hidden[key] = secrets.hide(text)
        return self._hidden[key]

    def _headers(self, headers: Headers, secrets: Secrets) -> Headers:
        return tuple(
            (self._hide(name, secrets), self._value(name, value, secrets))
            for name, value in headers
        )

    def _value(self, name: str, value: str, secrets: Secrets) -> str:
        key = (secrets, name, value)
        if key not in self._hidden:
            self._hidden[key] = secrets.hide_header(name, value)
        return self._hidden[key]

    def _body(self, body: bytes | None, secrets: Secrets) -> Body | None:
        if body is None:
            return None
        key = (secrets, body)
        if key not in self._bodies:
            self._bodies[key] = _shown(body, secrets)
        return self._bodies[key]


def _correlation(response: ShownResponse | None) -> dict[str, str]:
    headers = response.headers if response else ()
    return {name.lower(): value for name, value in headers if name.lower() in CORRELATION}


def _shown(body: bytes, secrets: Secrets) -> Body:
    """Return the beginning of a body, hidden before it is cut: half a secret is not recognised."""
    hidden = secrets.hide_bytes(body[: QUOTED + MARGIN])
    is_cut = len(body) > QUOTED
    part = hidden[:QUOTED] if is_cut else hidden
    try:
        return Body(part.decode(), len(body), "utf-8", is_cut)
    except UnicodeDecodeError as problem:
        if is_cut and problem.reason == "unexpected end of data":
            return Body(part[: problem.start].decode(), len(body), "utf-8", is_cut)
        return Body(base64.b64encode(part).decode(), len(body), "base64", is_cut)


def exchange_of(interaction: Interaction) -> Exchange:
    """Return one interaction as it may be shown."""
    return Exchanges().of(interaction)
