"""What loading the plugin adds to the start of pytest, beside other plugins; the goal is 5 ms.

pytest tests/benchmarks/test_plugin_load.py --benchmark-only -p no:randomly

The runs take turns, so that whatever else the machine does slows all of them, and the figures are
medians of processor time. Any plugin costs pytest something, so one with nothing in it is beside.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_benchmark.fixture import BenchmarkFixture

PLUGINS = {
    "none": [],
    "empty": ["-p", "empty"],
    "enkash_contract": ["-p", "enkash_contract.pytest_plugin"],
    "pytest-recording": ["-p", "pytest_recording.plugin"],
    "hypothesis": ["-p", "_hypothesis_pytestplugin"],
    "schemathesis": ["-p", "schemathesis.pytest.plugin"],
}
TURNS = 40


def _start(name: str, folder: Path) -> float:
    """Run one empty test with a plugin that it does not use; return milliseconds of a processor."""
    words = ["-m", "pytest", "-q", "-p", "no:cacheprovider", *PLUGINS[name]]
    # Byte code is written, as wherever pytest is installed.
    kept = {one: value for one, value in os.environ.items() if one != "PYTHONDONTWRITEBYTECODE"}
    environment = kept | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(folder)}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, *words], cwd=folder, env=environment, check=True, capture_output=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent * 1000


@pytest.mark.benchmark(group="start of pytest")
def test_start(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    """The figures stand in `extra_info`; what is timed is a run with this package's plugin."""
    (tmp_path / "test_own.py").write_text("def test_own():\n    pass\n")
    (tmp_path / "empty.py").touch()
    turns = [{name: _start(name, tmp_path) for name in PLUGINS} for _ in range(TURNS)]
    spent = {name: statistics.median(one[name] for one in turns[2:]) for name in PLUGINS}
    for name in PLUGINS:
        benchmark.extra_info[f"ms with {name}"] = round(spent[name], 1)
    benchmark.extra_info["ratio to none"] = round(spent["enkash_contract"] / spent["none"], 3)
    benchmark.pedantic(_start, ("enkash_contract", tmp_path), rounds=5)  # type: ignore[no-untyped-call]  # the fixture is not annotated there
