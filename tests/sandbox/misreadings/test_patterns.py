"""Misreadings of `pattern`: the table of what can be told from three kinds of them."""

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
            {"type": "string", "pattern": "^[a-c]{1,2}x$"},
            "bx",
            "pattern",
            """unenforced empty-string-taken trimming line-feed-at-end-taken up-to-nul normalising
            ignoring-case unanchored-start unanchored-end unanchored line-by-line
            other-letters-taken lower-bound-minus-1-in-part-1 upper-bound-plus-1-in-part-1
            no-upper-bound-in-part-1
            upper-bound-minus-1-in-part-1 any-character-taken-in-part-1
            first-character-only-in-part-1 last-character-only-in-part-1 u0060-taken-in-part-1
            u0064-taken-in-part-1 u0061-refused-in-part-1 u0063-refused-in-part-1
            lower-bound-minus-1-in-part-2 upper-bound-plus-1-in-part-2 no-upper-bound-in-part-2
            any-character-taken-in-part-2 u0077-taken-in-part-2 u0079-taken-in-part-2""",
        ),
        (
            {"type": "string", "pattern": "^[^x]{2,}$"},
            "abc",
            "pattern",
            """unenforced empty-string-taken up-to-nul blank-refused
            beyond-ascii-refused beyond-bmp-refused line-feed-refused punctuation-refused
            unanchored-start unanchored-end unanchored line-by-line counting-bytes counting-utf-16
            lower-bound-minus-1 lower-bound-plus-1 any-character-taken first-character-only
            last-character-only u0078-taken""",
        ),
        (
            {"type": "string", "pattern": "^[a-z]?[0-9]*$"},
            "a",
            "pattern",
            """unenforced trimming line-feed-at-end-taken up-to-nul normalising ignoring-case
            unanchored-start unanchored-end unanchored line-by-line other-digits-taken
            other-letters-taken lower-bound-plus-1-in-part-1 upper-bound-plus-1-in-part-1
            no-upper-bound-in-part-1 any-character-taken-in-part-1 u0060-taken-in-part-1
            u007b-taken-in-part-1
            u007a-refused-in-part-1 any-character-taken-in-part-2 first-character-only-in-part-2
            last-character-only-in-part-2 u002f-taken-in-part-2 u003a-taken-in-part-2
            u0030-refused-in-part-2 u0039-refused-in-part-2""",
        ),
    ],
)
def test_the_misreadings_of_a_pattern(
    tmp_path: Path, schema: dict[str, Any], valid: Any, keyword: str, names: str
) -> None:
    """These are the readings that can be told from the rule, and no others."""
    assert proven_names(tmp_path, schema, valid, keyword) == names.split()
