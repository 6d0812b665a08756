"""A request and its response as text, line by line, with no secret in it.

Lines of the request begin with `>`, lines of the response with `<`, all others are ours: no
response can look like something else. Only those headers are shown whose values can hold no secret.
"""

from __future__ import annotations

import http
import json
from typing import TYPE_CHECKING

from enkash_contract.errors import printable
from enkash_contract.secrets import redaction
from enkash_contract.secrets.redaction import MARGIN
from enkash_contract.wire import strict_json
from enkash_contract.wire.message import header, shown_url
from enkash_contract.wire.spelling import compact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.judging.case import Case
    from enkash_contract.secrets.redaction import Secrets
    from enkash_contract.wire.message import Headers, Interaction

SHORT = 4_000
"""Up to so many bytes, JSON in a usual spelling is shown indented."""


def lines(case: Case, interaction: Interaction, limit: int | None = None) -> Iterator[str]:
    """Yield the lines of an exchange; of each body, at most `limit` bytes are shown."""
    request, response = interaction.request, interaction.response
    secrets = redaction.of(interaction)
    yield f"--- {case.id} [{case.polarity}] {printable(secrets.hide(case.says))}"
    yield printable(f"> {request.method} {shown_url(request.url)}")
    length: Headers = ()
    if request.sized and request.body is not None and not header(request.headers, "content-length"):
        length = (("Content-Length", str(len(request.body))),)
    yield from _content(">", (*request.headers, *length), request.body, limit, secrets)
    if response is None:
        yield printable(f"--- no response: {secrets.hide(str(interaction.error))}")
        return
    yield f"< {response.status} {_phrase(response.status)}".rstrip()
    yield from _content("<", response.headers, response.body, limit, secrets)


def _content(
    mark: str,
    headers: Headers,
    body: bytes | None,
    limit: int | None,
    secrets: Secrets,
) -> Iterator[str]:
    for name, value in headers:
        yield printable(f"{mark} {secrets.hide(name)}: {secrets.hide_header(name, value)}")
    yield mark
    if body is None:
        yield "--- the body was not recorded"
        return
    # Hidden before it is cut: half a secret would not be recognised.
    left = b"" if limit is None else body[limit + MARGIN :]
    body = secrets.hide_bytes(body[: len(body) - len(left)])
    part = body if limit is None else _cut(body, limit)
    text = indented(body) if part == body else part.decode("utf-8", "backslashreplace")
    if text:
        yield from (f"{mark} {printable(line)}".rstrip() for line in text.split("\n"))
    if part != body:
        yield f"--- and {len(body) - len(part) + len(left):,} more bytes"


def _phrase(status: int) -> str:
    try:
        return http.HTTPStatus(status).phrase
    except ValueError:
        return ""


def indented(body: bytes) -> str:
    """Return `body` as text, JSON in a usual spelling laid out to be read."""
    payload, faults = strict_json.decode(body) if len(body) <= SHORT else (None, [])
    plain = () if payload is None or faults else (compact(payload), json.dumps(payload).encode())
    if body not in plain:
        return body.decode("utf-8", "backslashreplace")
    return json.dumps(payload, indent=2, ensure_ascii=False)


def _cut(body: bytes, limit: int) -> bytes:
    """Return the first `limit` bytes, or up to three less: no character is cut in two."""
    end = limit
    while limit - end < 3 and end < len(body) and body[end] & 0xC0 == 0x80:  # noqa: PLR2004 - UTF-8
        end -= 1
    return body[:end]
