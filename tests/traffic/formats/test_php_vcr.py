"""Cassettes of PHP-VCR: how an interaction is known."""

from __future__ import annotations

from typing import Any

import pytest

from enkash_contract.traffic.formats import php_vcr
from tests.support.recorded import URL, entry, interaction

BARE = {"method": "GET", "url": URL}


@pytest.mark.parametrize(
    "value",
    [
        {"request": {**BARE, "body": "{}"}, "response": {}},
        {"request": BARE, "response": {"body": "{}"}},
        {"request": BARE, "response": {"status": {"code": "204"}}},
    ],
)
def test_an_interaction_is_known(value: Any) -> None:
    """A body, or a status that is an object."""
    assert php_vcr.alone(value)


@pytest.mark.parametrize("value", [7, entry(), interaction(), {"request": BARE}])
def test_other_interactions(value: Any) -> None:
    """Nothing in HAR is a `body`, and vcrpy has no `url`."""
    assert not php_vcr.alone(value)
