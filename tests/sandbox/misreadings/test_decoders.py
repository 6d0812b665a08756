"""Each decoder reads its own kind of invalid bytes, and leaves UTF-8 as it is."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.sandbox.misreadings import decoders

if TYPE_CHECKING:
    from collections.abc import Callable

REPLACING, LEAVING_OUT = (decoders.decoding("utf-8", errors) for errors in ("replace", "ignore"))
LATIN = decoders.decoding("latin-1")


@pytest.mark.parametrize(
    ("decoder", "body", "read"),
    [
        (REPLACING, b"a\xff", "a\ufffd".encode()),
        (LEAVING_OUT, b"a\xff", b"a"),
        (LATIN, b"a\xe9", "aé".encode()),
        (decoders.with_surrogates, b"a\xed\xa0\x80", b"a?"),
        (decoders.with_overlong, b"a\xc0\x80", rb"a\u0000"),
        (decoders.with_pairs, rb"\ud800 \ud83d\ude00", rb"\ufffd \ud83d\ude00"),
        (decoders.of_utf16, codecs.BOM_UTF16_LE + "é".encode("utf-16-le"), "é".encode()),
        (decoders.of_utf16, codecs.BOM_UTF16_BE + "é".encode("utf-16-be"), "é".encode()),
    ],
)
def test_a_decoder_reads_invalid_bytes(
    decoder: Callable[[bytes], bytes], body: bytes, read: bytes
) -> None:
    """As UTF-8, in which everything else reads them."""
    assert decoder(body) == read


@given(st.text())
def test_utf8_is_left_as_it_is(text: str) -> None:
    """Escapes of half a character are all that one of them changes in it."""
    body = text.replace("\\", "").encode()
    for decoder in (
        REPLACING,
        LEAVING_OUT,
        LATIN,
        decoders.with_surrogates,
        decoders.with_overlong,
        decoders.with_pairs,
        decoders.of_utf16,
    ):
        assert decoder(body) == body
