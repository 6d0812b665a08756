"""Items of the contract: their fixtures, their names, their failures, and the options of pytest."""

from __future__ import annotations

import json
from typing import Any

import pytest

from enkash_contract.contract import contract
from enkash_contract.sandbox import server
from enkash_contract.sandbox.app import Sandbox
from tests.support.inner_runs import run, run_apart, section, sent
from tests.support.item_runs import BUYER, CASES, FINGERPRINT, REQUIRED

PLACES = {rule.id: rule.place for rule in contract.bundled().pick().rules.values()}
FAILURE = f"""\
accepted, although /b2bIds/buyerB2BId is required, but missing
  rule         request/b2bIds/buyerB2BId#required (negative_data_rejection)
  evidence     sibling (api-10664764, read 2026-11-22)
  payload      /b2bIds/buyerB2BId
  document     {PLACES[f"{BUYER}#required"]}
  reproduce    pytest --enkash-app=lax:app --enkash-case '{BUYER}#required/removed'
  fingerprint  {FINGERPRINT}
  differs      from the accepted baseline
    - "buyerB2BId": "BUYER-0001\""""


def test_a_failure_is_shown_whole(lax: pytest.Pytester) -> None:
    """The sentence comes first, then its place, then the difference; there is no frame of ours."""
    words = ["--enkash-app=lax:app", "--enkash-case", f"{BUYER}#required/removed"]
    result = run(lax, *words)
    shown = section(result, REQUIRED, "= enkash contract =")
    paragraph = section(result, "= enkash contract =", "short test summary")

    assert shown == FAILURE.splitlines()
    assert paragraph == [
        "lax:app: violates the contract; 2 checked: 1 held, 1 violation, 0 assumptions, "
        "0 inconclusive; 64 rules exercised by valid requests, 1 by invalid ones",
        "1. requests without a required member are accepted: 1 member, 1 violation (server)",
        "accepted 1 of 1 valid requests, rejected 0 of 1 invalid requests",
    ]
    result.assert_outcomes(failed=1)


def test_many_violations_of_one_rule_are_shown_briefly(lax: pytest.Pytester) -> None:
    """Three are shown whole, the others as a line each."""
    result = run(lax, "--enkash-app=lax:app", REQUIRED)
    shown = section(result, REQUIRED, "= enkash contract =")
    sentences = [line for line in shown if line.startswith("accepted, although ")]

    assert shown.count("") == 3
    assert [line.rpartition("[")[2] for line in sentences[3:]] == [
        f"{BUYER}#required/misspelt-upper]",
        f"{BUYER}#required/misspelt-leading-blank]",
        f"{BUYER}#required/misspelt-trailing-blank]",
    ]


def test_a_payload_without_a_place_for_a_case_is_skipped(
    lax: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Items are derived from the options, so a fixture's base may leave one without cases."""
    monkeypatch.setattr("enkash_contract.pytest_plugin.items._cases", lambda *_: [])
    result = run(lax, "--enkash-app=lax:app", "-k", "method", "-rs")
    result.assert_outcomes(passed=1, skipped=1, deselected=119)
    result.stdout.fnmatch_lines(["SKIPPED * the base payload has no place for such a case"])


@pytest.mark.slow
@pytest.mark.parametrize(
    "dist",
    ["load", "loadscope", "loadfile", "loadgroup", "worksteal", "each", "no"],
)
def test_no_case_is_sent_twice(dist: str, lax: pytest.Pytester) -> None:
    """However pytest-xdist distributes the items, there is one result, and one report of it."""
    words = ["-n2", f"--dist={dist}", "-k", "buyerB2BId and required", "-q"]
    report = "--enkash-report=json=result.json"
    result = run_apart(lax, "--enkash-app=lax:app", *words, report)
    data: Any = json.loads((lax.path / "result.json").read_text())
    bodies = sent(lax)
    base = max(bodies, key=bodies.count)
    cases = [body for body in bodies if body != base]
    times = 2 if dist == "each" else 1

    result.assert_outcomes(passed=times, failed=times)
    assert len(cases) == times * len(set(cases)) == times * CASES
    assert data["cases"] | {"total": 0} == {
        "total": 0,
        "held": 1,
        "violations": times * CASES,
        "assumptions": 0,
        "inconclusive": 0,
        "masked": 0,
        "waived": 0,
    }
    assert {finding["reproduce"] for finding in data["findings"]} == {
        f"pytest --enkash-app=lax:app --enkash-case '{finding['case']}'"
        for finding in data["findings"]
    }


def test_a_failure_at_a_url_is_reproduced_by_curl(lax: pytest.Pytester) -> None:
    """The command is one of curl, and the file of tests names the address."""
    with server.in_background(Sandbox(defect=f"{BUYER}#required/unenforced")) as url:
        words = [f"--enkash-url={url}", REQUIRED, "--enkash-report=pytest=test_again.py"]
        result = run(lax, *words)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([f"  reproduce    curl -sS -i -X POST {url}/api/v0/*"])
    assert f'"{url}"' in (lax.path / "test_again.py").read_text()


KNOWN = """
import enkash_contract as ec
from tests.support.look_up import look_up

app = look_up(ec.Sandbox(defect={defect!r}))
"""


def test_a_look_up_fails_no_item(lax: pytest.Pytester) -> None:
    """Items follow the rule of `check`, and the paragraph at the end names what to pin."""
    lax.makepyfile(known=KNOWN.format(defect=None))
    result = run(lax, "--enkash-app=known:app", "-k", "buyerB2BId and not misspelt")
    result.assert_outcomes(passed=6)
    counts, note, _ = section(result, "= enkash contract =", "passed")
    assert note.endswith("; pin them: --pin /b2bIds/buyerB2BId=BUYER-0001")
    assert "0 violations" in counts


def test_a_defect_beside_a_look_up_fails_its_item(lax: pytest.Pytester) -> None:
    """It is found, and what is looked up is not blamed."""
    lax.makepyfile(known=KNOWN.format(defect="request/device#type/null-taken"))
    sides = ("request/device#type", "request/b2bIds/buyerB2BId#pattern")
    items = [f"enkash contract::{side} [{kind}]" for side in sides for kind in ("reject", "accept")]
    result = run(lax, "--enkash-app=known:app", *items)
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(["FAILED enkash contract::request/device#type *"])
