"""Whatever encoding a body is in, or seems to be in: its bytes come back from each reading."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.secrets.readings import readings


@given(st.binary(max_size=20))
def test_each_reading_gives_the_bytes_back(body: bytes) -> None:
    """Also those that are no text in any encoding."""
    found = list(readings(body))
    assert [text.encode(encoding, errors) for text, encoding, errors in found] == [body] * len(
        found
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "utf-32", "utf-32-le"])
def test_the_encoding_is_found_out(encoding: str) -> None:
    """As JSON may be encoded; UTF-8 is always the last."""
    first, *_, last = [*readings('{"a": 1}'.encode(encoding))] * 2
    assert first[0].removeprefix("\ufeff") == '{"a": 1}'
    assert last[1] == "utf-8"
