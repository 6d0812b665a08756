"""The options of a command that fuzzes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.typed_commands import said, typed

if TYPE_CHECKING:
    from pathlib import Path

FEW = ("check", "--only", "request#method", "-q")


@pytest.mark.parametrize(("option", "value"), [("--seed", "1"), ("--database", "kept")])
def test_an_option_that_would_do_nothing_is_refused(
    option: str, value: str, tmp_path: Path
) -> None:
    """Nobody should believe that a run has fuzzed; a file may hold the options for other runs."""
    assert said(typed(*FEW, option, value)) == (
        2,
        "",
        f"error: {option} is of --fuzz SECONDS|N; give that as well\n",
    )
    file = tmp_path / "a.toml"
    file.write_text(f"[check]\n{option[2:]} = {value if value.isdigit() else repr(value)}\n")
    assert typed(*FEW, "--config", file).exit_code == 0
