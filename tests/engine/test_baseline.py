"""The note on a baseline that was not accepted: what it says, and that its advice works."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.contract.contract import bundled
from enkash_contract.engine.baseline import baseline_note
from enkash_contract.secrets.redaction import Secrets
from enkash_contract.wire.message import Interaction, Request, Response, labelled

OPERATION = bundled().pick()
URL = f"http://h/v1{OPERATION.path}"
CREDENTIALS = (
    "the credentials were rejected; pass them with -H 'Authorization: …', --bearer-env or "
    "--token-command"
)


@pytest.mark.parametrize(
    ("outcome", "status", "note"),
    [
        (
            "rejected",
            400,
            "the baseline was rejected, so a rejection of anything else proves nothing; vouch for "
            "a request that is accepted: --base FILE, or --pin /pointer=value",
        ),
        (
            "error",
            500,
            "the response to the baseline was 500, so nothing was sent after it; mend the server, "
            "or try again later",
        ),
        ("unknown", 401, f"the response to the baseline was 401: {CREDENTIALS}"),
        ("unknown", 403, f"the response to the baseline was 403: {CREDENTIALS}"),
        (
            "unknown",
            404,
            "the response to the baseline was 404: nothing is served at that address, or no such "
            "invoice; check the address, or vouch for an invoice with --base FILE",
        ),
        (
            "unknown",
            407,
            "the response to the baseline was 407: the proxy wants credentials; give them in its "
            "address, --proxy http://USER:PASSWORD@HOST",
        ),
        (
            "unknown",
            408,
            "the response to the baseline was 408: the target is busy; try again later",
        ),
        (
            "unknown",
            307,
            "the response to the baseline was 307: the target is somewhere else, and no Location "
            "says where; ask its operator",
        ),
        (
            "unknown",
            304,
            "the response to the baseline was 304: a cache responded in the target's place; check "
            "the address, or go around the cache",
        ),
        (
            "unknown",
            200,
            "the response to the baseline was 200 in a way the document does not know; see the "
            "findings on the response, or describe it in an overlay's x-outcome",
        ),
    ],
)
def test_a_baseline_is_explained(outcome: Any, status: int, note: str) -> None:
    """A rejection, a crash, a status that says nothing, and a response nobody has described."""
    assert noted(Response(status), outcome) == note


def noted(
    response: Response, outcome: Any = "unknown", *, url: str = URL, secrets: Secrets | None = None
) -> str:
    """Return the note on a response to the baseline."""
    interaction = Interaction(Request("POST", url), response, secrets=secrets)
    return baseline_note(OPERATION, outcome, interaction, response)


def redirected(location: str, *, url: str = URL) -> str:
    """Return what is said of a redirection, after the status."""
    note = noted(Response(308, (("Location", location),)), url=url)
    return note.removeprefix("the response to the baseline was 308: ")


@pytest.mark.parametrize(
    ("location", "address"),
    [
        (f"{URL}/", f"{URL}/"),
        (f"/v2{OPERATION.path}", f"http://h/v2{OPERATION.path}"),
        (f"//www.h{OPERATION.path}", f"http://www.h{OPERATION.path}"),
        (f"https://u:canary@h{OPERATION.path}#canary", f"https://h{OPERATION.path}"),
        (OPERATION.path.upper(), f"http://h{OPERATION.path.upper()}"),
        (f"https://\u202eh{OPERATION.path}", rf"https://\u202eh{OPERATION.path}"),
    ],
)
def test_a_redirection_is_an_address_to_give(location: str, address: str) -> None:
    """It is whole, whatever the Location leaves out, and holds nothing secret."""
    assert redirected(location) == (
        f"the target redirects to {address}; give that address as TARGET"
    )


def test_the_query_of_a_redirection_is_not_shown() -> None:
    """A key may stand in it, but without it the address would be another."""
    assert redirected(f"https://h{OPERATION.path}?key=canary") == (
        f"the target redirects to https://h{OPERATION.path}; give that address as TARGET, with its "
        "query"
    )


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        ("/login?next=/", "http://h/login"),
        ("mailto:canary", "mailto:canary"),
        ("http://[h", "http://[h"),
    ],
)
def test_a_redirection_to_another_operation(location: str, shown: str) -> None:
    """To give that address as the target would help nobody."""
    assert redirected(location) == (
        f"the target redirects to {shown}, which is not the operation's address; log in, or give "
        "the address at which the operation is served"
    )


def test_a_redirection_to_itself() -> None:
    """The address is the one that was given."""
    assert redirected(URL) == (
        "the target redirects to the same address; see what it wants there with -v"
    )


def test_a_redirection_of_an_application_in_this_process() -> None:
    """It has no address, so its path is named."""
    assert redirected(f"{OPERATION.path}/", url=f"http://in-process{OPERATION.path}") == (
        f"the application redirects to {OPERATION.path}/; serve the application at an address, and "
        "give that with this path"
    )


CSRF = b"""<!DOCTYPE html>
<html><head><title>403 Forbidden</title><style>p { color: red }</style></head>
<body><!-- a comment --><h1>Forbidden <span>(403)</span></h1>
<p>CSRF verification failed. Request&nbsp;aborted.</p></body></html>"""


def test_a_page_that_forbids_is_quoted() -> None:
    """Credentials may have nothing to do with it."""
    response = labelled(403, "text/html; charset=utf-8", CSRF)
    assert noted(response) == (
        'the response to the baseline was 403, with a page: "Forbidden (403) CSRF verification '
        'failed. Request aborted."; mend that, or where credentials are missing, pass them with '
        "-H 'Authorization: …', --bearer-env or --token-command"
    )


def test_any_other_page_is_quoted_too() -> None:
    """Whoever wrote it may say why, and a status alone does not."""
    response = labelled(400, "text/plain", b"The CSRF token\nis missing.\x1b[0m")
    assert noted(response, "rejected") == (
        "the baseline was rejected, so a rejection of anything else proves nothing (it says "
        '"The CSRF token is missing.\\x1b[0m"); vouch for a request that is accepted: '
        "--base FILE, or --pin /pointer=value"
    )


@given(st.binary(max_size=400), st.sampled_from([401, 403, 404, 422]))
def test_a_page_is_quoted_on_one_printable_line_without_secrets(body: bytes, status: int) -> None:
    """Whatever it holds, and however long it is."""
    secrets = Secrets()
    secrets.add_header("Authorization", "Bearer canary-0123456789")
    page = b"<p>canary-0123456789</p>" + body * 3
    note = noted(labelled(status, "text/html", page), secrets=secrets)
    assert note.isprintable()
    assert "canary-0123456789" not in note
    assert len(note) < 600
    assert re.match(r"the response to the baseline was \d+", note)
