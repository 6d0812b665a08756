"""Families that break what is demanded of a text: its length, its pattern, and its parts."""

from __future__ import annotations

from typing import Any

import pytest

from enkash_contract.generation.families import reject, reject_text
from tests.support.families import Named, offered

BLANKS = {
    "newline": "\n",
    "blank": " ",
    "tab": "\t",
    "line-break": "\r\n",
    "no-break-space": "\xa0",
    "zero-width-space": "\u200b",
    "nul": "\x00",
}


def ends(text: str) -> Named:
    """Return a right text with something before or after it."""
    made = {f"trailing-{name}": text + blank for name, blank in BLANKS.items()}
    made |= {f"leading-{name}": blank + text for name, blank in BLANKS.items()}
    return made | {
        "suffixed": f"{text}-x",
        "prefixed": f"x-{text}",
        "second-line": f"{text}\nx",
        "other-case": text.swapcase(),
    }


def behind(text: str, char: str) -> Named:
    """Return a right text with a wrong character behind what may be taken for its end."""
    return {
        "forbidden-behind-nul": f"{text}\0{char}",
        "forbidden-behind-newline": f"{text}\n{char}",
    }


FULL_WIDTH_A, FULL_WIDTH_B = "\uff41", "\uff42"
CYRILLIC_A = "\u0430"
ASTRAL = "𠮷"
ACCENT = "\u0301"


@pytest.mark.parametrize(
    ("keyword", "schema", "right", "named"),
    [
        (
            "minLength",
            {"minLength": 3},
            "abcdef",
            {"one-under": "ab", "empty": "", "one-under-in-astral": ASTRAL * 2},
        ),
        (
            "minLength",
            {"minLength": 4},
            "a",
            {"one-under": "axx", "empty": "", "one-under-in-astral": ASTRAL * 3},
        ),
        ("minLength", {"minLength": 1}, "a", {"one-under": ""}),
        (
            "maxLength",
            {"maxLength": 3},
            "abcdef",
            {
                "one-over": "abcd",
                "far-over": "x" * 10_004,
                "one-over-in-combining": f"e{ACCENT}e{ACCENT}",
                "one-over-by-blank": "abc ",
            },
        ),
        (
            "maxLength",
            {"maxLength": 2},
            "a",
            {
                "one-over": "axx",
                "far-over": "x" * 10_003,
                "one-over-in-combining": f"e{ACCENT}e",
                "one-over-by-blank": "ax ",
            },
        ),
        (
            "pattern",
            {"pattern": "^[a-b]{2}$"},
            "ab",
            ends("ab")
            | behind("ab", "`")
            | {
                "one-under": "a",
                "empty": "",
                "one-over": "abb",
                "far-over": "ab" + "b" * 10_000,
                "one-over-in-combining": f"e{ACCENT}e",
                "one-over-by-blank": "ab ",
                "one-over-by-newline": "ab\n",
                "forbidden-u0060-first-of-part-1": "`b",
                "forbidden-u0060-middle-of-part-1": "a`",
                "forbidden-u0063-first-of-part-1": "cb",
                "forbidden-u0063-middle-of-part-1": "ac",
                "full-width-letter-in-part-1": f"{FULL_WIDTH_A}b",
                "cyrillic-letter-in-part-1": f"{CYRILLIC_A}b",
            },
        ),
        (
            "pattern",
            {"pattern": "^[^x]*b?$"},
            "ab",
            ends("ab")
            | behind("ab", "x")
            | {
                # The first part takes all, so the second is not there to be counted.
                "one-over-in-part-1": "abb",
                "one-under-in-part-1": "b",
                "forbidden-u0078-first-of-part-1": "xb",
                "forbidden-u0078-middle-of-part-1": "ax",
                "full-width-letter-in-part-1": f"{FULL_WIDTH_A}b",
                "cyrillic-letter-in-part-1": f"{CYRILLIC_A}b",
            },
        ),
        (
            "pattern",
            {"pattern": "^[^x]{3,}$"},
            "123",
            ends("123")
            | behind("123", "x")
            | {
                "one-under": "ab",
                "empty": "",
                "one-under-in-astral": ASTRAL * 2,
                "forbidden-u0078-first-of-part-1": "x23",
                "forbidden-u0078-middle-of-part-1": "1x3",
                "forbidden-u0078-last-of-part-1": "12x",
                "full-width-digit-in-part-1": "\uff1123",
                "arabic-indic-digit-in-part-1": "\u066123",
                "superscript-digit-in-part-1": "¹23",
            },
        ),
        (
            "pattern",
            {"pattern": "^(?:ab|c+)$"},
            "ab",
            ends("ab")
            | {
                "empty": "",
                "full-width-letter": f"{FULL_WIDTH_A}b",
                "cyrillic-letter": f"{CYRILLIC_A}b",
            }
            | {
                f"generated-{number}-{way}": text
                for number, cut in enumerate([("ab", "abab"), ("c", "cc"), ("ccc", "cccccc")], 1)
                for way, text in (
                    ("cut", cut[0][:-1]),
                    ("beheaded", cut[0][1:]),
                    ("doubled", cut[1]),
                    ("other-case", cut[0].upper()),
                )
            },
        ),
        ("pattern", {"pattern": r"\p{L}"}, 7, {"empty": ""}),
        (
            "pattern",
            {"pattern": "^a$"},
            1,
            {
                "one-under": "",
                "one-over": "aa",
                "far-over": "a" * 10_001,
                "one-over-in-combining": f"e{ACCENT}",
                "one-over-by-blank": "a ",
                "one-over-by-newline": "a\n",
            },
        ),
    ],
)
def test_how_a_text_is_broken(keyword: str, schema: Any, right: Any, named: Named) -> None:
    """Lengths and patterns are broken in all the ways their families know."""
    assert offered(reject.REJECT, keyword, schema, right) == named


@pytest.mark.parametrize(
    ("pattern", "right", "named"),
    [
        (
            "^[A-C]{3}[0-9]{4}$",
            "ABC0123",
            {
                "one-over-in-part-1": "ABCC0123",
                "one-under-in-part-1": "BC0123",
                "one-over-in-part-2": "ABC01233",
                "one-under-in-part-2": "ABC123",
            },
        ),
        # What is not there has no character to be repeated or taken away.
        ("^-?[0-9]+$", "12", {"one-over-in-part-2": "122", "one-under-in-part-2": "2"}),
        # Of a single part, the bounds are those of the whole.
        ("^[0-9]{4}$", "0123", {}),
        ("^(?:ab|cd)$", "ab", {}),
        ("^[A-C]{3}[0-9]{4}$", 7, {}),
    ],
)
def test_how_the_parts_of_a_pattern_are_miscounted(pattern: str, right: Any, named: Named) -> None:
    """One character more and one fewer in each part that is there, where there are several."""
    assert dict(reject_text.part_counts({"pattern": pattern}, right)) == named


def test_a_pattern_may_forbid_nothing_that_can_be_seen() -> None:
    """Where only a line break is forbidden, no character is put behind what may be an end."""
    assert list(reject_text.behind_an_end({"pattern": "^.+$"}, "ab")) == []
