"""Recordings of every recorder, damaged in their structure and their bytes: none does any harm."""

from __future__ import annotations

import copy
import gzip
import io
import json
import resource
import tempfile
import time
import zipfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import enkash_contract as ec
from enkash_contract.traffic.cutting import yaml_loader
from tests.support.paths import RECORDINGS
from tests.support.recorded import OPERATION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECONDS, MEGABYTES = 5, 500
KEPT = 2
"""So many interactions of ours are left in each recording, to be quick."""

TEXTS = [file.name for file in sorted(RECORDINGS.iterdir()) if file.suffix in {".har", ".json"}]
LINES = [file.name for file in sorted(RECORDINGS.iterdir()) if file.suffix == ".ndjson"]
TAPES = [file.name for file in sorted(RECORDINGS.iterdir()) if file.suffix in {".yaml", ".yml"}]
ODD: list[Any] = [
    *(None, True, 0, -1, 7, 1e999, 10**400, "", "x", "{", "\ud800", "\0", "é" * 99),
    *([], {}, [None], {"": {}}, ["a", ["b"]], OPERATION.path, "200 OK", "base64", "data:,"),
    *("http://[", "2026-13-99", "e30=", "H4sI", "a" * 10_000, "[" * 900, {"text": {"text": []}}),
]
PIECES = [b"", b"\0", b"\xff", b"{", b"}", b"[", b"]", b'"', b"\\", b",", b":", b"\n", b"\n- "]
PIECES += [b"&a ", b"*a", b"!!x ", b"'", b"|", b"\x1f\x8b", b"\xff\xfe", b"1e9", b"NaN", b"\\ud800"]


def zipped(data: bytes) -> bytes:
    """Return data as the only file in a zip."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.har", data)
    return packed.getvalue()


PACKINGS: list[Callable[[bytes], bytes]] = [bytes] * 6 + [
    gzip.compress,
    zstandard.ZstdCompressor().compress,
    zipped,
    lambda data: data.decode("utf-8", "replace").encode("utf-16"),
]


def few(value: Any) -> Any:
    """Return a recording with few of its interactions, which are ours."""
    if isinstance(value, list):
        ours = [each for each in value if OPERATION.path in repr(each)]
        return [few(each) for each in (ours[:KEPT] or value[:KEPT])]
    if isinstance(value, dict):
        return {name: few(each) for name, each in value.items()}
    return value


@cache
def original(name: str) -> Any:
    """Return a recording as a value: of lines a list."""
    text = (RECORDINGS / name).read_text(encoding="utf-8", errors="replace")
    if name in LINES:
        return few([json.loads(line) for line in text.splitlines()])
    # Ruby writes tags of its own.
    return few(yaml.load(text, yaml_loader.Loader) if name in TAPES else json.loads(text))  # noqa: S506


def written(name: str, value: Any) -> bytes:
    """Return a value as the recorder of `name` writes it down."""
    if name in TAPES:
        return yaml.safe_dump(value).encode("utf-8", "replace")
    if name in LINES and isinstance(value, list):
        return b"".join(json.dumps(each).encode() + b"\n" for each in value)
    return json.dumps(value, indent=len(name) % 2 or None).encode()


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each object and list in a value, with the name or number of each member."""
    members = value.items() if isinstance(value, dict) else enumerate(value)
    for name, each in [*members]:
        yield value, name
        if isinstance(each, (dict, list)):
            yield from places(each)


@st.composite
def mutated(draw: st.DrawFn, name: str) -> bytes:
    """Draw a recording with some of its members and some of its bytes replaced."""
    value = copy.deepcopy(original(name))
    for _ in range(draw(st.integers(0, 3))):
        known = [*places(value)]
        if not known:
            break
        owner, member = draw(st.sampled_from(known))
        how = draw(st.integers(0, 3))
        if how == 0:
            del owner[member]
        elif how == 1:
            other, named = draw(st.sampled_from(known))
            owner[member] = copy.deepcopy(other[named]) if named in range(len(other)) else ODD[0]
        elif isinstance(owner, list) and how == 2:
            owner *= 2
        else:
            owner[member] = copy.deepcopy(draw(st.sampled_from(ODD)))
    data = written(name, value)
    if draw(st.booleans()):
        data = draw(damaged(data))
    packed = draw(st.sampled_from(PACKINGS))(data)
    return draw(damaged(packed)) if packed is not data and draw(st.booleans()) else packed


@st.composite
def damaged(draw: st.DrawFn, data: bytes) -> bytes:
    """Draw data with some parts removed, repeated or replaced."""
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(data)))
        end = draw(
            st.integers(start, min(len(data), start + draw(st.sampled_from([0, 1, 9, 900]))))
        )
        piece = draw(st.sampled_from(PIECES) | st.binary(max_size=3) | st.just(data[start:end] * 3))
        data = data[:start] + piece + data[end:]
        if draw(st.integers(0, 5)) == 0:
            data = data[:start]
    return data


@pytest.mark.parametrize(
    "examples",
    [pytest.param(10_000, marks=pytest.mark.slow, id="long"), pytest.param(4, id="short")],
)
@pytest.mark.parametrize("name", [*TEXTS, *LINES, *TAPES])
# Where it fails, what it failed at is long, and is shown all the same.
@pytest.mark.filterwarnings("ignore:Generating overly large repr")
def test_a_mutated_recording(name: str, examples: int) -> None:
    """Something is said of it in printable lines, soon and in little memory."""

    @settings(max_examples=examples, deadline=None, suppress_health_check=[*HealthCheck])
    @given(mutated(name))
    def holds(data: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, name)
            file.write_bytes(data)
            # On a busy machine nothing is soon.
            started = time.process_time()
            result = ec.check_traffic(file)
            took = time.process_time() - started
        assert result.total or result.unread or result.notes
        assert all(text.isprintable() for text in (*result.unread, *result.notes))
        assert took < SECONDS

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    holds()
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown // 1024 < MEGABYTES
