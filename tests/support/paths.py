"""Where the files that tests read stand."""

from __future__ import annotations

from pathlib import Path

TESTS = Path(__file__).parents[1]
ROOT = TESTS.parent
DOCUMENT = ROOT / "openapi" / "enkash.yaml"
RECORDINGS = TESTS / "recordings"
SNAPSHOTS = TESTS / "snapshots"
TOOLS = TESTS / "tools"
