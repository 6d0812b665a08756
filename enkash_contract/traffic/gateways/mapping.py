"""Logs of any JSON as interactions: a mapping says where a log holds each member of our shape.

A log holds what somebody has told it to. What a path does not find was not recorded, and an empty
body is as good as none, because most logs write an empty text where they keep no bodies.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import orjson

from enkash_contract.errors import UsageError, did_you_mean
from enkash_contract.traffic.entries.bodies import EXPORT
from enkash_contract.traffic.entries.entry import Missing, headers_of, number_of
from enkash_contract.traffic.entries.moments import seconds_since_epoch
from enkash_contract.traffic.formats import interaction
from enkash_contract.traffic.formats.format import Format
from enkash_contract.traffic.gateways import writing
from enkash_contract.traffic.gateways.paths import NOTHING, JsonPath, path_of
from enkash_contract.wire.message import header

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from enkash_contract.traffic.entries.entry import Entry
    from enkash_contract.wire.message import Headers

TARGETS = {
    "request.method": "request method",
    "request.url": "URL",
    "request.scheme": "scheme",
    "request.host": "host",
    "request.headers": "request header",
    "request.body": "request body",
    "request.encoding": "request encoding",
    "request.size": "request size",
    "response.status": "response",
    "response.headers": "response header",
    "response.body": "response body",
    "response.encoding": "response encoding",
    "response.size": "response size",
    "at": "time",
    "seconds": "duration",
}
"""The members of an interaction, each with the name of the part that it is."""

BODIES = ("request.body", "response.body")

NAMED = ("request.headers.", "response.headers.")
"""The beginnings of targets that are one header; its name follows."""

REMEDY = "compare the path with a line of the log"


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"\d{1,9}(?:\.\d{1,9})?", text, re.ASCII) else None


def _only_record(value: Any) -> list[tuple[str, Any]]:
    """Return a value as the only record."""
    return [("", value)]


def _unchanged(record: Any) -> Any:
    return record


@dataclass(frozen=True)
class LogMapping:
    """The paths at which a log holds each member of an interaction; the first that finds it counts.

    The paths that a user has `given` are named where they find nothing. Values that are `absent`
    stand for nothing, and statuses that are `unanswered` for no response. `records` yields the
    records in a value, each with its place, and `opened` makes of one what the paths look into. In
    a log that is `mixed`, records that are no exchange are left out. Only where headers are logged
    `whole`, one that is not there was not sent.
    """

    paths: Mapping[str, tuple[JsonPath, ...]]
    given: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    unanswered: frozenset[str] = frozenset()
    records: Callable[[Any], Iterable[tuple[str, Any]]] = _only_record
    opened: Callable[[Any], Any] = _unchanged
    mixed: bool = False
    whole: bool = False
    remedy: str = EXPORT

    def read(self, record: Any) -> tuple[dict[str, Any], list[str]]:
        """Return the interaction that a record stands for, and the targets that were not found."""
        opened = self.opened(record)
        mapped: dict[str, Any] = {"request": {}}
        missing: list[str] = []
        for target, paths in self.paths.items():
            # Whether an empty body is one depends on its size.
            absent = self.absent - {""} if target in BODIES else self.absent
            values = (path.found(opened) for path in paths)
            value = next((each for each in values if _is_logged(each, absent)), None)
            if value is not None:
                _put(mapped, target, value)
            elif target in self.given:
                missing.append(target)
        if isinstance(mapped.get("seconds"), str):
            # What holds a number may be written as text.
            mapped["seconds"] = _number(mapped["seconds"])
        for side in ("request", "response"):
            if side in mapped:
                self._complete(mapped[side])
        response = mapped.get("response", {})
        if str(response.get("status")) in self.unanswered:
            response["status"] = 0
        return mapped, missing

    def _complete(self, message: dict[str, Any]) -> None:
        """Make a number of a size, and leave out what only looks as if it were known."""
        size = message.get("size")
        if isinstance(size, str):
            is_number = re.fullmatch(r"\d{1,18}", size, re.ASCII)
            message["size"] = size = int(size) if is_number else None
        if message.get("body") == "" and size != 0:
            message["body"] = None
        fields = message.get("headers")
        if fields and not self.whole and header(headers_of(message), "content-type") is None:
            # Whoever logs a few headers may leave out the label, as much as a client may.
            host = header(headers_of(message), "host")
            message["headers"] = None
            message.setdefault("host", host)


def _is_logged(value: Any, absent: frozenset[str]) -> bool:
    """Return whether a log holds a value, and none that stands for nothing."""
    is_nothing = value is NOTHING or value is None
    return not (is_nothing or (isinstance(value, str) and value in absent))


def _put(mapped: dict[str, Any], target: str, value: Any) -> None:
    """Set a member of an interaction; what stands for headers adds to the others."""
    side, _, name = target.partition(".")
    if not name:
        mapped[target] = value
        return
    message = mapped.setdefault(side, {})
    first, _, header = name.partition(".")
    if first != "headers":
        message[name] = value
        return
    fields = message.setdefault("headers", [])
    if header:
        fields.append([header, value])
    elif isinstance(value, dict):
        fields += [[key, each] for key, each in value.items()]
    elif isinstance(value, list):
        fields += value


def pairs(given: Iterable[str]) -> dict[str, str]:
    """Return what `--map TARGET=PATH` says, by the targets.

    Raises:
        UsageError: one is no such pair, or names what another one names.

    """
    found: dict[str, str] = {}
    for text in given:
        target, equals, path = (part.strip() for part in text.partition("="))
        if not equals or not path:
            example = "--map request.body=$.request.body"
            raise UsageError(f"--map {text!r} names no path; write it as {example}")
        if target in found:
            raise UsageError(f"--map names {target!r} twice; keep one of them")
        found[target] = path
    return found


def parsed(given: Mapping[str, str]) -> dict[str, JsonPath]:
    """Return the paths of a mapping.

    Raises:
        UsageError: a target or a path is none.

    """
    paths: dict[str, JsonPath] = {}
    for target, path in given.items():
        header = next((start for start in NAMED if target.startswith(start)), "")
        if target not in TARGETS and (not header or target == header):
            hint = did_you_mean(target, TARGETS, f"there is {', '.join(TARGETS)}")
            raise UsageError(f"--map knows no member {target!r} of an interaction; {hint}")
        try:
            paths[target] = path_of(path)
        except ValueError as error:
            raise UsageError(f"--map {target}: {error}") from None
    return paths


def overlaid(known: LogMapping, given: Mapping[str, JsonPath]) -> LogMapping:
    """Return a mapping in which the paths that a user has given replace the known ones."""
    paths = {**known.paths, **{target: (path,) for target, path in given.items()}}
    return replace(known, paths=paths, given=frozenset(given))


def format_of(mapping: LogMapping, title: str) -> Format:
    """Return the format of a log that is read by `mapping`."""
    log = _Log(mapping)
    reading = (log.entry, log.url_of, log.within, log.rewritten, log.written)
    return Format("log", title, ("",), is_object, *reading)


def is_object(value: Any) -> bool:
    """Return whether a value is an object of JSON."""
    return isinstance(value, dict)


@dataclass(frozen=True, slots=True)
class _Log:
    """The functions of a format; methods, so that other processes can be told of them."""

    mapping: LogMapping

    def url_of(self, record: Any) -> str | None:
        return interaction.url_of(self.mapping.read(record)[0])

    def entry(self, record: Any, source: str) -> Entry:
        mapped, missing = self.mapping.read(record)
        found = interaction.entry(mapped, source)
        problems = [_remedied(problem, self.mapping, missing) for problem in found.problems]
        more = [_not_found(self.mapping, target) for target in missing if found.interaction]
        return replace(found, problems=tuple(dict.fromkeys([*problems, *more])))

    def within(self, value: Any) -> Iterator[tuple[str, Any]]:
        for place, record in self.mapping.records(value):
            if not self.mapping.mixed or _is_exchange(self.mapping.read(record)[0]):
                yield place, record

    def rewritten(self, value: Any) -> bytes | None:
        records = [*self.within(value)]
        if len(records) != 1:
            return None
        mapped, missing = self.mapping.read(records[0][1])
        return None if missing else _rewritten(mapped)

    def written(self, record: Any, mapped: dict[str, Any]) -> dict[str, Any] | None:
        """Return an interaction as a record with the members that another record has."""
        return writing.record(self.mapping.paths, self.mapping.opened(record), mapped)


def _rewritten(mapped: dict[str, Any]) -> bytes | None:
    """Return an interaction as its text in our shape; None if it has more to say than that."""
    request, response = mapped["request"], mapped.get("response", {})
    plain: dict[str, Any] = {
        "request": {"method": request.get("method"), "url": interaction.url_of(mapped)},
        "response": {"status": number_of(response.get("status"))},
        "at": seconds_since_epoch(mapped.get("at")),
        "seconds": mapped.get("seconds"),
    }
    try:
        for side, message in (("request", request), ("response", response)):
            body, fields = message.get("body"), headers_of(message)
            text = body if isinstance(body, str) else json.dumps(body)
            if body is None or message.get("encoding") or not fields or _are_repeated(fields):
                return None
            plain[side] |= {"headers": dict(fields), "body": text}
        return orjson.dumps(plain)
    except (TypeError, ValueError, RecursionError):
        return None


def _are_repeated(fields: Headers) -> bool:
    return len({name.lower() for name, _ in fields}) < len(fields)


def _is_exchange(mapped: dict[str, Any]) -> bool:
    return "url" in mapped["request"] or "method" in mapped["request"]


def _remedied(problem: Missing, mapping: LogMapping, missing: list[str]) -> Missing:
    """Return a problem with the remedy for this log, or the path that has found nothing."""
    target = next((each for each in missing if TARGETS.get(each) == problem.part), None)
    if target is not None:
        return _not_found(mapping, target)
    if problem.part == "address":
        places = " or ".join(path.text for path in mapping.paths.get("request.url", ()))
        return replace(problem, detail=f"(nothing at {places})", remedy=REMEDY)
    return replace(problem, remedy=mapping.remedy) if problem.remedy == EXPORT else problem


def _not_found(mapping: LogMapping, target: str) -> Missing:
    first = next((start for start in NAMED if target.startswith(start)), "")
    part = TARGETS.get(target) or TARGETS[first.rstrip(".")]
    return Missing(part, f"not found by --map {target}={mapping.paths[target][0].text}", REMEDY)
