"""Values written as Python source: read back, they are the same, and they have room on a line."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.report.pytest_module import source

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@pytest.mark.unmeasured
@given(JSON)
def test_data_is_written_as_source(value: Any) -> None:
    """What is read back is the same."""
    assert ast.literal_eval(source.literal(value)) == value


@given(st.binary() | st.text().map(str.encode) | st.binary(max_size=3).map(lambda one: one * 500))
def test_bytes_are_written_in_pieces(body: bytes) -> None:
    """Joined, they are the body; each has room on a line."""
    found = source.pieces(body, 60)
    values = [eval(one) for one in found]  # noqa: S307 - our own output

    assert b"".join(one if isinstance(one, bytes) else one.encode() for one in values) == body
    assert [one for one in found if len(one) > 64 or not one.isprintable()] == []


@given(st.text(), st.integers(12, 60))
def test_texts_are_written_in_parts(text: str, room: int) -> None:
    """Nothing is lost, and no part is longer than asked."""
    found = [*source.parts(text, room)]

    assert "".join(found) == text
    assert [one for one in found if len(source.quoted(one)) > room] == []


def test_a_short_assertion_stays_on_its_line() -> None:
    """Where there is room for the message, it is not put in brackets."""
    assert source.asserted("x == 1", "it is not", 4) == '    assert x == 1, "it is not"'
