"""Misreadings of bounds: one off, another unit, another step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.misread import proven_names

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("schema", "valid", "keyword", "names"),
    [
        (
            {"type": "number", "multipleOf": 0.1},
            0.5,
            "multipleOf",
            "unenforced",
        ),
        (
            {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 3},
            [1, 2, 3],
            "minItems",
            "unenforced one-beyond-taken bound-refused equal-items-once",
        ),
    ],
)
def test_the_misreadings_of_a_bound(
    tmp_path: Path, schema: dict[str, Any], valid: Any, keyword: str, names: str
) -> None:
    """These are the readings that can be told from the rule, and no others."""
    assert proven_names(tmp_path, schema, valid, keyword) == names.split()
