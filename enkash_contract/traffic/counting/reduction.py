"""The sum of what recordings show, of a size that does not grow with them.

Each interaction adds its result, or is counted by the reason for which it is left alone. What is
alike is counted and keeps three samples: findings by what they are about, notes and what cannot be
read by their reason. Sums of parts, such as those of several processes, add up in their order.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from enkash_contract.contract.wording import counted
from enkash_contract.errors import printable
from enkash_contract.judging.recordings import Recordings
from enkash_contract.judging.result import Result, add
from enkash_contract.judging.samples import Samples
from enkash_contract.traffic.counting.doubts import Doubts
from enkash_contract.traffic.counting.lacks import Lack, Seen, note_of
from enkash_contract.traffic.counting.numbering import below
from enkash_contract.traffic.counting.repetition import repeated

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from enkash_contract.contract.operation import Direction
    from enkash_contract.traffic.learning.learned import Learned

Key = TypeVar("Key")

BATCH = 64
"""So many results without findings are added up at once."""

KINDS = 100
"""So many kinds of what is missing or unreadable are told apart, and so many files named."""

HOSTS = 10
"""So many hosts are named that may have been meant."""

_DETAIL = re.compile(r" \([^()]*\)\Z")
"""The end of a problem that is true of one place alone."""

OTHERS = " cannot be read for other reasons"
"""The problem of files and places beyond the `KINDS` that are told apart."""

PATH, HOST, WAY = "to other addresses", "to other hosts", "in the other direction"
UNREADABLE = "unreadable"
"""Reasons for which interactions are left alone."""

ANY = Lack("", "")
"""The lack of interactions beyond the `KINDS` that are told apart."""


class Reduction:
    """Adds up what is found in recordings, one interaction after the other."""

    def __init__(self) -> None:
        self._sum = Result()
        self._batch: list[Result] = []
        self._samples = Samples()
        self._counts = Counter[str]()
        self._left = Counter[str]()
        self._lacks: dict[Lack, Seen] = {}
        self._unreadable: dict[str, Seen] = {}
        self._files: list[str] = []
        self._errors: list[str] = []
        self._foreign = Seen()
        self._harmless: dict[str, Seen] = {}
        self._hosts: dict[str, None] = {}
        self._doubts = Doubts()
        self.learned: Learned | None = None
        """The sum of what is learned, where that was asked for."""
        self.lines = 0
        """The lines that end in a part of a file, where those before it were not counted."""
        self.is_cut_off = False
        """Whether the part of a file that this is the sum of could not be read to its end."""

    def open_file(self) -> None:
        """Count a file that is looked into."""
        self._counts["files"] += 1

    def wants(self, result: Result) -> bool:
        """Return whether a finding of a result would be kept, and not only counted."""
        return any(map(self._samples.has_room, result.findings))

    def add(
        self, result: Result, times: int = 1, took: Mapping[tuple[str, int], int] | None = None
    ) -> None:
        """Add the result of an interaction of ours; without findings, of so many that are alike.

        `took` are the durations of all, where these differ.
        """
        self._counts["judged"] += times
        for finding in result.findings:
            self._samples.add(finding)
            self._counts["violations"] += finding.severity == "violation"
        if result.findings:
            result = replace(result, findings=())
        if times != 1:
            result = repeated(result, times)
        self._batch.append(result if took is None else replace(result, durations=took))
        if len(self._batch) >= BATCH:
            self._sum, self._batch = add((self._sum, *self._batch)), []

    def leave(self, reason: str, *, ours: bool = False) -> None:
        """Count an interaction that is not judged; it may be `ours` all the same."""
        self._left[reason] += 1
        self._counts["ours beside"] += ours

    def went(self, direction: Direction, host: str) -> None:
        """Remember that a request went to a host, in a direction that is certain."""
        self._doubts.went(direction, host)

    def doubtful(self, host: str) -> Reduction:
        """Return the sum of what counts only if requests to a host went to EnKash."""
        part = self._doubts.at(host, Reduction())
        if self.learned is not None and part.learned is None:
            part.learned = type(self.learned)()
        return part

    def has(self, lack: Lack) -> bool:
        """Return whether the like of it was noted before."""
        return lack in self._lacks

    def lack(self, lack: Lack, source: str, detail: str = "") -> None:
        """Note what is not known of the interaction at `source`."""
        _count(self._lacks, lack, Seen(1, [source], detail), ANY)

    def unread(self, problem: str, place: str) -> None:
        """Count an interaction that may be ours; its problem is what is said after its place."""
        self.leave(UNREADABLE)
        self._batch.append(Result(verdicts={"inconclusive": 1}))
        self.broken(problem, place)

    def broken(self, problem: str, place: str, *, whole: bool = False, named: bool = False) -> None:
        """Count what cannot be read: a `whole` file, or a part that may hold any number of ours.

        A whole file that was `named`, and of which nothing was read, is an error in any case.
        """
        if whole and named:
            self._errors += [f"{place}{problem}"]
        elif whole:
            self._counts["broken"] += 1
            self._files += [f"{place}{problem}"] if len(self._files) < KINDS else []
        else:
            reason = _DETAIL.sub("", problem)
            seen = Seen(1, [place], problem.removeprefix(reason))
            _count(self._unreadable, reason, seen, OTHERS)

    def foreign(self, place: str) -> None:
        """Count what was found in a folder and is no recording."""
        self._foreign.add(Seen(1, [place]))

    def note(self, problem: str, place: str) -> None:
        """Count a file that is not read, where nothing is lost by that; `problem` follows it."""
        _count(self._harmless, problem, Seen(1, [place]), OTHERS)

    def meet(self, host: str) -> None:
        """Remember a host that was not asked for, and to which the same is sent."""
        if len(self._hosts) < HOSTS:
            self._hosts[host] = None

    def end_lines(self, number: int) -> None:
        """Count lines that end."""
        self.lines += number

    def below(self, lines: int, name: str) -> Reduction:
        """Return this sum of a part of the file `name` as it is below so many lines of it."""
        place = partial(below, name, lines)
        self._samples.locate(place)
        self._lacks = {lack: seen.at(place) for lack, seen in self._lacks.items()}
        self._unreadable = {problem: seen.at(place) for problem, seen in self._unreadable.items()}
        for part in self._doubts.parts.values():
            part.below(lines, name)
        return self

    def merge(self, other: Reduction) -> None:
        """Add what comes after all that was added before."""
        self._sum = add((self._sum, *self._batch, other._sum, *other._batch))
        self._batch = []
        for finding in other._samples.findings():
            self._samples.add(finding)
        self._counts += other._counts
        self._left += other._left
        for lack, seen in other._lacks.items():
            _count(self._lacks, lack, seen, ANY)
        for problem, seen in other._unreadable.items():
            _count(self._unreadable, problem, seen, OTHERS)
        self._files = [*self._files, *other._files][:KINDS]
        self._errors += other._errors
        self._foreign.add(other._foreign)
        for problem, seen in other._harmless.items():
            _count(self._harmless, problem, seen, OTHERS)
        for host in other._hosts:
            self.meet(host)
        self._doubts.learn(other._doubts)
        for host, part in other._doubts.parts.items():
            self.doubtful(host).merge(part)
        if self.learned is not None and other.learned is not None:
            self.learned.add(other.learned)

    def become(self, other: Reduction) -> None:
        """Hold what another one holds, which is not used any more."""
        self.__dict__ = other.__dict__

    def settle(self) -> None:
        """Add what was in doubt, as all hosts are known."""
        doubts, self._doubts = self._doubts, Doubts()
        for host, part in doubts.parts.items():
            self._settle(part, stands=doubts.stands(host))

    def result(self, *, lenient: bool = False) -> Result:
        """Return the sum; if `lenient`, what cannot be read is a note, but for files by name."""
        total = add((self._sum, *self._batch))
        # The names of files are somebody's, and may hold line breaks.
        unread = tuple(map(printable, self._unread()))
        notes = tuple(map(printable, (*total.notes, *self._notes())))
        return replace(
            total,
            findings=self._samples.findings(),
            unread=(*self._errors, *(() if lenient else unread)),
            notes=(*notes, *unread) if lenient else notes,
            recordings=self.recordings,
        )

    @property
    def violations(self) -> int:
        """The number of violations that were found so far."""
        return self._counts["violations"]

    @property
    def hosts(self) -> list[str]:
        """The hosts that may have been meant."""
        return sorted(self._hosts)

    @property
    def recordings(self) -> Recordings:
        """The counts of all that was read so far."""
        judged = self._counts["judged"] + self._doubts.judged
        return Recordings(
            self._counts["files"],
            judged + self._left.total(),
            judged + self._counts["ours beside"],
            judged,
            dict(self._left),
        )

    def _settle(self, part: Reduction, *, stands: bool) -> None:
        """Add what was in doubt, as it is or as inconclusive."""
        if stands:
            part._lacks = {lack: seen for lack, seen in part._lacks.items() if not lack.both_ways}
            self.merge(part)
            return
        self.add(Result(verdicts={"inconclusive": 1}), part._counts["judged"])
        for lack, seen in part._lacks.items():
            _count(self._lacks, lack, seen, ANY)

    def _notes(self) -> Iterator[str]:
        for lack, seen in self._lacks.items():
            yield note_of(lack, seen)
        if self._foreign.number:
            number = counted(self._foreign.number, "file")
            verb = "is no recording" if self._foreign.number == 1 else "are no recordings"
            yield f"{number} found in folders {verb}: {self._foreign.where}"
        for problem, seen in self._harmless.items():
            each = f"{seen.number:,} files, each of which{problem}: {seen.where}"
            yield each if seen.number > 1 else f"{seen.where}{problem}"

    def _unread(self) -> Iterator[str]:
        yield from self._files
        more = self._counts["broken"] - len(self._files)
        if more:
            yield f"{counted(more, 'more file')} cannot be read"
        for problem, seen in self._unreadable.items():
            yield f"{seen.where}{problem}{seen.detail if seen.number == 1 else ''}"


def _count(known: dict[Key, Seen], kind: Key, seen: Seen, other: Key) -> None:
    """Count what was seen, as of another kind where there are too many."""
    key = kind if kind in known or len(known) < KINDS else other
    known.setdefault(key, Seen()).add(seen)
