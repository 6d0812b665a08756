"""A replacement has the shape of the text, and what a pattern says of one it says of the other."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import enkash_contract as ec
from enkash_contract.traffic.redacting.texts import Texts
from tests.support.small_documents import small

if TYPE_CHECKING:
    from pathlib import Path

OPERATIONS = [*ec.load().values()]
TEXTS = Texts(OPERATIONS, b"salt")
OBJECT_ID = "^[INV]{3}[A-Za-z0-9]{32}$"


@given(st.text(min_size=1))
def test_a_replacement_has_the_same_shape(text: str) -> None:
    """It is as long in every encoding, and as valid."""
    replaced = TEXTS.replaced(text)
    assert replaced == TEXTS.replaced(text)
    assert len(replaced) == len(text)
    for before, after in zip(text, replaced, strict=True):
        assert before.isalnum() == after.isalnum() or after == "?"
        if before.isascii():
            assert unicodedata.category(before) == unicodedata.category(after)


@given(st.from_regex(OBJECT_ID, fullmatch=True))
def test_what_a_pattern_says_stays_true(text: str) -> None:
    """Of what matches, and of what does not."""
    assert re.fullmatch(OBJECT_ID, TEXTS.replaced(text))
    assert not re.fullmatch(OBJECT_ID, TEXTS.replaced(text + "x"))


@pytest.mark.parametrize(
    "text",
    ["SUCCESS", "GEOCODE", "7", "200", "", "-", "…", "2026-11-22", "2026-11-22T10:00:00.000Z"],
)
def test_what_says_nothing_of_anybody_is_kept(text: str) -> None:
    """Values of the document, dates, and short numbers."""
    assert TEXTS.replaced(text) == text


@pytest.mark.parametrize(
    "text",
    ["ACME-0001", "Müller & Söhne", "रमेश", "12.9716,77.5946", "1234", "2026-11-22 Ramesh Ltd"],
)
def test_what_may_be_somebody_is_replaced(text: str) -> None:
    """In any script."""
    replaced = TEXTS.replaced(text)
    assert replaced != text
    assert len(replaced.encode()) == len(text.encode())


def test_another_salt_is_another_replacement() -> None:
    """Nobody can try out which text it was."""
    others = {Texts(OPERATIONS, salt).replaced("ACME-0001") for salt in (b"a", b"b", b"c")}
    assert len(others) == 3


def test_where_a_pattern_leaves_no_other_text_its_shape_is_given_up(tmp_path: Path) -> None:
    """Whoever writes the recording leaves out what is judged otherwise for it."""
    schema = {"type": "string", "pattern": "^acmelimited$"}
    texts = Texts([small(tmp_path, schema).pick()], b"salt")
    assert texts.replaced("acmelimited")[6:] != "imited"
