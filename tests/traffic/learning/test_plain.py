"""Which texts may be learned: those that programs have chosen."""

from __future__ import annotations

import pytest

from enkash_contract.traffic.learning.plain import (
    NEVER,
    ONCE,
    SEVERAL,
    of_code,
    of_message,
    of_name,
    of_response_code,
    texts,
    vocabulary,
    words,
)


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("PAID", ONCE),
        ("PARTIALLY_PAID", ONCE),
        ("ON-HOLD", ONCE),
        ("INTERNET BANKING", SEVERAL),
        ("RAMESH KUMAR", SEVERAL),
        ("X", NEVER),
        ("A" * 41, NEVER),
        ("Ramesh", NEVER),
        ("INV0001", NEVER),
        ("_", NEVER),
        ("", NEVER),
    ],
)
def test_codes_are_words_in_capitals(text: str, needed: int) -> None:
    """Two words may be a person, so they have to be in several payloads."""
    assert of_code(text) == needed


@pytest.mark.parametrize(
    "name", ["channel", "deviceModel", "retry_count", "x-request.id", "addressLine2", "gstAmount"]
)
def test_names_of_members_begin_in_lower_case(name: str) -> None:
    """As programs write them."""
    assert of_name(name) == ONCE


@pytest.mark.parametrize(
    "name",
    ["Ramesh", "RAMESH", "Ramesh Kumar", "98765", "user98765", "a@b.example", "accessToken", ""],
)
def test_other_names_may_be_somebody_s(name: str) -> None:
    """And that of a secret would show the secret, were it described."""
    assert of_name(name) == NEVER


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (0, True),
        (-1, True),
        (99_999, True),
        (9_876_543_210, False),
        (True, False),
        (1.5, False),
        ("E-17", True),
        ("CLOSED", True),
        ("ERR1001", True),
        ("Ramesh", False),
        ("INV0123456789", False),
        ("A" * 41, False),
    ],
)
def test_codes_of_responses_are_short(code: object, *, expected: bool) -> None:
    """A long number may be a telephone's."""
    assert of_response_code(code) is expected


@pytest.mark.parametrize(
    ("text", "strange", "needed"),
    [
        ("SUCCESS", (), ONCE),
        ("The invoice is closed", (), SEVERAL),
        ("supplierRemarks is missing", (), SEVERAL),
        ("INTERNAL ERROR", (), SEVERAL),
        ("SUCCESS", ("success",), NEVER),
        ("ramesh may not", ("ramesh",), NEVER),
        ("Refused by Ramesh", (), NEVER),
        ("invoice 17 is closed", (), NEVER),
        ("a" * 121, (), NEVER),
        ("écrit", (), NEVER),
    ],
)
def test_messages_are_constant_sentences(text: str, strange: tuple[str, ...], needed: int) -> None:
    """Without digits, names, and words that the request alone has."""
    assert of_message(text, strange) == needed


def test_words_of_a_payload_and_those_of_everybody() -> None:
    """A member's name is made of words that anybody uses."""
    assert sorted(texts({"a": ["x", {"b": "y"}], "c": 1})) == ["x", "y"]
    assert [*words("Ramesh K. is gone, 42")] == ["ramesh", "gone"]
    assert {"supplier", "remarks", "supplierremarks", "missing"} <= vocabulary(["supplierRemarks"])
