"""Several requests under way at a time: the workers of a run."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from enkash_contract.engine.session import Session

Item = TypeVar("Item")


async def each(
    items: Iterable[Item], work: Callable[[Item], Awaitable[object]], session: Session
) -> None:
    """Do `work` with `items`, as many at a time as `session` has workers, while it is worth it."""
    left = iter(items)

    async def worker() -> None:
        for item in left:
            if not session.worth_going_on:
                return
            await work(item)

    if session.workers == 1:
        await worker()
        return
    tasks = [asyncio.ensure_future(worker()) for _ in range(session.workers)]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
