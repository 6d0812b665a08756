"""Marks in the place of values that a recorder has hidden."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.contract.contract import bundled
from enkash_contract.traffic.entries.marks import (
    LONGEST,
    holds_mark,
    is_body_mark,
    is_left_out,
    is_mark,
    is_word_mark,
)
from enkash_contract.wire.pointer import places

MARKS = """[REDACTED]
REDACTED
redacted
[FILTERED]
[Filtered]
<REDACTED>
<redacted: 455 bytes>
{REDACTED}
{{redacted}}
%REDACTED%
-- REDACTED --
__REDACTED__
###REDACTED###
***
***REMOVED***
[REDACTED_EMAIL]
[REDACTED:PHONE]
[body omitted]
(binary 123-byte body omitted)
[secret]
body redacted
redacted by har-sanitizer
INV****cdef
j***@bank.example
**** **** **** 1234
\u2022\u2022\u2022\u2022\u2022\u2022
<API_KEY>
<GOOGLE CLOUD KEY>
 [sanitized]
""".splitlines()


@pytest.mark.parametrize("mark", MARKS)
def test_marks(mark: str) -> None:
    """They stand for a member, and for a whole body."""
    assert is_mark(mark)
    assert is_body_mark(mark)
    assert is_body_mark(f'"{mark}"')


@pytest.mark.parametrize(
    "text",
    [
        "",
        "*",
        "a**b",
        "XXXX",
        "REMOVED",
        "hidden",
        "unfiltered",
        "FILTERED_OUT",
        "the masked man",
        "<b>paid</b>",
        "{}",
        '{"a":"***"}',
        '{"a": "redacted"}',
        '["redacted"]',
        "*" * (LONGEST + 1),
    ],
)
def test_other_texts(text: str) -> None:
    """What may be meant is none, and neither is what only holds one."""
    assert not is_mark(text)


def test_some_marks_say_nothing_else() -> None:
    """So nobody is known by them."""
    words = [mark for mark in MARKS if is_word_mark(mark)]
    assert words[:4] == ["[REDACTED]", "REDACTED", "redacted", "[FILTERED]"]
    assert {"<API_KEY>", "INV****cdef", "***", "redacted by har-sanitizer"}.isdisjoint(words)
    assert not is_word_mark("REMOVED")


def test_examples_are_no_marks() -> None:
    """Nothing that a page shows is taken for one."""
    for operation in bundled().values():
        for side in operation.sides.values():
            values = (value for _, value in places(side.example))
            texts = [value for value in values if isinstance(value, str)]
            assert [text for text in texts if is_mark(text)] == []


def test_words_stand_for_a_body_alone() -> None:
    """None is JSON, but one may be the value of a member."""
    assert is_body_mark("response body removed")
    assert not is_mark("response body removed")
    assert not is_body_mark("removed" * LONGEST)


@given(st.text("[]<>{}()*_#-% ,:.aredctXmsk0", max_size=LONGEST))
def test_any_text_is_looked_at_quickly(text: str) -> None:
    """Nothing is a mark in a text that is too long for one."""
    is_left_out(text)
    holds_mark(f"***{text}")
    assert not is_mark(text + "*" * LONGEST + "!")
