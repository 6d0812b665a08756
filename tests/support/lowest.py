"""Prints the lower bounds of pyproject.toml as constraints, so that they are tested and not hoped.

python -m tests.support.lowest > lowest.txt
"""

from __future__ import annotations

import tomllib

from tests.support.paths import ROOT


def constraints(project: dict[str, object]) -> list[str]:
    """Return `name==lower` for what the package and its pytest extra need."""
    optional = project["optional-dependencies"]
    needed = project["dependencies"]
    assert isinstance(optional, dict)
    assert isinstance(needed, list)
    return [requirement.replace(">=", "==") for requirement in [*needed, *optional["pytest"]]]


if __name__ == "__main__":
    file = ROOT / "pyproject.toml"
    print("\n".join(constraints(tomllib.loads(file.read_text(encoding="utf-8"))["project"])))  # noqa: T201
