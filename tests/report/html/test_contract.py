"""The contract for people."""

from __future__ import annotations

from click.testing import CliRunner

from enkash_contract.cli.main import main
from enkash_contract.contract.contract import bundled
from enkash_contract.report.html.contract import text
from tests.support.pages import Reader


def test_every_rule_is_shown() -> None:
    """Each rule of each member, with its demand, its evidence and its twins."""
    page = Reader(text(bundled(), "sibling"))
    rules = [each for each in page.named("li") if each.get("class") == "rule"]

    assert len(rules) == sum(len(operation.rules) for operation in bundled().values())
    assert (
        "pattern must match ^[INV]{3}[A-Za-z0-9]{32}$ sibling ( api-10664764 , read 2026-11-22)"
    ) in page.text
    assert "content-type must be labelled application/json documented" in page.text
    assert "; that a receiver must reject what breaks it: assumed ·" in page.text
    assert "Valid: the baseline" in page.text
    assert bundled().document.sha256 in page.text
    assert "rules on sibling evidence or stronger fail a build" in page.text


def test_the_command() -> None:
    """It prints the page, with the level that was asked for."""
    result = CliRunner().invoke(main, ["document", "--format", "html", "--fail-on", "example"])

    assert result.exit_code == 0
    assert result.output.startswith("<!DOCTYPE html>")
    assert "rules on example evidence or stronger fail a build" in result.output
