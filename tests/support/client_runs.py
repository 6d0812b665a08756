"""Tests of clients in pytest runs of their own: their files, and their failures."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from enkash_contract.contract.contract import bundled
from tests.support.inner_runs import CLIENT

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest


OPERATION = bundled().pick()


def place(rule: str) -> str:
    """Return where a rule stands in the document."""
    return str(OPERATION.rule(rule).place)


def command(*words: str, **changes: Any) -> str:
    """Return the command that judges the example with some ids changed."""
    payload = json.loads(json.dumps(OPERATION.request.example))
    payload["b2bIds"].update(changes)
    text = json.dumps(payload)
    return " ".join([f"printf %s '{text}' | enkash-contract validate", *words, "-"])


def mistyped(line: str, *, name: str = "test_it.py", again: str | None = None) -> str:
    """Return the failure for a buyerB2BId that is not a text."""
    return "\n".join(
        [
            "/b2bIds/buyerB2BId must be a string, but it is 5",
            "    rule       request/b2bIds/buyerB2BId#type",
            "    evidence   example (change-invoice-status, read 2026-11-22)",
            "    payload    /b2bIds/buyerB2BId: 5",
            f"    document   {place('request/b2bIds/buyerB2BId#type')}",
            '    example    "BUYER-0001"',
            f"    sent by    {name}:{line}",
            f"    reproduce  {again or command(buyerB2BId=5)}",
        ]
    )


def write(pytester: pytest.Pytester, tests: str, name: str = "test_it") -> Callable[[str], int]:
    """Write a file of tests, and return a function that finds the number of one of its lines."""
    text = CLIENT + tests
    pytester.makepyfile(**{name: text})
    # pytester strips what surrounds the text.
    lines = text.strip().splitlines()
    return lambda line: next(at for at, one in enumerate(lines, 1) if line in one)


def line(at: Callable[[str], int], name: str) -> int:
    """Return the line that pytest gives for a test: that of its first decorator."""
    return at(f"def {name}(") - (2 if name == "test_twice" else 1)
