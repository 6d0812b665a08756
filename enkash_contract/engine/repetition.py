"""Sending a case again whose response speaks against the target, before it is believed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from enkash_contract.engine.ledger import unknown
from enkash_contract.engine.stability import MOST, TWICE

if TYPE_CHECKING:
    from enkash_contract.engine.session import Session
    from enkash_contract.judging.case import Case
    from enkash_contract.wire.message import Interaction


async def again(
    session: Session, case: Case, first: Interaction, *, alone: bool = False
) -> tuple[int | None, Interaction, int]:
    """Send a case again, now that the target is known to be there.

    Return since when the baseline is trusted, what happened, and how often in a row it did; for a
    case that is judged `alone` that is final. While the baseline fails as well, nobody can know
    whose fault it was.
    """
    last, times, since = first, 1, session.ledger.trusted_since
    while 0 < times < (min(MOST, _needed(session, case, last)) if alone else TWICE):
        if not await session.look():
            return None, unknown(last), 0
        since = session.ledger.trusted_since
        last, times = compared(session, last, await session.deliver(case), times)
    if alone and times:
        if not await session.look() or times < _needed(session, case, last):
            return None, unknown(last), 0
        session.monitor.blame(case.id)
    return since, last, times


def _needed(session: Session, case: Case, interaction: Interaction) -> int:
    return session.monitor.needed(session.outcome(interaction), {case.id})


def compared(
    session: Session, first: Interaction, last: Interaction, times: int
) -> tuple[Interaction, int]:
    """Return a repeated response, and how often in a row it was so: 0 if it is no longer."""
    outcome = session.outcome(first)
    # What was rejected was not carried out; what failed may have been.
    repeated = first.repeated or last.repeated or outcome != "rejected"
    if last.aborted or first.aborted:
        times = 0
    elif session.outcome(last) == outcome:
        times += 1
    else:
        session.monitor.changed(first, outcome)
        # A failure in place of a rejection is as much in doubt as any first one.
        times = int(session.outcome(last) == "error")
    return replace(last, repeated=repeated), times
