"""The walk through the pieces of recordings: each is judged, or left alone for a reason.

A piece takes the quick way if its text is enough for that. Else it is read by its format, and what
cannot be read is counted as what it costs: a note, an interaction, or a whole file.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from enkash_contract.errors import RecordingError
from enkash_contract.traffic import detection
from enkash_contract.traffic.counting.lacks import Lack
from enkash_contract.traffic.counting.reduction import Reduction
from enkash_contract.traffic.cutting.piece import Piece
from enkash_contract.traffic.entries.entry import Entry
from enkash_contract.traffic.fast.begun import begun
from enkash_contract.traffic.fast.fast import Fast
from enkash_contract.traffic.reading.files import RecordingFile
from enkash_contract.traffic.sample import BEYOND, Sample, rank_of
from enkash_contract.traffic.window import EARLY, LATE
from enkash_contract.wire.message import Interaction, Request

if TYPE_CHECKING:
    from enkash_contract.traffic.check import Check
    from enkash_contract.traffic.cutting.run import Run
    from enkash_contract.traffic.reading.address import Address

FOREIGN = ("is no recording", "is empty", "holds stubs")
"""The beginnings of the problems of files that hold no recorded traffic."""

TIME = Lack("time", "not recorded", "record when a request was sent, or leave out the window")


class Walk:
    """The walk of one check, with the sum of what is known so far as its `total`."""

    def __init__(self, check: Check, total: Reduction | None = None) -> None:
        self.total = Reduction() if total is None else total
        self._check = check
        if check.learned is not None and self.total.learned is None:
            # The sum of this walk alone, which is added to that of all.
            self.total.learned = type(check.learned)()
        self._sample = None if check.sample is None else Sample(check.sample)
        # The quick way looks for no place in the sample, and knows what can be rewritten for it.
        formats = check.formats or ()
        whole = self._sample is None and all(form.rewritten for form in formats)
        self._fast = Fast(check.judge, self.total) if whole else None
        # Most pieces are neither within a window nor to be rewritten: those take no detour.
        self._plain = None if formats or check.window else self._fast
        self._file, self._before = RecordingFile(Path()), 0

    def opens(self, file: RecordingFile) -> bool:
        """Return whether a file is one to be read, and add why it is not."""
        if file.harmless:
            self.total.note(f" {file.problem}", str(file.path))
        elif file.problem:
            self.total.broken(f" {file.problem}", str(file.path), whole=True, named=file.named)
        else:
            self.total.open_file()
        return not file.problem

    def begin(self, file: RecordingFile, *, amid: bool = False) -> None:
        """Go on to the pieces of a file, from its beginning or `amid` it."""
        self.flush()
        # Amid a file, something of it was read in another part: no number is equal to that.
        self._file, self._before = file, -1 if amid else self.total.recordings.read

    def add(self, found: Piece | Run) -> None:
        """Judge what is in a piece of the file, or in many of them."""
        if isinstance(found, Piece):
            self._alone(found)
            return
        glances = None if self._plain is None else self._plain.glances(found)
        if self._plain is None or glances is None:
            for piece in found.pieces:
                self._alone(piece)
        else:
            for number in self._plain.remaining(glances):
                self._piece(found.pieces[number], self._file.path)

    def _alone(self, piece: Piece) -> None:
        """Judge a piece by itself, by its text or else by its format."""
        if not self._is_added(piece):
            self._piece(piece, self._file.path)

    def flush(self) -> None:
        """Add to the total what was only counted so far."""
        if self._fast is not None:
            self._fast.flush()

    def end(self) -> None:
        """Judge what was kept for the sample."""
        for entry in self._sample.entries() if self._sample else ():
            self._judge(entry)

    def _is_added(self, piece: Piece) -> bool:
        """Return whether it was certain, by its text alone, what a piece adds."""
        raw = self._raw(piece) if self._fast is not None else None
        if self._fast is None or raw is None:
            return False
        if not self._check.window:
            return self._fast.adds(raw, piece.where)
        at = begun(raw, piece.where)
        if at is None:
            return False
        outside = self._check.window.outside(at)
        if outside:
            return self._fast.leaves(raw, piece.where, outside)
        return self._fast.adds(raw, piece.where)

    def _raw(self, piece: Piece) -> bytes | None:
        """Return the text of a piece in a format that the quick way knows; None if it has none."""
        formats = self._check.formats
        if piece.raw is None or piece.problem or not formats:
            return None if piece.problem else piece.raw
        rewritten = formats[0].rewritten
        return None if piece.is_broken or rewritten is None else rewritten(piece.value)

    def _piece(self, piece: Piece, file: Path | Address) -> None:
        """Judge the entries in a piece, or count what cannot be read."""
        rank = 0
        if self._sample is not None:
            rank = rank_of(piece.place, file)
            # A problem of the file as a whole concerns any sample of it.
            if not self._sample.has_room(rank) and (piece.where or not piece.problem):
                self.total.leave(BEYOND)
                return
        try:
            for entry in detection.entries_of(piece, self._check.formats):
                self._entry(entry, rank)
        except RecordingError as error:
            problem = str(error).removeprefix(piece.place)
            if piece.harmless and problem.lstrip().startswith(FOREIGN):
                # The names of what an archive holds are somebody's, and say nothing here.
                self.total.foreign(str(file))
            elif piece.harmless:
                self.total.note(problem, piece.place)
            elif piece.where:
                self._unread(piece, problem)
            else:
                self.flush()
                whole = piece.place == str(file)
                named = self._file.named and self.total.recordings.read == self._before
                self.total.broken(problem, piece.place, whole=whole, named=named)

    def _unread(self, piece: Piece, problem: str) -> None:
        """Add what cannot be read, unless its address is certainly none of ours."""
        sent = Interaction(Request("", piece.address), None, problem)
        other = self._check.judge.other(Entry(piece.place, sent), self.total)
        if piece.address and other:
            self.total.leave(other)
        else:
            self.total.unread(problem, piece.place)

    def _entry(self, entry: Entry, rank: int) -> None:
        """Judge an entry, or keep it for the sample, if it is ours and within the window."""
        other = self._check.judge.other(entry, self.total) or self._outside(entry)
        if other:
            self.total.leave(other, ours=other in (EARLY, LATE))
        elif self._sample is None:
            self._judge(entry)
        elif self._sample.add(rank, entry):
            self.total.leave(BEYOND)

    def _outside(self, entry: Entry) -> str:
        at = _time_of(entry)
        return "" if at is None else self._check.window.outside(at)

    def _judge(self, entry: Entry) -> None:
        if self._check.window and _time_of(entry) is None:
            self.total.lack(TIME, entry.source)
        self._check.judge.add(entry, self.total)


def _time_of(entry: Entry) -> float | None:
    return entry.interaction.at if entry.interaction else None
