"""The note on a baseline that was not accepted: why nothing follows from it, and how to mend that.

Such a response often comes from something before the implementation, which says in a page of its
own what it wants, or where the implementation is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from enkash_contract.contract.routing import match_path
from enkash_contract.engine.transport.address import IN_PROCESS
from enkash_contract.errors import printable
from enkash_contract.secrets.redaction import BY_NAME
from enkash_contract.wire.message import header, shown_url
from enkash_contract.wire.page import visible_text

if TYPE_CHECKING:
    from enkash_contract.contract.operation import Operation
    from enkash_contract.secrets.redaction import Secrets
    from enkash_contract.validation.outcome import Outcome
    from enkash_contract.wire.message import Interaction, Request, Response

REDIRECTION = 3
"""The first digit of statuses that send a client elsewhere."""

FORBIDDEN = 403

QUOTED = 160
"""The most characters of a page that are quoted."""

_CREDENTIALS = (
    "the credentials were rejected",
    "pass them with -H 'Authorization: …', --bearer-env or --token-command",
)

_REMEDIES = {
    304: (
        "a cache responded in the target's place",
        "check the address, or go around the cache",
    ),
    401: _CREDENTIALS,
    403: _CREDENTIALS,
    404: (
        "nothing is served at that address, or no such invoice",
        "check the address, or vouch for an invoice with --base FILE",
    ),
    407: (
        "the proxy wants credentials",
        "give them in its address, --proxy http://USER:PASSWORD@HOST",
    ),
    408: ("the target is busy", "try again later"),
}
"""The meaning of statuses that say nothing about the payload, and what helps."""


def baseline_note(
    operation: Operation, outcome: Outcome, interaction: Interaction, response: Response
) -> str:
    """Explain why nothing follows from the `response` to the baseline, and how to mend it."""
    secrets = interaction.secrets or BY_NAME
    page = _quoted(response, secrets)
    came = f"the response to the baseline was {response.status}"
    if outcome == "rejected":
        why = "the baseline was rejected, so a rejection of anything else proves nothing"
        mend = "vouch for a request that is accepted: --base FILE, or --pin /pointer=value"
    elif outcome == "error":
        why = f"{came}, so nothing was sent after it"
        mend = "mend the server, or try again later"
    elif response.status == FORBIDDEN and page:
        # Forgery protection and firewalls forbid as well, and no credentials help there.
        why, page = f"{came}, with a page: {page}", ""
        mend = f"mend that, or where credentials are missing, {_CREDENTIALS[1]}"
    elif response.status in _REMEDIES:
        meaning, mend = _REMEDIES[response.status]
        why = f"{came}: {meaning}"
    elif response.status // 100 == REDIRECTION:
        where, mend = _elsewhere(operation, interaction.request, response, secrets)
        why, page = f"{came}: {where}", ""
    else:
        why = f"{came} in a way the document does not know"
        mend = "see the findings on the response, or describe it in an overlay's x-outcome"
    return f"{why}{f' (it says {page})' if page else ''}; {mend}"


def _quoted(response: Response, secrets: Secrets) -> str:
    """Quote the beginning of a page, without secrets, on one line; "" for what is no page."""
    # What is cut may be a part of a secret, which nobody could find any more.
    text = printable(secrets.hide(visible_text(response)))
    cut = text if len(text) <= QUOTED else f"{text[: QUOTED - 1]}…"
    return f'"{cut}"' if cut else ""


def _elsewhere(
    operation: Operation, request: Request, response: Response, secrets: Secrets
) -> tuple[str, str]:
    """Return where a redirection leads, and what to do about it."""
    location = header(response.headers, "location")
    if location is None:
        return "the target is somewhere else, and no Location says where", "ask its operator"
    try:
        there = urljoin(request.url, location)
        is_whole = match_path(operation, there) != "other"
    except ValueError:
        there, is_whole = location, False
    in_process = there.startswith(IN_PROCESS)
    shown = printable(secrets.hide(shown_url(there.removeprefix(IN_PROCESS))))
    if there == request.url:
        return "the target redirects to the same address", "see what it wants there with -v"
    if not is_whole:
        mend = "log in, or give the address at which the operation is served"
        return f"the target redirects to {shown}, which is not the operation's address", mend
    if in_process:
        mend = "serve the application at an address, and give that with this path"
        return f"the application redirects to {shown}", mend
    query = ", with its query" if urlsplit(there).query else ""
    return f"the target redirects to {shown}", f"give that address as TARGET{query}"
