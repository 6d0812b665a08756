"""The selftest: the suite must find every seeded defect, and nothing where there is none.

A defect counts as found when its own rule is named; what else is named beside it is kept, because a
tool that blames another rule is of little help. Several processes share the sandboxes.
"""

from __future__ import annotations

import concurrent.futures
import multiprocessing
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from enkash_contract.clock import monotonic
from enkash_contract.contract.contract import Contract, bundled
from enkash_contract.engine.bench import Bench, Row, sandboxes
from enkash_contract.judging.result import CONFORMS, VIOLATED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


CHUNK = 8
"""How many sandboxes a worker is given at a time."""


@dataclass(frozen=True)
class Matrix:
    """The kill matrix: one row for each seeded defect, and one for each conforming variant."""

    rows: tuple[Row, ...] = field(repr=False)
    seconds: float = 0.0

    @property
    def defects(self) -> tuple[Row, ...]:
        """The rows of the defects."""
        return tuple(row for row in self.rows if row.rule)

    @property
    def variants(self) -> tuple[Row, ...]:
        """The rows of the conforming variants."""
        return tuple(row for row in self.rows if not row.rule)

    @property
    def survivors(self) -> tuple[Row, ...]:
        """The defects that the suite did not find."""
        return tuple(row for row in self.defects if not row.ok)

    @property
    def ok(self) -> bool:
        """Whether every defect was found, and nothing besides."""
        return all(row.ok for row in self.rows)

    @property
    def exit_code(self) -> int:
        """0 when the suite finds every defect and nothing besides, otherwise 1."""
        return CONFORMS if self.ok else VIOLATED


def selftest(
    *,
    contract: Contract | None = None,
    operation: str | None = None,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Matrix:
    """Run the suite against every seeded defect and every conforming variant.

    Args:
        contract: the contract, by default the bundled one.
        operation: the operation's id, needed only where the contract has several.
        workers: how many processes share the work, by default one for each processor; 1 is this
            one.
        progress: called with how many sandboxes are done and how many there are.

    """
    began = monotonic()
    whole = bundled() if contract is None else contract
    chosen = whole.pick(operation)
    total = len(sandboxes(chosen))
    chunks = [range(at, min(at + CHUNK, total)) for at in range(0, total, CHUNK)]
    count = min(workers or os.cpu_count() or 1, len(chunks))
    rows: list[Row] = []
    for done in _spread(whole, chosen.id, chunks, count):
        rows += done
        if progress is not None:
            progress(len(rows), total)
    return Matrix(tuple(rows), monotonic() - began)


def _spread(
    contract: Contract, operation: str, chunks: Sequence[range], workers: int
) -> Iterator[list[Row]]:
    """Yield the rows of each chunk, in order, however many processes work on them."""
    if workers == 1:
        here = Bench(contract, operation)
        yield from map(here.rows, chunks)
        return
    # A process of its own, not a copy of this one: that may have threads, or a loop running.
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(
        workers, context, initializer=_start, initargs=(contract, operation)
    ) as pool:
        yield from pool.map(_rows, chunks)


_bench: Bench


def _start(contract: Contract, operation: str) -> None:
    global _bench  # noqa: PLW0603 - a worker process has one bench
    _bench = Bench(contract, operation)


def _rows(chunk: range) -> list[Row]:
    return _bench.rows(chunk)
