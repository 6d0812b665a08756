"""A rule that pages contradict each other about: shown with all sources, and fatal to nobody."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import enkash_contract as ec
from enkash_contract.wire.message import JSON, Request
from tests.support.typed_commands import said, typed

if TYPE_CHECKING:
    from pathlib import Path

RULE = "request/invoiceStatus/supplierAction#maxLength"
OVERLAY = """overlay: 1.0.0
info: {title: Two pages, version: 1.0.0}
actions:
  - target: $['x-sources']
    update:
      page-1: {read: 2026-11-20, shows: At most 6 characters.}
      page-2: {read: 2026-11-21, shows: At most 60 characters.}
  - target: $.components.schemas.InvoiceStatus.properties.supplierAction
    update: {maxLength: 6, x-evidence: {maxLength: disputed page-1 page-2}}
"""
BASIS = "disputed (page-1, read 2026-11-20; page-2, read 2026-11-21)"


@pytest.fixture
def overlay(tmp_path: Path) -> Path:
    """Return an overlay in which two pages do not agree."""
    path = tmp_path / "pages.yaml"
    path.write_text(OVERLAY, encoding="utf-8")
    return path


@pytest.fixture
def invalid(payload: Any) -> Any:
    """Return a payload that one of the two pages forbids."""
    payload["invoiceStatus"]["supplierAction"] = "CANCELLED"
    return payload


def test_a_disputed_rule_is_explained_by_all_its_sources(overlay: Path) -> None:
    """Each source is named beside what it shows."""
    shown = typed("explain", RULE, "--overlay", str(overlay)).stdout
    assert f"  evidence  {BASIS}\n" in shown
    assert "  because   page-1: At most 6 characters.\n  but       page-2: At most 60 " in shown
    rules = typed("rules", "--overlay", str(overlay)).stdout
    assert f"{RULE} disputed page-1 page-2 must" in " ".join(rules.split())


def test_a_disputed_rule_fails_only_who_asks_for_it(
    overlay: Path, invalid: Any, tmp_path: Path
) -> None:
    """It is an assumption by default, and a level to choose like every other."""
    file = tmp_path / "payload.json"
    file.write_text(json.dumps(invalid), encoding="utf-8")
    line = f"{file}:1: assumption /invoiceStatus/supplierAction must have at most 6 characters"
    code, out, err = said(typed("validate", str(file), "--overlay", str(overlay)))
    assert (code, out.startswith(line)) == (0, True)
    assert err == "1 payload, 0 violations, 1 assumption\n"
    assert BASIS in out
    fatal = ["validate", str(file), "--overlay", str(overlay), "--fail-on"]
    codes = [typed(*fatal, level).exit_code for level in ("observed", "disputed", "assumed")]
    assert codes == [0, 1, 1]


def test_a_guard_lets_a_disputed_request_pass(overlay: Path, invalid: Any) -> None:
    """No request is stopped for what pages do not agree about, unless the user wants that."""
    contract = ec.load(overlay)
    operation = contract.pick()
    body = json.dumps(invalid).encode()
    request = Request("POST", f"http://h{operation.path}", (("Content-Type", JSON),), body)
    ec.validate_request(request, contract=contract)
    with pytest.raises(ec.ContractViolated) as raised:
        ec.validate_request(request, contract=contract, fail_on="disputed")
    assert [violation.rule.id for violation in raised.value.violations] == [RULE]


def test_a_server_that_takes_the_other_page_at_its_word_conforms(overlay: Path) -> None:
    """What it accepts is listed as an assumption, with both sources in the report."""
    contract = ec.load(overlay)
    result = ec.check_target(ec.Sandbox(contract=contract), contract=contract, only=[RULE])
    assert (result.ok, result.violations) == (True, ())
    assert {finding.evidence.as_data()["level"] for finding in result.assumptions} == {"disputed"}
    assert result.assumptions[0].evidence.as_data()["sources"] == ["page-1", "page-2"]
