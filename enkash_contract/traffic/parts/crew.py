"""The workers that a user asks for: processes of this machine, or those of a Dask cluster."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from enkash_contract.errors import UsageError
from enkash_contract.traffic.reading.address import Address

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from enkash_contract.traffic.parts.workers import Part, PartResult, Plan, Workers

LOCAL = "local"
"""A cluster of this machine, which is started for one check."""

_SCHEDULER = re.compile(
    r"(?:(?:tcp|tls|ucx|ws|wss)://)?(?:[\w.\-]+|\[[\da-fA-F:.]+(?:%\w+)?\]):\d{1,5}/?|(?:ws|wss)://\S+"
)
_BEGINNINGS = ("tcp://", "tls://", "ucx://")
"""Nothing else is written so, and so a port is missing where it is no scheduler."""


def is_scheduler(text: str) -> bool:
    """Return whether a text is the address of a scheduler."""
    return text == LOCAL or _SCHEDULER.fullmatch(text) is not None


def means_scheduler(text: str) -> bool:
    """Return whether a text can mean nothing but a scheduler, though it may be no address."""
    return is_scheduler(text) or text.startswith(_BEGINNINGS)


def scheduler(dask: str | bool | None) -> str | None:  # noqa: FBT001 - as users write it
    """Return the address of the scheduler that was asked for, or `LOCAL`; None if none was.

    Raises:
        UsageError: it is no address.

    """
    if isinstance(dask, bool) or dask is None:
        return LOCAL if dask else None
    if not is_scheduler(dask):
        hint = "name one such as tcp://host:8786, or none for a cluster of this machine"
        raise UsageError(f"--dask {dask} is no address of a scheduler; {hint}")
    return dask if "://" in dask or dask == LOCAL else f"tcp://{dask}"


def number(workers: int | None, dask: str | None) -> int:
    """Return how many processes judge; a cluster of this machine has one for each processor.

    Raises:
        UsageError: nobody can say how many somebody else's cluster has.

    """
    if workers is not None and dask not in (None, LOCAL):
        what = f"--workers is for processes of this machine, and {dask} has its own"
        raise UsageError(f"{what}; leave one of the two out")
    return workers or (_processors() if dask == LOCAL else 1)


def _processors() -> int:
    # Not every system says how many of them this process may use.
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def crew(
    workers: int,
    dask: str | None,
    judge: Callable[[Plan, Part], PartResult],
    plan: Plan,
    files: Collection[Path | Address],
) -> Workers[Plan, Part, PartResult]:
    """Return the workers that judge parts of files by `judge(plan, part)`."""
    # What starts processes takes long to import, and most recordings are judged without.
    if dask is None:
        from enkash_contract.traffic.parts.processes import Processes

        # What asks other machines runs in a thread, and no process with one can be forked.
        is_elsewhere = any(isinstance(file, Address) for file in files)
        return Processes(workers, judge, plan, start="spawn" if is_elsewhere else None)
    from enkash_contract.traffic.parts.cluster import Cluster

    here = (str(file.absolute()) for file in files if isinstance(file, Path))
    address = "" if dask == LOCAL else dask
    return Cluster(address, workers, judge, plan, seen=next(here, ""))
