"""The quick way for what most recordings hold: valid requests that were accepted as documented.

Entries in JSON are decoded many at once, with no more than the members that decide; so are their
bodies, of which those that were judged before are known by their text. Either an entry is certainly
valid and accepted, or none of ours, and is only counted; or it is judged as any other. So this may
be as narrow as it likes, but it never decides otherwise than `judge_record`, whose result for the
first entry of each kind is what the others are counted as.
"""

from __future__ import annotations

from itertools import compress
from typing import TYPE_CHECKING

from enkash_contract.contract.routing import match_request
from enkash_contract.judging.judge import judge_record
from enkash_contract.judging.result import Tally
from enkash_contract.traffic.counting.reduction import HOST
from enkash_contract.traffic.directions import host_of
from enkash_contract.traffic.fast.begun import begun
from enkash_contract.traffic.fast.half import Target
from enkash_contract.traffic.fast.kind import Kind
from enkash_contract.traffic.fast.known import kept
from enkash_contract.traffic.fast.typed import address, glance, glances, text
from enkash_contract.traffic.judging import is_url, without_query
from enkash_contract.wire.message import Interaction, Request, labelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.judging.result import Result
    from enkash_contract.traffic.counting.reduction import Reduction
    from enkash_contract.traffic.cutting.run import Run
    from enkash_contract.traffic.fast.half import Response
    from enkash_contract.traffic.fast.typed import Glance
    from enkash_contract.traffic.judging import Judge

LARGE = 1 << 20
"""An entry of more bytes is only looked at for its address."""


class Fast:
    """Adds up the entries that are certainly valid and accepted, and those that are not ours."""

    def __init__(self, judge: Judge, total: Reduction) -> None:
        """Add to `total`, as `judge` would."""
        self._judge, self._total = judge, total
        self._targets: dict[tuple[str, str], Target | str] = {}
        self._kinds: dict[Response, Kind] = {}

    def glances(self, run: Run) -> list[Glance] | None:
        """Return what decides of each entry in a run; None if they have to be cut out for that."""
        # Bodies are held several times at once here; and what is learned has a time of its own.
        if run.size > LARGE or self._total.learned is not None:
            return None
        return glances(run)

    def remaining(self, seen: list[Glance]) -> Iterator[int]:
        """Add entries as far as it is certain what they show; yield the numbers of the others."""
        found = [self._responses(each) for each in seen]
        held = self._held(seen, found)
        for number, (each, responses) in enumerate(zip(seen, found, strict=True)):
            if isinstance(responses, str):
                is_added = self._leaves(responses, each.request.url)
            else:
                is_added = number in held and self._added(each, responses)
            if not is_added:
                yield number

    def adds(self, raw: bytes, where: str = "") -> bool:
        """Add an entry if it is certain what it shows; return whether it was added.

        `raw` is its own text, and `where` the path of the list that it was cut out of, if any.
        """
        # A body is held several times at once here, which a long one is too large for.
        seen = glance(raw, where) if len(raw) <= LARGE else None
        if seen is None:
            found = address(raw, where)
            return found is not None and self._leaves(self._target(*found), found[1])
        is_added = not [*self.remaining([seen])]
        target = self._target(seen.request.method, seen.request.url)
        if is_added and self._total.learned is not None and isinstance(target, Target):
            from enkash_contract.traffic.learning.observing import glimpse

            glimpse(self._total.learned, target.operation, seen, begun(raw, where))
        return is_added

    def _responses(self, seen: Glance) -> Response | str:
        """Return the responses to which that of an entry belongs.

        If it is none of ours, the reason is returned; "" if anything is not certain.
        """
        target = self._target(seen.request.method, seen.request.url)
        if isinstance(target, str):
            return target
        response = target.response(seen.response.status)
        return response if response and not response.is_odd else ""

    def _held(self, seen: list[Glance], found: list[Response | str]) -> set[int]:
        """Return the numbers of the entries that certainly are valid and accepted."""
        groups: dict[Response, list[int]] = {}
        for number, responses in enumerate(found):
            if not isinstance(responses, str):
                groups.setdefault(responses, []).append(number)
        held: set[int] = set()
        for responses, numbers in groups.items():
            sent = responses.target.hold(seen[number].request for number in numbers)
            valid = [*compress(numbers, sent)]
            received = responses.hold(seen[number].response for number in valid)
            held.update(compress(valid, received))
        return held

    def _added(self, seen: Glance, responses: Response) -> bool:
        """Add an entry that is valid and accepted, if that is all there is to say of its kind."""
        kind = self._kinds.get(responses)
        if kind is not None:
            kind.add(seen.seconds)
            return True
        responses.result = responses.result or self._judged(seen, responses)
        if responses.result is None:
            responses.is_odd = True
            return False
        # The keys of what is counted stand in the order in which they came.
        kind = self._kinds[responses] = Kind(responses.operation, responses.result)
        kind.add(seen.seconds)
        kind.flush(self._total)
        return True

    def leaves(self, raw: bytes, where: str, reason: str) -> bool:
        """Leave an entry alone for a reason, if it is certain whether it is ours."""
        found = address(raw, where)
        target = self._target(*found) if found is not None else ""
        if found is None or not isinstance(target, Target):
            return found is not None and self._leaves(target, found[1])
        self._total.leave(reason, ours=True)
        return True

    def flush(self) -> None:
        """Add what was only counted so far."""
        for kind in self._kinds.values():
            kind.flush(self._total)

    def _leaves(self, target: Target | str, url: str) -> bool:
        """Leave an entry alone if it is certainly none of ours."""
        if not isinstance(target, str) or not target:
            return False
        if target == HOST:
            self._total.meet(host_of(url))
        self._total.leave(target)
        return True

    def _target(self, method: str, url: str) -> Target | str:
        """Return the target of requests by a method to an address.

        If it is none of ours, the reason is returned; "" if that is not certain.
        """
        known = self._targets.get((method, url))
        if known is not None:
            return known
        place = without_query(url)
        if place != url:
            # Queries may be as many as there are entries, and none is worth remembering.
            return self._target(method, place)
        sent = Request(method.upper(), url)
        target: Target | str = ""
        found = self._judge.operation_of(sent) if url and is_url(url) else ""
        if isinstance(found, str):
            target = found
        elif match_request(found, sent) == "own":
            targets = self._judge.targets
            target = targets.get(found) or targets.setdefault(found, Target(found))
            self._judge.went(found, url, self._total)
        return kept(self._targets, (method, url), target)

    def _judged(self, seen: Glance, responses: Response) -> Result | None:
        """Return the result of the first entry of a kind; None if it is more than a count."""
        operation, label = responses.operation, responses.target.label
        headers, body = (("Content-Type", label),), text(seen.request).encode()
        request = Request(operation.method, seen.request.url, headers, body)
        answer = labelled(responses.status, responses.label, text(seen.response).encode())
        judge = self._judge
        result = judge_record(operation, Interaction(request, answer), fail_on=judge.fail_on)
        result = judge.waive(result) if judge.waive else result
        held = result.verdicts == {"held": 1} and result.requests == {"accept": Tally(1, 1)}
        clean = not (result.findings or result.notes or result.waivers)
        return result if held and clean else None
