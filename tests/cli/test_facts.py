"""The facts of a run, as reports have them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.support.typed_commands import typed

if TYPE_CHECKING:
    from pathlib import Path

QUICK = ("check", "--only", "request#method")


def run_of(path: Path, *words: str) -> dict[str, Any]:
    """Return the facts that the report of a command holds."""
    file = path / "a.json"
    typed(*words, "--report", f"json={file}")
    run: dict[str, Any] = json.loads(file.read_text())["runs"][0]
    return run


def test_the_options_that_are_not_as_usual(tmp_path: Path) -> None:
    """Nothing secret among them, and not where the report was written to."""
    words = ("-H", "X-Key: canary-5", "--pin", "/b2bIds/buyerB2BId=BUYER-1", "--fail-on", "example")
    run = run_of(tmp_path, *QUICK, "--no-config", *words)

    assert run["command"] == "check"
    assert run["fail_on"] == "example"
    assert run["options"] == [
        ["--pin", "/b2bIds/buyerB2BId=BUYER-1"],
        ["--only", "request#method"],
        ["--header", "X-Key: ***"],
        ["--fail-on", "example"],
    ]
    assert run["started"] <= run["finished"]
    assert run["seconds"] >= 0


def test_the_waivers_and_the_file_that_holds_them(tmp_path: Path) -> None:
    """Each with its reason, its day and its place."""
    file = tmp_path / "mine.toml"
    file.write_text('[[waiver]]\nrule = "request/*"\nreason = "agreed"\nuntil = 2999-01-31\n')
    run = run_of(tmp_path, *QUICK, "--config", str(file))

    assert run["options"][0] == ["--config", str(file)]
    assert [(each["rule"], each["reason"], each["until"]) for each in run["waivers"]] == [
        ("request/*", "agreed", "2999-01-31")
    ]
