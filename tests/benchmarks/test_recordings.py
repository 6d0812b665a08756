"""How long it takes to cut recordings into pieces, beside reading them as a whole.

pytest tests/benchmarks/test_recordings.py --benchmark-only -p no:randomly
"""

from __future__ import annotations

import io
import json
import timeit
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from enkash_contract.traffic.cutting import json_text, ndjson, yaml_text
from enkash_contract.traffic.cutting.run import pieces_of
from tests.support.recorded import entry, interaction, log

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_benchmark.fixture import BenchmarkFixture

LISTS = ("log.entries", "interactions")
ENTRIES = [entry(startedDateTime="2026-11-27T00:00:00Z", number=number) for number in range(2_000)]
HAR = json.dumps(log(*ENTRIES)).encode()
LINES = b"".join(json.dumps(each).encode() + b"\n" for each in ENTRIES)
TAPE = yaml.safe_dump({"interactions": [interaction() for _ in range(100)]}).encode()
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(text: bytes) -> Callable[[int], bytes]:
    """Return a function that reads a text."""
    return io.BytesIO(text).read


CASES: dict[str, tuple[Callable[[], Any], Callable[[], Any], float]] = {
    "HAR": (
        lambda: [*pieces_of(json_text.runs(read(HAR), "a.har", LISTS))],
        lambda: json.loads(HAR),
        0.5,
    ),
    "lines": (
        lambda: [*pieces_of(ndjson.runs(read(LINES), "a.ndjson"))],
        lambda: [json.loads(line) for line in LINES.splitlines()],
        0.25,
    ),
    "YAML": (
        lambda: [*yaml_text.pieces(read(TAPE), "a.yaml", LISTS)],
        lambda: yaml.load(TAPE, LOADER),  # noqa: S506 - it is a safe one
        4,
    ),
}
"""What cuts, what reads the same as a whole, and how much of its time the former may take."""


@pytest.mark.benchmark(group="cutting recordings into pieces, beside reading them as a whole")
@pytest.mark.parametrize("kind", CASES)
def test_cutting(kind: str, benchmark: BenchmarkFixture) -> None:
    """As a ratio, which is the same on every machine."""
    cut, whole, most = CASES[kind]

    def seconds(work: Callable[[], Any]) -> float:
        return min(timeit.repeat(work, number=1, repeat=7))

    ratio = seconds(cut) / seconds(whole)
    benchmark.extra_info["ratio"] = round(ratio, 2)
    benchmark(cut)
    assert ratio < most


BROKEN = [b'{"a":{', b'{"a":"x}', b'{"a":[', b'{"a":]}', b'{"a":[[[1,']


@pytest.mark.benchmark(group="broken entries, a thousand and ten times as many")
@pytest.mark.parametrize("broken", BROKEN)
def test_broken_entries_cost_what_their_number_says(
    broken: bytes, benchmark: BenchmarkFixture
) -> None:
    """Ten times as many take ten times as long, and not a hundred times."""

    def cut(number: int) -> int:
        text = b'{"log":{"entries":[{"a":1},' + b",".join([broken] * number) + b"]}}"
        return sum(
            piece.is_broken for piece in pieces_of(json_text.runs(read(text), "a.har", LISTS))
        )

    few = min(timeit.repeat(lambda: cut(1_000), number=1, repeat=5))
    many = min(timeit.repeat(lambda: cut(10_000), number=1, repeat=3))
    benchmark.extra_info["ratio"] = round(many / few, 1)
    assert benchmark(cut, 1_000) >= 999
    assert many / few < 30
