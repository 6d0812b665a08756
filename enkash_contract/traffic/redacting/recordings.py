"""Whole recordings, redacted: what is of the contract's operations, in the format it came in."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from itertools import chain
from typing import IO, TYPE_CHECKING, Any

import yaml

from enkash_contract.errors import RecordingError
from enkash_contract.judging.result import Result
from enkash_contract.traffic import detection
from enkash_contract.traffic.cutting.piece import TOP
from enkash_contract.traffic.formats.table import FORMATS
from enkash_contract.traffic.judging import judge, operation_of
from enkash_contract.traffic.reading import unpacking
from enkash_contract.traffic.redacting.members import as_json
from enkash_contract.traffic.redacting.packing import opened
from enkash_contract.traffic.redacting.written import WRITERS, own

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from pathlib import Path

    from enkash_contract.contract.operation import Operation
    from enkash_contract.traffic.cutting.piece import Piece
    from enkash_contract.traffic.entries.entry import Entry
    from enkash_contract.traffic.formats.format import Format
    from enkash_contract.traffic.reading.address import Address
    from enkash_contract.traffic.redacting.messages import Messages

    Writing = Callable[[IO[str], str, dict[str, Any], Iterator[dict[str, Any]]], None]

HAR = "log.entries"
BESIDE: dict[str, dict[str, Any]] = {
    HAR: {"version": "1.2", "creator": {"name": "enkash-contract", "version": ""}},
    "interactions": {"version": 1},
}
"""The members that a format wants beside its list of interactions."""

OTHER, DIFFERENT = "of no operation of the contract", "would be judged otherwise"


@dataclass
class Redacted:
    """The number of interactions written, those left out by their reasons, and those unread."""

    written: int = 0
    left: Counter[str] = field(default_factory=Counter)
    unread: list[str] = field(default_factory=list)

    def add(self, other: Redacted) -> None:
        """Add what another recording came to."""
        self.written += other.written
        self.left += other.left
        self.unread += other.unread


@dataclass(frozen=True)
class Redactor:
    """Redacts recordings of `operations`, of all `formats` unless they are given."""

    operations: Sequence[Operation]
    messages: Messages
    formats: Collection[Format] | None = None

    def redact(self, source: Path | Address, target: Path, *, named: bool = True) -> Redacted:
        """Write the recording at `source` anew to `target`, so that nobody is known by it.

        What is of none of the operations is left out, and so is an interaction that would be judged
        otherwise, if there should be one. Without any, nothing is written. A file that nobody has
        `named` may be anything. What an archive holds in different formats becomes lines, each in
        its own format.

        Raises:
            UsageError: `target` is there already, or cannot be written.

        """
        found = Redacted()
        mixed = self._is_mixed(source, named=named)
        pieces = detection.pieces(source, named=named, formats=self.formats)
        values = self._values(pieces, found, mixed=mixed)
        first = next(values, None)
        if first is None:
            return found
        is_json, where, beside, _ = first
        write: Writing = _yaml
        ending = ".yaml"
        if mixed or (is_json and not where):
            write, ending = _lines, ".ndjson"
        elif is_json:
            write, ending = _json, ".har" if where == HAR else ".json"
        with opened(target, ending) as file:
            write(file, where, beside, (value for *_, value in chain([first], values)))
        return found

    def _is_mixed(self, source: Path | Address, *, named: bool) -> bool:
        """Return whether an archive holds recordings that cannot be one file as they are."""
        # A file is open as long as its streams are asked for.
        streams = unpacking.streams(source)
        stream = next(streams, None)
        if stream is None or not stream.found:
            return False
        pieces = detection.pieces(source, named=named, formats=self.formats)
        kinds = {(piece.raw is None, piece.where) for piece in pieces if not piece.problem}
        return len(kinds) > 1

    def _values(
        self, pieces: Iterator[Piece], found: Redacted, *, mixed: bool
    ) -> Iterator[tuple[bool, str, dict[str, Any], dict[str, Any]]]:
        """Yield interactions as they are written: if in JSON, where, beside what, and the value."""
        for piece in pieces:
            if piece.harmless:
                continue
            try:
                recorded = [*detection.recorded_in(piece, self.formats)]
            except RecordingError as problem:
                found.unread.append(str(problem))
                continue
            is_json = mixed or piece.raw is not None
            for each, value, place in recorded:
                # Newman's are no lines.
                form = FORMATS["interaction"] if mixed and each.name == "newman" else each
                written = self._written(each, form, value, place, found)
                if written is not None:
                    found.written += 1
                    yield is_json, piece.where, _beside(piece.where, each, value), written

    def _written(
        self, each: Format, form: Format, recorded: Any, place: str, found: Redacted
    ) -> dict[str, Any] | None:
        """Return what was recorded in the format `each` as it is written in `form`."""
        entry = each.entry(recorded, place)
        interaction = entry.interaction
        if interaction is None:
            found.unread.append(f"{place}: {entry.problem}")
            return None
        if operation_of(interaction.request, self.operations) is None:
            found.left[OTHER] += 1
            return None
        other = self.messages.redacted(interaction)
        written = form.written(recorded, own(other)) if form.written else None
        if written is None:
            form = FORMATS.get(form.name, FORMATS["interaction"])
            written = WRITERS[form.name](other)
        if self._shown(form.entry(as_json(written), place)) != self._shown(entry):
            found.left[DIFFERENT] += 1
            return None
        return written

    def _shown(self, entry: Entry) -> Any:
        """Return what an entry comes to, without its texts."""
        result = judge(entry, self.operations) or Result()
        fingerprints = Counter((each.fingerprint, each.severity) for each in result.findings)
        return fingerprints, dict(result.verdicts), len(result.unread)


def _beside(where: str, each: Format, recorded: Any) -> dict[str, Any]:
    """Return what a format wants beside its list; go-vcr counts interactions since its second."""
    is_second = each.name == "go-vcr" and "id" in recorded
    return {"version": 2} if is_second else BESIDE.get(where, {})


def _lines(file: IO[str], _: str, __: dict[str, Any], values: Iterator[dict[str, Any]]) -> None:
    file.writelines(f"{json.dumps(as_json(value))}\n" for value in values)


def _json(
    file: IO[str], where: str, beside: dict[str, Any], values: Iterator[dict[str, Any]]
) -> None:
    names = [] if where == TOP else where.split(".")
    more = json.dumps(beside)[1:-1]
    before = "".join(f"{{{json.dumps(name)}: " for name in names[:-1])
    before += "".join(f"{{{more}{more and ', '}{json.dumps(name)}: " for name in names[-1:])
    file.write(f"{before}[\n")
    for number, value in enumerate(values):
        file.write(f"{',' if number else ''}{json.dumps(as_json(value))}\n")
    file.write(f"]{'}' * len(names)}\n")


def _yaml(
    file: IO[str], where: str, beside: dict[str, Any], values: Iterator[dict[str, Any]]
) -> None:
    if where and where != TOP:
        file.write(_dumped(beside) if beside else "")
        file.write(f"{where}:\n")
    for value in values:
        file.write(_dumped([value]) if where else f"---\n{_dumped(value)}")


def _dumped(value: Any) -> str:
    dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    return str(yaml.dump(value, Dumper=dumper, sort_keys=False))
