"""The options of `check` as one value: what follows from them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import orjson
import pytest

from enkash_contract.contract.contract import bundled
from tests.support.typed_commands import typed, verdict

if TYPE_CHECKING:
    from pathlib import Path

RIGHT, WRONG, SHUT = (
    f"tests.support.implementations.wsgi_app:{name}"
    for name in ("app", "over_long_accepted", "refuses_everything")
)

ONLY = "--only 'request/b2bIds/buyerB2BId#pattern'"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), ["next: enkash-contract check http://localhost:8080 --base accepted.json"]),
        (("--case", "request#method/GET"), []),
        ((RIGHT,), [f"next: enkash-contract check {RIGHT} {ONLY} --fuzz 30s"]),
        ((WRONG,), [f"next: enkash-contract check {WRONG} {ONLY} --full"]),
        (
            (WRONG, "--rate", "6000/s", "--workers", "1", "--max-failures", "1"),
            [
                f"next: enkash-contract check {WRONG} {ONLY} --rate 6000/s --workers 1 "
                "--max-failures 1 --full"
            ],
        ),
        (
            (RIGHT, "--polarity", "accept", "--max-accepted", "1"),
            [],
        ),
        ((WRONG, "--full"), []),
        ((WRONG, "--case", "request/b2bIds/buyerB2BId#pattern/one-over"), []),
        ((SHUT,), []),
    ],
)
def test_the_next_command_is_proposed(words: tuple[str, ...], expected: list[str]) -> None:
    """One that shows more than was seen, where there is one, and sends no more."""
    only = () if "--case" in words else ("--only", "request/b2bIds/buyerB2BId#pattern")
    out = typed("check", *words, *only).stdout

    assert [line for line in out.splitlines() if line.startswith("next: ")] == expected


def test_a_payload_that_is_vouched_for_is_not_asked_for_again(tmp_path: Path) -> None:
    """What a configuration file names as `base` goes with the proposed command already."""
    base = tmp_path / "base.json"
    base.write_bytes(orjson.dumps(bundled().pick().request.example))
    out = typed("check", "--base", str(base), "--only", "request#method").stdout

    assert out.endswith(f"next: enkash-contract check --base {base} http://localhost:8080\n")


def test_a_run_ends_after_some_violations() -> None:
    """What was found by then is printed, with the number of cases that were not sent."""
    done = typed("check", WRONG, "--max-failures", "1", "--skip", "*/one-over-*")
    (note,) = [line for line in done.stdout.splitlines() if line.startswith("note: stopped")]

    assert done.exit_code == 1
    assert re.fullmatch(r"note: stopped after 1 violation: \d+ of \d+ cases not sent", note)
    assert ", 1 violation, " in verdict(done)
    assert typed("check", "--max-failures", "1", "--only", "request#method").exit_code == 0
