"""Whether this is CI."""

from __future__ import annotations

import pytest

from enkash_contract.report.ci import is_ci


@pytest.mark.parametrize(("value", "expected"), [("", False), ("0", False), ("True", True)])
def test_the_variable_may_say_no(
    value: str,
    expected: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not every value means that it is."""
    monkeypatch.setenv("CI", value)
    assert is_ci() is expected
