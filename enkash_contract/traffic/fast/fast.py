"""The quick way for what most recordings hold: valid requests that were accepted as documented.

An entry in JSON is decoded once, with no more than the members that decide; its bodies are parsed
once, and those that were judged before are known by their text. Either the entry is certainly valid
and accepted, or none of ours, and is only counted; or it is judged as any other. So this may be as
narrow as it likes, but it never decides otherwise than `judge_record`, whose result for the first
entry of each kind is what the others are counted as.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, TypeVar

from orjson import dumps, loads

from enkash_contract.contract.routing import match_request
from enkash_contract.judging import durations
from enkash_contract.judging.judge import judge_record
from enkash_contract.judging.result import Tally
from enkash_contract.traffic.counting.reduction import HOST
from enkash_contract.traffic.directions import host_of
from enkash_contract.traffic.entries.bodies import EMPTY_STATUSES
from enkash_contract.traffic.entries.entry import MOST_SECONDS
from enkash_contract.traffic.fast.begun import begun
from enkash_contract.traffic.fast.typed import address, glance
from enkash_contract.traffic.judging import is_url
from enkash_contract.validation.outcome import readers
from enkash_contract.validation.validator import validator
from enkash_contract.wire import strict_json
from enkash_contract.wire.message import Interaction, Request, labelled, media_types

if TYPE_CHECKING:
    from enkash_contract.contract.operation import Operation, Side
    from enkash_contract.judging.result import Result
    from enkash_contract.traffic.counting.reduction import Reduction
    from enkash_contract.traffic.fast.typed import Glance, Header
    from enkash_contract.traffic.judging import Judge
    from enkash_contract.validation.validator import Validator

KNOWN = 4096
"""So many addresses, labels or bodies of a kind are known at a time."""

LARGE = 1 << 20
"""An entry of more bytes is only looked at for its address."""

LONGEST = 10_000
"""No longer body is kept, to be known when it comes again."""

Key = TypeVar("Key")
Value = TypeVar("Value")


class _Kind:
    """Entries that add the same to a result, but for how long they took."""

    def __init__(self, operation: Operation, result: Result) -> None:
        self.operation, self.result, self.number = operation, result, 0
        self.took: Counter[tuple[str, int]] = Counter()
        self._rounded: dict[float, tuple[str, int]] = {}

    def add(self, seconds: float | None) -> None:
        """Count an entry, and how long it took, if that can be."""
        self.number += 1
        if seconds is None or not 0 <= seconds < MOST_SECONDS:
            return
        took = self._rounded.get(seconds)
        if took is None:
            took = _kept(self._rounded, seconds, (self.operation.id, durations.rounded(seconds)))
        self.took[took] += 1

    def flush(self, total: Reduction) -> None:
        """Add to `total` what was counted since the last time."""
        if self.number:
            total.add(self.result, self.number, dict(self.took))
            self.number = 0
            self.took.clear()


class _Part:
    """A side of an operation, with its bodies that are known to be valid, or to accept."""

    __slots__ = ("_again", "_known", "kind", "label", "operation", "outcomes", "rules")

    def __init__(self, operation: Operation, side: Side) -> None:
        self.operation, self.label = operation, side.media_type
        self.rules = validator(operation, side.name)
        self.outcomes = [(name, reader.is_valid) for name, reader in readers(operation)]
        self._known: dict[str, None] | None = {}
        self._again = 0
        self.kind: _Kind | None = None

    def knows(self, body: str) -> bool:
        """Return whether a body was remembered."""
        if not self._known or body not in self._known:
            return False
        self._again += 1
        return True

    def remember(self, body: str) -> bool:
        """Remember a body, unless it is long, or hardly any came again so far."""
        known = self._known
        if known is not None and len(body) <= LONGEST:
            _kept(known, body, None)
            if len(known) >= KNOWN and self._again < KNOWN // 8:
                self._known = None
        return True


class _Target(_Part):
    """The side of an operation's requests, with those of its responses by their status."""

    __slots__ = ("statuses",)

    def __init__(self, operation: Operation) -> None:
        super().__init__(operation, operation.request)
        self.statuses: dict[int, _Part | None] = {}


class _Fields(dict[str, str]):
    """The names of headers in any spelling, each in lower case if it decides, else ""."""

    def __missing__(self, name: str) -> str:
        lower = name.lower()
        decides = lower in ("content-type", "content-encoding")
        return _kept(self, name, lower if decides else "")


class _Labels(dict[str, str]):
    """The values of labels, each with the only media type that it names, else ""."""

    def __missing__(self, value: str) -> str:
        types = media_types((("Content-Type", value),))
        return _kept(self, value, types[0] if len(types) == 1 else "")


