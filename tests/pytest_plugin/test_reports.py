"""Reports of tests: they bring the findings, and are named so that pytest finds an item again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from tests.support.client_runs import write
from tests.support.inner_runs import run
from tests.support.item_runs import BUYER, FINGERPRINT, REQUIRED

if TYPE_CHECKING:
    import pytest


def test_findings_on_requests_of_clients_are_in_the_reports(pytester: pytest.Pytester) -> None:
    """A finding is reproduced by its test, and has no address of a server that is gone."""
    write(
        pytester,
        """
def test_it(enkash_sandbox):
    post(enkash_sandbox, payload(buyerB2BId=5))
    enkash_sandbox.answers("error", "rejected")
    post(enkash_sandbox, payload())
    post(enkash_sandbox, payload())
    requests.get(enkash_sandbox.url + "/health")
""",
    )
    run(pytester, "--enkash-report=json=result.json").assert_outcomes(passed=1, errors=1)
    text = (pytester.path / "result.json").read_text(encoding="utf-8")
    data = json.loads(text)
    (found,) = data["findings"]
    assert "127.0.0.1" not in text
    assert (data["target"], data["exit"]) == ("enkash_sandbox", 1)
    assert (data["cases"]["held"], data["cases"]["violations"]) == (2, 1)
    assert (found["check"], found["rule"], found["source"], found["reproduce"]) == (
        "request_schema_conformance",
        "request/b2bIds/buyerB2BId#type",
        "test_it.py::test_it",
        "pytest test_it.py::test_it",
    )


def test_failed_items_are_run_again(lax: pytest.Pytester) -> None:
    """--lf chooses, --ff orders, and -x stops, as for functions."""
    lax.makepyfile("def test_own(): pass")
    words = ["--enkash-app=lax:app", "-k", "own or (buyerB2BId and not pattern)"]
    first = run(lax, *words, cache=True)
    again = run(lax, *words, "--lf", cache=True)
    before = run(lax, *words, "--ff", "--co", "-q", cache=True)
    stopped = run(lax, *words, "-x", "-q", "--durations=0", "--durations-min=0", cache=True)

    first.assert_outcomes(passed=3, failed=2, deselected=117)
    again.assert_outcomes(failed=2, deselected=120)
    assert "run-last-failure: rerun previous 2 failures" in again.outlines
    assert before.outlines[:3] == [
        REQUIRED,
        f"enkash contract::{BUYER}#type [reject]",
        "test_failed_items_are_run_again.py::test_own",
    ]
    stopped.assert_outcomes(passed=2, failed=1, deselected=117)
    assert "stopping after 1 failures" in "\n".join(stopped.outlines)
    assert any(line.endswith(f"call     {REQUIRED}") for line in stopped.outlines)


def test_the_junit_report_has_the_properties_of_an_item(lax: pytest.Pytester) -> None:
    """The rule, its evidence, and the fingerprint of each finding are properties."""
    run(lax, "--enkash-app=lax:app", f"--enkash-case={BUYER}#required/removed", "--junit-xml=j.xml")
    (case,) = ET.parse(lax.path / "j.xml").iter("testcase")  # noqa: S314 - pytest wrote it
    found = {element.get("name"): element.get("value") for element in case.iter("property")}

    assert (case.get("classname"), case.get("name")) == (
        "enkash contract",
        f"{BUYER}#required [reject]",
    )
    assert [*found.items()] == [
        ("rule", f"{BUYER}#required"),
        ("evidence", "sibling (api-10664764, read 2026-11-22)"),
        ("fingerprint", FINGERPRINT),
    ]
