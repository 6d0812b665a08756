"""The members of formats, where the recording says little or something odd."""

from __future__ import annotations

from typing import Any

import pytest

from enkash_contract.traffic.redacting import members
from enkash_contract.wire.message import Response


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"\xff", {"base64_string": "/w=="}),
        ({"body": {"string": b"\xff"}}, {"body": {"base64_string": "/w=="}}),
        ({"body": {"string": "x"}, "n": None}, {"body": {"string": "x"}, "n": None}),
    ],
)
def test_json_holds_bytes_in_base64(value: Any, expected: Any) -> None:
    """Everything else is as it was."""
    assert members.as_json(value) == expected


@pytest.mark.parametrize(("status", "reason"), [(404, "Not Found"), (799, "")])
def test_the_phrase_of_a_status_is_never_the_server_s(status: int, reason: str) -> None:
    """A server may write anything there."""
    assert members.reason_of(Response(status)) == reason
