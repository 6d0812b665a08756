"""Requests and responses without an HTTP library: what is read off them, what stays hidden."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.wire.message import (
    Interaction,
    Request,
    Response,
    header,
    media_type,
    shown_url,
)

SECRET = (("Authorization", "Bearer hidden"), ("Cookie", "session=hidden"))
NAME = st.text("abcXYZ-", min_size=1)


@given(st.lists(st.tuples(NAME, st.text())), NAME)
def test_a_header_is_found_whatever_its_case(others: list[tuple[str, str]], name: str) -> None:
    """The first header of that name counts, however its letters are written."""
    headers = (*[(key, value) for key, value in others if key.lower() != name.lower()],)
    assert header(headers, name) is None
    both = (*headers, (name.swapcase(), "first"), (name, "second"))
    assert header(both, name) == "first"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("application/json", "application/json"),
        ("Application/JSON; charset=utf-8", "application/json"),
        (" text/plain ;", "text/plain"),
        ("", ""),
    ],
)
def test_a_media_type_has_no_parameters(value: str, expected: str) -> None:
    """Only the type counts, in lower case and without what follows the semicolon."""
    assert media_type((("Content-Type", value),)) == expected


def test_without_the_header_there_is_no_media_type() -> None:
    """A missing label is None, which is not the empty label."""
    assert media_type(SECRET) is None


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://me:hidden@example.com:8443/a?key=hidden#hidden", "https://example.com:8443/a"),
        ("http://example.com", "http://example.com"),
        ("/a/b?key=hidden", "/a/b"),
        ("http://me:hid/den@example.com/a", "http://example.com/a"),
        ("http://me:hid#den@example.com", "http://example.com"),
        ("http://example.com:80/a@b", "http://example.com:80/a@b"),
        ("http://[::1]:80/a@b", "http://[::1]:80/a@b"),
        ("", ""),
    ],
)
def test_a_url_is_shown_without_its_secrets(url: str, shown: str) -> None:
    """User, password, query and fragment may all be secret; host and path say enough."""
    assert shown_url(url) == shown


def test_nothing_secret_is_in_the_repr_of_an_interaction() -> None:
    """Headers, bodies, credentials and queries stay out of logs and assertion messages."""
    request = Request("POST", "https://me:hidden@example.com/a?b=hidden", SECRET, b"hidden")
    response = Response(200, SECRET, b"hidden!")
    assert (
        repr(Interaction(request, response, source="a.har"))
        == "Interaction(request=<Request POST https://example.com/a, 6 bytes>, "
        "response=<Response 200, 7 bytes>, error=None, aborted=False, source='a.har')"
    )


def test_a_body_that_was_not_recorded_is_not_an_empty_one() -> None:
    """The repr tells the two apart."""
    assert [
        repr(one)
        for one in (
            Request("GET", "/a", body=None),
            Request("GET", "/a"),
            Response(204, body=None),
            Response(204),
        )
    ] == [
        "<Request GET /a, body not recorded>",
        "<Request GET /a, 0 bytes>",
        "<Response 204, body not recorded>",
        "<Response 204, 0 bytes>",
    ]


def test_the_path_is_the_path_alone() -> None:
    """Matching a request to an operation looks at neither host nor query."""
    assert Request("POST", "https://example.com/a/b?c=/d").path == "/a/b"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://me:secret@h/v0//invoice", "https://h/v0//invoice"),
        ("me:secret@h//v0", "h//v0"),
        ("https://h//v0//x?key=secret", "https://h//v0//x"),
    ],
)
def test_doubled_slashes_hide_no_user(url: str, shown: str) -> None:
    """Wherever a path has two slashes, the user before it is not shown."""
    assert shown_url(url) == shown
