"""Colours: wanted, not wanted, or left to the terminal."""

from __future__ import annotations

import pytest

from enkash_contract.cli.colours import styles


@pytest.mark.parametrize(
    ("color", "variables", "system"),
    [
        ("auto", {}, "auto"),
        (None, {}, "auto"),
        (None, {"NO_COLOR": "1"}, None),
        ("auto", {"CI": "true"}, None),
        ("auto", {"CI": "true", "FORCE_COLOR": "1"}, "auto"),
        ("never", {"FORCE_COLOR": "1"}, None),
        ("always", {"NO_COLOR": "1", "CI": "true"}, "standard"),
    ],
)
def test_the_option_comes_before_the_environment(
    color: str | None,
    variables: dict[str, str],
    system: str | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """NO_COLOR and CI count where nothing was asked for; FORCE_COLOR outdoes CI."""
    for name in ("CI", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert styles(color)["color_system"] == system
