"""What is never quoted needs no search for secrets."""

from __future__ import annotations

from enkash_contract.secrets.unquoted import UNQUOTED
from enkash_contract.validation.violation import shorten


def test_every_text_is_a_secret() -> None:
    """Whatever it holds and wherever it stands."""
    assert UNQUOTED.hide("GEOCODE") == "***"
    assert shorten({"a": "b"}, UNQUOTED) == "***"
    assert UNQUOTED.are_at(["device"])
