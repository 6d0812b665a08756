"""Telling a look-up from a defect: other valid values to try, and the last word on a run.

The suite holds several values of most members, so a full run knows by itself which of them a target
accepts. A run of one case does not: it tries up to three others, so that it comes to the same.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from enkash_contract.engine.notes import look_up_notes
from enkash_contract.judging.members import Member, is_free, keys, union
from enkash_contract.judging.settlement import settled
from enkash_contract.secrets import redaction
from enkash_contract.wire import strict_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.engine.plan import Plan
    from enkash_contract.judging.case import Case
    from enkash_contract.judging.members import Members
    from enkash_contract.judging.result import Result

TRIES = 3
"""So many other values of a member are tried at most."""


class LookUps:
    """The members of one session: what is known of them, and which values are left to try."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._sent: dict[str, str] = {}
        self._looked_up: set[str] = set()
        self.members: Members = {}

    def enter(self, case: Case, shows: Result) -> None:
        """Remember that `case` was sent, and what it shows."""
        self._sent[case.id] = case.polarity
        self.members = union((self.members, shows.members))
        # The rejection of an invalid value is only in doubt where it may be a look-up for sure.
        unclear = [
            doubt for doubt in shows.doubts if doubt.polarity == "accept" or not doubt.concluded
        ]
        self._looked_up.update(place for doubt in unclear for place in doubt.members)
        self._looked_up.update(place for (_, place), seen in shows.members.items() if seen.rejected)

    def next(self) -> Case | None:
        """Return a case that may clear up a doubt; None where there is none."""
        limit = self._plan.selection.max_accepted
        accepts = sum(polarity == "accept" for polarity in self._sent.values())
        if limit is not None and accepts >= limit:
            return None
        return next((case for place in self._open() for case in self._others(place)), None)

    def _open(self) -> list[str]:
        """Return the members in doubt, without those that were tried often enough."""
        operation = self._plan.operation.id
        return [
            place
            for place in sorted(self._looked_up)
            if not is_free(self.members, operation, place)
            and len(self.members.get((operation, place), Member()).rejected) <= TRIES
        ]

    def _others(self, place: str) -> list[Case]:
        cases = (*self._plan.cases, *self._plan.spare)
        others = (case for case in cases if case.polarity == "accept" and case.varied == (place,))
        return [case for case in others if case.id not in self._sent]


def settle(plan: Plan, result: Result) -> Result:
    """Return the sum of a run with its doubts settled, and the note on what is looked up."""
    final = settled(result)
    return replace(final, notes=(*final.notes, *notes(plan, result)))


def notes(plan: Plan, result: Result) -> Iterator[str]:
    """Yield the note on the members that the target of a run may look up, if there are any."""
    operation, baseline = plan.operation, plan.baseline
    places = sorted(place for of, place in keys(result.members) if of == operation.id)
    secrets = redaction.of_request(baseline.request(), operation.described)
    # What moves on cannot be pinned.
    payload = strict_json.decode(baseline.wire.body)[0] if plan.fresh is None else {}
    yield from look_up_notes(places, payload, secrets)
