"""Equal results, added up at once."""

from __future__ import annotations

from functools import reduce
from operator import add

from enkash_contract.contract.contract import bundled
from enkash_contract.judging.judge import judge_record
from enkash_contract.traffic.counting.repetition import repeated
from enkash_contract.traffic.formats import har
from tests.support.recorded import entry


def test_so_many_results_at_once() -> None:
    """They come to the same as one after the other."""
    interaction = har.entry(entry(time=3), "").interaction
    assert interaction is not None
    result = judge_record(bundled().pick(), interaction)

    assert repeated(result, 3) == reduce(add, [result] * 3)
