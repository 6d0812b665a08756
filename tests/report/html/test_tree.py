"""Rules as a tree of members."""

from __future__ import annotations

from typing import NamedTuple

from enkash_contract.report.html.tree import Member, tree


class Item(NamedTuple):
    """Anything that is said of a member."""

    pointer: str
    text: str


def test_tree() -> None:
    """Members stand in each other in the order in which they come up; names are not escaped."""
    items = [
        Item("/a/b", "1"),
        Item("", "2"),
        Item("/c~1d", "3"),
        Item("/a", "4"),
        Item("/a/b", "5"),
    ]
    whole = tree(items)

    assert whole == Member(
        "",
        "",
        [items[1]],
        {
            "a": Member(
                "a", "/a", [items[3]], {"b": Member("b", "/a/b", [items[0], items[4]], {})}
            ),
            "c/d": Member("c/d", "/c~1d", [items[2]], {}),
        },
    )
