"""What the tests of the plugin share."""

from __future__ import annotations

import pytest

from tests.support.inner_runs import LAX


@pytest.fixture
def lax(pytester: pytest.Pytester) -> pytest.Pytester:
    """Provide an implementation that takes any buyer, in `lax:app`."""
    pytester.syspathinsert()
    pytester.makepyfile(lax=LAX)
    return pytester
