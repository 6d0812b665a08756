"""Runs against the failing server, and what of a result must not depend on its faults."""

from __future__ import annotations

import functools
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import enkash_contract as ec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from enkash_contract.judging.finding import Finding
    from enkash_contract.judging.result import Result
    from tests.support.faulty import Faulty

LONGEST = 60.0
"""Seconds after which a run hangs; the longest takes two or three on a machine with other work."""


def run(server: Faulty, only: Sequence[str], **options: Any) -> Result:
    """Check `server`, with a token if it asks for one, and fail when that takes for ever.

    However unstable it is, its verdicts are looked at, unless `max_unstable` is given.
    """
    options = {"max_unstable": 100, **options}
    found: list[Result] = []
    problems: list[BaseException] = []
    if server.faults.token_uses:
        options["token"] = server.tokens

    def work() -> None:
        try:
            found.append(ec.check_target(server.url, only=only, **options))
        except BaseException as problem:  # noqa: BLE001 - raised again below, in the right thread
            problems.append(problem)

    # A thread that hangs must not keep the test from failing.
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(LONGEST)
    if problems:
        raise problems[0]
    assert found, f"the run hangs: {dict(server.happened)}"
    return found[0]


@functools.lru_cache(maxsize=64)
def undisturbed(only: tuple[str, ...], defect: str | None = None) -> Result:
    """Return what the same cases show when nothing stands in between."""
    return ec.check_target(ec.Sandbox(defect=defect), only=only)


def named(findings: Sequence[Finding]) -> list[tuple[str, str, str, str]]:
    """Return what each finding is about, in order; which answer it quotes may be chance."""
    return [(one.check, one.rule, one.case, one.severity) for one in findings]


def without_chance(result: Result) -> Result:
    """Return a result without the finding on what failed without a pattern."""
    others = tuple(one for one in result.findings if one.case)
    violations = sum(one.severity == "violation" for one in result.findings if not one.case)
    counts = {**result.verdicts}
    counts["violation"] = counts.get("violation", 0) - violations
    return replace(result, findings=others, verdicts=counts)


def verdicts(result: Result) -> Mapping[str, int]:
    """Return the verdicts that occurred."""
    return {name: count for name, count in result.verdicts.items() if count}
