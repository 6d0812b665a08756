"""How long a report of five thousand findings takes to write, and how large it is.

pytest tests/benchmarks/test_reports.py --benchmark-only -p no:randomly --benchmark-columns=mean
"""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract import report
from enkash_contract.contract.contract import bundled
from enkash_contract.contract.operation import REQUEST
from enkash_contract.judging.result import Result
from enkash_contract.report.build import build
from enkash_contract.wire.message import Interaction, Request, Response
from tests.support.hostile import written
from tests.support.results import about, finding

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

    from enkash_contract.report.document import Report

MANY = 5_000

LARGEST = {"json": 40, "har": 20, "sarif": 5}
"""The most megabytes of the formats that hold each finding; all others have one."""

FORMS = [form for form in report.FORMATS if form not in ("html", "pytest")]
"""The formats that are measured here: HTML has a test of its own, and pytest leaves out what is
the same."""


@functools.cache
def whole() -> Report:
    """Return a report of many findings, on each rule and each with an exchange of its own."""
    operation = bundled().pick()
    rules = [rule for rule in operation.rules.values() if rule.side == REQUEST]
    label = (("Content-Type", "application/json"), ("Authorization", "Bearer x1y2z3a4"))
    found = []
    for number in range(MANY):
        rule = rules[number % len(rules)]
        body = json.dumps({**operation.request.example, "n": number}).encode()
        exchange = Interaction(
            Request("POST", f"http://h{operation.path}", label, body),
            Response(200, label[:1], b'{"payload": "SUCCESS", "response_code": 0}'),
        )
        members: dict[str, Any] = {
            "rule": rule.id,
            "pointer": rule.pointer,
            "family": f"{rule.keyword}/{number}",
        }
        found.append(finding(interaction=exchange, **members))
    return build(Result(tuple(found), {"violation": MANY}), about())


@pytest.mark.parametrize("form", FORMS)
def test_writing(form: str, benchmark: BenchmarkFixture) -> None:
    """Within seconds, and small enough to be uploaded."""
    made = whole()
    text = benchmark(written, form, made)
    megabytes = len(text.encode()) / 1e6
    benchmark.extra_info["megabytes"] = round(megabytes, 2)
    assert megabytes < LARGEST.get(form, 1)
