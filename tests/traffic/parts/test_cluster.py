"""A Dask cluster: real ones in slow tests, and otherwise one that is played."""

from __future__ import annotations

import asyncio
import importlib
import json
import logging
import os
import platform
import re
import signal
import subprocess
import sys
import time
import types
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import enkash_contract as ec
from enkash_contract.errors import (
    EnkashContractError,
    MissingPackageError,
    RecordingError,
    TargetError,
    UsageError,
)
from enkash_contract.traffic import check as check_module
from enkash_contract.traffic.parts import cluster, parts
from enkash_contract.traffic.parts.cluster import Cluster
from tests.support.recorded import entry, report_of, written

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from enkash_contract.traffic.check import Check
    from enkash_contract.traffic.counting.reduction import Reduction
    from enkash_contract.traffic.parts.parts import Part

QUIET: Any = {"dashboard_address": None, "protocol": "tcp", "silence_logs": logging.CRITICAL}
SCHEDULER = "tcp://scheduler:8786"
OURS = metadata.version("enkash-contract")
FACTS = {
    os.path.exists: True,
    platform.python_version: f"{platform.python_version()}.post1",
    metadata.version: OURS,
}


class KilledWorker(Exception):  # noqa: N818 - it is called so there
    """Too many workers have died of a part."""


