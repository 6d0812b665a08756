"""YAML: plain values only, one document or several, also of a file that breaks off."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from enkash_contract.errors import RecordingError
from enkash_contract.traffic.yaml_text import documents

PATH = Path("tape.yaml")


def read(text: str | bytes) -> tuple[list[object], str]:
    """Return what is read, and the error at its end."""
    found: list[object] = []
    data = text.encode() if isinstance(text, str) else text
    try:
        found.extend(documents(data, PATH))
    except RecordingError as error:
        return found, str(error)
    return found, ""


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a: 1", [{"a": 1}]),
        ("a: 1\n---\nb: 2\n---\n", [{"a": 1}, {"b": 2}, None]),
        ("", []),
        # As Ruby writes bytes, and texts that YAML would take for something else.
        ("a: !binary |-\n  e30=\nb: !str 7", [{"a": b"{}", "b": "7"}]),
        ("a: !!binary e30=", [{"a": b"{}"}]),
    ],
)
def test_each_document_is_read(text: str, values: list[object]) -> None:
    """In their order; an empty one is nothing."""
    assert read(text) == (values, "")


ITEM = "- request: {uri: 'a'}\n  response: {}\n"


@pytest.mark.parametrize(
    ("text", "values", "line"),
    [
        (f"interactions:\n{ITEM}{ITEM}- request: {{uri: 'a", [{"interactions": 2}], 6),
        (f"interactions:\n{ITEM}- request: 'a", [{"interactions": 1}], 4),
        (f"interactions:\n{ITEM}---\ninteractions:\n{ITEM}- '", [{"interactions": 1}] * 2, 8),
        ("interactions:\n- 'a", [{"interactions": 0}], 2),
        (f"a: [\n{ITEM}- request: 'a", [], 2),
        ("a: 'b", [], 1),
        ("interactions:\n- 2026-13-99\n- 'a", [], 3),
    ],
)
def test_a_file_that_breaks_off(text: str, values: list[dict[str, int]], line: int) -> None:
    """Whole items are read, and the rest is named with its line."""
    found, problem = read(text)
    sizes = [
        {name: len(items or []) for name, items in value.items()}
        for value in found
        if isinstance(value, dict)
    ]
    assert sizes == values
    assert problem.startswith(f"{PATH}:{line} cannot be read as YAML: ")


def bomb(width: int, depth: int, merge: str = "") -> str:
    """Return a few lines in which aliases stand for `width` to the power of `depth` values."""
    lines = ["a0: &a0 {x: y}"]
    for level in range(1, depth + 1):
        aliases = ", ".join([f"*a{level - 1}"] * width)
        value = f"{{<<: [{aliases}]}}" if merge else f"[{aliases}]"
        lines.append(f"a{level}: &a{level} {value}")
    return "\n".join(lines)


@pytest.mark.parametrize("text", [bomb(9, 20), bomb(2, 60), bomb(9, 9, "merge")])
def test_aliases_that_stand_for_too_much(text: str) -> None:
    """They are counted and not written out, so that it takes no memory to say so."""
    tracemalloc.start()
    try:
        _, problem = read(text)
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()
    assert problem == (
        f"{PATH}:1 cannot be read as YAML: its aliases stand for more than 1,000,000 characters"
    )


def test_aliases_that_recorders_write() -> None:
    """Headers that are repeated, a value of some length, and those of another anchor."""
    found, problem = read(f"a: &a {'x' * 1000}\nb: [*a, *a]\nc: {{<<: &b {{d: *a}}}}\ne: *b")
    assert problem == ""
    assert found == [
        {"a": "x" * 1000, "b": ["x" * 1000] * 2, "c": {"d": "x" * 1000}, "e": {"d": "x" * 1000}}
    ]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("a:\n  - b: [\n", ":3 cannot be read as YAML: "),
        ("a: \x00", " cannot be read as YAML: "),
        (
            "interactions:\n- !!python/object/apply:os.system [exit]",
            ":2 cannot be read as YAML: could not determine a constructor for the tag "
            "'tag:yaml.org,2002:python/object/apply:os.system'",
        ),
        ("a: !ruby/object:Gem::Installer {}", ":1 cannot be read as YAML: could not determine a "),
        (
            "a: 2026-13-99",
            " is nested too deeply, or holds a number, a date or a tagged value that is none",
        ),
        ("a: !!bool x", " is nested too deeply, or holds a number, a date or a tagged value"),
        (
            "a: 1\ninteractions: []\nb: 2\ninteractions: []",
            ":4 cannot be read as YAML: 'interactions' is repeated; keep one of them",
        ),
        ("a: &a [*a]", ":1 cannot be read as YAML: its aliases stand for more than 1,000,000"),
        ("[" * 5_000, ":1 cannot be read as YAML: exceeded maximum nesting depth"),
        (b"a: \xff", " cannot be read as YAML: "),
    ],
)
def test_what_cannot_be_read(content: str | bytes, why: str) -> None:
    """It is named with its reason, in one line; no object is made of any."""
    found, problem = read(content)
    assert all(value in ({}, {"interactions": None}) for value in found)
    assert problem.startswith(f"{PATH}{why}")
    assert "\n" not in problem
