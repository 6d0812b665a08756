"""One walk through recordings: each interaction is judged, or left alone for a reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from enkash_contract.contract.wording import counted
from enkash_contract.errors import RecordingError
from enkash_contract.judging.result import Interrupted, Result
from enkash_contract.traffic import detection
from enkash_contract.traffic.begun import begun
from enkash_contract.traffic.fast import Fast
from enkash_contract.traffic.files import found
from enkash_contract.traffic.reduction import Lack, Reduction
from enkash_contract.traffic.sample import BEYOND, Sample, rank_of
from enkash_contract.traffic.window import EARLY, LATE, Window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from enkash_contract.traffic.cutting.piece import Piece
    from enkash_contract.traffic.entry import Entry
    from enkash_contract.traffic.formats.format import Format
    from enkash_contract.traffic.judging import Judge

    Watch = Callable[[Reduction, int, int], object]
    """Is called with what is known, the bytes that were read, and those of all files."""

FOREIGN = ("is no recording", "is empty", "holds stubs")
"""How the problem of a file begins that holds something else than recorded traffic."""

TIME = Lack("time", "not recorded", "record when a request was sent, or leave out the window")

NAMED = 3
"""So many paths are named that were looked for."""

OFTEN = 256
"""After so many interactions, whoever watches is told."""


@dataclass(frozen=True)
class Check:
    """What is to be judged of recordings, and how: a window of time, at most so many of a sample.

    If `lenient`, what cannot be read is noted, and decides nothing. All of it is in one of the
    `formats`, or in any that is known.
    """

    judge: Judge
    window: Window = field(default_factory=Window)
    sample: int | None = None
    lenient: bool = False
    watch: Watch | None = None
    formats: tuple[Format, ...] | None = None

    def as_far_as(self, recordings: Iterable[str | Path]) -> Result:
        """Return the same as `of`, after Ctrl-C as far as it had come."""
        try:
            return self.of(recordings)
        except Interrupted as stop:
            return stop.result

    def of(self, recordings: Iterable[str | Path]) -> Result:
        """Return what files show, and folders that are searched for them.

        Raises:
            Interrupted: by Ctrl-C; it holds what was known by then.

        """
        total = Reduction()
        try:
            _Walk(self, total).through([Path(path) for path in recordings])
        except KeyboardInterrupt:
            known = total.result(lenient=self.lenient)
            note = f"interrupted after {counted(known.recordings.read, 'interaction')}"
            raise Interrupted(known + Result(notes=(note,), interrupted=True)) from None
        result = total.result(lenient=self.lenient)
        if result.total or result.unread:
            return result
        note = self._outside(result.recordings.ours) or self._nothing(total.hosts)
        return result + Result(notes=(note,))

    def _outside(self, ours: int) -> str:
        """Return the note that all of ours is outside the window; "" if nothing is ours."""
        if not ours:
            return ""
        return f"{counted(ours, 'interaction')} of our operations, none of them within the window"

    def _nothing(self, hosts: list[str]) -> str:
        """Return the note that no request was found, with the hosts at which there are some."""
        paths = [operation.path for operation in self.judge.operations]
        more = f" and {len(paths) - NAMED} more" if len(paths) > NAMED else ""
        to = "" if self.judge.host is None else f" at {self.judge.host}"
        hint = f"; --host may be {' or '.join(hosts)}" if hosts else ""
        return f"no request to {', '.join(paths[:NAMED])}{more}{to} is recorded there{hint}"


class _Walk:
    """The walk of one check through all files, with what is known so far."""

    def __init__(self, check: Check, total: Reduction) -> None:
        self._check, self._total = check, total
        self._sample = None if check.sample is None else Sample(check.sample)
        # The quick way looks for no place in the sample, and knows no logs.
        whole = self._sample is None and check.formats is None
        self._fast = Fast(check.judge, total) if whole else None
        self._done = self._size = self._read = 0

    def through(self, paths: list[Path]) -> None:
        """Judge the files at `paths`."""
        walked = [file for path in paths for file in found(path)]
        self._size = sum(_size(file.path) for file in walked if not file.problem)
        for file in walked:
            if file.harmless:
                self._total.note(f" {file.problem}", str(file.path))
            elif file.problem:
                self._total.broken(f" {file.problem}", str(file.path), whole=True, named=file.named)
            else:
                self._file(file.path, named=file.named)
        for entry in self._sample.entries() if self._sample else ():
            self._judge(entry)

    def _file(self, file: Path, *, named: bool) -> None:
        self._total.open_file()
        before, formats = self._done, self._check.formats
        self._read = self._total.recordings.read
        try:
            for number, piece in enumerate(detection.pieces(file, named=named, formats=formats)):
                self._done += len(piece.raw or b"")
                if self._check.watch and number % OFTEN == 0:
                    self._flush()
                    done = min(self._done, before + _size(file))
                    self._check.watch(self._total, done, self._size)
                if not self._is_added(piece):
                    self._piece(piece, file, named=named)
        finally:
            self._flush()
        # Nobody knows how much was read of a file that is packed, or written in YAML.
        self._done = before + _size(file)

    def _is_added(self, piece: Piece) -> bool:
        """Return whether it was certain, by its text alone, what a piece adds."""
        if self._fast is None or piece.raw is None or piece.problem:
            return False
        if not self._check.window:
            return self._fast.adds(piece.raw, piece.where)
        at = begun(piece.raw, piece.where)
        if at is None:
            return False
        outside = self._check.window.outside(at)
        if outside:
            return self._fast.leaves(piece.raw, piece.where, outside)
        return self._fast.adds(piece.raw, piece.where)

    def _flush(self) -> None:
        if self._fast is not None:
            self._fast.flush()

    def _piece(self, piece: Piece, file: Path, *, named: bool) -> None:
        rank = 0
        if self._sample is not None:
            rank = rank_of(piece.place, file)
            # A problem of the file as a whole concerns any sample of it.
            if not self._sample.has_room(rank) and (piece.where or not piece.problem):
                self._total.leave(BEYOND)
                return
        try:
            for entry in detection.entries_of(piece, self._check.formats):
                self._entry(entry, rank)
        except RecordingError as error:
            problem = str(error).removeprefix(piece.place)
            if piece.harmless and problem.lstrip().startswith(FOREIGN):
                self._total.foreign(piece.place)
            elif piece.harmless:
                self._total.note(problem, piece.place)
            elif piece.where:
                self._total.unread(problem, piece.place)
            else:
                whole, nothing = piece.place == str(file), self._total.recordings.read == self._read
                self._total.broken(problem, piece.place, whole=whole, named=named and nothing)

    def _entry(self, entry: Entry, rank: int) -> None:
        """Judge an entry, or keep it for the sample, if it is ours and within the window."""
        other = self._check.judge.other(entry, self._total) or self._outside(entry)
        if other:
            self._total.leave(other, ours=other in (EARLY, LATE))
        elif self._sample is None:
            self._judge(entry)
        elif self._sample.add(rank, entry):
            self._total.leave(BEYOND)

    def _outside(self, entry: Entry) -> str:
        at = _time_of(entry)
        return "" if at is None else self._check.window.outside(at)

    def _judge(self, entry: Entry) -> None:
        if self._check.window and _time_of(entry) is None:
            self._total.lack(TIME, entry.source)
        self._check.judge.add(entry, self._total)


def _time_of(entry: Entry) -> float | None:
    return entry.interaction.at if entry.interaction else None


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0
