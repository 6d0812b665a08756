"""The document as data that remembers where each line of it came from."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from enkash_contract.contract import document
from enkash_contract.errors import DocumentError
from enkash_contract.place import Place
from tests.support.second_document import written

if TYPE_CHECKING:
    from enkash_contract.contract.document import Document

BASE = "a:\n  b: 1\n  c/d: [2]\n"
HEAD = "overlay: 1.0.0\ninfo: {title: Ours, version: '1'}\nactions:\n"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder, so that messages name files as a person would type them."""
    monkeypatch.chdir(tmp_path)


def loaded(*overlays: str) -> Document:
    """Load the base with an overlay of each of `overlays` on it."""
    base = written(Path(), "base.yaml", BASE)
    names = [f"{number}.yaml" for number in range(len(overlays))]
    for name, text in zip(names, overlays, strict=True):
        written(Path(), name, HEAD + text)
    return document.load(base, "base.yaml", tuple(names))


def test_a_document_is_its_data_with_places() -> None:
    """The data is plain, the digest is that of the bytes, and each value has a line."""
    found = loaded()
    assert (found.data, found.layers) == ({"a": {"b": 1, "c/d": [2]}}, ("base.yaml",))
    assert found.sha256 == hashlib.sha256(BASE.encode()).hexdigest()
    assert {at: str(place) for at, place in found.places.items()} == {
        (): "base.yaml:1",
        ("a",): "base.yaml:1",
        ("a", "b"): "base.yaml:2",
        ("a", "c/d"): "base.yaml:3",
        ("a", "c/d", 0): "base.yaml:3",
    }


def test_the_repr_of_a_document_names_its_files() -> None:
    """What it holds would bury all else."""
    found = loaded()
    assert repr(found) == "Document(layers=('base.yaml',))"


def test_a_value_is_found_by_its_tokens() -> None:
    """Names and positions lead to the value; no tokens lead to the whole."""
    found = loaded()
    assert [found.at(at) for at in ((), ("a", "b"), ("a", "c/d", 0))] == [found.data, 1, 2]


def test_what_is_not_there_is_placed_at_what_is_around_it() -> None:
    """A problem with something missing points at the nearest line there is."""
    found = loaded()
    assert found.place(("a", "b", "x", 3)) == Place("base.yaml", 2)
    problem = found.problem(("a", "x"), "it is wrong", "mend it")
    assert str(problem) == "base.yaml:1: it is wrong; mend it"


@pytest.mark.parametrize(
    ("reference", "at"),
    [
        ("#/a/b", ("a", "b")),
        ("#/a/c~1d", ("a", "c/d")),
        ("#/a/x", None),
        ("#/a/c~1d/0", None),
        ("#", None),
        ("other.yaml#/a", None),
        (1, None),
        (None, None),
    ],
)
def test_a_reference_leads_to_a_member_of_this_document(
    reference: object, at: tuple[str, ...] | None
) -> None:
    """Other files, items of lists and what is not there are no targets."""
    assert loaded().resolve(reference) == at


def test_the_latest_layer_to_write_below_a_value_is_known() -> None:
    """An overlay is the latest of everything that holds its lines, and of nothing else."""
    found = loaded(
        "  - {target: $.a, update: {b: 2}}\n", "  - {target: \"$.a['c/d']\", update: [3]}\n"
    )
    spots = ((), ("a",), ("a", "b"), ("a", "c/d"), ("a", "c/d", 0))
    assert {at: (found.layer(at), str(found.latest(at))) for at in spots} == {
        (): (2, "1.yaml:4"),
        ("a",): (2, "1.yaml:4"),
        ("a", "b"): (1, "0.yaml:4"),
        ("a", "c/d"): (2, "1.yaml:4"),
        ("a", "c/d", 0): (0, "base.yaml:3"),
    }


def test_without_overlays_there_is_one_layer() -> None:
    """The document itself wrote all of it."""
    assert loaded().layer(("a",)) == 0


@pytest.mark.parametrize(
    ("base", "overlays", "message"),
    [
        (
            "absent.yaml",
            (),
            "absent.yaml: cannot be read: No such file or directory; name a file that is there",
        ),
        (
            "base.yaml",
            ("absent.yaml",),
            "absent.yaml: cannot be read: No such file or directory; name a file that is there",
        ),
        (".", (), ".: cannot be read: Is a directory; name a file that is there"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(
    base: str, overlays: tuple[str, ...], message: str
) -> None:
    """The message names the file, why it cannot be read, and what to do."""
    written(Path(), "base.yaml", BASE)
    with pytest.raises(DocumentError) as raised:
        document.load(Path(base), base, overlays)
    assert str(raised.value) == message
