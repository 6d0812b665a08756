"""The ledger: a response proves something only while the baseline is trusted, before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

import enkash_contract as ec
from enkash_contract.engine.ledger import Ledger
from enkash_contract.judging.finding import Finding
from enkash_contract.judging.result import Result
from enkash_contract.wire.message import Interaction, Response

if TYPE_CHECKING:
    from enkash_contract.judging.case import Case

CASES = ec.cases()[1:40]


def judge(case: Case, interaction: Interaction, *, trusted: bool) -> Result:
    """Find something in every response that is trusted, and conclude nothing from the others."""
    if not trusted:
        return Result(verdicts={"inconclusive": 1})
    rule = case.rule
    finding = Finding(
        "check", "operation", rule.id, case.evidence, "violation", "", rule.place, case=case.id
    )
    return Result((finding,), {"violation": 1})


def exchange(case: Case, status: int = 200) -> Interaction:
    """Return a case's request with a response."""
    return Interaction(case.request(), Response(status))


def entered(ledger: Ledger, *cases: Case) -> None:
    """Enter cases that were sent and answered in the present period."""
    for case in cases:
        ledger.enter(case, exchange(case), ledger.trusted_since)


def found(ledger: Ledger) -> list[str]:
    """Return the cases in which something was found and settled."""
    return [finding.case for finding in ledger.result(CASES).findings]


ACTIONS = st.one_of(
    st.just(("send", 0)),
    st.tuples(st.just("enter"), st.integers(0, 5)),
    st.tuples(st.sampled_from(["accepted", "confirm"]), st.integers(0, 30)),
    st.tuples(st.just("invalidate"), st.integers(0, 1)),
)


@given(st.lists(ACTIONS, max_size=30))
def test_what_is_settled_is_what_a_plain_list_says(actions: list[tuple[str, int]]) -> None:
    """Whatever comes in whatever order, also responses that were on their way meanwhile."""
    ledger = Ledger(judge)
    period: object = None
    flying: list[tuple[object, int | None]] = []
    entries: list[tuple[object, bool | None]] = []
    lost = {"failed": 0, "rejected": 0}
    for action, number in actions:
        if action == "send":
            flying.append((period, ledger.trusted_since))
        elif action == "enter" and flying:
            mine, since = flying.pop(number % len(flying))
            case = CASES[len(entries)]
            shows = ledger.enter(case, exchange(case), since)
            assert bool(shows.violations) == (mine is not None and mine is period)
            entries.append((mine, None))
        elif action in ("accepted", "confirm"):
            for at, (mine, settled) in enumerate(entries[:number]):
                if settled is None:
                    entries[at] = (mine, mine is not None and mine is period)
            if action == "accepted":
                ledger.accepted(number)
            else:
                period = period or object()
                ledger.confirm(number)
        elif action == "invalidate":
            period = None
            for at, (mine, settled) in enumerate(entries):
                if settled is None:
                    entries[at] = (mine, False)
                    lost["failed" if number else "rejected"] += 1
            ledger.invalidate(failed=bool(number))
        assert ledger.entered == len(entries)
        assert ledger.unsettled == sum(settled is None for _, settled in entries)
        assert found(ledger) == [
            case.id for case, (_, settled) in zip(CASES, entries, strict=False) if settled
        ]
    notes = " ".join(ledger.notes(known=True))
    assert ("out of order" in notes) >= (lost["failed"] > 0)
    assert ("prove nothing" in notes) >= (lost["rejected"] > 0)


def test_nothing_is_proven_before_the_next_acceptance() -> None:
    """If the baseline stops being accepted, results since its last acceptance count for nothing."""
    ledger = Ledger(judge)
    ledger.confirm(0)
    entered(ledger, *CASES[:2])
    assert found(ledger) == []
    ledger.confirm(2)
    entered(ledger, CASES[2])
    ledger.invalidate(failed=False)
    assert found(ledger) == [case.id for case in CASES[:2]]
    assert ledger.result(CASES).count("inconclusive") == 1


def test_a_case_of_an_earlier_period_proves_nothing_in_a_later_one() -> None:
    """Its response may come when the baseline is trusted again, and belongs to neither."""
    ledger = Ledger(judge)
    ledger.confirm(0)
    since = ledger.trusted_since
    ledger.invalidate(failed=False)
    ledger.confirm(0)
    assert not ledger.trusts(since)
    ledger.enter(CASES[0], exchange(CASES[0]), since)
    ledger.confirm(1)
    assert found(ledger) == []


def test_findings_are_in_the_order_of_the_cases() -> None:
    """Responses may come in any order."""
    ledger = Ledger(judge)
    ledger.confirm(0)
    entered(ledger, *reversed(CASES))
    ledger.confirm(len(CASES))
    assert found(ledger) == [case.id for case in CASES]


def test_the_reasons_are_told_apart() -> None:
    """An outage is nobody's state, and a status that says nothing is neither."""

    def doubting(case: Case, interaction: Interaction, *, trusted: bool) -> Result:
        return Result(verdicts={"inconclusive": 1})

    ledger = Ledger(doubting)
    ledger.confirm(0)
    ledger.enter(CASES[0], exchange(CASES[0], 403), ledger.trusted_since)
    ledger.enter(CASES[1], Interaction(CASES[1].request(), None, "is gone"), ledger.trusted_since)
    ledger.confirm(2)
    entered(ledger, CASES[2])
    ledger.invalidate(failed=True)
    entered(ledger, *CASES[3:5])
    ledger.invalidate(failed=False)
    assert [*ledger.notes(known=False)] == [
        "the response 403, to 1 case, says nothing about the payload"
    ]
    state, outage = [*ledger.notes(known=True)][1:]
    assert "its responses to 2 cases" in state
    assert outage.endswith("nothing is known of 1 case sent then")
