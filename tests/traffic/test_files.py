"""Which files are read: see also what folders do in `test_traffic.py`."""

from __future__ import annotations

import pytest

from enkash_contract.traffic.files import is_named_as_one


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a.har", True), ("A.HAR.gz", True), ("a.tar.gz", False), ("har", False), ("a.yml", True)],
)
def test_names_of_recordings(name: str, *, expected: bool) -> None:
    """The ending decides, also of a packed file."""
    assert is_named_as_one(name) == expected
