"""From an entry of a recording to what it shows: whether it is ours, and what follows from it.

The address decides first. What went to another path or host is left alone, however broken it is:
it is none of our business. Of what may be ours, the half that can be read is judged, and what is
not known of the other is noted.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from enkash_contract.contract.evidence import FAIL_ON, Level
from enkash_contract.contract.operation import Operation
from enkash_contract.judging.checks import REQUEST_SCHEMA, SERVER_ERROR
from enkash_contract.judging.judge import judge_record
from enkash_contract.judging.recordings import Recordings
from enkash_contract.judging.result import Result, severity
from enkash_contract.secrets import redaction
from enkash_contract.secrets.unquoted import UNQUOTED
from enkash_contract.traffic.counting.lacks import Lack
from enkash_contract.traffic.counting.reduction import HOST, PATH, WAY, Reduction
from enkash_contract.traffic.directions import Directions, host_of, is_at
from enkash_contract.traffic.fast.known import Shared
from enkash_contract.traffic.unseen import completed, with_hidden
from enkash_contract.validation.request import request_violations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from enkash_contract.traffic.entries.entry import Entry
    from enkash_contract.wire.message import Interaction, Request

UNCLEAR = Lack("response", "neither an acceptance nor a rejection by the document")

NAME_HOSTS = "name the hosts of the partner by --partner-host"

NO_URL = ": the address was unreadable (it is no URL)"

ADDRESSES = 1024
"""The addresses whose operations are remembered."""


@dataclass(frozen=True)
class Judge:
    """Judges entries by the `operations` that are looked for, at hosts that match the glob `host`.

    Where both directions have one path, `directions` tell which it is.
    `waive` is applied to each result by itself: once results are added up, nobody knows which of
    the findings belong together.
    """

    operations: Sequence[Operation]
    host: str | None = None
    fail_on: Level = FAIL_ON
    waive: Callable[[Result], Result] | None = None
    directions: Directions = field(default_factory=Directions)
    _known: dict[tuple[str, str], Operation | str] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    targets: Shared[Operation, Any] = field(
        default_factory=Shared, init=False, repr=False, compare=False
    )
    """The targets of the quick way, for all parts that one process judges."""

    def add(self, entry: Entry, total: Reduction) -> None:
        """Add to `total` what an entry shows that is ours, or may be."""
        interaction = entry.interaction
        operation = self.operation_of(interaction.request) if interaction else None
        if interaction is None:
            total.unread(f": {entry.problem}", entry.source)
        elif not isinstance(operation, Operation) or not is_url(interaction.request.url):
            total.unread(NO_URL, entry.source)
        else:
            self._judge(operation, entry, interaction, total)

    def other(self, entry: Entry, total: Reduction) -> str:
        """Return the reason why an entry is none of ours; "" if it is, or may be."""
        if entry.interaction is None:
            return ""
        request = entry.interaction.request
        found = self.operation_of(request)
        if found == HOST:
            total.meet(host_of(request.url))
        return found if isinstance(found, str) else ""

    def operation_of(self, request: Request) -> Operation | str:
        """Return the operation that `request` speaks to, or the reason why it is none of ours."""
        address = (request.method, without_query(request.url))
        known = self._known.get(address)
        if known is None:
            if len(self._known) >= ADDRESSES:
                self._known.clear()
            known = self._known[address] = self._found(request)
        return known

    def went(self, operation: Operation, url: str, total: Reduction) -> None:
        """Tell `total` the direction of a request to `url`, if it is certain."""
        if operation.id not in self.directions.twins:
            total.went(operation.direction, host_of(url))

    def _found(self, request: Request) -> Operation | str:
        """Find the operation; in an address that is no URL, its path may stand anywhere."""
        if not is_url(request.url):
            known = [one for one in self.operations if one.path]
            return next((one for one in known if one.path in request.url), PATH)
        operation, is_its_way = self.directions.operation_of(self.operations, request)
        if operation is None:
            return PATH
        if self.host is not None and not is_at(request.url, self.host):
            return HOST
        return operation if is_its_way else WAY

    def _result(self, operation: Operation, interaction: Interaction) -> Result:
        result = judge_record(operation, interaction, fail_on=self.fail_on)
        return result if self.waive is None else self.waive(result)

    def _doubt(self, operation: Operation, interaction: Interaction, result: Result) -> Lack | None:
        """Return why findings may be none, because the request may have gone the other way."""
        broken = _violated(result)
        other = self.directions.other(operation) if broken else None
        if other is None or SERVER_ERROR in broken:
            return None
        unquoted = replace(interaction, secrets=UNQUOTED)
        if REQUEST_SCHEMA in broken:
            violations = request_violations(other, unquoted.request, secrets=UNQUOTED)
            # What is only weakly known of the other direction is no reason to accuse nobody.
            if not violations:
                return untold(operation, other)
            if any(severity(each.evidence, self.fail_on) == "violation" for each in violations):
                return None
        otherwise = judge_record(other, unquoted, fail_on=self.fail_on)
        return None if _violated(otherwise) else guessed(operation, other)

    def _learn(self, operation: Operation, interaction: Interaction, total: Reduction) -> None:
        if total.learned is not None:
            from enkash_contract.traffic.learning.observing import observe

            observe(total.learned, operation, interaction)

    def _judge(
        self, operation: Operation, entry: Entry, interaction: Interaction, total: Reduction
    ) -> None:
        interaction, lacks = completed(interaction, operation)
        # Most findings of a recording with many are only counted.
        result = self._result(operation, replace(interaction, secrets=UNQUOTED))
        if result.findings:
            interaction, hidden = with_hidden(interaction, result.findings)
            if hidden:
                lacks += hidden
                result = self._result(operation, replace(interaction, secrets=UNQUOTED))
        doubt = self._doubt(operation, interaction, result)
        self.went(operation, interaction.request.url, total)
        if doubt is not None:
            lacks.append(doubt)
        if doubt is not None and doubt.both_ways:
            total = total.doubtful(host_of(interaction.request.url))
        if doubt is not None and not doubt.both_ways:
            result = Result(verdicts={"inconclusive": 1})
        else:
            self._learn(operation, interaction, total)
        if total.wants(result):
            result = self._result(operation, interaction)
        total.add(result)
        for lack in lacks:
            total.lack(lack, entry.source)
        for problem in entry.problems:
            lack, detail = Lack(problem.part, problem.reason, problem.remedy), ""
            if problem.detail and not total.has(lack):
                # The detail of the first of its kind is the only one that may be told.
                secrets = redaction.of_request(interaction.request, operation.described)
                detail = secrets.hide(problem.detail)
            total.lack(lack, entry.source, detail)
        if result.count("inconclusive") and not (lacks or entry.problems or result.notes):
            response = interaction.response
            status = f"(status {response.status})" if response else ""
            total.lack(UNCLEAR, entry.source, status)


def judge(
    entry: Entry, wanted: Iterable[Operation], *, host: str | None = None, fail_on: Level = FAIL_ON
) -> Result | None:
    """Judge an entry by the one of the `wanted` operations that it speaks to; None if by none.

    An entry without an address may have been any request, so it counts as unread.
    """
    total, by = Reduction(), Judge(tuple(wanted), host, fail_on)
    if by.other(entry, total):
        return None
    by.add(entry, total)
    return replace(total.result(), recordings=Recordings())


def operation_of(
    request: Request, wanted: Iterable[Operation], host: str | None = None
) -> Operation | None:
    """Return the operation that `request` speaks to, if its host matches the glob `host`."""
    found = Judge(tuple(wanted), host).operation_of(request)
    return found if isinstance(found, Operation) else None


def untold(operation: Operation, other: Operation) -> Lack:
    """Return what is not known of a request that is valid in the other direction alone."""
    reason = f"valid as {other.id} alone, which has the path of {operation.id}"
    return Lack("request", reason, NAME_HOSTS)


def guessed(operation: Operation, other: Operation) -> Lack:
    """Return what is not known of an interaction that violates nothing in the other direction."""
    reason = f"of {operation.id} or of {other.id}, which have one path"
    return Lack("interaction", reason, NAME_HOSTS, both_ways=True)


def _violated(result: Result) -> set[str]:
    return {finding.check for finding in result.findings if finding.severity == "violation"}


def without_query(url: str) -> str:
    """Return an address without what decides nothing: query and fragment, if it is a URL."""
    place = url.partition("?")[0].partition("#")[0]
    return place if is_url(place) else url


def is_url(text: str) -> bool:
    """Return whether an address can be taken apart."""
    try:
        urlsplit(text)
    except ValueError:
        return False
    return True
