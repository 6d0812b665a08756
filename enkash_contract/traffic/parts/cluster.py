"""Workers of a Dask cluster: processes of this machine, or whatever a scheduler has elsewhere.

If a worker dies, Dask has another one judge its part. Where that does not help, because the part
kills each of them or none is left, the part is judged here. This is the one module that imports
dask and distributed.
"""

from __future__ import annotations

import asyncio
import logging
import os
import pickle
import platform
import sys
import tempfile
import warnings
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from importlib import metadata
from itertools import count
from types import ModuleType
from typing import TYPE_CHECKING, Any

from enkash_contract.errors import EnkashContractError, MissingPackageError, TargetError, UsageError
from enkash_contract.traffic.parts.interrupts import deaf
from enkash_contract.traffic.parts.sent import judged
from enkash_contract.traffic.parts.workers import LostError, Part, PartResult, Plan, Workers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PACKAGE = "enkash-contract"
NEEDED = f"--dask needs pip install '{PACKAGE}[dask]'"

CONNECT = 5
"""The seconds to wait for a scheduler, and for its first worker."""

ALONE = 30
"""The seconds to wait for workers to come back."""

LOOK = 1
"""The seconds between two looks at whether there are workers."""

OFTEN = 64
"""After so many parts the workers are counted again, because they may come and go."""

LOGGERS = ("asyncio", "distributed", "tornado")
"""The loggers, with all below them, that have nothing to say to a user."""


class Cluster(Workers[Plan, Part, PartResult]):
    """Judges parts by the workers of a scheduler, or by so many processes of a cluster of its own.

    All workers have to see the file `seen`, if there is one.
    """

    def __init__(
        self,
        scheduler: str,
        processes: int,
        judge: Callable[[Plan, Part], PartResult],
        plan: Plan,
        *,
        seen: str = "",
    ) -> None:
        super().__init__(judge, plan)
        self._scheduler, self._processes, self._seen = scheduler, processes, seen
        self._number, self._handed = processes, count()
        self._open = ExitStack()
        self._client: Any = None
        self._work: Any = None
        self._is_lost = False

    @property
    def number(self) -> int:
        """The number of parts that are judged at a time."""
        return self._number

    @property
    def losses(self) -> str:
        """The workers that were lost, in words; "" if none was."""
        if self._is_lost:
            return "the cluster was lost; what was not judged there was judged here"
        return super().losses

    def hand_over(self, part: Part) -> Callable[[], PartResult] | None:
        """Hand a part over to the cluster, which is asked for when it is first needed.

        Raises:
            EnkashContractError: there is none that could judge.

        """
        if self._is_lost:
            return None
        if self._client is None:
            self._start()
        handed = next(self._handed)
        if handed % OFTEN == OFTEN - 1:
            self._number = max(1, self._threads())
        try:
            found = self._client.submit(judged, self._work, part, pure=False)
        except Exception:  # noqa: BLE001 - its client is closed, whatever the reason is
            self._is_lost = True
            return None
        return lambda: self._found(found)

    def stop(self) -> None:
        """Leave the cluster, and end it if it is our own."""
        self._open.close()
        self._client = None

    def _start(self) -> None:
        try:
            import distributed
        except ImportError:
            raise MissingPackageError(NEEDED) from None
        enter = self._open.enter_context
        enter(_quiet())
        if self._scheduler and not _responds(distributed, self._scheduler):
            raise _silent(self._scheduler)
        try:
            address = self._scheduler or enter(_local(distributed, self._processes))
        except Exception as error:  # noqa: BLE001 - many things can be in its way
            what = f"no Dask cluster can be started on this machine ({error})"
            raise TargetError(f"{what}; judge by --workers") from None
        try:
            # What does not fit together is said below, in one line.
            with warnings.catch_warnings(action="ignore"):
                client: Any = distributed.Client(  # type: ignore[no-untyped-call]  # it has none
                    address, timeout=CONNECT, set_as_default=False
                )
        except Exception:  # noqa: BLE001 - it may be gone by now, or speak another version
            raise _silent(address) from None
        self._client = enter(client)
        if self._scheduler:
            self._check()
        self._number = max(1, self._threads())
        work = pickle.dumps((self._judge, self._plan))
        self._work = self._client.submit(bytes, work, pure=False)

    def _check(self) -> None:
        """Return if the workers of somebody's cluster can judge.

        Raises:
            TargetError: there are none, or they are not prepared for it.

        """
        try:
            self._client.wait_for_workers(1, timeout=CONNECT)
        except TimeoutError:
            hint = f"start some: dask worker {self._scheduler}"
            raise TargetError(
                f"the scheduler at {self._scheduler} has no workers; {hint}"
            ) from None
        for what, ask, digits in ((PACKAGE, _VERSION, None), ("Python", _PYTHON, 2)):
            here = ask()
            for worker, found in self._client.run(ask, on_error="return").items():
                # What Python has mended since changes nothing here.
                if str(found).split(".")[:digits] != here.split(".")[:digits]:
                    has = f"no {what}" if isinstance(found, Exception) else f"{what} {found}"
                    raise TargetError(f"the worker at {worker} has {has}; it needs {what} {here}")
        there = self._client.run(os.path.exists, self._seen) if self._seen else {}
        if not all(there.values()):
            hint = "name it by an address that all of them can read, such as s3://bucket/day.ndjson"
            raise UsageError(f"workers of {self._scheduler} do not see {self._seen}; {hint}")

    def _threads(self) -> int:
        """Return how many parts can be judged at a time; 0 where nobody can tell."""
        try:
            return sum(self._client.nthreads().values())
        except Exception:  # noqa: BLE001 - the scheduler is gone, whatever that raises
            return 0

    def _found(self, found: Any) -> PartResult:
        """Wait for what is found in a part, as long as anybody may judge it.

        Raises:
            LostError: nobody will.
            UsageError: a worker lacks what it needs.

        """
        if self._is_lost:
            raise LostError
        alone = 0.0
        while True:
            try:
                result: PartResult = found.result(timeout=LOOK)
            except EnkashContractError as error:
                raise UsageError(f"a worker of the cluster cannot judge: {error}") from None
            except Exception as error:  # noqa: BLE001 - what else a part raises, it raises here too
                if found.status == "pending":
                    alone = 0.0 if self._threads() else alone + LOOK
                    if alone < ALONE:
                        continue
                self.deaths += type(error).__name__ == "KilledWorker"
                self._is_lost = alone >= ALONE or self._client.status != "running"
                raise LostError from None
            return result