class Played:
    """What stands for `distributed`: a cluster of which everything is known."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.facts: dict[Any, Any] = dict(FACTS)
        self.threads = 2
        self.counted = 0
        self.failing: Callable[[Any], Exception | None] = lambda _: None
        self.status = "running"
        self.responds = True
        self.seen: list[str] = []
        module: Any = types.ModuleType("distributed")
        module.Client, module.LocalCluster = self._client, self._cluster
        module.rpc, module.Security = self._rpc, self._security
        module.gc = types.SimpleNamespace(disable_gc_diagnosis=lambda: self.seen.append("gc"))
        monkeypatch.setitem(sys.modules, "distributed", module)

    def _security(self) -> Any:
        return types.SimpleNamespace(get_connection_args=lambda _: {"ssl_context": None})

    @asynccontextmanager
    async def _rpc(self, address: str, connection_args: Any) -> AsyncIterator[Any]:
        assert (address, connection_args) == (SCHEDULER, {"ssl_context": None})
        yield self

    async def identity(self) -> None:
        if not self.responds:
            await asyncio.sleep(60)

    @contextmanager
    def _client(self, address: Any, **_: Any) -> Iterator[Any]:
        self.seen.append(f"client of {address}")
        yield self
        self.seen.append("client closed")

    @contextmanager
    def _cluster(self, **options: Any) -> Iterator[str]:
        self.seen.append(f"cluster of {options['n_workers']}")
        assert "__file__" not in vars(sys.modules["__main__"])
        yield "its own"
        self.seen.append("cluster closed")

    def wait_for_workers(self, _: int, timeout: float) -> None:
        if not self.threads:
            raise TimeoutError(timeout)

    def run(self, ask: Any, *_: Any, **__: Any) -> dict[str, Any]:
        known = self.facts[getattr(ask, "func", ask)]
        return {"tcp://worker:1": known}

    def nthreads(self) -> dict[str, int]:
        self.counted += 1
        if self.status != "running":
            raise OSError("closed")
        return {"tcp://worker:1": self.threads} if self.threads else {}

    def submit(self, function: Any, *given: Any, **_: Any) -> Any:
        if self.status != "running":
            raise OSError("closed")
        return Handed(self, partial(function, *given))


class Handed:
    """A part that was handed over."""

    status = "pending"

    def __init__(self, played: Played, work: partial[Any]) -> None:
        self._played, self._work = played, work

    def result(self, timeout: float | None = None) -> Any:
        error = self._played.failing(self._work.args[-1]) if timeout else None
        if error is not None:
            self.status = "pending" if isinstance(error, TimeoutError) else "error"
            raise error
        given = [each.result() if isinstance(each, Handed) else each for each in self._work.args]
        return self._work.func(*given)


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> Played:
    """Play a cluster."""
    return Played(monkeypatch)


def plus(plan: int, part: int) -> int:
    """Add the plan to a part."""
    return plan + part


def judged(workers: Cluster[int, int, int], many: int = 9) -> bool:
    """Return whether parts were judged, in their order."""
    return [*workers.in_order(range(many))] == [(part, part + 7) for part in range(many)]


def test_a_cluster_of_this_machine(played: Played) -> None:
    """It is started for one check, and nothing of it is left."""
    main, logger = sys.modules["__main__"], logging.getLogger("distributed.worker")
    workers: Cluster[int, int, int] = Cluster("", 2, plus, 7)
    found = workers.in_order(range(9))
    assert next(found) == (0, 7)
    assert logger.disabled
    assert [*found] == [(part, part + 7) for part in range(1, 9)]
    assert played.seen == [
        *("cluster of 2", "gc", "client of its own", "client closed", "cluster closed")
    ]
    assert sys.modules["__main__"] is main
    assert not logger.disabled
    assert (workers.deaths, workers.losses) == (0, "")


def test_the_workers_of_a_scheduler(played: Played, monkeypatch: pytest.MonkeyPatch) -> None:
    """They may come and go, and are counted again."""
    monkeypatch.setattr(cluster, "OFTEN", 4)
    workers: Cluster[int, int, int] = Cluster(SCHEDULER, 1, plus, 7, seen=__file__)
    found = workers.in_order(range(20))
    assert next(found) == (0, 7)
    assert workers.number == 2
    played.threads = 3
    assert len([*found]) == 19
    assert workers.number == 3
    assert played.seen == [f"client of {SCHEDULER}", "client closed"]


@pytest.mark.parametrize(
    ("fact", "found", "kind", "expected"),
    [
        (
            metadata.version,
            metadata.PackageNotFoundError("enkash-contract"),
            TargetError,
            f"the worker at tcp://worker:1 has no enkash-contract; it needs enkash-contract {OURS}",
        ),
        (
            metadata.version,
            f"{OURS}.1",
            TargetError,
            f"the worker at tcp://worker:1 has enkash-contract {OURS}.1; it needs enkash-contract "
            f"{OURS}",
        ),
        (
            platform.python_version,
            "2.7.18",
            TargetError,
            "the worker at tcp://worker:1 has Python 2.7.18; it needs Python "
            f"{platform.python_version()}",
        ),
        (
            os.path.exists,
            False,
            UsageError,
            f"workers of {SCHEDULER} do not see /day.ndjson; name it by an address that all of "
            "them can read, such as s3://bucket/day.ndjson",
        ),
    ],
)
def test_workers_that_cannot_judge(
    fact: Any, found: Any, kind: type[EnkashContractError], expected: str, played: Played
) -> None:
    """Nothing is sent to them."""
    played.facts[fact] = found
    workers: Cluster[int, int, int] = Cluster(SCHEDULER, 1, plus, 7, seen="/day.ndjson")
    with pytest.raises(kind) as raised:
        [*workers.in_order([1])]
    assert str(raised.value) == expected
    assert played.seen[-1] == "client closed"


def test_a_scheduler_without_workers(played: Played) -> None:
    """Nobody waits for them forever."""
    played.threads = 0
    with pytest.raises(TargetError) as raised:
        [*Cluster(SCHEDULER, 1, plus, 7).in_order([1])]
    assert str(raised.value) == (
        f"the scheduler at {SCHEDULER} has no workers; start some: dask worker {SCHEDULER}"
    )


@pytest.mark.parametrize("responds", [True, False])
def test_no_scheduler(
    responds: bool,  # noqa: FBT001 - a kind
    played: Played,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever is there instead, and also if it has gone since it was asked."""

    def client(*_: Any, **__: Any) -> None:
        raise OSError("Timed out")

    played.responds = responds
    monkeypatch.setattr(cluster, "CONNECT", 5 if responds else 0.01)
    monkeypatch.setattr(sys.modules["distributed"], "Client", client)
    with pytest.raises(TargetError) as raised:
        [*Cluster(SCHEDULER, 1, plus, 7).in_order([1])]
    assert str(raised.value) == (
        f"no Dask scheduler responds at {SCHEDULER} within {cluster.CONNECT} seconds; start one "
        "(dask scheduler), or leave the address out for processes of your own"
    )
    assert played.seen == []


