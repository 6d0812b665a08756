"""Members whose valid values were varied: which are free, and which may be keys of a look-up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from enkash_contract.judging.members import Doubt, Member, is_free, is_key, keys, union

if TYPE_CHECKING:
    from enkash_contract.judging.case import Polarity
    from enkash_contract.judging.members import Members

ACCEPTED, REJECTED = Member(accepted=True), Member(rejected=frozenset({"case"}))
BOTH = ACCEPTED + REJECTED
MEMBERS: Members = {
    ("pay", "/a"): REJECTED,
    ("pay", "/ab"): ACCEPTED,
    ("pay", "/b/c"): ACCEPTED,
    ("pay", "/b/d"): REJECTED,
    ("pay", "/e"): BOTH,
    ("pay", "/f/*/g"): REJECTED,
    ("cancel", "/a"): ACCEPTED,
}


@pytest.mark.parametrize(
    ("place", "free", "key"),
    [
        ("/a", False, True),
        ("/ab", True, False),
        ("/b", True, False),
        ("/b/c", True, False),
        ("/b/d", False, True),
        ("/e", True, False),
        ("/f", False, True),
        ("/z", False, False),
        ("/a/deeper", False, False),
    ],
)
def test_what_was_accepted_frees_a_member(place: str, *, free: bool, key: bool) -> None:
    """Another value accepted there or deeper frees it; what was never tried is neither."""
    assert is_free(MEMBERS, "pay", place) == free
    assert is_key(MEMBERS, "pay", place) == key


def test_keys_are_the_members_that_were_tried_themselves() -> None:
    """The object around a key is none to pin, and each operation has its own."""
    assert keys(MEMBERS) == [("pay", "/a"), ("pay", "/b/d"), ("pay", "/f/*/g")]


def test_members_of_parts_add_up() -> None:
    """An acceptance in any part frees the member in the whole."""
    assert union([{("pay", "/a"): REJECTED}, {}, {("pay", "/a"): ACCEPTED}]) == {
        ("pay", "/a"): BOTH
    }


@pytest.mark.parametrize(
    ("polarity", "members", "holds"),
    [
        ("accept", ("/a",), True),
        ("accept", ("/b",), False),
        ("accept", ("/b", "/a"), True),
        ("accept", ("/z",), True),
        ("reject", ("/a",), True),
        ("reject", ("/b",), False),
        ("reject", ("/z",), False),
    ],
)
def test_a_doubt_holds_until_the_member_is_free(
    polarity: Polarity, members: tuple[str, ...], *, holds: bool
) -> None:
    """Of a valid value until another was accepted; of an invalid one only where some were tried."""
    assert Doubt("pay", "case", "rule", polarity, members).holds(MEMBERS) == holds
