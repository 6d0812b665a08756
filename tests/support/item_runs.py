"""The items of the contract in pytest runs of their own: an implementation that takes any buyer."""

from __future__ import annotations

BUYER = "request/b2bIds/buyerB2BId"


REQUIRED = f"enkash contract::{BUYER}#required [reject]"


CASES = 6
"""How many cases the reject item of that rule has."""
FINGERPRINT = "521bf6a7f762"
"""The fingerprint of that rule's case `removed`, the same in every run."""
CONFTEST = """
import pytest, lax

@pytest.fixture(scope="session")
def enkash_target():
    return lax.app, {"Authorization": "Bearer one"}
"""
