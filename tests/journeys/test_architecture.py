"""The map of the project: every path it names is there, every room is drawn."""

from __future__ import annotations

import re
import tomllib

from tests.support.paths import ROOT

TEXT = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
ROOMS = re.compile(r"^([a-z_| ]+?)  +\w", re.MULTILINE)


def test_every_path_leads_to_a_file() -> None:
    """A module that moves takes its line in the map with it; `x.py beside it` is a neighbour."""
    named = re.findall(r"`((?:enkash_contract|tests|openapi)/[\w./]*)`", TEXT)
    assert [path for path in named if not (ROOT / path).exists()] == []
    assert len(named) > 20


def test_neighbours_are_there() -> None:
    """A bare file name in a row stands in the folder of the row's first path."""
    missing = []
    for row in TEXT.splitlines():
        first, *others = re.findall(r"`([\w./]+\.py)`", row) or [""]
        bare = [path for path in others if "/" not in path]
        missing += [path for path in bare if not (ROOT / first).with_name(path).exists()]
    assert missing == []


def test_the_layers_are_those_that_are_enforced() -> None:
    """The drawing and the contract of import-linter name the same rooms in the same order."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    drawn = [line.strip() for line in ROOMS.findall(TEXT.split("```")[1].removeprefix("text"))]
    assert drawn == layers[1:]


def test_it_stays_short() -> None:
    """A map of more than eighty lines is not looked at."""
    assert len(TEXT.splitlines()) <= 80
