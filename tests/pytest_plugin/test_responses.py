"""Responses that a test passes to `check_enkash`, each judged with its request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from enkash_contract.contract import contract
from tests.support.inner_runs import run, section, summary_of

if TYPE_CHECKING:
    import pytest


TESTS_OF_A_CLIENT = """
import pytest
import enkash_contract as ec
from starlette.testclient import TestClient

PATH = "/api/v0/invoice/req-status-change-invoice"
client = TestClient(ec.Sandbox())


def test_right(check_enkash, enkash_contract):
    payload = enkash_contract.pick().request.example
    result = check_enkash(client.post(PATH, json=payload))
    assert result.count("held") == 1


def test_wrong(check_enkash):
    check_enkash(client.post(PATH, json={"device": {}}))


def test_other_path(check_enkash):
    check_enkash(client.get("/elsewhere"))


def test_preflight(check_enkash):
    with pytest.raises(ec.UsageError, match="^<Request OPTIONS .*> is a preflight"):
        check_enkash(client.options(PATH))


def test_slash(check_enkash, enkash_contract):
    payload = enkash_contract.pick().request.example
    findings = check_enkash(client.post(PATH + "/", json=payload)).findings
    assert [finding.rule for finding in findings] == ["request#path"]
"""


def test_a_response_is_judged_with_its_request(pytester: pytest.Pytester) -> None:
    """A valid pair passes, an invalid request fails, another path is a mistake of the test."""
    pytester.makepyfile(TESTS_OF_A_CLIENT)
    result = run(pytester, "-W", "ignore")
    result.assert_outcomes(passed=3, failed=2)
    first, second, third = "\n".join(section(result, "_ test_wrong _", "_ test_other")).split(
        "\n\n"
    )
    number = (
        TESTS_OF_A_CLIENT.strip()
        .splitlines()
        .index('    check_enkash(client.post(PATH, json={"device": {}}))')
    )
    assert first.splitlines() == [
        "/b2bIds is required, but missing",
        "  rule         request/b2bIds#required (request_schema_conformance)",
        "  evidence     sibling (api-10664764, read 2026-11-22)",
        "  payload      /b2bIds",
        f"  document     {contract.bundled().pick().rules['request/b2bIds#required'].place}",
        f"  checked      test_a_response_is_judged_with_its_request.py:{number + 1}: "
        'check_enkash(client.post(PATH, json={"device": {}}))',
        "  reproduce    pytest test_a_response_is_judged_with_its_request.py::test_wrong",
        "  fingerprint  097c13e5c823",
    ]
    assert [block.splitlines()[0] for block in (second, third)] == [
        f"/{name} is required, but missing" for name in ("invoiceStatus", "device/tag")
    ]
    other = section(result, "_ test_other_path _", "= enkash contract =")
    assert [line for line in other if line.startswith(("E", ">"))] == [
        '>       check_enkash(client.get("/elsewhere"))',
        "E       enkash_contract.errors.UsageError: <Request GET http://testserver/elsewhere, 0 "
        "bytes> is not for changeInvoiceStatus, which is /api/v0/invoice/req-status-change-invoice",
    ]
    assert "enkash_contract/" not in "\n".join(other)
    assert summary_of(result) == (
        "check_enkash: violates the contract; 3 checked: 1 held, 3 violations, 1 assumption, "
        "0 inconclusive; 64 rules exercised by valid requests, 4 by invalid ones"
    )
