"""Which texts may be learned: those that programs have chosen."""

from __future__ import annotations

import pytest

from enkash_contract.traffic.learning.plain import (
    NEVER,
    ONCE,
    SEVERAL,
    common_words,
    of_code,
    of_message,
    of_name,
    of_response_code,
    texts,
    words,
)


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("PAID", ONCE),
        ("PARTIALLY_PAID", ONCE),
        ("ON-HOLD", ONCE),
        ("INTERNET BANKING", SEVERAL),
        ("FROBNICATED", SEVERAL),
        ("QXZ_HELD", SEVERAL),
        ("RAMESH KUMAR", NEVER),
        ("RAMESH", NEVER),
        ("ACME-TRADERS", NEVER),
        ("MOHAMMED", NEVER),
        ("ON HOLD BY QXZ", NEVER),
        ("X", NEVER),
        ("A" * 41, NEVER),
        ("Ramesh", NEVER),
        ("INV0001", NEVER),
        ("_", NEVER),
        ("", NEVER),
    ],
)
def test_codes_are_words_in_capitals(text: str, needed: int) -> None:
    """Words that nobody knows are a name; blanks, and acronyms, have to be in several payloads."""
    assert of_code(text) == needed


@pytest.mark.parametrize(
    "name",
    ["channel", "deviceModel", "retry_count", "invoice-meta.id", "addressLine2", "gstAmount"],
)
def test_names_of_members_begin_in_lower_case(name: str) -> None:
    """As programs write them."""
    assert of_name(name) == ONCE


@pytest.mark.parametrize("name", ["ramesh", "acmeTraders", "xyzFlag", "qxz_id"])
def test_names_of_unknown_words_need_several_payloads(name: str) -> None:
    """They may be those of customers."""
    assert of_name(name) == SEVERAL


@pytest.mark.parametrize(
    "name",
    [
        "rameshKumar",
        "ramesh_kumar",
        "kumar-ramesh",
        "acme.invoice.com",
        "Ramesh",
        "Ramesh Kumar",
        "98765",
        "user98765",
        "a@b.example",
        "accessToken",
        "",
    ],
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
        ("4001", True),
        ("987654", False),
        ("ERR-VERSION-01", True),
        ("ENKASH_4001", True),
        ("RAMESH_4001", False),
        ("INVOICE_400123", False),
        ("Ramesh", False),
        ("RAMESH", False),
        ("INV0123456789", False),
        ("A" * 41, False),
    ],
)
def test_codes_of_responses_are_short(code: object, *, expected: bool) -> None:
    """A long number may be a telephone's."""
    assert of_response_code(code) is expected


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("The invoice is closed for changes", "The invoice is closed for changes"),
        ("Ramesh may not do this", "… may not do this"),
        ("Refused by Ramesh Kumar. Retry later", "Refused by … Retry later"),
        ("ramesh kumar may not do this", "… may not do this"),
        ("approved by ACME TRADERS today", "approved by … today"),
        ("Refused by GLOBAL TRADE for now", "Refused by … for now"),
        ("Refused by Global Trade Bank, for now", "Refused by …, for now"),
        ("Invoice INV-2026-17 not found", "Invoice … not found"),
        ("INTERNAL ERROR", "INTERNAL ERROR"),
        ("Invalid Invoice Number", "Invalid Invoice Number"),
        ("'supplierRemarks' is missing", "'supplierRemarks' is missing"),
        ("b2bIds.buyerB2BId: is unknown", "b2bIds.buyerB2BId: is unknown"),
        ("You can't change the buyer's status", "You can't change the buyer's status"),
        ("pay to ramesh@okaxis", "pay to …"),
        ("call +91 98765 43210 please now", "call … please now"),
        ("27AAPFU0939F1ZV is no GSTIN", "… is no GSTIN"),
        ("Duplicate: 550e8400-e29b-41d4-a716-446655440000 exists", "Duplicate: … exists"),
        ("at 203.0.113.7 - limit reached", "at … - limit reached"),
        ("expected 3, got 4", "expected …, got …"),
        ("SUCCESS", "SUCCESS"),
        ("Failed", "Failed"),
        ("INVOICE INV-17 NOT FOUND", "INVOICE … NOT FOUND"),
        ("Acme Traders Private Limited", ""),
        ("ACME TRADERS PRIVATE LIMITED", ""),
        ("ACME", ""),
        ("ramesh kumar", ""),
        ("by ramesh", ""),
        ("यह चालान बंद है", ""),
        ('{"error":"ramesh"}', ""),
        ("paid " * 30, ""),
        ("paid " * 300, ""),
        ("", ""),
    ],
)
def test_the_common_words_of_a_message_are_left(text: str, known: str) -> None:
    """Without digits, names in any spelling, and words that nobody knows."""
    assert common_words(text, frozenset({"supplierRemarks", "b2bIds", "buyerB2BId"})) == known


def test_a_message_that_is_no_code_needs_several_payloads() -> None:
    """A code is a program's."""
    assert (of_message("SUCCESS"), of_message("is closed")) == (ONCE, SEVERAL)


def test_words_of_a_payload() -> None:
    """In its texts, however deep."""
    assert sorted(texts({"a": ["x", {"b": "y"}], "c": 1})) == ["x", "y"]
    assert [*words("Ramesh K. is gone, 42")] == ["ramesh", "gone"]
