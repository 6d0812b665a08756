"""Cases that are sent again at the end of a run, when the target is known to be there.

Some showed nothing, for a reason that may have passed: an outage, a state that came back, or a
status such as 409. Of those with the same status about the same place one is sent; only if it now
comes out otherwise, the others are. And some are suspects: they failed again when they were sent
again, which may be chance where a target fails often. They are sent until chance no longer explains
it, or they come out otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from enkash_contract.engine.stability import MOST
from enkash_contract.engine.workers import each

if TYPE_CHECKING:
    from enkash_contract.engine.ledger import Entry
    from enkash_contract.engine.session import Session

PASSES = 3
"""How often all that showed nothing is sent again, at most."""


async def rerun(session: Session) -> None:
    """Send again what may come out otherwise, and settle all of it."""
    steady: set[tuple[int, str]] = set()
    for _ in range(PASSES):
        if session.silent and session.worth_going_on:
            # It failed when it was last looked at, which may have been a moment only.
            await session.look()
        if session.trusted:
            entries = await _passed(session, steady)
            entries += [entry for entry in session.ledger.postponed if entry.reason]
            await each(entries, session.send_again, session)
        if session.ledger.unsettled and session.trusted:
            await session.look()
        while session.worth_going_on and (entries := _short(session)):
            await each(entries, session.confirm, session)
            await session.look()
    decide(session)


async def _passed(session: Session, steady: set[tuple[int, str]]) -> list[Entry]:
    """Return the entries with a status that does not come again; `steady` are those that do."""
    unclear = [
        (entry.status, entry) for entry in session.ledger.postponed if entry.status is not None
    ]
    samples = {status: entry for status, entry in unclear if status not in steady}
    passed: set[int] = set()

    async def sample(entry: Entry) -> None:
        response, before = (await session.send_again(entry)).response, entry.status or (0, "")
        if response is not None and response.status != before[0]:
            passed.add(before[0])
            session.monitor.contradicted(1)

    steady.update(samples)
    await each(samples.values(), sample, session)
    sent = {id(entry) for entry in samples.values()}
    return [entry for status, entry in unclear if status[0] in passed and id(entry) not in sent]


def _short(session: Session) -> list[Entry]:
    """Return the suspects that did not fail often enough yet for chance not to explain it."""
    suspects = session.ledger.suspects
    ids = {entry.case.id for entry in suspects}
    return [
        entry
        for entry in suspects
        if entry.times < min(MOST, session.monitor.needed(session.outcome(entry.interaction), ids))
    ]


def decide(session: Session) -> None:
    """Blame the suspects that chance does not explain, and acquit the others."""
    ledger, monitor = session.ledger, session.monitor
    while suspects := ledger.suspects:
        ids = {entry.case.id for entry in suspects}
        outcomes = [(entry, session.outcome(entry.interaction)) for entry in suspects]
        explained = [
            entry for entry, outcome in outcomes if entry.times < monitor.needed(outcome, ids)
        ]
        # The failures of those who are acquitted are chance, and may explain others.
        for entry in explained:
            ledger.drop(entry)
            ledger.acquit(entry)
        if explained:
            continue
        for entry, outcome in outcomes:
            if outcome == "error":
                monitor.blame(entry.case.id)
            ledger.drop(entry)
            ledger.conclude(entry)
