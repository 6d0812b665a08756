"""A replacement has the shape of the text, and what a pattern says of one it says of the other."""

from __future__ import annotations

import json
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
        assert unicodedata.category(before) == unicodedata.category(after)
        assert before.isascii() == after.isascii()


@given(st.from_regex(OBJECT_ID, fullmatch=True))
def test_what_a_pattern_says_stays_true(text: str) -> None:
    """Of what matches, and of what does not."""
    assert re.fullmatch(OBJECT_ID, TEXTS.replaced(text))
    assert not re.fullmatch(OBJECT_ID, TEXTS.replaced(text + "x"))


@pytest.mark.parametrize(
    "text",
    [
        "SUCCESS",
        "GEOCODE",
        "7",
        "200",
        "",
        "-",
        "…",
        "2026-11-22",
        "2026-11-22T10:00:00.000Z",
        "[REDACTED]",
    ],
)
def test_what_says_nothing_of_anybody_is_kept(text: str) -> None:
    """Values of the document, dates, short numbers, and marks of scrubbers."""
    assert TEXTS.replaced(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "ACME-0001",
        "Müller & Söhne",
        "रमेश",
        "12.9716,77.5946",
        "1234",
        "2026-11-22 Ramesh Ltd",
        "<RAMESH>",
        "[Ramesh removed]",
        "REMOVED",
    ],
)
def test_what_may_be_somebody_is_replaced(text: str) -> None:
    """In any script."""
    replaced = TEXTS.replaced(text)
    assert replaced != text
    assert len(replaced.encode()) == len(text.encode())


@pytest.mark.parametrize(
    "text", ["2026-01-01 +919876543210", "9876-54-32", "2026-13-01", "\uff11\uff12\uff13"]
)
def test_what_looks_like_a_date_or_a_code_is_replaced(text: str) -> None:
    """A number of a telephone may stand behind a date, and other digits are somebody's."""
    assert TEXTS.replaced(text) != text


@given(st.sets(st.integers(1000, 9999).map(str), min_size=2))
def test_different_numbers_stay_different(texts: set[str]) -> None:
    """However few there are of their length."""
    assert len({TEXTS.replaced(text) for text in texts}) == len(texts)


@given(st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_stays_one_of_its_kind(number: float) -> None:
    """Whole or not, with its sign and on its side of each bound."""
    text = json.dumps(number)
    after = json.loads(TEXTS.replaced(text))
    assert type(after) is type(number)
    assert (after == int(after)) == (number == int(number))
    assert (after < 0) == (number < 0)
    assert (after > 2**63 - 1) == (number > 2**63 - 1)
    assert (after < -(2**63)) == (number < -(2**63))


@pytest.mark.parametrize("text", ["9223372036854775807", "-9223372036854775808", "1e" + "9" * 30])
def test_a_bound_stays(text: str) -> None:
    """It is the document's, or beyond every number."""
    assert json.loads(TEXTS.replaced(text)) == json.loads(text)


@pytest.mark.parametrize(
    "name", ["INV/2026/0017", "ramesh@okaxis", "BUYER-ACME", "27AAPFU0939F1ZV"]
)
@pytest.mark.parametrize("text", ["no {} here", "({})", "{}: unknown", "{}."])
def test_what_names_something_is_the_same_in_a_longer_text(name: str, text: str) -> None:
    """So a message still speaks of what was sent."""
    replaced = TEXTS.replaced(name)
    assert replaced != name
    assert replaced in TEXTS.replaced(text.format(name))


def test_an_address_in_a_text_is_taken_apart() -> None:
    """An id in its path is what it is elsewhere."""
    assert TEXTS.replaced("INV-2026-17") in TEXTS.replaced("see https://h.example/INV-2026-17/pay")


def test_a_long_text_is_replaced_as_well() -> None:
    """It is not remembered."""
    assert TEXTS.replaced("acme " * 1000) == TEXTS.replaced("acme " * 1000) != "acme " * 1000


def test_another_salt_is_another_replacement() -> None:
    """Nobody can try out which text it was."""
    others = {Texts(OPERATIONS, salt).replaced("ACME-0001") for salt in (b"a", b"b", b"c")}
    assert len(others) == 3


def test_where_a_pattern_leaves_no_other_text_its_shape_is_given_up(tmp_path: Path) -> None:
    """Whoever writes the recording leaves out what is judged otherwise for it."""
    schema = {"type": "string", "pattern": "^acmelimited$"}
    texts = Texts([small(tmp_path, schema).pick()], b"salt")
    assert texts.replaced("acmelimited")[6:] != "imited"