_VERSION, _PYTHON = partial(metadata.version, PACKAGE), platform.python_version
"""Questions to a worker, which may not have this package."""


def _silent(address: Any) -> TargetError:
    """Return the error that no scheduler responds."""
    hint = "start one (dask scheduler), or leave the address out for processes of your own"
    return TargetError(f"no Dask scheduler responds at {address} within {CONNECT} seconds; {hint}")


def _responds(distributed: Any, address: str) -> bool:
    """Return whether a scheduler responds in time.

    A client would wait forever for what is no scheduler, and is hard to get rid of then.
    """

    async def ask() -> None:
        given = distributed.Security().get_connection_args("client")
        async with distributed.rpc(address, connection_args=given) as scheduler:
            await scheduler.identity()

    try:
        # A loop that runs in this thread already, as in a notebook, must not wait for another.
        with ThreadPoolExecutor(1) as alone:
            alone.submit(asyncio.run, asyncio.wait_for(ask(), CONNECT)).result()
    except Exception:  # noqa: BLE001 - what is no scheduler may answer anything
        return False
    return True


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence the loggers of Dask: a user is told of what matters in other ways."""
    known = [logging.getLogger(name) for name in logging.root.manager.loggerDict]
    silenced = [each for each in known if each.name.split(".")[0] in LOGGERS and not each.disabled]
    for each in silenced:
        each.disabled = True
    try:
        yield
    finally:
        for each in silenced:
            each.disabled = False


@contextmanager
def _without_main() -> Iterator[None]:
    """Let new processes begin without the main program, which might start a cluster once more."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


@contextmanager
def _local(distributed: Any, processes: int) -> Iterator[Any]:
    """Start a cluster of so many processes of this machine; nothing is left of it afterwards."""
    import dask

    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        dask.config.set(
            {"temporary-directory": folder, "distributed.worker.profile.enabled": False}
        ),
        _without_main(),
        ExitStack() as stack,
    ):
        with deaf():
            started = distributed.LocalCluster(
                n_workers=processes,
                threads_per_worker=1,
                host="127.0.0.1",
                dashboard_address="127.0.0.1:0",
                worker_dashboard_address="127.0.0.1:0",
                scheduler_kwargs={"dashboard": False},
                memory_limit=None,
                silence_logs=logging.CRITICAL + 1,
            )
            cluster = stack.enter_context(started)
        # Python calls it between any two lines, and Ctrl-C would be lost there.
        distributed.gc.disable_gc_diagnosis()
        yield cluster
