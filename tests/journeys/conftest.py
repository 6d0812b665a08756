"""Coverage rests in all journeys: they are long, and what they cover shorter tests cover too."""

from __future__ import annotations

from pathlib import Path

import pytest

JOURNEYS = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder; the hook is called with those of all folders."""
    for item in items:
        if JOURNEYS in item.path.parents:
            item.add_marker(pytest.mark.unmeasured)
