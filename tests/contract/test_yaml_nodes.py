"""YAML as nodes that know their place: what is let through is what JSON can say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.contract.yaml_nodes import build, parse, place_of
from enkash_contract.errors import DocumentError

if TYPE_CHECKING:
    from enkash_contract.place import Place

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc"), inner, max_size=3),
    max_leaves=8,
)


def read(text: str | bytes) -> Any:
    """Return the data of a YAML text."""
    root = parse(text.encode() if isinstance(text, str) else text, "a.yaml")
    return build(root, (), {}, place_of(root))


def refused(text: str | bytes) -> str:
    """Return what is said when `text` is refused."""
    with pytest.raises(DocumentError) as raised:
        read(text)
    return str(raised.value)


@given(JSON, st.sampled_from([None, 2]))
def test_json_is_read_as_json(value: Any, indent: int | None) -> None:
    """A document or overlay may be written as JSON, and means the same."""
    assert read(json.dumps(value, ensure_ascii=False, indent=indent)) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("on", "on"),
        ("2026-11-22", "2026-11-22"),
        ("12:30:45", "12:30:45"),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        (".inf", ".inf"),
        ("1.2.3", "1.2.3"),
        ("true", True),
        ("True", "True"),
        ("null", None),
        ("~", None),
        ("-12", -12),
        ("1.50", 1.5),
        ("1e3", 1000.0),
        ("'1'", "1"),
        ("{a: }", {"a": None}),
        ("{200: ok}", {"200": "ok"}),
        ("[&a {b: 1}, *a]", [{"b": 1}, {"b": 1}]),
    ],
)
def test_only_json_s_own_words_are_more_than_text(text: str, value: Any) -> None:
    """YAML 1.1's dates, sexagesimals and other words for true stay the text they are."""
    found = read(text)
    assert (type(found), found) == (type(value), value)


def test_every_value_is_placed_on_the_line_of_its_key() -> None:
    """A member stands where its name stands, an item where it begins; lines count from 1."""
    places: dict[Any, Place] = {}
    root = parse(b"a:\n  b:\n    - 1\n    - c: 2\n", "a.yaml")
    build(root, (), places, place_of(root))
    assert {at: place.line for at, place in places.items()} == {
        (): 1,
        ("a",): 1,
        ("a", "b"): 2,
        ("a", "b", 0): 3,
        ("a", "b", 1): 4,
        ("a", "b", 1, "c"): 4,
    }
    assert {place.file for place in places.values()} == {"a.yaml"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a.yaml:1: the file is empty; write an OpenAPI document or overlay"),
        ("# nothing\n", "a.yaml:1: the file is empty; write an OpenAPI document or overlay"),
        (
            "a: 1\n b: 2",
            "a.yaml:2: not YAML: mapping values are not allowed in this context; mend the syntax",
        ),
        (
            "a: 1\n---\nb: 2",
            "a.yaml:2: not YAML: but found another document; mend the syntax",
        ),
        ("a: *b", "a.yaml:1: not YAML: found undefined alias; mend the syntax"),
        (b"a: \xff", "a.yaml:1: not YAML: invalid leading UTF-8 octet; mend the syntax"),
        (
            "a: &a\n  b: *a",
            "a.yaml:1: an alias stands within its own anchor; write the part out",
        ),
        ("? [a]\n: 1", "a.yaml:1: a key is not a string; write the key as a string"),
        ("a: 1\n'a': 2", "a.yaml:2: the key 'a' is repeated; keep one of them"),
        (
            "a: !!timestamp 2026-11-22",
            (
                "a.yaml:1: '2026-11-22' with the YAML tag tag:yaml.org,2002:timestamp is not JSON; "
                "write a plain value"
            ),
        ),
        (
            "a: !mine b",
            "a.yaml:1: 'b' with the YAML tag !mine is not JSON; write a plain value",
        ),
        (
            "a: !!int b",
            (
                "a.yaml:1: 'b' with the YAML tag tag:yaml.org,2002:int is not JSON; "
                "write a plain value"
            ),
        ),
        (
            "a: 1e999",
            (
                "a.yaml:1: '1e999' with the YAML tag tag:yaml.org,2002:float is not JSON; "
                "write a plain value"
            ),
        ),
    ],
)
def test_what_json_cannot_say_is_refused(text: str | bytes, message: str) -> None:
    """The message names file and line, and says what to do."""
    assert refused(text) == message


def test_all_that_json_cannot_say_is_told_at_once() -> None:
    """One mistake does not hide the next."""
    assert refused("a: 1\na: !x y\nb:\n- {c: 1, c: 2}\n") == (
        "a.yaml:2: the key 'a' is repeated; keep one of them\n"
        "a.yaml:2: 'y' with the YAML tag !x is not JSON; write a plain value\n"
        "a.yaml:4: the key 'c' is repeated; keep one of them"
    )


def test_what_an_alias_repeats_can_change_alone() -> None:
    """The nodes of a tree are all different, so that a change to one is not one to its likeness."""
    root = parse(b"a: &a {b: [1]}\nc: *a\nd: [*a, *a]\n", "a.yaml")

    def nodes(node: Any) -> list[int]:
        below = node.value if isinstance(node.value, list) else []
        inner = [pair[1] if isinstance(pair, tuple) else pair for pair in below]
        return [id(node), *(one for child in inner for one in nodes(child))]

    found = nodes(root)
    assert len(found) == len(set(found)) == 14


def lists(levels: int, inner: str = "") -> str:
    """Return YAML of a list within a list, so many levels deep."""
    return "[" * levels + inner + "]" * levels


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (lists(101), 1),
        (lists(100_000), 1),
        ("[" * 100_000, 1),
        ("- " * 101, 1),
        ("\n".join(" " * level + "a:" for level in range(101)), 101),
        (f"a: &a {lists(60)}\nb: {lists(60, '*a')}", 1),
    ],
    ids=["lists", "100,000 lists", "unclosed", "items", "mappings", "aliases"],
)
def test_what_is_nested_too_deep_is_refused(text: str, line: int) -> None:
    """The loader itself would overflow its stack, and aliases hide depth as well."""
    assert refused(text) == f"a.yaml:{line}: nested deeper than 100 levels; write it flatter"


def test_as_many_levels_as_are_promised_are_read() -> None:
    """The deepest level that is read is the hundredth, written out or by an alias."""
    assert json.dumps(read(lists(100))) == lists(100)
    found = read(f"[&a {lists(60)}, {lists(39, '*a')}]")
    assert json.dumps(found) == f"[{lists(60)}, {lists(99)}]"


def test_aliases_that_stand_for_too_much_are_refused() -> None:
    """Ten lines of them can stand for more values than any memory holds."""
    lines = [f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 10)}]" for at in range(1, 12)]
    assert refused("\n".join(["a0: &a0 [1]", *lines])) == (
        "a.yaml:1: the aliases stand for more than 100,000 values; write out what is needed"
    )
