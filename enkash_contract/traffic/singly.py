"""Recorded interactions judged one by one, as tests do, by what all of them tell of hosts.

Where EnKash and a partner serve one path, the direction of a request may be a guess. A run of
`traffic` leaves that open until its end; whoever judges one interaction at a time meets all of them
first.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from enkash_contract.contract.evidence import FAIL_ON, Level
from enkash_contract.contract.operation import Operation
from enkash_contract.judging.recordings import Recordings
from enkash_contract.traffic.counting.reduction import Reduction
from enkash_contract.traffic.directions import directions
from enkash_contract.traffic.judging import NAME_HOSTS, Judge

if TYPE_CHECKING:
    from collections.abc import Mapping

    from enkash_contract.judging.result import Result
    from enkash_contract.traffic.entries.entry import Entry


class Singly:
    """Judges entries of recordings one by one, by all operations of a contract, or by some.

    `partner_host` is a glob over the hosts of a partner, which notes ask for by the name of an
    `option`, and `fail_on` the weakest evidence on which a finding is a violation.
    """

    def __init__(
        self,
        contract: Mapping[str, Operation],
        *,
        partner_host: str | None = None,
        option: str = "--partner-host",
        fail_on: Level = FAIL_ON,
    ) -> None:
        self._remedy = NAME_HOSTS.replace("--partner-host", option)
        wanted = tuple(contract.values())
        ways = directions(contract, wanted, partner_host)
        self._judge = Judge(wanted, fail_on=fail_on, directions=ways)
        self._met = Reduction()

    def meet(self, entry: Entry) -> Operation | None:
        """Return the operation that an entry speaks to, and remember what its host tells."""
        interaction = entry.interaction
        found = self._judge.operation_of(interaction.request) if interaction else None
        if interaction is None or not isinstance(found, Operation):
            return None
        self._judge.went(found, interaction.request.url, self._met)
        return found

    def result(self, entry: Entry) -> Result | None:
        """Return what an entry shows; None if it is none of ours.

        An entry without an address may have been any request, so it counts as unread.
        """
        total = Reduction()
        if self._judge.other(entry, total):
            return None
        self._judge.add(entry, total)
        total.merge(self._met)
        total.settle()
        result = total.result()
        notes = tuple(note.replace(NAME_HOSTS, self._remedy) for note in result.notes)
        return replace(result, notes=notes, recordings=Recordings())
