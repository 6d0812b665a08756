"""Headers are redacted unless they hold only what a program has chosen."""

from __future__ import annotations

import re

import pytest

import enkash_contract as ec
from enkash_contract.traffic.redacting.messages import Messages
from enkash_contract.traffic.redacting.texts import Texts
from enkash_contract.wire.message import Headers, Interaction, Request

OPERATION = ec.load().pick()
MESSAGES = Messages([OPERATION], Texts([OPERATION], b"salt"))


def _shown(headers: Headers, body: bytes | None = b"{}") -> Headers:
    request = Request("POST", f"https://h.example{OPERATION.path}", headers, body)
    return MESSAGES.redacted(Interaction(request, None)).request.headers


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Content-Type", "application/json; charset=UTF-8"),
        ("content-type", "text/html"),
        ("Content-Type", ""),
        ("Connection", "keep-alive, close"),
        ("Allow", "GET, POST"),
        ("Transfer-Encoding", "chunked"),
        ("Retry-After", "120"),
        ("Date", "Fri, 27 Nov 2026 19:10:14 GMT"),
        ("Content-Length", "2"),
    ],
)
def test_what_a_program_has_chosen_stays(name: str, value: str) -> None:
    """It says nothing of anybody."""
    assert _shown(((name, value),)) == ((name, value),)


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ("application/json; boundary=acme42", r"application/json; boundary=[a-z]{4}\d\d"),
        ("application/json;acme;charset=acme", r"application/json;[a-z]{4};charset=[a-z]{4}"),
        ("application/vnd.acme.v1+json", r"application/[a-z]{3}\.[a-z]{4}\.[a-z]\d\+json"),
        ("image/acme+ramesh", r"image/[a-z]{4}\+[a-z]{6}"),
        ("acme/ramesh", r"[a-z]{4}/[a-z]{6}"),
        ("acme", r"[a-z]{4}"),
    ],
)
def test_a_label_keeps_its_media_type(value: str, shape: str) -> None:
    """Its parameters, and types that nobody knows, may be somebody's."""
    ((_, after),) = _shown((("Content-Type", value),))
    assert re.fullmatch(shape, after)
    assert not re.search("acme|ramesh", after)


def test_anything_else_is_hidden() -> None:
    """In a header that is known for something else too."""
    headers = (("Connection", "X-Acme"), ("Cookie", "acme=1"), ("Date", "acme"), ("X-Acme", "acme"))
    assert {value for _, value in _shown(headers)} == {"***"}
    assert _shown((("Content-Length", "acme"),), None) == (("Content-Length", "***"),)
    assert "98765" not in _shown((("X-98765", "1"),))[0][0]


@pytest.mark.parametrize(
    "name",
    [
        *("User-Agent", "ETag", "Sec-CH-UA-Platform", "X-Amzn-Trace-Id", "X-B-Flags", "CF-Ray"),
        *(":method", "x_forwarded_for", "WWW-Authenticate", "SOAPAction", "X-Enkash-Signature"),
    ],
)
def test_names_of_headers_that_programs_have_chosen_stay(name: str) -> None:
    """They are of common words."""
    assert _shown(((name, "acme"),))[0][0] == name


def test_words_in_names_of_headers_that_may_be_somebodys_become_others() -> None:
    """Equal ones stay equal, in capitals or not; what stands around them is kept."""
    headers = (("X-Acme-Id", ""), ("x-acme-id", ""), ("X-ACME_Ramesh", ""), ("X-İşbank-7f3e", ""))
    first, same, other, beyond = (name for name, _ in _shown(headers))
    assert re.fullmatch("X-[A-Z][a-z]{3}-Id", first)
    assert same == first.lower()
    assert re.fullmatch(f"{first[:6].upper()}_[A-Z][a-z]{{5}}", other)
    assert not re.search("acme|ramesh|bank|7f3e", f"{first}{other}{beyond}", re.IGNORECASE)


def test_ids_of_requests_and_addresses_become_others() -> None:
    """Equal ones stay equal; the host is that of the address of the request."""
    headers = (
        ("Host", "H.example:81"),
        ("X-Request-Id", "acme-1234"),
        ("Location", f"https://h.example{OPERATION.path}?id=acme-1234"),
        ("Host", "[2001:db8::7]"),
    )
    host, number, location, other = (value for _, value in _shown(headers))
    assert location == f"https://{host.removesuffix(':81')}{OPERATION.path}?id={number}"
    assert MESSAGES.url("https://h.example/").startswith(f"https://{host.removesuffix(':81')}/")
    assert "2001" not in other
