"""Places in files, and JSON Pointers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.place import Place
from enkash_contract.wire.pointer import pointer, tokens


def test_a_place_is_written_as_a_person_would_type_it() -> None:
    """File and line stand with a colon between them, as editors and terminals know it."""
    assert str(Place("openapi/enkash.yaml", 12)) == "openapi/enkash.yaml:12"


@given(st.lists(st.text()))
def test_a_pointer_leads_back_to_its_tokens(names: list[str]) -> None:
    """Whatever members are called, the pointer to them is read as the same names."""
    assert tokens(pointer(tuple(names))) == tuple(names)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ()),
        ("/", ("",)),
        ("/a/b", ("a", "b")),
        ("/a~1b/~0", ("a/b", "~")),
        ("/~01", ("~1",)),
        ("//", ("", "")),
    ],
)
def test_a_pointer_leads_back_to_its_tokens_examples(text: str, names: tuple[str, ...]) -> None:
    """The escapes of RFC 6901 are read and written, in the order that keeps `~01` apart."""
    assert (pointer(names), tokens(text)) == (text, names)


def test_items_of_a_list_are_counted_from_0() -> None:
    """A position in a list is a token like any other."""
    assert pointer(("tags", 0, "name")) == "/tags/0/name"


def test_what_does_not_begin_with_a_slash_is_no_pointer() -> None:
    """A member's bare name is refused, with what was given."""
    with pytest.raises(ValueError, match=r"^a JSON Pointer begins with a slash: 'device'$"):
        tokens("device")
