"""The records that lines of logs hold."""

from __future__ import annotations

from typing import Any

import pytest

from enkash_contract.traffic.gateways.lines import lines, nginx_lines


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"message": '{"a": 1}'}, {"a": 1}),
        ({"log": ' {"a": 1}\n', "stream": "stdout"}, {"a": 1}),
        ({"message": "started"}, {"message": "started"}),
        ({"message": "{torn"}, {"message": "{torn"}),
        (7, 7),
    ],
)
def test_an_object_in_a_text_is_read(value: Any, found: Any) -> None:
    """Collectors keep the line of a log as text."""
    assert [*lines(value)] == [("", found)]


REQUEST = {"request_method": "POST", "request_uri": "/", "status": "200"}
GARBAGE = {"request": "", "request_method": "", "request_uri": "-", "status": "400"}


@pytest.mark.parametrize(
    ("value", "places"),
    [
        ([REQUEST, GARBAGE, REQUEST], ["[0]", "[2]"]),
        (GARBAGE, []),
        # A log of other names may hold anything.
        ({"status": "400"}, [""]),
        ({"request": "", "uri": "/"}, [""]),
        ({"request": []}, [""]),
        (7, [""]),
    ],
)
def test_what_nginx_could_not_read_is_no_request(value: Any, places: list[str]) -> None:
    """It logs the noise of the internet too: TLS to the wrong port, and connections that end."""
    assert [place for place, _ in nginx_lines(value)] == places
