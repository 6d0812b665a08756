"""An implementation in this process, and the items that check it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.inner_runs import run

if TYPE_CHECKING:
    import pytest


WSGI = "tests.support.implementations.wsgi_app"


def names(pytester: pytest.Pytester) -> list[str]:
    """Return the names of all items of the contract."""
    result = run(pytester, f"--enkash-app={WSGI}:app", "--co", "-q")
    return [line for line in result.outlines if line.startswith("enkash contract::")]
