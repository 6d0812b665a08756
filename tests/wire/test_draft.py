"""A request under construction: labels, path, and length."""

from __future__ import annotations

import pytest

from enkash_contract.wire.draft import Draft
from enkash_contract.wire.message import Request
from enkash_contract.wire.spelling import JSON

BODY = b'{"a":1}'
RIGHT = Draft("POST", JSON, BODY, "/v0/change")
LABEL = ("Content-Type", JSON)


@pytest.mark.parametrize(
    ("wire", "headers"),
    [
        (RIGHT, (LABEL,)),
        (RIGHT.but(content_type=None), ()),
        (RIGHT.but(repeated=(JSON, "text/plain")), (LABEL, LABEL, ("Content-Type", "text/plain"))),
        (RIGHT.but(content_type=None, repeated=("a/b",)), (("Content-Type", "a/b"),)),
        (RIGHT.but(fields=(("Expect", "x"),)), (LABEL, ("Expect", "x"))),
    ],
)
def test_labels_are_sent_in_their_order(wire: Draft, headers: tuple[tuple[str, str], ...]) -> None:
    """Each label is a field of its own, the first one first; without one there is no field."""
    assert wire.headers == headers
    assert wire.request("/v0/change") == Request("POST", "/v0/change", headers, BODY)


OTHER = "/v0//change"


@pytest.mark.parametrize(
    ("path", "url", "sent_to"),
    [
        ("/v0/change", None, "/v0/change"),
        ("/v0/change", "http://h/v0/change", "http://h/v0/change"),
        ("/v0/change", "http://h/v0/change?key=1", "http://h/v0/change?key=1"),
        ("/v0/change", "http://h/base/v0/change", "http://h/base/v0/change"),
        ("", "http://h/anything?key=1", "http://h/anything?key=1"),
        (OTHER, None, OTHER),
        (OTHER, "http://h/v0/change", f"http://h{OTHER}"),
        (OTHER, "http://h:1/base/v0/change?to=/v0/change", f"http://h:1/base{OTHER}?to=/v0/change"),
        (OTHER, "http://h/v0/change?", f"http://h{OTHER}?"),
        # Only what stands at the end is the operation's path.
        (OTHER, "http://h/v0/change/v0/change?a=b?c", f"http://h/v0/change{OTHER}?a=b?c"),
    ],
)
def test_a_request_is_sent_to_its_own_path(path: str, url: str | None, sent_to: str) -> None:
    """Another path takes the place of the operation's; host, what is before it and query stay."""
    wire = RIGHT.but(path=path)

    assert wire.request("/v0/change", url) == Request("POST", sent_to, (LABEL,), BODY)


def test_a_request_may_be_sent_without_its_length() -> None:
    """What is not sized stays so, and everything is sized unless it is said."""
    assert RIGHT.request("/a").sized
    assert RIGHT.but(sized=False, body=b"").request("/a") == Request(
        "POST", "/v0/change", (LABEL,), b"", sized=False
    )


def test_parts_are_changed_in_a_copy() -> None:
    """The request that another one is made of stays as it is."""
    other = RIGHT.but(method="PUT", path="/x")

    assert other == Draft("PUT", JSON, BODY, "/x")
    assert Draft("POST", JSON, BODY, "/v0/change", (), sized=True) == RIGHT
