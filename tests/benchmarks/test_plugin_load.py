"""What loading the plugin adds to the start of pytest, beside other plugins."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_benchmark.fixture import BenchmarkFixture

PLUGINS = {
    "none": [],
    "enkash_contract": ["-p", "enkash_contract.pytest_plugin"],
    "pytest-recording": ["-p", "pytest_recording.plugin"],
    "schemathesis": ["-p", "schemathesis.pytest.plugin"],
    "hypothesis": ["-p", "_hypothesis_pytestplugin"],
}


@pytest.mark.benchmark(group="start of pytest")
@pytest.mark.parametrize("name", [*PLUGINS])
def test_start(name: str, benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    """A run of one empty test, with one plugin loaded and unused."""
    (tmp_path / "test_own.py").write_text("def test_own():\n    pass\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *PLUGINS[name]]
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    benchmark.pedantic(  # type: ignore[no-untyped-call]  # the fixture is not annotated there
        lambda: subprocess.run(
            command, cwd=tmp_path, env=environment, check=True, capture_output=True
        ),
        rounds=15,
        warmup_rounds=2,
    )
