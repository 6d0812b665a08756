"""Work that is sent to a worker of a cluster, which has nothing of it before."""

from __future__ import annotations

import pickle
import threading
from functools import lru_cache
from typing import Any

_one_at_a_time = threading.Lock()


def judged(work: bytes, part: Any) -> Any:
    """Judge a part in a worker; `work` is the function and the plan for it, pickled."""
    # Threads would not be faster, and what is remembered between two parts is not made for them.
    with _one_at_a_time:
        judge, plan = _read(work)
        return judge(plan, part)


@lru_cache(maxsize=1)
def _read(work: bytes) -> Any:
    """Return what is to be judged, and how; most workers never judge anything else."""
    return pickle.loads(work)  # noqa: S301 - whoever sends it could also send a function
