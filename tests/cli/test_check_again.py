"""The command line that repeats a check: it names the operation unless that is clear by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.several import PAY, REFUND, RULE, overlay
from tests.support.typed_commands import typed

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ([], ""),
        (["--operation", "changeInvoiceStatus"], " --operation changeInvoiceStatus"),
    ],
)
def test_an_operation_is_named_as_it_was(words: list[str], named: str) -> None:
    """The default is not, unless it was typed."""
    only = ["--only", "request/b2bIds/buyerB2BId#required"]
    (line,) = typed("check", *only, *words).stdout.splitlines()[-1:]
    assert line == f"next: enkash-contract check{named} http://localhost:8080 --base accepted.json"


@pytest.mark.parametrize(
    "words",
    [["--operation", "*Refund"], ["--only", f"{REFUND}:{RULE}"]],
)
def test_what_was_inferred_from_an_id_is_named(tmp_path: Path, words: list[str]) -> None:
    """Where the command that follows no longer has the id, or had a glob."""
    name = str(overlay(tmp_path))
    (line,) = typed("check", "--overlay", name, *words).stdout.splitlines()[-1:]
    assert f" --operation {REFUND} " in line
    assert PAY not in line