def test_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is judged without it."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingPackageError) as raised:
        [*Cluster("", 1, plus, 7).in_order([1])]
    assert str(raised.value) == "--dask needs pip install 'enkash-contract[dask]'"


def test_parts_that_kill_workers(played: Played) -> None:
    """Dask gives them up, and then they are judged here; after some, so is all the rest."""
    played.failing = lambda part: KilledWorker() if part in (2, 3, 4) else None
    workers: Cluster[int, int, int] = Cluster("", 1, plus, 7)
    assert judged(workers, 20)
    assert workers.losses == "3 workers died; what was judged there was judged again"


def test_what_a_part_raises(played: Played) -> None:
    """It is judged here, where it raises the same, or does not."""
    errors = [ValueError("once")]
    played.failing = lambda part: errors.pop() if part == 2 and errors else None
    workers: Cluster[int, int, int] = Cluster("", 1, plus, 7)
    assert judged(workers)
    assert workers.losses == ""


def test_a_worker_that_lacks_something(played: Played) -> None:
    """It is no other worker's fault, and none of this machine."""
    played.failing = lambda _: RecordingError("s3://a.har: s3 needs pip install it")
    with pytest.raises(UsageError) as raised:
        [*Cluster("", 1, plus, 7).in_order([1])]
    assert str(raised.value) == (
        "a worker of the cluster cannot judge: s3://a.har: s3 needs pip install it"
    )


def test_slow_parts_are_waited_for(played: Played) -> None:
    """As long as there are workers, or they come back in time."""
    waits = [TimeoutError()] * 50
    played.failing = lambda part: waits.pop() if part == 2 and waits else None
    assert judged(Cluster("", 1, plus, 7))
    assert played.counted > 50


def test_a_cluster_that_is_lost(played: Played) -> None:
    """What is left is judged here, and said."""

    def failing(part: int) -> Exception | None:
        if part > 2:
            played.threads = 0
            return TimeoutError()
        return None

    played.failing = failing
    workers: Cluster[int, int, int] = Cluster("", 1, plus, 7)
    assert judged(workers, 30)
    assert workers.losses == "the cluster was lost; what was not judged there was judged here"
    assert played.counted < 50


def test_a_scheduler_that_is_gone(played: Played) -> None:
    """Nobody waits for it."""

    def failing(part: int) -> Exception | None:
        if part > 2:
            played.status = "closed"
            return ConnectionError()
        return None

    played.failing = failing
    workers: Cluster[int, int, int] = Cluster("", 1, plus, 7)
    assert judged(workers, 30)
    assert "lost" in workers.losses


