"""Runs against servers that look up what the baseline names: no fault, and one note."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import pytest

import enkash_contract as ec
from enkash_contract.engine.notes import look_up_notes
from enkash_contract.engine.plan import make_plan, one_case
from enkash_contract.engine.run import run
from enkash_contract.engine.selection import Selection
from enkash_contract.secrets.redaction import Secrets
from tests.support.look_up import BUYER, INVOICE, KNOWN, VERSION, look_up

if TYPE_CHECKING:
    from enkash_contract.judging.result import Result

SHORTEST = f"request{BUYER}#pattern/shortest"
ASKED = "; pin them: "


def note(result: Result) -> str:
    """Return the note on look-ups, of which there is one at most."""
    found = [note for note in result.notes if ASKED in note]
    assert len(found) <= 1
    return next(iter(found), "")


def pins(result: Result) -> dict[str, str]:
    """Return the values of the `--pin` options of the note, read as a shell does."""
    words = shlex.split(note(result).partition(ASKED)[2])
    assert set(words[::2]) <= {"--pin"}
    pairs = [word.partition("=") for word in words[1::2]]
    return {where: value for where, _, value in pairs}


@pytest.mark.parametrize("status", [422, 404, 409, 403])
def test_a_look_up_is_no_fault(status: int) -> None:
    """Whatever the status, the run conforms, and names what to pin and what is masked."""
    result = ec.check_target(look_up(ec.Sandbox(), status))

    assert (result.exit_code, result.violations) == (0, ())
    assert pins(result) == {
        BUYER: "BUYER-0001",
        "/b2bIds/supplierB2BId": "SUPPLIER-0001",
        INVOICE: KNOWN["invoiceStatus"]["objectId"],
        "/invoiceStatus/supplierInvoiceNumber": "INV-2026-0001",
        VERSION: "1",
    }
    assert not any("says nothing" in note for note in result.notes)
    tally = result.tallies[f"request{INVOICE}#pattern", "reject"]
    assert (tally.held, tally.masked) == (0, tally.exercised)
    assert result.count("masked") > 100


def test_a_server_that_looks_up_first_is_no_fault() -> None:
    """Where invalid values are looked up as well, what can be told is told."""
    result = ec.check_target(look_up(ec.Sandbox(), 404, [BUYER, INVOICE], first=True))

    assert (result.exit_code, result.violations) == (0, ())
    assert set(pins(result)) == {BUYER, INVOICE}
    assert result.tallies[f"request{BUYER}#pattern", "reject"].masked


def test_what_the_note_says_settles_it() -> None:
    """With its pins nothing is masked or inconclusive, and there is no note."""
    target = look_up(ec.Sandbox())
    given: dict[str, Any] = pins(ec.check_target(target))
    result = ec.check_target(target, pins=given | {VERSION: int(given[VERSION])})

    assert (result.exit_code, note(result)) == (0, "")
    assert (result.count("masked"), result.count("inconclusive")) == (0, 0)


class Counting:
    """A plan carried out, with the cases that were sent."""

    def __init__(self, target: Any, case: str, **choice: Any) -> None:
        self.sent: list[str] = []
        plan = one_case(make_plan(Selection(**choice)), case)
        self.result = run(plan, target, exchanged=lambda case, _: self.sent.append(case.id))

    @property
    def others(self) -> set[str]:
        """The other cases that were sent."""
        return set(self.sent) - {SHORTEST, "request#type/baseline"}


def test_one_case_tries_other_values() -> None:
    """Up to three, so that it is told from a look-up as in a full run; and never more."""
    counting = Counting(look_up(ec.Sandbox(), 422, [BUYER]), SHORTEST)

    assert len(counting.others) == 3
    assert (counting.result.exit_code, counting.result.count("inconclusive")) == (0, 1)
    assert set(pins(counting.result)) == {BUYER}


def test_one_case_finds_what_the_full_run_found() -> None:
    """Once another value is accepted, the rejection counts and nothing more is tried."""
    name = f"request{BUYER}#pattern/lower-bound-plus-1"
    defect = next(defect for defect in ec.defects() if defect.id == name)
    counting = Counting(ec.Sandbox(defect=defect), SHORTEST)

    assert counting.others == {f"request{BUYER}#type/another"}
    assert [finding.case for finding in counting.result.violations] == [SHORTEST]


@pytest.mark.parametrize(
    ("choice", "others"),
    [({"max_accepted": 38}, 3), ({"skip": [f"request{BUYER}#type/another"]}, 3)],
)
def test_other_values_are_within_the_choice(choice: dict[str, Any], others: int) -> None:
    """Those that are skipped are not tried."""
    counting = Counting(look_up(ec.Sandbox(), 422, [BUYER]), SHORTEST, **choice)
    assert len(counting.others) == others
    assert counting.others.isdisjoint(choice.get("skip", ()))


def test_no_more_is_sent_than_is_allowed() -> None:
    """`max_accepted` counts what is tried as well, and under `reject` nothing is tried."""
    target = look_up(ec.Sandbox(), 404, [BUYER], first=True)
    sent: list[str] = []
    accepted = make_plan(Selection(only=[SHORTEST], max_accepted=2))
    run(accepted, target, exchanged=lambda case, _: sent.append(case.id))
    assert len(set(sent)) == 3

    rejecting = make_plan(Selection(only=[f"request{BUYER}#type/*"], polarity="reject"))
    assert rejecting.spare == ()
    assert run(rejecting, target).count("masked") == 0


def test_a_place_that_the_baseline_lacks_has_no_pin() -> None:
    """It is named all the same."""
    (told,) = look_up_notes(["/a"], {}, Secrets())
    assert told.endswith("count as masked")
    (told,) = look_up_notes(["/a/*/b"], {"a": [{"b": "it's"}]}, Secrets())
    assert told.endswith(""" --pin '/a/0/b=it'"'"'s'""")
