"""The walk through recordings: which interactions are judged, what becomes of the others."""

from __future__ import annotations

import errno
import gzip
import json
import os
import pickle
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fsspec.implementations.memory import MemoryFile

from enkash_contract.contract.contract import bundled
from enkash_contract.errors import UsageError
from enkash_contract.judging.recordings import Recordings
from enkash_contract.judging.result import Interrupted
from enkash_contract.traffic import check as check_module
from enkash_contract.traffic import check_traffic, detection
from enkash_contract.traffic.check import Check, _Progress
from enkash_contract.traffic.counting.reduction import Reduction
from enkash_contract.traffic.cutting.piece import Piece
from enkash_contract.traffic.judging import Judge
from enkash_contract.traffic.parts import cluster, parts, processes
from enkash_contract.traffic.parts.parts import Part
from enkash_contract.traffic.parts.ranges import Lines
from enkash_contract.traffic.parts.workers import Workers
from enkash_contract.traffic.reading.files import RecordingFile
from tests.support.elsewhere import Elsewhere
from tests.support.recorded import entry, log, report_of, written

if TYPE_CHECKING:
    from collections.abc import Iterator


OPERATION = bundled().pick()
OFTEN = 16
ELSEWHERE = {"request": {"url": "https://other.example/health", "method": "GET"}}


def test_everything_that_was_read_is_accounted_for(tmp_path: Path) -> None:
    """Files, interactions, those of our operations, those judged, and why the rest was not."""
    lost = entry({"url": None})
    file = written(tmp_path, log(entry(), ELSEWHERE, lost, entry(), ELSEWHERE))
    result = check_traffic(file)

    left = {"to other addresses": 2, "unreadable": 1}
    assert result.recordings == Recordings(files=1, read=5, ours=2, judged=2, left=left)


def test_what_cannot_be_read_may_be_forgiven(tmp_path: Path) -> None:
    """Then it is counted and noted, and the rest decides."""
    file = written(tmp_path, log(entry({"url": None}), entry()))
    strict, lenient = check_traffic(file), check_traffic(file, lenient=True)

    assert (strict.exit_code, lenient.exit_code) == (2, 0)
    assert (lenient.unread, lenient.notes) == ((), strict.unread)
    assert lenient.verdicts == strict.verdicts == {"inconclusive": 1, "held": 1}
    only = written(tmp_path, log(entry({"url": None})), "only.har")
    assert check_traffic(only, lenient=True).exit_code == 3
    torn = written(tmp_path, json.dumps(log(entry(), entry()))[:-9], "torn.har")
    assert [check_traffic(torn, lenient=each).exit_code for each in (False, True)] == [2, 0]


def test_a_file_that_was_named_must_be_a_recording(tmp_path: Path) -> None:
    """Nothing is read of it, so there is nothing to go on with."""
    good = written(tmp_path, log(entry()))
    other = written(tmp_path, {"name": "x"}, "package.json")
    for wrong in (tmp_path / "missing.har", other):
        result = check_traffic(good, wrong, lenient=True)
        assert (result.exit_code, len(result.unread)) == (2, 1)


def test_a_torn_file_is_an_error_in_a_sample_too(tmp_path: Path) -> None:
    """What is missing might have been of the sample."""
    torn = written(tmp_path, json.dumps(log(*[entry()] * 9))[:-9], "torn.har")
    result = check_traffic(torn, sample=1)

    assert (result.exit_code, result.recordings.judged) == (2, 1)


def test_a_file_of_a_folder_that_is_no_recording(tmp_path: Path) -> None:
    """A folder may hold anything, and one note says so; a file that was named is an error."""
    (tmp_path / "a").mkdir()
    other = written(tmp_path / "a", {"name": "x"}, "package.json")
    stub = written(tmp_path / "a", {"mappings": []}, "stub.json")
    empty = written(tmp_path / "a", "", "empty.json")
    written(tmp_path / "a", log(entry()))
    result = check_traffic(tmp_path / "a")

    assert (result.exit_code, result.unread) == (0, ())
    assert result.notes == (
        f"3 files found in folders are no recordings: {empty}, {other}, {stub}",
    )
    assert check_traffic(other).exit_code == 2


def test_other_hosts_are_counted_apart(tmp_path: Path) -> None:
    """A host that was not asked for is none of our business, unless nothing else is there."""
    file = written(tmp_path, log(entry(), ELSEWHERE))
    result = check_traffic(file, host="bank.example")

    assert result.recordings.left == {"to other hosts": 1, "to other addresses": 1}
    assert result.notes == (
        f"no request to any of {len(bundled())} operations at bank.example is recorded there; "
        "--host may be api.example",
    )