def test_a_scheduler_that_is_gone_while_nobody_waits(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is not handed over is judged here; so is what was under way."""
    monkeypatch.setattr(cluster, "OFTEN", 1)
    workers: Cluster[int, int, int] = Cluster("", 1, plus, 7)
    found = workers.in_order(range(30))
    assert [next(found) for _ in range(3)] == [(part, part + 7) for part in range(3)]
    played.status = "closed"
    assert [*found] == [(part, part + 7) for part in range(3, 30)]
    assert "lost" in workers.losses


def test_a_cluster_that_cannot_be_started(played: Played, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said what is in its way, and what does without."""
    assert played.seen == []

    def failing(**_: Any) -> None:
        raise OSError("too many open files")

    monkeypatch.setattr(sys.modules["distributed"], "LocalCluster", failing)
    with pytest.raises(TargetError) as raised:
        [*Cluster("", 1, plus, 7).in_order([1])]
    assert str(raised.value) == (
        "no Dask cluster can be started on this machine (too many open files); judge by --workers"
    )


JUDGE_PART, MARK, HERE = check_module.judge_part, "ENKASH_TEST_MARK", "ENKASH_TEST_HERE"


def deadly_once(check: Check, part: Part) -> Reduction | None:
    """Judge a part, but die of one in the middle of the file, once."""
    mark = Path(os.environ[MARK])
    if part.range is not None and part.range.start > 30_000 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return JUDGE_PART(check, part)


def deadly(check: Check, part: Part) -> Reduction | None:
    """Judge a part, but die of one wherever it is not the process of the tests."""
    if (
        part.range is not None
        and part.range.start > 30_000
        and str(os.getpid()) != os.environ[HERE]
    ):
        os.kill(os.getpid(), signal.SIGKILL)
    return JUDGE_PART(check, part)


@pytest.fixture
def recording(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a recording in lines that is divided into many parts, with findings in most."""
    monkeypatch.setattr(parts, "SIZE", 4000)
    monkeypatch.setenv(MARK, str(tmp_path / "died"))
    monkeypatch.setenv(HERE, str(os.getpid()))
    wrong = {"postData": {"text": '{"device": 1}'}}
    many = [entry(wrong if each % 5 == 3 else None, time=each) for each in range(60)]
    lines = [*map(json.dumps, many)]
    lines[7] = "{"
    return written(tmp_path, "\n".join(lines), "day.ndjson")


@pytest.mark.slow
@pytest.mark.parametrize("number", [1, 2])
def test_nothing_changes_where_a_dask_worker_is_killed(
    number: int, recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its part is judged by another one; the report is equal to the byte to that of one process."""
    alone = report_of(ec.check_traffic(recording))
    assert report_of(ec.check_traffic(recording, dask=True, workers=number)) == alone
    monkeypatch.setattr(check_module, "judge_part", deadly_once)
    assert report_of(ec.check_traffic(recording, dask=True, workers=number)) == alone
    assert Path(os.environ[MARK]).exists()


@pytest.mark.slow
def test_a_part_that_kills_every_dask_worker(
    recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is judged here in the end."""
    alone = ec.check_traffic(recording)
    monkeypatch.setattr(check_module, "judge_part", deadly)
    result = ec.check_traffic(recording, dask=True, workers=2)
    assert result.findings == alone.findings
    assert result.unread == alone.unread
    (note,) = {*result.notes} - {*alone.notes}
    assert re.fullmatch(r"workers: . workers? died; what was judged there was judged again", note)


@pytest.mark.slow
def test_a_real_scheduler_of_dask(recording: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its workers judge the same, also where they are threads; others that it has are no matter."""
    alone = ec.check_traffic(recording)
    # It takes long to import, and most tests can do without.
    distributed: Any = importlib.import_module("distributed")
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, **QUIET
    ) as real:
        monkeypatch.chdir(recording.parent)
        found = ec.check_traffic(recording.name, dask=real.scheduler_address)
        assert found.recordings == alone.recordings
        assert [each.source for each in found.findings] == [
            each.source.removeprefix(f"{recording.parent}/") for each in alone.findings
        ]


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="there are no groups of processes")
def test_ctrl_c_ends_a_dask_cluster(recording: Path, tmp_path: Path) -> None:
    """What is known is printed, nothing else, and no process is left."""
    many = recording.read_bytes() + b"\n"
    recording.write_bytes(many * 3000)
    command = [sys.executable, "-m", "enkash_contract", "traffic", str(recording)]
    for wait in (1.0, 2.5):
        process = subprocess.Popen(
            [*command, "--dask", "--workers", "2", "--quiet"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            env={**os.environ, "TMPDIR": str(tmp_path / "temporary")},
        )
        (tmp_path / "temporary").mkdir(exist_ok=True)
        time.sleep(wait)
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=60)
        assert process.returncode == 130
        assert b"interrupted" in out
        assert b"Traceback" not in err
        assert [*(tmp_path / "temporary").iterdir()] == []
