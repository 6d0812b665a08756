"""One walk through recordings: each interaction is judged, or left alone for a reason."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from enkash_contract.contract.wording import counted
from enkash_contract.judging.result import Interrupted, Result
from enkash_contract.traffic import detection
from enkash_contract.traffic.counting.reduction import WAY, Reduction
from enkash_contract.traffic.cutting.piece import Piece
from enkash_contract.traffic.parts.crew import crew
from enkash_contract.traffic.parts.parts import Part, divided, length
from enkash_contract.traffic.parts.ranges import UnevenError
from enkash_contract.traffic.reading import access
from enkash_contract.traffic.reading.address import Address, located
from enkash_contract.traffic.reading.files import found
from enkash_contract.traffic.reading.listing import listed
from enkash_contract.traffic.reading.stream import GrownError, UnreadableError
from enkash_contract.traffic.walk import Walk
from enkash_contract.traffic.window import Window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from enkash_contract.traffic.formats.format import Format
    from enkash_contract.traffic.judging import Judge
    from enkash_contract.traffic.learning.learned import Learned
    from enkash_contract.traffic.parts.workers import Here
    from enkash_contract.traffic.reading.files import RecordingFile

    Watch = Callable[[Reduction, int, int], object]
    """Called with the sum of what is known, the bytes that were read, and those of all files."""

NAMED = 3
"""At most so many paths that were looked for are named."""

OFTEN = 1024
"""The interactions between two calls of `watch`."""


@dataclass(frozen=True)
class Check:
    """A check of recordings by `judge`: of those in a window of time, at most so many as a sample.

    If `lenient`, what cannot be read is noted, and decides nothing. All recordings are in one of
    the `formats`, by default in any. `watch` is called as the check goes on, and what is learned is
    added to `learned`. Several `workers`, or those of the scheduler `dask`, judge parts of files.
    Paths of files begin at `folder`.
    """

    judge: Judge
    window: Window = field(default_factory=Window)
    sample: int | None = None
    lenient: bool = False
    watch: Watch | None = None
    formats: tuple[Format, ...] | None = None
    workers: int = 1
    learned: Learned | None = None
    dask: str | None = None
    folder: str = ""

    def as_far_as(self, recordings: Iterable[str | Path]) -> Result:
        """Return the same as `of`; after Ctrl-C, the result of what was judged by then."""
        try:
            return self.of(recordings)
        except Interrupted as stop:
            return stop.result

    def of(self, recordings: Iterable[str | Path]) -> Result:
        """Return the result of recordings: files, folders that are searched, and addresses.

        Raises:
            Interrupted: by Ctrl-C; it holds what was known by then.

        """
        total = Reduction()
        try:
            _Progress(self, total).through([*map(located, recordings)])
            total.settle()
        except KeyboardInterrupt:
            total.settle()
            known = total.result(lenient=self.lenient)
            note = f"interrupted after {counted(known.recordings.read, 'interaction')}"
            raise Interrupted(known + Result(notes=(note,), interrupted=True)) from None
        finally:
            if self.learned is not None and total.learned is not None:
                self.learned.add(total.learned)
        result = total.result(lenient=self.lenient)
        if result.total or result.unread:
            return result
        note = self._outside(result.recordings.ours) or self._nothing(total)
        return result + Result(notes=(note,))

    def _outside(self, ours: int) -> str:
        """Return the note that all of ours is outside the window; "" if nothing is ours."""
        if not ours:
            return ""
        return f"{counted(ours, 'interaction')} of our operations, none of them within the window"

    def _nothing(self, total: Reduction) -> str:
        """Return the note that no request was found, with the options that left some alone."""
        paths = [operation.path for operation in self.judge.operations]
        wanted = ", ".join(paths) if len(paths) <= NAMED else f"any of {len(paths)} operations"
        to = "" if self.judge.host is None else f" at {self.judge.host}"
        hint = f"; --host may be {' or '.join(total.hosts)}" if total.hosts else ""
        other_way = total.recordings.left.get(WAY, 0)
        if other_way:
            went = f"{counted(other_way, 'request')} went in the other direction"
            hint += f"; by --partner-host {self.judge.directions.partner}, {went}"
        return f"no request to {wanted}{to} is recorded there{hint}"


class _Progress:
    """The progress of a check through its files, with the sum of what is known so far."""

    def __init__(self, check: Check, total: Reduction) -> None:
        self._check, self._total = check, total
        self._done = self._size = 0

    def through(self, paths: list[Path | Address]) -> None:
        """Judge the files at `paths`."""
        files = [
            file
            for path in paths
            for file in (listed(path) if isinstance(path, Address) else found(path))
        ]
        self._size = sum(access.size(file.path) for file in files if not file.problem)
        if self._check.learned is not None:
            self._total.learned = type(self._check.learned)()
            self._total.learned.files = [file.path for file in files if not file.problem]
        # A sample is one of all files.
        check = self._check
        if (check.workers > 1 or check.dask is not None) and check.sample is None:
            self._by_workers(files)
            return
        walk = Walk(self._check, self._total)
        for file in files:
            if walk.opens(file):
                self._file(file, walk)
        walk.end()

    def _file(self, file: RecordingFile, walk: Walk) -> None:
        """Judge a file here."""
        before, whole = self._done, access.size(file.path)
        walk.begin(file)
        runs = detection.runs(file.path, named=file.named, formats=self._check.formats)
        unwatched = OFTEN
        try:
            for found in runs:
                self._done += found.size
                if unwatched >= OFTEN:
                    walk.flush()
                    self._watch(min(self._done, before + whole))
                    unwatched = 0
                walk.add(found)
                unwatched += found.number
        finally:
            walk.flush()
        # Nobody knows how much was read of a file that is packed, or written in YAML.
        self._done = before + whole

    def _by_workers(self, files: list[RecordingFile]) -> None:
        """Judge files in parts, each of them in another process."""
        check = self._check
        # Workers of a cluster may run in any folder.
        folder = str(Path.cwd()) if check.dask else ""
        plan = replace(check, watch=None, folder=folder)
        paths = [file.path for file in files if not file.problem]
        workers = crew(check.workers, check.dask, judge_part, plan, paths)
        # Of the file that is judged: the sum before it, and its lines in the parts so far. A file
        # is finished before its last part if it cannot be divided, or cannot be read on.
        before, lines, finished = Reduction(), 0, -1
        for part, reduction in workers.in_order(parts_of(files, plan, length(self._size))):
            if part.is_first:
                before, lines = copy.deepcopy(self._total), 0
            if part.number == finished:
                continue
            if reduction is None:
                # It cannot be judged in parts after all: begin it anew, as a whole.
                finished = part.number
                self._total.become(before)
                self._file(part.file, Walk(self._check, self._total))
                continue
            # Nobody reads on behind what cannot be read, and nobody would know the lines there.
            finished = part.number if reduction.is_cut_off else finished
            self._total.merge(reduction.below(lines, str(part.file.path)))
            lines += reduction.lines
            self._done += part.size
            self._watch(self._done)
        if workers.losses:
            self._total.note(f": {workers.losses}", "workers")

    def _watch(self, done: int) -> None:
        if self._check.watch:
            self._check.watch(self._total, done, self._size)


def judge_part(check: Check, part: Part) -> Reduction | None:
    """Judge a part of a file; return None if the file cannot be judged in parts."""
    walk = Walk(check)
    walk.begin(part.file, amid=part.range is not None and not part.is_first)
    try:
        with access.paths_below(check.folder):
            for found in part.runs(check.formats, walk.total.end_lines):
                walk.add(found)
    except UnevenError:
        return None
    except (OSError, UnreadableError) as error:
        problem = access.unread(error) if isinstance(error, OSError) else str(error)
        harmless = isinstance(error, GrownError)
        walk.add(Piece(str(part.file.path), 0, problem=problem, harmless=harmless))
        walk.total.is_cut_off = not harmless
    walk.flush()
    return walk.total


def parts_of(
    files: Iterable[RecordingFile], check: Check, size: int
) -> Iterator[Part | Here[Part, Reduction | None]]:
    """Yield the parts of files; what is said of a file itself is added in its turn."""
    from enkash_contract.traffic.parts.workers import Here

    for number, file in enumerate(files):
        walk = Walk(check)
        opened = walk.opens(file)
        yield Here(Part(number, file), walk.total)
        if opened:
            yield from divided(number, file, size, check.formats)
