"""A response in words: its shape, and none of its values."""

from __future__ import annotations

import pytest

from enkash_contract.engine.probing.shape import shape_of
from enkash_contract.wire.message import Interaction, Request, labelled

JSON = "application/json"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "no body"),
        (b"{", "a body that is not JSON"),
        (b"{}", "an object without members"),
        (b'[{"a": 1}]', "an array"),
        (b"null", "null"),
        (
            b'{"a": 1, "b": true, "c": 1.5, "d": "x", "e": {}, "f": [], "g": null}',
            "an object with a (an integer), b (a boolean), c (a number), d (a string), "
            "e (an object), f (an array), g (null)",
        ),
    ],
)
def test_bodies_are_named_by_their_types(body: bytes, said: str) -> None:
    """Members are named in their order."""
    response = labelled(200, JSON, body)
    assert shape_of(Interaction(Request("POST", "/x"), response)) == f"200, {JSON}, {said}"


def test_only_some_members_are_named() -> None:
    """However many there are."""
    body = "{" + ", ".join(f'"m{n}": 1' for n in range(22)) + "}"
    shown = shape_of(Interaction(Request("POST", "/x"), labelled(200, JSON, body.encode())))
    assert shown.endswith("m19 (an integer) and 2 more")


def test_a_response_may_have_no_label_or_not_be_there() -> None:
    """That is told as well."""
    assert shape_of(Interaction(Request("POST", "/x"), labelled(400, None, b""))) == (
        "400, no media type, no body"
    )
    assert shape_of(Interaction(Request("POST", "/x"), None, "gone")) == "no response"


def test_secrets_that_a_server_echoes_are_hidden() -> None:
    """In the name of a member, or in a label."""
    request = Request("POST", "/x", (("Authorization", "Bearer s3cr3t-t0ken-of-ours"),))
    response = labelled(200, "text/s3cr3t-t0ken-of-ours", b'{"s3cr3t-t0ken-of-ours": 1}')
    assert "s3cr3t" not in shape_of(Interaction(request, response))
