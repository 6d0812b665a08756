"""All that a run has seen, by operation and rule."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from enkash_contract.contract.contract import bundled
from enkash_contract.engine.check import check_target
from enkash_contract.generation import suite
from enkash_contract.judging.judge import judge_record
from enkash_contract.judging.result import Result, Tally, add
from enkash_contract.report import About
from enkash_contract.report.build import build
from enkash_contract.wire.message import Interaction, Request, Response
from tests.support.results import about
from tests.support.second_document import second

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.contract.operation import Operation

OPERATION = bundled().pick()


def test_the_counts_by_family_are_those_of_the_run() -> None:
    """By rule and polarity they add up to the tallies, and by operation to the requests."""
    result = check_target(only=("request/b2bIds*", "request#json"))
    report = build(result, about(cases=lambda: suite.build(OPERATION)))
    (operation,) = report.operations
    sums = {
        (rule.id, polarity): side.tally
        for rule in operation.rules
        for polarity, side in (("accept", rule.accept), ("reject", rule.reject))
        if side.tally != Tally()
    }
    covered = {rule.id for rule in operation.rules if rule.is_of_request and rule.covers("both")}

    assert sums == result.tallies
    assert operation.requests == result.requests
    assert operation.verdicts == result.verdicts
    assert sum(operation.durations.values()) == result.total
    assert covered == {
        rule.id
        for rule in OPERATION.rules.values()
        if (rule.id.startswith("request/b2bIds") or rule.id == "request#json")
    }
    assert {rule.responses for rule in report.rules if rule.id.startswith("response.200")} != {0}


def test_several_operations_in_one_run(tmp_path: Path) -> None:
    """Each has its own counts, which add up to those of the run; what is waived is moved."""
    contract = second(tmp_path)
    first, last = contract.values()
    label = (("Content-Type", "application/json"),)

    def seen(operation: Operation, body: bytes, status: int, source: str) -> Result:
        request = Request(operation.method, f"http://h{operation.path}", label, body)
        response = Response(status, label, b'"ab"')
        return judge_record(operation, Interaction(request, response, source=source))

    parts = [
        seen(first, b'{"word": "ab", "closed": {}}', 204, "a"),
        seen(first, b"{", 400, "b"),
        seen(last, b"null", 200, "c"),
        seen(last, b"1", 200, "d"),
        seen(last, b"2", 200, "e"),
    ]
    result = add(parts)
    waived = tuple(
        replace(each, severity="waived") if each.source == "e" else each for each in result.findings
    )
    verdicts = dict(result.verdicts) | {"violation": result.count("violation") - 1, "waived": 1}
    result = replace(result, findings=waived, verdicts=verdicts)
    report = build(result, About(contract, first, "log.har"))
    one, other = report.operations

    assert (one.id, other.id) == (first.id, last.id)
    assert other.verdicts == {"held": 1, "violation": 1, "waived": 1}
    sums = Counter(one.verdicts)
    sums.update(other.verdicts)
    assert sums == verdicts
    requests = {
        side: one.requests.get(side, Tally()) + other.requests.get(side, Tally())
        for side in ("accept", "reject")
    }
    assert requests == result.requests
