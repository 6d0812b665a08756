"""Traces of Playwright: exchanges of `trace.network`, with bodies in files of their own."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract.traffic import check_traffic
from enkash_contract.traffic.formats import playwright_trace
from tests.support.recorded import OPERATION, URL, entry

if TYPE_CHECKING:
    from pathlib import Path

TEXT = json.dumps(OPERATION.request.example)
REPLY = json.dumps(OPERATION.sides["response.200"].example)
SNAPSHOT = entry(
    {"postData": {"mimeType": "application/json", "text": "", "_sha1": "aa.json"}},
    {"content": {"size": len(REPLY), "mimeType": "application/json", "_sha1": "bb.json"}},
)
LINE = {"type": "resource-snapshot", "snapshot": SNAPSHOT}
OPTIONS = {"type": "context-options", "version": 8}


def trace(folder: Path, **files: str) -> Path:
    """Write a trace with its files of bodies."""
    path = folder / "trace.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("trace.trace", json.dumps({"type": "before"}))
        archive.writestr("trace.network", f"{json.dumps(OPTIONS)}\n{json.dumps(LINE)}\n")
        for name, text in files.items():
            archive.writestr(f"resources/{name}.json", text)
    return path


def test_a_trace_is_read_with_its_bodies(tmp_path: Path) -> None:
    """Other lines hold no exchange, and other files are bodies."""
    result = check_traffic(trace(tmp_path, aa=TEXT, bb=REPLY))
    assert (dict(result.verdicts), result.unread, result.notes) == ({"held": 1}, (), ())


def test_bodies_that_are_not_there(tmp_path: Path) -> None:
    """They were recorded, but somewhere else."""
    result = check_traffic(trace(tmp_path))
    assert dict(result.verdicts) == {"inconclusive": 1}
    assert [note.partition(" in a file")[0] for note in result.notes] == [
        "1 request body was recorded",
        "1 response body was recorded",
    ]


def test_a_line_is_known() -> None:
    """By its type, and by the request in it."""
    assert playwright_trace.alone(LINE)
    assert playwright_trace.url_of(LINE) == URL
    assert playwright_trace.within(LINE) is None
    assert playwright_trace.within(OPTIONS) == ()


@pytest.mark.parametrize(
    "value",
    [7, {}, {"type": 7}, {"type": "resource-snapshot"}, {"type": "log", "request": {}}, entry()],
)
def test_other_values(value: Any) -> None:
    """They are no lines of a trace."""
    assert not playwright_trace.alone(value)
    assert playwright_trace.within(value) is None
    assert playwright_trace.url_of(value) is None
    assert playwright_trace.entry(value, "x").interaction is None
