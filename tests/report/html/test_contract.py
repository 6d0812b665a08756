"""The contract for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from enkash_contract.cli.main import main
from enkash_contract.contract.contract import bundled
from enkash_contract.report.html.contract import text
from tests.support.pages import Reader
from tests.support.second_document import second

if TYPE_CHECKING:
    from pathlib import Path


def test_every_rule_is_shown(tmp_path: Path) -> None:
    """Each rule of each member, of all operations."""
    contract = second(tmp_path)
    page = Reader(text(contract, "sibling"))
    rules = [each for each in page.named("li") if each.get("class") == "rule"]

    assert len(rules) == sum(len(operation.rules) for operation in contract.values())
    assert "Valid: the baseline" in page.text
    assert contract.document.sha256 in page.text
    assert "rules on sibling evidence or stronger fail a build" in page.text


@pytest.mark.slow
def test_the_whole_portal_is_shown() -> None:
    """With the demand of each rule, its evidence and its twins."""
    page = Reader(text(bundled(), "sibling"))
    rules = [each for each in page.named("li") if each.get("class") == "rule"]

    assert len(rules) == sum(len(operation.rules) for operation in bundled().values())
    assert (
        "pattern must match ^[INV]{3}[A-Za-z0-9]{32}$ sibling ( api-10664764 , read 2026-11-22)"
    ) in page.text
    assert "content-type must be labelled application/json documented" in page.text
    assert "; that a receiver must reject what breaks it: assumed ·" in page.text


def test_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """It prints the page, with the level that was asked for."""
    shown: list[object] = []

    def page(contract: object, level: str) -> str:
        shown.extend((contract, level))
        return "<!DOCTYPE html>"

    monkeypatch.setattr("enkash_contract.report.html.contract.text", page)
    result = CliRunner().invoke(main, ["document", "--format", "html", "--fail-on", "example"])

    assert (result.exit_code, result.output) == (0, "<!DOCTYPE html>\n")
    assert shown == [bundled(), "example"]
