"""Misreadings of `type`: values of other types that coercing readers accept."""

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
            {"type": "array", "items": {"type": "boolean"}},
            [],
            "type",
            """unenforced null-taken empty-string-taken json-text-taken single-item-taken
            object-taken""",
        ),
        (
            {"type": "boolean"},
            True,
            "type",
            """unenforced null-taken list-of-one-taken empty-string-taken json-text-taken
            word-taken zero-or-one-taken""",
        ),
    ],
)
def test_the_misreadings_of_a_type(
    tmp_path: Path, schema: dict[str, Any], valid: Any, keyword: str, names: str
) -> None:
    """These are the readings that can be told from the rule, and no others."""
    assert proven_names(tmp_path, schema, valid, keyword) == names.split()
