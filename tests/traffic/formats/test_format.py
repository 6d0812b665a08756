"""A format is plain data that nothing changes."""

from __future__ import annotations

import dataclasses

import pytest

from enkash_contract.traffic.formats import har


def test_a_format_is_not_changed() -> None:
    """Whoever wants another one makes it anew."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        har.FORMAT.name = "other"  # type: ignore[misc]  # which is what is tested
