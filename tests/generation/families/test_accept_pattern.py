"""Texts that are as long, and of such characters, as their rules just allow."""

from __future__ import annotations

from typing import Any

import pytest

from enkash_contract.generation import patterns
from enkash_contract.generation.families import accept
from enkash_contract.generation.families.accept_text import odd_texts
from tests.support.families import Named, offered

ASTRAL = "𠮷"
SCRIPTS = patterns.SCRIPTS.strip()
OTHER_ENDS = {
    "ends-in-script": "aइ",
    "ends-in-astral": f"a{ASTRAL}",
    "ends-in-slash": "a/",
    "newline-at-end": "a\n",
}
"""The text `ab` with another last character."""


@pytest.mark.parametrize(
    ("keyword", "schema", "right", "named"),
    [
        ("minLength", {"minLength": 3}, "abcdef", {"on-bound": "abc", "on-bound-by-blank": "ab "}),
        ("minLength", {"minLength": 3}, "a ", {"on-bound": "a a", "on-bound-by-blank": "a  "}),
        ("minLength", {"minLength": 2}, "a ", {"on-bound": "ax", "on-bound-by-blank": "a "}),
        ("minLength", {"minLength": 2}, "", {"on-bound": "xx", "on-bound-by-blank": "  "}),
        # Of what is not listed, nothing is known.
        ("minLength", {"minLength": 2, "examples": ["ab"]}, "ab", {"on-bound": "ab"}),
        (
            "maxLength",
            {"maxLength": 5},
            "abc",
            {
                "on-bound": "abcab",
                "on-bound-in-umlauts": "ü" * 5,
                "on-bound-in-astral": ASTRAL * 5,
                "other-scripts": "इनवॉइ",
            },
        ),
        (
            "pattern",
            {"pattern": "^(?:ab|cd)$"},
            "ab",
            {"generated-1": "ab", "generated-2": "cd", "other-scripts": SCRIPTS, **OTHER_ENDS},
        ),
        (
            "pattern",
            {"pattern": "^(?:ab|cd)$", "maxLength": 2},
            "ab",
            {"generated-1": "ab", "generated-2": "cd", "other-scripts": "इन", **OTHER_ENDS},
        ),
        ("pattern", {"pattern": r"^\p{L}$"}, "ab", {"other-scripts": SCRIPTS, **OTHER_ENDS}),
        ("pattern", {"pattern": r"\p{L}?"}, "", {"other-scripts": SCRIPTS}),
        # What is too long for a bound beside the pattern is left out, and so is no end of a range.
        (
            "pattern",
            {"pattern": "^[A-C]+$", "maxLength": 2},
            "BB",
            {"shortest": "A", "longest": "AC", "other-scripts": "इन", "blanks-only": " "},
        ),
        (
            "pattern",
            {"pattern": "^[A-C]+[0-9]$"},
            "BB0",
            {
                "shortest": "A0",
                "u0043-in-part-1": "BC0",
                "u0039-in-part-2": "BB9",
                "other-scripts": SCRIPTS,
                "blanks-only": "  ",
                "newline-inside": "B\n0",
            },
        ),
        (
            "pattern",
            {"pattern": "^[^x]{1,3}$"},
            "ab",
            {
                "shortest": "a",
                "longest": "abc",
                "longest-in-umlauts": "ü" * 3,
                "longest-in-astral": ASTRAL * 3,
                "other-scripts": "इनव",
                "blanks-only": " ",
            },
        ),
        (
            "pattern",
            {"pattern": "^[^x]+$"},
            "abcde",
            {
                "shortest": "a",
                "in-astral": ASTRAL * 2,
                "other-scripts": SCRIPTS,
                "blanks-only": " ",
                "newline-inside": "ab\nde",
            },
        ),
        # Of no characters at all, one is put there.
        (
            "pattern",
            {"pattern": "^[^x]*$"},
            "",
            {"shortest": "", "in-astral": ASTRAL, "other-scripts": SCRIPTS, "blanks-only": " "},
        ),
        (
            "pattern",
            {"pattern": "^[^x]+$"},
            1,
            {"shortest": "a", "in-astral": ASTRAL * 2, "other-scripts": SCRIPTS},
        ),
        (
            "pattern",
            {"pattern": "^.{4}$", "x-known-good": {"pattern": "^A[B-C]{3}$"}},
            "x",
            {
                "shortest": "ABCB",
                "longest": "ABCB",
                "other-scripts": "इनवॉ",
                "blanks-only": "    ",
            },
        ),
    ],
)
def test_how_a_text_is_stretched(keyword: str, schema: Any, right: Any, named: Named) -> None:
    """To the edge of its length and of its pattern, and not across."""
    families = tuple(family for family in accept.ACCEPT[keyword] if family is not odd_texts)
    assert offered({keyword: families}, keyword, schema, right) == named
