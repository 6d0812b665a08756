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
from enkash_contract.traffic.redacting.packing import opened
from enkash_contract.traffic.redacting.written import WRITERS, own

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from enkash_contract.contract.operation import Operation
    from enkash_contract.traffic.cutting.piece import Piece
    from enkash_contract.traffic.entries.entry import Entry
    from enkash_contract.traffic.formats.format import Format
    from enkash_contract.traffic.redacting.messages import Messages

HAR = "log.entries"
BESIDE: dict[str, dict[str, Any]] = {
    HAR: {"version": "1.2", "creator": {"name": "enkash-contract", "version": ""}},
    "interactions": {"version": 1},
}
"""What a format wants beside its list of interactions."""

OTHER, DIFFERENT = "of no operation of the contract", "would be judged otherwise"


@dataclass
class Redacted:
    """How many interactions were written, and which were left out: by the reason, and by name."""

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

    def redact(self, source: Path, target: Path, *, named: bool = True) -> Redacted:
        """Write the recording at `source` anew to `target`, so that nobody is known by it.

        What is of none of the operations is left out, and so is an interaction that would be judged
        otherwise, if there should be one. Without any, nothing is written. A file that nobody has
        `named` may be anything.

        Raises:
            UsageError: `target` is there already, or cannot be written.

        """
        found = Redacted()
        values = self._values(detection.pieces(source, named=named, formats=self.formats), found)
        first = next(values, None)
        if first is None:
            return found
        is_json, where, _ = first
        with opened(target) as file:
            write = _json if is_json and where else _lines if is_json else _yaml
            write(file, where, (value for _, _, value in chain([first], values)))
        return found

    def _values(
        self, pieces: Iterator[Piece], found: Redacted
    ) -> Iterator[tuple[bool, str, dict[str, Any]]]:
        """Yield each interaction as it is written: whether in JSON, in which list, its value."""
        for piece in pieces:
            if piece.harmless:
                continue
            try:
                recorded = [*detection.recorded_in(piece, self.formats)]
            except RecordingError as problem:
                found.unread.append(str(problem))
                continue
            for each, value, place in recorded:
                written = self._written(each, value, place, found)
                if written is not None:
                    found.written += 1
                    yield piece.raw is not None, piece.where, written

    def _written(
        self, each: Format, recorded: Any, place: str, found: Redacted
    ) -> dict[str, Any] | None:
        entry, writer = each.entry(recorded, place), WRITERS.get(each.name, own)
        interaction = entry.interaction
        if interaction is None:
            found.unread.append(f"{place}: {entry.problem}")
            return None
        if operation_of(interaction.request, self.operations) is None:
            found.left[OTHER] += 1
            return None
        written = writer(self.messages.redacted(interaction))
        reader = each if each.name in WRITERS else FORMATS["interaction"]
        if self._shown(reader.entry(written, place)) != self._shown(entry):
            found.left[DIFFERENT] += 1
            return None
        return written

    def _shown(self, entry: Entry) -> Any:
        """Return what an entry comes to, without its texts."""
        result = judge(entry, self.operations) or Result()
        fingerprints = Counter((each.fingerprint, each.severity) for each in result.findings)
        return fingerprints, dict(result.verdicts), len(result.unread)


def _lines(file: IO[str], _: str, values: Iterator[dict[str, Any]]) -> None:
    file.writelines(f"{json.dumps(value)}\n" for value in values)


def _json(file: IO[str], where: str, values: Iterator[dict[str, Any]]) -> None:
    names = [] if where == TOP else where.split(".")
    beside = json.dumps(BESIDE.get(where, {}))[1:-1]
    before = "".join(f"{{{json.dumps(name)}: " for name in names[:-1])
    before += "".join(f"{{{beside}{beside and ', '}{json.dumps(name)}: " for name in names[-1:])
    file.write(f"{before}[\n")
    for number, value in enumerate(values):
        file.write(f"{',' if number else ''}{json.dumps(value)}\n")
    file.write(f"]{'}' * len(names)}\n")


def _yaml(file: IO[str], where: str, values: Iterator[dict[str, Any]]) -> None:
    in_list = where and where != TOP
    if in_list:
        file.write(_dumped(BESIDE.get(where, {})) if where in BESIDE else "")
        file.write(f"{where}:\n")
    for value in values:
        file.write(_dumped([value]) if where else f"---\n{_dumped(value)}")


def _dumped(value: Any) -> str:
    dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    return str(yaml.dump(value, Dumper=dumper, sort_keys=False))
