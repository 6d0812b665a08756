"""Recorded traffic: entries a second, beside orjson, several processes and Redocly's `drift`.

pytest tests/benchmarks/test_traffic.py --benchmark-only -p no:randomly --benchmark-group-by=group
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from enkash_contract.contract.contract import bundled
from enkash_contract.traffic import check_traffic
from tests.support.paths import TOOLS
from tests.support.recorded import OPERATION, entry

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytest_benchmark.fixture import BenchmarkFixture

MANY = 100_000
SERVER = "https://api.example"
PADDING = {"cookies": [], "headersSize": -1, "comment": "x" * 150}


def valid(number: int) -> Any:
    """Return a valid and accepted entry of about 1.5 kB, whose bodies no other one has."""
    payload = json.loads(json.dumps(OPERATION.request.example))
    payload["invoiceStatus"]["objectId"] = f"INV{number:032d}"
    answer = {"payload": f"SUCCESS {number}", "response_code": 0, "response_message": "SUCCESS"}
    label = {"name": "Content-Type", "value": "application/json"}
    trace = {"name": "X-Request-Id", "value": f"{number:032x}"}
    sent = {"postData": {"mimeType": label["value"], "text": json.dumps(payload)}}
    received = {"content": {"mimeType": label["value"], "text": json.dumps(answer)}}
    return entry(
        {"headers": [label, trace], **sent, **PADDING},
        {"headers": [label, trace], **received, **PADDING},
        time=number % 900,
        startedDateTime="2026-05-01T10:00:00.000Z",
    )


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the same entries one a line and as a HAR."""
    folder = tmp_path_factory.mktemp("traffic")
    entries = [orjson.dumps(valid(number)) for number in range(MANY)]
    lines, har = folder / "valid.ndjson", folder / "valid.har"
    lines.write_bytes(b"\n".join(entries))
    har.write_bytes(b'{"log":{"version":"1.2","entries":[' + b",".join(entries) + b"]}}")
    return {"ndjson": lines, "har": har}


def seconds(run: Callable[[], object]) -> float:
    """Return the least time of the processor that this process took in three runs."""
    took = []
    for _ in range(3):
        before = time.process_time()
        run()
        took.append(time.process_time() - before)
    return min(took)


@pytest.mark.benchmark(group="valid and accepted entries a second")
@pytest.mark.parametrize(("kind", "most"), [("ndjson", 5), ("har", 7)])
def test_entries_a_second(
    kind: str, most: float, files: dict[str, Path], benchmark: BenchmarkFixture
) -> None:
    """As many times what orjson takes to read the lines, and as a rate."""
    raws = files["ndjson"].read_bytes().splitlines()
    bare = seconds(lambda: [orjson.loads(raw) for raw in raws])
    took = seconds(lambda: check_traffic(files[kind]))
    benchmark.extra_info |= {"ratio": round(took / bare, 2), "rate": round(MANY / took)}
    result = benchmark.pedantic(check_traffic, (files[kind],), rounds=1)  # type: ignore[no-untyped-call]
    assert result.count("held") == MANY
    assert took / bare < most


def used(who: int) -> float:
    """Return the time of the processor that was used so far."""
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


@pytest.mark.benchmark(group="two workers")
@pytest.mark.parametrize("kind", ["ndjson", "har"])
def test_two_workers(kind: str, files: dict[str, Path], benchmark: BenchmarkFixture) -> None:
    """All processes together need little more than one, so that two cores take half the time."""
    alone = seconds(lambda: check_traffic(files[kind]))
    before = used(resource.RUSAGE_SELF) + used(resource.RUSAGE_CHILDREN)
    result = benchmark.pedantic(  # type: ignore[no-untyped-call]
        check_traffic, (files[kind],), {"workers": 2}, rounds=1
    )
    both = used(resource.RUSAGE_SELF) + used(resource.RUSAGE_CHILDREN) - before
    benchmark.extra_info["times as fast on two free cores"] = round(2 * alone / both, 2)
    assert result == check_traffic(files[kind])


@pytest.mark.benchmark(group="end to end, beside Redocly's drift")
def test_beside_redocly(
    files: dict[str, Path], tmp_path: Path, benchmark: BenchmarkFixture
) -> None:
    """Each is a command of its own, on the same file; ours takes half the time, or less."""
    document = tmp_path / "openapi.yaml"
    ours = [sys.executable, "-m", "enkash_contract"]
    text = subprocess.run([*ours, "document"], capture_output=True, check=True).stdout
    document.write_bytes(text)
    drift = [str(TOOLS / "node_modules" / ".bin" / "redocly"), "drift", str(files["har"])]
    drift += ["--api", str(document), "--server", SERVER]
    took = {}
    for name, command in (
        ("redocly", drift),
        ("ours", [*ours, "traffic", str(files["har"]), "--quiet"]),
    ):
        before = used(resource.RUSAGE_CHILDREN)
        done = subprocess.run(command, capture_output=True, check=False, text=True)
        took[name] = used(resource.RUSAGE_CHILDREN) - before
        assert done.returncode == 0, done.stdout
    benchmark.extra_info["times as fast"] = round(took["redocly"] / took["ours"], 2)
    benchmark.pedantic(bundled, rounds=1)  # type: ignore[no-untyped-call]
    assert 2 * took["ours"] < took["redocly"]
