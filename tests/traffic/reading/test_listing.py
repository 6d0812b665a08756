"""What is at an address: a file, a folder of them, or those of a pattern."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract.traffic.reading.address import Address
from enkash_contract.traffic.reading.files import RecordingFile
from enkash_contract.traffic.reading.listing import _sorted, listed
from tests.support.elsewhere import Elsewhere

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = ("d?versionId=1", "b.har", "a/2.ndjson.gz", "a/10.har", "a/note.txt", "a-b/1.yaml", "c")


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    """Files of several names in a folder."""
    with Elsewhere() as files:
        for name in NAMES:
            files.put(f"traffic/{name}", b"12345")
        yield files


@pytest.mark.parametrize(
    ("path", "names", "named"),
    [
        ("traffic", ["a/10.har", "a/2.ndjson.gz", "a-b/1.yaml", "b.har"], False),
        ("traffic/", ["a/10.har", "a/2.ndjson.gz", "a-b/1.yaml", "b.har"], False),
        ("traffic/a/*", ["a/10.har", "a/2.ndjson.gz", "a/note.txt"], True),
        ("traffic/**/*.har", ["a/10.har", "b.har"], True),
        ("traffic/[bc]*", ["b.har", "c"], True),
        ("traffic/a?b", ["a-b/1.yaml"], False),
        ("traffic/c", ["c"], True),
        ("traffic/d?versionId=1", ["d?***"], True),
    ],
)
def test_files_at_an_address(
    path: str, names: list[str], named: object, elsewhere: Elsewhere
) -> None:
    """In the order of a folder on a disk; those that a pattern matches are named by it."""
    files = [*listed(elsewhere.at(path))]
    assert [str(file.path) for file in files] == [f"memory:///traffic/{name}" for name in names]
    assert [(file.named, file.problem) for file in files] == [(named, "")] * len(names)
    for file in files:
        assert isinstance(file.path, Address)
        assert file.path.size == 5
        with file.path.open() as content:
            assert content.read() == b"12345"


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("gone", "cannot be read: there is no such file, folder or bucket; check the address"),
        ("traffic/x*", "matches no file; name a file, a folder, or another pattern"),
        (
            "traffic/empty",
            "is a folder that holds no recording (.har, .json, .ndjson, .jsonl, .yaml, .yml)",
        ),
    ],
)
def test_nothing_is_at_an_address(path: str, problem: str, elsewhere: Elsewhere) -> None:
    """It is said why."""
    elsewhere.put("traffic/empty/note.txt", b"")
    assert [*listed(elsewhere.at(path))] == [RecordingFile(elsewhere.at(path), problem=problem)]


class Web:
    """A file system of the web, whose pages list files."""

    def info(self, _: str) -> Any:
        """Return what a server tells of a file."""
        return {"type": "file", "size": None}

    def find(self, path: str, *, detail: bool) -> Any:
        """Return what a page links to."""
        assert detail
        return {f"{path}a.har": {"name": f"{path}a.har", "type": "file", "size": None}}

    def glob(self, path: str, *, detail: bool) -> Any:
        """Return what matches."""
        return self.find(path.removesuffix("*"), detail=detail)

    def invalidate_cache(self) -> None:
        """Forget nothing."""

    def unstrip_protocol(self, path: str) -> str:
        """Return a path, which is an address."""
        return path


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://host/day?sig=[hunter2]", "https://host/day?***"),
        ("https://host/days/", "https://host/days/a.har"),
        ("https://host/days/*", "https://host/days/a.har"),
    ],
)
def test_addresses_of_the_web(url: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A question mark begins a query there, and a folder ends in a slash."""
    monkeypatch.setattr(Address, "system", lambda self: (Web(), self.url))
    assert [*map(str, listed(Address(url)))] == [expected]


def test_parts_of_names_are_sorted() -> None:
    """A folder comes where its name does, with all that is in it."""
    names = [{"name": name} for name in ("a-b", "a/b", "a", "a/a/c")]
    assert [info["name"] for info in _sorted(names)] == ["a", "a/a/c", "a/b", "a-b"]
