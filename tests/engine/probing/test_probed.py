"""Answers are values that decide on the exit code; what interrupts a survey holds them."""

from __future__ import annotations

from typing import Any

import pytest

from enkash_contract.contract.contract import bundled
from enkash_contract.contract.questions import of
from enkash_contract.engine.probing.probed import Answered, Probed, ProbingInterrupted
from tests.support.results import finding

OPERATION = bundled().pick()
QUESTION = next(question for question in of(OPERATION) if question.id == "actions")
KNOWN = Answered(QUESTION, "accepted", sent=3, accepted=3)
UNKNOWN = Answered(QUESTION, "no answer: 500", sent=3, concluded=False)


@pytest.mark.parametrize(
    ("probed", "code"),
    [
        ({"answers": (KNOWN,)}, 0),
        ({"answers": (KNOWN, UNKNOWN), "findings": (finding("assumption"),)}, 0),
        ({"answers": (KNOWN,), "findings": (finding(),)}, 1),
        ({"answers": (UNKNOWN,)}, 3),
        ({"answers": (KNOWN,), "note": "the baseline was rejected"}, 3),
        ({"answers": (KNOWN,), "findings": (finding(),), "interrupted": True}, 130),
    ],
)
def test_exit_codes(probed: dict[str, Any], code: int) -> None:
    """An interruption comes first, then violations, then whether anything was concluded."""
    assert Probed(OPERATION, "x", **probed).exit_code == code


def test_an_answer_is_one_line() -> None:
    """Where nothing was sent, there is nothing to count."""
    name = "actions /invoiceStatus/supplierAction"
    assert str(KNOWN) == f"{name}: accepted (3 of 3 accepted)"
    assert str(Answered(QUESTION, "200")) == f"{name}: 200"


def test_an_interruption_holds_the_answers() -> None:
    """Those that were known by then."""
    probed = Probed(OPERATION, "x", (KNOWN,), interrupted=True)
    assert ProbingInterrupted(probed).probed is probed
