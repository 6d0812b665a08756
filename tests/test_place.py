"""Places in files."""

from __future__ import annotations

from enkash_contract.place import Place


def test_a_place_is_written_as_a_person_would_type_it() -> None:
    """File and line stand with a colon between them, as editors and terminals know it."""
    assert str(Place("openapi/enkash.yaml", 12)) == "openapi/enkash.yaml:12"


def test_a_whole_file_has_no_line() -> None:
    """It may be missing, and then it has none."""
    assert str(Place("absent.yaml", 0)) == "absent.yaml"