def test_many_operations_that_were_looked_for(tmp_path: Path) -> None:
    """Up to three paths are named."""
    judge = Judge((OPERATION,) * 5)
    (note,) = Check(judge).of([written(tmp_path, log())]).notes

    (few,) = Check(Judge((OPERATION,) * 3)).of([written(tmp_path, log())]).notes
    paths = ", ".join([OPERATION.path] * 3)
    assert note == "no request to any of 5 operations is recorded there"
    assert few == f"no request to {paths} is recorded there"


@pytest.mark.parametrize(
    ("problem", "unread", "read"),
    [
        ("is not JSON: no end (character 7)", "x.har:log.entries[3] is not JSON", 1),
        ("is cut off", "x.har is cut off", 0),
        ("is not JSON: no end", "x.har:41 is not JSON: no end", 0),
    ],
)
def test_a_piece_that_cannot_be_read(
    problem: str, unread: str, read: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a list, it is one interaction; else it may have been any number of them."""
    file = tmp_path / "x.har"
    place = f"{tmp_path}/{unread.partition(' ')[0]}"
    piece = Piece(place, 0, "log.entries" if read else "", problem=problem)
    monkeypatch.setattr(detection, "runs", lambda _, **__: iter([piece]))
    result = check_traffic(file)

    assert result.unread[0].startswith(f"{tmp_path}/{unread}")
    assert (result.exit_code, result.recordings.read, result.total) == (2, read, read)


def test_what_is_harmless_is_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is lost that anybody asked for, so it is no error."""
    piece = Piece("logs/x.zip:a", 0, problem="is a link, and is not followed", harmless=True)
    monkeypatch.setattr(detection, "runs", lambda *_, **__: iter([piece]))
    result = check_traffic(tmp_path / "x.har")

    assert (result.unread, result.recordings.read) == ((), 0)
    assert result.notes[0] == "logs/x.zip:a is a link, and is not followed"


# A part of what was recorded


def at(moment: str | None) -> Any:
    """Return an entry of that time."""
    return entry() if moment is None else entry(startedDateTime=moment)


def test_a_window_of_time(tmp_path: Path) -> None:
    """What is outside is left alone; what has no time is judged, and a note says so."""
    moments = ["2026-03-30T23:59:59Z", "2026-03-31T00:00:00Z", "2026-04-01T00:00:00Z", None]
    file = written(tmp_path, log(ELSEWHERE, *map(at, moments)))
    result = check_traffic(file, since="2026-03-31T00:00:00Z", until="2026-04-01T00:00:00Z")

    left = {"to other addresses": 1, "earlier than --since": 1, "later than --until": 1}
    assert result.recordings == Recordings(files=1, read=5, ours=4, judged=2, left=left)
    assert result.notes == (
        "1 time was not recorded: record when a request was sent, or leave out the window; "
        f"at {file}:log.entries[4]",
    )


def test_a_sample(tmp_path: Path) -> None:
    """It is the same each time, and also holds what cannot be read."""
    wrong = [entry({"postData": {"text": "{}"}}) for _ in range(40)]
    file = written(tmp_path, log(ELSEWHERE, *wrong))
    result = check_traffic(file, sample=5)
    places = [finding.source for finding in result.findings]

    assert result.total == result.recordings.judged == result.recordings.ours == 5
    assert result.recordings.read == 41
    assert [finding.source for finding in check_traffic(file, sample=5).findings] == places
    assert check_traffic(file, sample=41).total == 40
    lost = written(tmp_path, log(*[entry({"url": None})] * 5), "lost.har")
    assert check_traffic(lost, sample=2).recordings == Recordings(
        1, 5, 0, 0, {"beyond --sample": 3, "unreadable": 2}
    )


# Whoever watches


def test_progress_and_interruption(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is known is kept; bytes are counted up to the size of the file."""
    monkeypatch.setattr(check_module, "OFTEN", OFTEN)
    file = written(tmp_path, log(entry()))
    recorded = entry()
    seen: list[tuple[int, int, int]] = []

    def runs(_: Path, **__: object) -> Iterator[Piece]:
        for number in range(2 * OFTEN):
            place = f"{file}:log.entries[{number}]"
            yield Piece(place, 0, "log.entries", value=recorded, raw=b" " * 7)

    def watch(total: Reduction, done: int, size: int) -> None:
        seen.append((total.recordings.read, done, size))
        if len(seen) == 4:
            raise KeyboardInterrupt

    monkeypatch.setattr(detection, "runs", runs)
    size = file.stat().st_size
    with pytest.raises(Interrupted) as raised:
        Check(Judge((OPERATION,)), watch=watch).of([file, tmp_path / "missing.har", file])

    assert seen == [
        (0, 7, 2 * size),
        (OFTEN, min(size, 7 * (OFTEN + 1)), 2 * size),
        (2 * OFTEN, size, 2 * size),
        (3 * OFTEN, size, 2 * size),
    ]
    result = raised.value.result
    assert (result.interrupted, result.exit_code, result.total) == (True, 130, 3 * OFTEN)
    assert result.notes == (f"interrupted after {3 * OFTEN} interactions",)


def test_what_is_kept_does_not_grow(tmp_path: Path) -> None:
    """However many findings there are, and however many ways to be unreadable."""
    sizes = []
    for many in (4, 40):
        wrong = [entry({"postData": {"text": json.dumps({"a": n})}}) for n in range(10, many + 10)]
        lost = [entry({"url": {"a": n}}) for n in range(many)]
        total = Reduction()
        _Progress(Check(Judge((OPERATION,))), total).through(
            [written(tmp_path, log(*wrong, *lost, *[entry({"postData": None})] * many))]
        )
        # The last results wait to be added up together.
        whole = Reduction()
        whole.merge(total)
        sizes.append(len(pickle.dumps(whole)))

    # Only numbers have grown.
    assert sizes[1] < sizes[0] + 100


def test_workers_find_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reports are equal to the byte, whatever the files hold."""
    monkeypatch.setattr(parts, "SIZE", 4000)
    wrong = {"postData": {"text": '{"device": 1}'}}
    many = [
        entry(wrong if number % 5 == 3 else None, time=number, comment=f"{number}")
        for number in range(20)
    ]
    lines = [*map(json.dumps, many)]
    lines[7] = "{"
    files = [
        written(tmp_path, log(*many, ELSEWHERE, entry({"url": None})), "a.har"),
        written(tmp_path, "\n".join(lines), "b.ndjson"),
        written(tmp_path, "interactions: 1", "c.yaml"),
        tmp_path / "d.har",
        written(tmp_path, log(*many[:2]), "e.har"),
        tmp_path / "none",
    ]
    files[-1].mkdir()
    alone, together = (check_traffic(*files, workers=number) for number in (1, 2))

    assert alone == together
    assert report_of(alone) == report_of(together)
    assert alone.durations == together.durations
    assert check_traffic(*files, workers=2, sample=3) == check_traffic(*files, sample=3)


def test_a_file_that_cannot_be_judged_in_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where entries hold entries themselves, it is judged as a whole."""
    monkeypatch.setattr(parts, "SIZE", 2000)
    nested = [entry(_children=[entry(), entry()], request_={}) for _ in range(6)]
    files = [
        written(tmp_path, log(*nested), "a.har"),
        written(tmp_path, log(*nested[:1], *[entry()] * 6), "b.har"),
    ]
    seen: list[int] = []
    judge = Judge((OPERATION,))
    by_two = Check(judge, workers=2, watch=lambda _, done, size: seen.append(size - done))

    assert by_two.of(files) == Check(judge).of(files)
    sizes = range(1000, 4000, 100)
    divided = [part for size in sizes for part in parts.divided(0, RecordingFile(files[0]), size)]
    assert None in [check_module.judge_part(by_two, part) for part in divided]
    assert seen
    assert min(seen) >= 0


class Alone(Workers[Any, Any, Any]):
    """A worker that leaves all to whoever asks."""

    def __init__(self, _: int, *more: Any, start: str | None = None) -> None:
        super().__init__(*more)
        self.start = start

    @property
    def number(self) -> int:
        """There is one."""
        return 1

    def hand_over(self, _: Any) -> None:
        """Take nothing."""

    def stop(self) -> None:
        """Do nothing more."""


@pytest.fixture
def divided(monkeypatch: pytest.MonkeyPatch) -> Iterator[Elsewhere]:
    """Divide small files into parts, which are judged here, and let some lie elsewhere."""
    monkeypatch.setattr(parts, "SIZE", 500)
    monkeypatch.setattr(processes, "Processes", Alone)
    with Elsewhere() as elsewhere:
        yield elsewhere


def test_recordings_elsewhere(divided: Elsewhere, tmp_path: Path) -> None:
    """In folders, packed and in parts: what is found is what would be here."""
    many = [entry({"postData": {"text": "1"}}, comment=str(number)) for number in range(9)]
    lines = "\n".join(map(json.dumps, [*many, ELSEWHERE])).encode()
    har = json.dumps(log(*many)).encode()
    files = {
        "a.ndjson": lines,
        "b/c.har": har,
        "b/d.ndjson.gz": gzip.compress(lines),
        "b/e.har": har[:900],
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        written((tmp_path / name).parent, content, Path(name).name)
        divided.put(name, content)
    here = check_traffic(tmp_path)
    for number in (1, 2):
        found = check_traffic("memory:///", workers=number)
        assert report_of(found).replace("memory:///", f"{tmp_path}/") == report_of(here)
    few = check_traffic("memory:///", sample=3, workers=2)
    assert few.total == 3
    assert report_of(few).replace("memory:///", f"{tmp_path}/") == report_of(
        check_traffic(tmp_path, sample=3)
    )


def test_learning_from_recordings_elsewhere(divided: Elsewhere, tmp_path: Path) -> None:
    """Their hashes are written as well."""
    lines = "\n".join(json.dumps(entry(time=number)) for number in range(9)).encode()
    divided.put("a.ndjson", lines)
    file = written(tmp_path, lines, "a.ndjson")
    for name, recording in (("here", str(file)), ("there", "memory:///a.ndjson")):
        check_traffic(recording, learn=tmp_path / name, workers=2)
    assert (tmp_path / "there").read_text() == (tmp_path / "here").read_text()


@pytest.mark.parametrize("workers", [1, 2])
def test_a_recording_elsewhere_that_breaks_off(
    workers: int, divided: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What can be read is judged, and nothing behind it: nobody would know the lines there."""
    lines = "\n".join(json.dumps(entry({"postData": {"text": "1"}})) for _ in range(9)).encode()
    divided.put("a.ndjson", lines)
    read = MemoryFile.read

    def limited(self: Any, size: int = -1) -> Any:
        if self.tell() >= 2000:
            raise ConnectionResetError(errno.ECONNRESET, "reset")
        return read(self, min(size, 2000 - self.tell()) if size > 0 else size)

    monkeypatch.setattr(MemoryFile, "read", limited)
    result = check_traffic("memory:///a.ndjson", workers=workers)
    assert result.unread == (
        "memory:///a.ndjson cannot be read: Connection reset by peer; check the address, and try "
        "again",
    )
    assert result.total == lines[:2000].count(b"\n")
    assert [finding.source for finding in result.findings][-1] == "memory:///a.ndjson:3"


def test_a_file_that_is_gone_when_its_part_is_judged(tmp_path: Path) -> None:
    """It is said once, and of no other part."""
    file = tmp_path / "gone.ndjson"
    part = Part(0, RecordingFile(file), 9, Lines(file, 0, 9, 9), is_first=True)
    reduction = check_module.judge_part(Check(Judge((OPERATION,))), part)
    assert reduction is not None
    assert reduction.is_cut_off
    assert reduction.result().unread == (f"{file} cannot be read: No such file or directory",)


def test_dead_workers_are_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is lost by it."""
    monkeypatch.setattr(check_module, "judge_part", deadly)
    result = check_traffic(written(tmp_path, log(entry())), workers=2)

    assert result.total == 1
    assert result.notes == ("workers: 1 worker died; what was judged there was judged again",)


HERE, JUDGE_PART = os.getpid(), check_module.judge_part


def test_a_cluster_judges_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked for by an argument; a sample is drawn here."""
    seen: list[Any] = []

    class Played(Alone):
        def __init__(self, scheduler: str, number: int, *more: Any, **given: Any) -> None:
            super().__init__(number, *more)
            seen.append((scheduler, number, given))

    monkeypatch.setattr(cluster, "Cluster", Played)
    file = written(tmp_path, log(entry(), entry()))
    alone = check_traffic(file)
    assert check_traffic(file, dask=True, workers=3) == alone
    assert check_traffic(file, dask="host:8786") == alone
    assert check_traffic(file, dask="host:8786", sample=2) == check_traffic(file, sample=2)
    assert seen == [
        ("", 3, {"seen": str(file)}),
        ("tcp://host:8786", 1, {"seen": str(file)}),
    ]


def deadly(check: Check, part: Part) -> Reduction | None:
    """Judge a part, but not in a worker."""
    if os.getpid() != HERE:
        os.kill(os.getpid(), signal.SIGKILL)
    return JUDGE_PART(check, part)


@pytest.mark.parametrize("wish", [{"sample": 0}, {"workers": 0}])
def test_numbers_begin_at_one(wish: dict[str, Any]) -> None:
    """A sample of nothing shows nothing, and nobody would judge."""
    (name,) = wish
    with pytest.raises(UsageError) as raised:
        check_traffic("traffic.har", **wish)

    assert str(raised.value) == f"{name} must be a whole number from 1, not 0"


@pytest.mark.parametrize("size", [500, 2000])
def test_a_file_whose_parts_do_not_fit_is_judged_as_a_whole(
    size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What its first parts have shown is not counted twice."""
    monkeypatch.setattr(parts, "SIZE", size)
    nested = entry(deep=[entry(), entry()])
    file = written(tmp_path, log(*[nested] * 6))

    assert check_traffic(file, workers=2) == check_traffic(file)
