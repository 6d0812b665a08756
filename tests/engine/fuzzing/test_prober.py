"""The prober: a failure is reported of the nearest request, and chance and look-ups of none."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract.engine.fuzzing.prober import INSISTS, Prober
from enkash_contract.engine.fuzzing.steps import Draw, Maker
from enkash_contract.engine.plan import make_plan
from enkash_contract.engine.session import PATIENCE
from enkash_contract.engine.stability import Monitor
from enkash_contract.generation import fuzz_ids
from enkash_contract.judging.finding import Finding
from enkash_contract.judging.members import Member, keys
from enkash_contract.judging.result import Result, Tally
from enkash_contract.wire.pointer import put, tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    from enkash_contract.engine.fuzzing.prober import Sighting
    from enkash_contract.engine.fuzzing.steps import Step
    from enkash_contract.judging.case import Case

PLAN = make_plan()
MAKER = Maker(PLAN)
REMARKS = "/invoiceStatus/supplierRemarks"
BUYER = "/b2bIds/buyerB2BId"
POSITIVE, NEGATIVE = "positive_data_acceptance", "negative_data_rejection"
CRASH, SCHEMA = "not_a_server_error", "response_schema_conformance"


@dataclass
class Played:
    """A session in which `check` decides the check that each case fails, "" for none."""

    check: Callable[[Case], str]
    sent: list[Case | None] = field(default_factory=list)
    monitor: Monitor = field(default_factory=lambda: Monitor(PLAN))
    trusted: bool = True
    worth_going_on: bool = True
    mended_by: int = 0

    async def look(self) -> None:
        """Send the baseline; after so many times a target that was gone is back."""
        self.sent.append(None)
        self.mended_by -= 1
        if self.mended_by == 0:
            self.trusted = True

    async def send(self, case: Case, *, once: bool) -> Result:
        assert once
        self.sent.append(case)
        check = self.check(case)
        side: Any = (case.rule.id, case.polarity)
        if not check:
            free = {(PLAN.operation.id, place): Member(accepted=True) for place in case.varied}
            return Result(verdicts={"held": 1}, tallies={side: Tally(1, 1)}, members=free)
        family = "" if check == SCHEMA else case.family
        finding = Finding(
            check,
            PLAN.operation.id,
            case.rule.id,
            case.evidence,
            "violation",
            check,
            case.rule.place,
            family=family,
            case=case.id,
        )
        return Result((finding,), {"violation": 1}, {side: Tally(1, 0)})


def valid(**values: str) -> Step:
    """Return the step with other values of the buyer and of the remarks."""
    payload, places = MAKER.base, []
    for name, where in (("buyer", BUYER), ("remarks", REMARKS)):
        if name in values:
            payload = put(payload, tokens(where), values[name])
            places.append(where)
    leaves = [leaf for leaf in MAKER.leaves if leaf.pointer in places]
    return MAKER.valid(*MAKER.vary(payload, leaves))


def invalid(step: Step | None = None, rule: str = f"request{REMARKS}#pattern") -> Step:
    """Return the step that breaks a rule on the baseline, or on what `step` sends."""
    mutation = next(one for one in MAKER.mutations if one.rule.id == rule)
    if step is None:
        return MAKER.invalid(mutation, MAKER.base, ())
    payload = put(MAKER.base, tokens(BUYER), "other")
    return MAKER.invalid(mutation, payload, step.varied)


def prober(session: Played, known: Callable[[Sighting], bool] = lambda _: False) -> Prober:
    """Return a prober that sends through a played session."""
    sender: Any = session
    return Prober(sender, PLAN.baseline, known)


def looked(prober: Prober, *draws: Draw) -> list[Sighting]:
    """Return what draws show, one after another."""

    async def work() -> list[Sighting]:
        return [sighting for draw in draws for sighting in await prober.look(draw)]

    return asyncio.run(work())


def by_body(*pairs: tuple[bytes, str]) -> Callable[[Case], str]:
    """Return the check that fails where a body holds certain bytes."""
    return lambda case: next((check for part, check in pairs if part in case.wire.body), "")


# Rejections of valid requests


def test_a_rejection_alone_is_no_finding() -> None:
    """The member may be the key of a look-up; it is named instead."""
    probe = prober(Played(by_body((b"other", POSITIVE))))
    assert looked(probe, Draw((valid(buyer="other"),))) == []
    assert (keys(probe.members), [*probe.late()]) == ([(PLAN.operation.id, BUYER)], [])


def test_a_rejection_counts_once_another_value_is_accepted() -> None:
    """Before or after it."""
    probe = prober(Played(by_body((b"other", POSITIVE))))
    rejected, accepted = Draw((valid(buyer="other"),)), Draw((valid(buyer="fine"),))
    assert looked(probe, rejected, accepted) == []
    assert [sighting.finding.check for sighting in probe.late()] == [POSITIVE]
    assert keys(probe.members) == []
    assert [sighting.finding.check for sighting in looked(probe, rejected)] == [POSITIVE]


def test_a_member_that_is_insisted_on_is_no_longer_varied() -> None:
    """After some rejections of different values; the same value again says nothing new."""
    probe = prober(Played(lambda case: POSITIVE if case.polarity == "accept" else ""))
    for number in range(INSISTS):
        assert probe.kept() == set()
        looked(probe, *[Draw((valid(buyer=f"other{number}"),))] * 2)
    assert probe.kept() == {BUYER}


def test_members_that_are_rejected_only_together_are_reported_together() -> None:
    """With evidence that is assumed, because no page says how values relate."""
    both = valid(buyer="other", remarks="strange")

    def together(case: Case) -> str:
        return POSITIVE if b"other" in case.wire.body and b"strange" in case.wire.body else ""

    (sighting,) = looked(prober(Played(together)), Draw((both,)))
    assert (sighting.step, sighting.finding.evidence.level.value) == (both, "assumed")


def test_a_rejection_is_reported_of_the_member_alone() -> None:
    """What one varied member shows by itself is not blamed on all that varied."""
    probe = prober(Played(by_body((b"other", POSITIVE))))
    looked(probe, Draw((valid(buyer="fine"),)))
    (sighting,) = looked(probe, Draw((valid(buyer="other", remarks="strange"),)))
    assert sighting.step.varied == (BUYER,)


def test_a_rejection_of_the_baseline_itself_is_the_suites_business() -> None:
    """A step that varies nothing shows nothing new."""
    probe = prober(Played(lambda _: POSITIVE))
    assert looked(probe, Draw((valid(),))) == []


# The nearest request


def test_a_crash_is_reported_of_the_nearest_request() -> None:
    """An invalid request that crashes because of a valid value in it."""
    step = invalid(valid(buyer="other"))
    assert step.nearer
    (sighting,) = looked(prober(Played(by_body((b"other", CRASH)))), Draw((step,)))
    assert (sighting.step, sighting.finding.case) == (step.nearer[0], step.nearer[0].case.id)


def test_a_crash_that_nothing_nearer_shows_is_its_own() -> None:
    """The valid request is sent, and held."""
    step = invalid(valid(buyer="other"))
    session = Played(lambda case: CRASH if case.polarity == "reject" else "")
    (sighting,) = looked(prober(session), Draw((step,)))
    assert sighting.step == step
    assert session.sent == [step.case, step.nearer[0].case, None, step.case, None]


def test_an_accepted_invalid_request_needs_no_valid_one() -> None:
    """A valid request cannot show that an invalid one is accepted."""
    step = invalid(valid(buyer="other"))
    session = Played(lambda case: NEGATIVE if case.polarity == "reject" else "")
    (sighting,) = looked(prober(session), Draw((step,)))
    assert sighting.step == step
    assert session.sent == [step.case, None, step.case]


# Chance


def test_a_crash_that_does_not_come_again_is_chance() -> None:
    """It is counted, and reported of nobody."""
    answers = iter([CRASH, ""])
    session = Played(lambda _: next(answers))
    probe = prober(session)
    assert looked(probe, Draw((invalid(),))) == []
    assert probe.over is False
    (note,) = session.monitor.result().notes
    assert note.startswith("the responses to 1 case spoke against the target")


def test_a_target_that_is_gone_after_a_crash_shows_nothing() -> None:
    """Whether the crash would come again, nobody knows."""

    class Going(Played):
        async def look(self) -> None:
            self.sent.append(None)
            self.trusted = False

    session = Going(lambda _: CRASH)
    assert looked(prober(session), Draw((invalid(),))) == []
    assert session.monitor.result().notes == ()


def test_what_is_known_is_not_sent_again() -> None:
    """The suite has confirmed it already; and what a response breaks is no chance."""
    session = Played(lambda _: CRASH)
    (sighting,) = looked(prober(session, lambda _: True), Draw((invalid(),)))
    assert (sighting.finding.check, len(session.sent)) == (CRASH, 1)
    session = Played(lambda _: SCHEMA)
    (sighting,) = looked(prober(session), Draw((invalid(),)))
    assert (sighting.finding.check, len(session.sent)) == (SCHEMA, 1)
    assert sighting.finding.family == fuzz_ids.DRAWN


def test_an_acceptance_that_does_not_come_again_depends_on_others() -> None:
    """It is reported so, and not of the rule that happened to be looked at."""
    answers = iter([NEGATIVE, ""])
    (sighting,) = looked(prober(Played(lambda _: next(answers))), Draw((invalid(),)))
    assert sighting.finding.rule == PLAN.baseline.rule.id
    assert fuzz_ids.name(sighting.finding.case) == fuzz_ids.AFTER
    assert sighting.finding.message == f"{NEGATIVE}; not again, when it was sent after the baseline"


# Histories


@pytest.mark.parametrize("kind", fuzz_ids.HISTORIES)
def test_a_rejection_in_a_history_is_lawful(kind: str) -> None:
    """A change may be rejected because of the one before."""
    draw = MAKER.history(kind, valid(buyer="other"), valid(remarks="strange"))
    session = Played(lambda case: POSITIVE if fuzz_ids.is_history(case.id) else "")
    assert looked(prober(session), draw) == []


@pytest.mark.parametrize("kind", fuzz_ids.HISTORIES)
@pytest.mark.parametrize("check", [CRASH, NEGATIVE])
def test_a_failure_of_a_history_is_no_matter_of_one_rule(kind: str, check: str) -> None:
    """It is told of the baseline's rule, by the kind of history."""
    draw = MAKER.history(kind, invalid(), invalid(rule=f"request{BUYER}#pattern"))
    session = Played(lambda case: check if fuzz_ids.is_history(case.id) else "")
    sightings = looked(prober(session), draw)
    assert {sighting.finding.rule for sighting in sightings} == {PLAN.baseline.rule.id}
    assert {sighting.finding.family for sighting in sightings} == {
        fuzz_ids.family(f"{PLAN.baseline.rule.keyword}/{kind}")
    }


