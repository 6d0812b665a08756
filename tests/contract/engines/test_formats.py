"""The formats, by the grammars of their standards, as jsonschema-rs checks them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.contract.engines import choice as engines
from enkash_contract.contract.engines.formats import FORMATS
from enkash_contract.contract.keyword_values import FORMATS as HONOURED

if TYPE_CHECKING:
    from collections.abc import Sequence

LABEL = "b" * 63
EXAMPLES: dict[str, tuple[Sequence[str], Sequence[str]]] = {
    "date": (
        ["2024-02-29", "0000-01-01", "9999-12-31", "0000-02-29"],
        ["2026-02-29", "2026-1-2", "2026-01-02 ", "२०२६-01-02", "2026-01-02\n", "2026-13-01"],
    ),
    "date-time": (
        [
            "2026-01-02T03:04:05Z",
            "2026-01-02t03:04:05.1234567890123z",
            "2026-12-31T23:59:60Z",
            "2026-01-01T00:59:60+01:00",
            "2026-01-01T20:29:60-03:30",
            "2026-01-02T03:04:05-00:00",
            "2026-01-02T03:04:05+23:59",
        ],
        [
            "2026-01-02 03:04:05Z",
            "2026-01-02T03:04:05",
            "2026-01-02T03:04:60Z",
            "2026-01-02T23:59:61Z",
            "2026-01-02T24:00:00Z",
            "2026-01-02T03:60:05Z",
            "2026-01-02T03:04:05.Z",
            "2026-01-02T03:04:05+24:00",
            "2026-01-02T03:04:05+00:60",
            "2026-01-02T03:04:05+0100",
            "2026-02-30T03:04:05Z",
        ],
    ),
    "uuid": (
        ["123e4567-e89b-12d3-a456-426614174000", "123E4567-E89B-12D3-A456-426614174000"],
        [
            "123e4567e89b12d3a456426614174000",
            "{123e4567-e89b-12d3-a456-426614174000}",
            "123e4567-e89b-12d3-a456-42661417400g",
            "123e4567-e89b-12d3-a456-426614174000\n",
        ],
    ),
    "email": (
        [
            "a@b",
            "a+b@c.d",
            '"a b"@c.d',
            '"a\\"b"@c.d',
            '""@c.d',
            "a@[127.0.0.1]",
            "a@[IPv6:::1]",
            "a" * 64 + "@c.d",
            f"a@{LABEL}.c",
            "a@123",
        ],
        [
            "a",
            "@b",
            "a@",
            "a b@c.d",
            "a..b@c.d",
            ".a@c.d",
            "a.@c.d",
            "a@b..c",
            "a@-b.c",
            "a@b-.c",
            "a@[1.2.3]",
            "a@[IPv6:1]",
            "é@c.d",
            "a@é.d",
            "a" * 65 + "@c.d",
            f"a@b{LABEL}.c",
            "a@" + ".".join([LABEL] * 4),
            "a@b@c",
            "a@b.c\n",
        ],
    ),
    "uri": (
        [
            "https://example.com/",
            "a:",
            "mailto:a@b",
            "http://[::1]:80/",
            "http://[v1.a]/",
            "http:///a",
            "http://u:p@a:/%20?b/?#c/?",
            "a+b-c.d:x/y",
            "a:?b",
            "a:/",
        ],
        [
            "",
            "/a",
            "1a:b",
            "http://a b",
            "http://é.com",
            "http://[::1",
            "http://[1.2.3.4]/",
            "http://a:b/",
            "http://a#b#c",
            "http://a/%zz",
            "http://a/[b]",
            "http://a\n",
        ],
    ),
}
"""Texts of each format, and texts that are none."""

SPECIAL = st.text('aZ09.-_:/@[]%?#" \\+TtZz é\n', max_size=30)
PIECES = st.lists(
    st.sampled_from(
        'a b1 . - @ : / // ? # % %20 [::1] [v1.a] [127.0.0.1] [IPv6:::1] " \\ 2026-01-02 T t Z '
        "23:59:60 03:04:05 +01:00 -00:00 .5 http 123e4567-e89b-12d3-a456-426614174000".split()
    ),
    max_size=8,
).map("".join)


def test_every_format_that_is_honoured_is_checked() -> None:
    """A document may name these, and each of them is asserted."""
    assert set(FORMATS) == set(HONOURED) == set(EXAMPLES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_format_is_that_of_its_standard(name: str) -> None:
    """Of texts on either side of each border."""
    right, wrong = EXAMPLES[name]
    assert [text for text in right if not FORMATS[name](text)] == []
    assert [text for text in wrong if FORMATS[name](text)] == []


@given(
    st.sampled_from([*EXAMPLES]),
    SPECIAL
    | PIECES
    | st.sampled_from([text for both in EXAMPLES.values() for one in both for text in one]),
)
def test_both_engines_agree_on_formats(name: str, text: str) -> None:
    """Of any text; what is no text has every format."""
    rust, python = (engines.compiled({"format": name}, engine) for engine in engines.ENGINES)
    assert python.is_valid(text) == rust.is_valid(text)
    assert python.is_valid([text]) == rust.is_valid([text]) is True
