"""The place of a finding in a file of its user."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import yaml

from enkash_contract.place import Place
from enkash_contract.report.places import Places, root
from enkash_contract.traffic import detection, entries
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

ENTRY = {"request": {"method": "POST", "url": "http://h/x"}, "response": {"status": 200}}
CALL = {"request": {"method": "POST", "uri": "http://h"}, "response": {"status": {"code": 200}}}


def lines(file: Path, text: str) -> list[int]:
    """Return the lines of all entries of a recording, by the names that its reader gives them."""
    file.write_text(text, encoding="utf-8")
    places = Places()
    found = [places.of(entry.source) for entry in entries(file)]
    assert {place.file for place in found if place} == {str(file)}
    return [place.line for place in found if place]


def test_the_lines_of_entries(tmp_path: Path) -> None:
    """In HAR, however it is laid out, and whatever else is called so."""
    other = {"entries": [1, 2], "x": '"entries": ['}
    wide = json.dumps({"a": other, "log": {"pages": [{}], "entries": [ENTRY, ENTRY]}}, indent=1)
    starts = [at for at, line in enumerate(wide.splitlines(), 1) if line == "   {"]

    assert lines(tmp_path / "a.har", wide) == starts
    assert lines(tmp_path / "b.har", json.dumps({"log": {"entries": [ENTRY]}})) == [1]
    assert lines(tmp_path / "c.json", f"[\n{json.dumps(ENTRY)},\n{json.dumps(ENTRY)}]") == [2, 3]
    assert lines(tmp_path / "d.ndjson", f"\n{json.dumps(ENTRY)}\n{json.dumps(ENTRY)}\n") == [2, 3]
    assert lines(tmp_path / "e.har", json.dumps(ENTRY)) == [1]
    events = {"ScenarioFinished": {"recorder": {"interactions": {"aZ9-_": CALL, "b": CALL}}}}
    many = f"{json.dumps({'Initialize': {}})}\n{json.dumps(events)}\n"
    assert lines(tmp_path / "f.ndjson", many) == [2, 2]


def test_the_lines_of_a_cassette(tmp_path: Path) -> None:
    """In YAML with one document or more, and in JSON."""
    first = yaml.safe_dump({"version": 1, "interactions": json.loads(json.dumps([CALL, CALL]))})
    starts = [at for at, line in enumerate(first.splitlines(), 1) if line.startswith("- ")]
    second = yaml.safe_dump({"interactions": [CALL]})
    both = f"{first}---\n{second}"

    assert lines(tmp_path / "a.yaml", first) == starts
    assert lines(tmp_path / "b.yaml", both) == [*starts, len(first.splitlines()) + 3]
    assert lines(tmp_path / "c.json", json.dumps({"interactions": [CALL]}, indent=2)) == [3]


def test_a_file_that_is_not_as_it_was(tmp_path: Path) -> None:
    """It may have changed since it was judged: then its first line has to do."""
    texts = {
        "cut.har": '{"log": {"entries": [\n{}, {"a"',
        "short.har": '{"log": {"entries": [] }}',
        "list.har": '{"log": [1]}',
        "none.yaml": "a: [1",
        "other.yaml": "log: {entries: 1}",
        "empty.yaml": "- 1",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        source = f"{tmp_path / name}:log.entries[5]"
        assert Places().of(source) == Place(str(tmp_path / name), 1)
    cut = f"{tmp_path / 'cut.har'}:log.entries[0]"
    assert Places().of(cut) == Place(str(tmp_path / "cut.har"), 2)
    packed = tmp_path / "a.har.gz"
    packed.write_bytes(gzip.compress(b'{"log": {"entries": [\n{}]}}'))
    assert Places().of(f"{packed}:log.entries[0]") == Place(str(packed), 2)


def test_what_is_no_file_has_no_place(tmp_path: Path) -> None:
    """A server, an application, a file that is gone, a name that can be none."""
    sources = ("http://h:80/x", "enkash_sandbox", "the embedded sandbox", "", "a\0b", "x" * 5_000)
    gone = (f"{tmp_path}:3", f"{tmp_path}/a.har:log.entries[0]", f"{tmp_path}/test_a.py::test_b")
    assert [Places().of(source) for source in (*sources, *gone)] == [None] * 9


def test_a_payload_and_a_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A payload by its line; a test by the line where its function begins."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a b.json").write_text("{}", encoding="utf-8")
    (tmp_path / "[1].json").write_text("{}", encoding="utf-8")
    (tmp_path / "test_a.py").write_text(
        "class TestA:\n    async def test_b(self):\n        ...\n\n\ndef test_c(): ...\n",
        encoding="utf-8",
    )
    known = {
        "a b.json:7": Place("a b.json", 7),
        "a b.json": Place("a b.json", 1),
        "[1].json": Place("[1].json", 1),
        "test_a.py::TestA::test_b[a::b]": Place("test_a.py", 2),
        "test_a.py::test_c": Place("test_a.py", 6),
        "test_a.py::test_d": Place("test_a.py", 1),
    }
    places = Places()
    for _ in range(2):
        assert {source: places.of(source) for source in known} == known


def test_the_root_of_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where CI has it, or the folder above that is one, or the current one."""
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    inner = tmp_path / "a/b"
    inner.mkdir(parents=True)

    assert root(inner) == inner
    (tmp_path / "a/.git").mkdir()
    assert root(inner) == tmp_path / "a"
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    assert root(inner) == tmp_path
    assert root(ROOT) == ROOT


def test_a_file_that_is_gone_by_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its name is known all the same."""
    file = tmp_path / "a.har"
    file.write_text("{}", encoding="utf-8")

    monkeypatch.setattr(detection, "pieces", lambda _: iter(()))
    assert Places().of(f"{file}:log.entries[1]") == Place(str(file), 1)


def test_a_recording_in_an_archive(tmp_path: Path) -> None:
    """The archive is its place."""
    file = tmp_path / "a.zip"
    file.touch()
    assert Places().of(f"{file}:x/har.har:log.entries[7]") == Place(str(file), 1)