def test_what_a_step_of_a_history_shows_alone_is_reported_of_it() -> None:
    """After the baseline, so that it does not come right after itself."""
    draw = MAKER.history(fuzz_ids.AFTER, valid(remarks="strange"), valid(buyer="other"))
    session = Played(by_body((b"other", CRASH)))
    (sighting,) = looked(prober(session), draw)
    assert sighting.step == draw.steps[1].nearer[0]
    assert session.sent[2] is None


def test_a_weak_acceptance_is_not_counted_where_nothing_is_expected() -> None:
    """Two rules at once: only a violation counts, and an assumption is dropped."""
    first, second = (
        next(one for one in MAKER.mutations if one.rule.id == f"request{where}#pattern")
        for where in (REMARKS, BUYER)
    )
    step = MAKER.two(first, second, MAKER.base, ())
    assert step is not None

    class Weak(Played):
        async def send(self, case: Case, *, once: bool) -> Result:
            result = await super().send(case, once=once)
            findings = tuple(
                Finding(**{**vars(finding), "severity": "assumption"})
                for finding in result.findings
            )
            return Result(findings, result.verdicts, result.tallies)

    two = lambda case: NEGATIVE if fuzz_ids.name(case.id) == fuzz_ids.TWO else ""  # noqa: E731
    draw = Draw((step,), explores=True)
    assert looked(prober(Weak(two)), draw) == []
    (sighting,) = looked(prober(Played(two)), draw)
    assert sighting.step == step


# The end


def test_nothing_is_sent_once_the_baseline_is_not_trusted() -> None:
    """What comes after that proves nothing."""
    session = Played(lambda _: CRASH, trusted=False)
    probe = prober(session)
    assert probe.over
    assert looked(probe, Draw((invalid(),))) == []
    assert session.sent == []


@pytest.mark.parametrize(("mended_by", "sent"), [(1, 1), (PATIENCE, PATIENCE), (9, PATIENCE)])
def test_a_target_that_is_gone_is_tried_again(mended_by: int, sent: int) -> None:
    """It may be gone for a moment only."""
    session = Played(lambda _: "", trusted=False, mended_by=mended_by)
    probe = prober(session)
    asyncio.run(probe.refresh())
    assert len(session.sent) == sent
    assert probe.over == (mended_by > PATIENCE)