class Fast:
    """Adds up the entries that are certainly valid and accepted, and those that are not ours."""

    def __init__(self, judge: Judge, total: Reduction) -> None:
        """Add to `total`, as `judge` would."""
        self._judge, self._total = judge, total
        self._operations: dict[Operation, _Target] = {}
        self._targets: dict[tuple[str, str], _Target | str] = {}
        self._fields, self._labels = _Fields(), _Labels()
        self._kinds: list[_Kind] = []

    def adds(self, raw: bytes, where: str = "") -> bool:
        """Add an entry if it is certain what it shows; return whether it was added.

        `raw` is its own text, and `where` the path of the list that it was cut out of, if any.
        """
        # A body is held several times at once here, which a long one is too large for.
        seen = glance(raw, where) if len(raw) <= LARGE else None
        if seen is None:
            found = address(raw, where)
            return found is not None and self._leaves(self._target(*found), found[1])
        target = self._target(seen.method, seen.url)
        if isinstance(target, str):
            return self._leaves(target, seen.url)
        try:
            part = target.statuses[seen.status]
        except KeyError:
            part = self._part(target, seen.status)
        if part is None or not (self._is_valid(target, seen) and self._accepts(part, seen)):
            return False
        if part.kind is None:
            part.kind = self._first(target, part, seen)
            if part.kind is None:
                target.statuses[seen.status] = None
                return False
            # The keys of what is counted stand in the order in which they came.
            self._kinds.append(part.kind)
            part.kind.add(seen.seconds)
            part.kind.flush(self._total)
        else:
            part.kind.add(seen.seconds)
        if self._total.learned is not None:
            from enkash_contract.traffic.learning.observing import glimpse

            glimpse(self._total.learned, target.operation, seen, begun(raw, where))
        return True

    def leaves(self, raw: bytes, where: str, reason: str) -> bool:
        """Leave an entry alone for a reason, if it is certain whether it is ours."""
        found = address(raw, where)
        target = self._target(*found) if found is not None else ""
        if found is None or not isinstance(target, _Target):
            return found is not None and self._leaves(target, found[1])
        self._total.leave(reason, ours=True)
        return True

    def flush(self) -> None:
        """Add what was only counted so far."""
        for kind in self._kinds:
            kind.flush(self._total)

    def _leaves(self, target: _Target | str, url: str) -> bool:
        """Leave an entry alone if it is certainly none of ours."""
        if not isinstance(target, str) or not target:
            return False
        if target == HOST:
            self._total.meet(host_of(url))
        self._total.leave(target)
        return True

    def _target(self, method: str, url: str) -> _Target | str:
        """Return the target of requests by a method to an address.

        If it is none of ours, the reason is returned; "" if that is not certain.
        """
        known = self._targets.get((method, url))
        if known is not None:
            return known
        sent = Request(method.upper(), url)
        target: _Target | str = ""
        found = self._judge.operation_of(sent) if url and is_url(url) else ""
        if isinstance(found, str):
            target = found
        elif match_request(found, sent) == "own":
            target = self._operations.setdefault(found, _Target(found))
            self._judge.went(found, url, self._total)
        return _kept(self._targets, (method, url), target)

    def _part(self, target: _Target, status: int) -> _Part | None:
        """Return the side of responses of a status, if the document describes their bodies."""
        side = target.operation.response(status)
        described = side is not None and status not in EMPTY_STATUSES
        part = _Part(target.operation, side) if side and described else None
        return _kept(target.statuses, status, part)

    def _is_valid(self, target: _Target, seen: Glance) -> bool:
        """Return whether a request is certainly valid."""
        body = seen.sent_body
        if self._label(seen.sent_headers, body) != target.label:
            return False
        if target.knows(body):
            return True
        return _read(target.rules, body) is not None and target.remember(body)

    def _accepts(self, part: _Part, seen: Glance) -> bool:
        """Return whether a response is certainly as documented, and accepts the request."""
        body = seen.received_body
        if self._label(seen.received_headers, body, seen.label) != part.label:
            return False
        if part.knows(body):
            return True
        payload = _read(part.rules, body)
        if payload is None:
            return False
        shown = {"status": seen.status, "body": payload}
        for name, matches in part.outcomes:
            if matches(shown):
                return name == "accepted" and part.remember(body)
        return False

    def _label(self, headers: list[Header], body: str, otherwise: str = "") -> str:
        """Return the media type of a body, unless its headers say more that decides."""
        label = None
        for header in headers:
            field = self._fields[header.name]
            if not field:
                continue
            if field == "content-encoding":
                # Recorders undo it, and then the body is text.
                if not (body.isascii() and body.isprintable()):
                    return ""
            elif label is None:
                label = header.value
            else:
                return ""
        return self._labels[otherwise if label is None else label]

    def _first(self, target: _Target, part: _Part, seen: Glance) -> _Kind | None:
        """Judge the first entry of a kind; return None if there is more to say than a count."""
        headers = (("Content-Type", target.label),)
        request = Request(target.operation.method, seen.url, headers, seen.sent_body.encode())
        response = labelled(seen.status, part.label, seen.received_body.encode())
        interaction = Interaction(request, response)
        judge = self._judge
        result = judge_record(target.operation, interaction, fail_on=judge.fail_on)
        result = judge.waive(result) if judge.waive else result
        held = result.verdicts == {"held": 1} and result.requests == {"accept": Tally(1, 1)}
        clean = not (result.findings or result.notes or result.waivers)
        return _Kind(target.operation, result) if held and clean else None


def _read(rules: Validator, body: str) -> Any:
    """Return the object that a text in JSON stands for, if it certainly keeps the rules."""
    # Texts that begin otherwise may spell bytes.
    if not body.startswith("{"):
        return None
    try:
        payload = loads(body)
        written, read = dumps(payload), body.encode()
    except (ValueError, TypeError):
        return None
    if written != read and not strict_json.survives(payload, written, read):
        return None
    return payload if rules.surely_valid_json(payload) or rules.accepts(payload) else None


def _kept(known: dict[Key, Value], key: Key, value: Value) -> Value:
    """Return a value, which is known by its key from now on."""
    if len(known) >= KNOWN:
        known.clear()
    known[key] = value
    return value
