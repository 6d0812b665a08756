"""YAML: plain values only, one document or several, also of a file that breaks off."""

from __future__ import annotations

import tracemalloc
from typing import Any

import pytest

from enkash_contract.errors import RecordingError
from enkash_contract.traffic.cutting import tape, yaml_text
from tests.support.streams import Trickle

LISTS = ("log.entries", "interactions", "http_interactions")


def read(text: str | bytes, step: int = 1 << 20) -> list[tuple[str, Any]]:
    """Return the place and line of each piece with its value, or what is wrong with it."""
    data = text.encode() if isinstance(text, str) else text
    found: list[tuple[str, Any]] = []
    for piece in yaml_text.pieces(Trickle(data, step).read, "tape.yaml", LISTS):
        try:
            found.append((f"{piece.place} at {piece.line}", piece.value))
        except RecordingError as error:
            found.append((str(error), None))
    return found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: 1", [("document[0] at 1", {"a": 1})]),
        ("a: 1\n---\n---\nb: 2", [("document[0] at 1", {"a": 1}), ("document[1] at 4", {"b": 2})]),
        ("", []),
        ("--- []", [("document[0] at 1", [])]),
        ("- 1\n- a: 2", [("[0] at 1", 1), ("[1] at 2", {"a": 2})]),
        # As Ruby writes bytes, and texts that YAML would take for something else.
        (
            "a: !binary |-\n  e30=\nb: !str 7\nc: ! 8",
            [("document[0] at 1", {"a": b"{}", "b": "7", "c": 8})],
        ),
        ("a: !!binary e30=", [("document[0] at 1", {"a": b"{}"})]),
        (
            "a: 1\ninteractions:\n- b\n- {c: !!python/tuple [1]}\nb: 2",
            [("interactions[0] at 3", "b"), ("interactions[1] at 4", {"c": [1]})],
        ),
        ("log: {a: 1, entries: [2], b: 1}", [("log.entries[0] at 1", 2)]),
        ("log: {a: 1}", [("document[0] at 1", {"log": {"a": 1}})]),
        ("interactions: 7", [("document[0] at 1", {"interactions": 7})]),
        ("[a]: 7", [("tape.yaml:1 cannot be read as YAML: found unhashable key", None)]),
        ("interactions: []", []),
        (b"- \xff", [("[0] at 1", "\ufffd")]),
    ],
)
def test_each_item_is_read(text: str | bytes, found: list[tuple[str, Any]]) -> None:
    """In their order; an empty document is nothing. It may come one byte at a time."""
    placed = [
        (at if at.startswith("tape.yaml:1 ") else f"tape.yaml:{at}", value) for at, value in found
    ]
    assert read(text) == read(text, 1) == placed


ITEM = "- request: {uri: 'a'}\n  response: {}\n"


@pytest.mark.parametrize(
    ("text", "count", "line"),
    [
        (f"interactions:\n{ITEM}{ITEM}- request: {{uri: 'a", 2, 6),
        (f"interactions:\n{ITEM}- request: 'a", 1, 4),
        (f"interactions:\n{ITEM}---\ninteractions:\n{ITEM}- '", 2, 8),
        ("interactions:\n- 'a", 0, 2),
        (f"a: [\n{ITEM}- request: 'a", 0, 2),
        ("a: 'b", 0, 1),
    ],
)
def test_a_file_that_breaks_off(text: str, count: int, line: int) -> None:
    """Whole items are read, and the rest is named with its line."""
    *found, (problem, nothing) = read(text)
    assert [value for _, value in found] == [{"request": {"uri": "a"}, "response": {}}] * count
    assert problem.startswith(f"tape.yaml:{line} cannot be read as YAML: ")
    assert nothing is None


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
        ((problem, _),) = read(text)
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()
    assert problem.startswith("tape.yaml:")
    assert problem.endswith(
        " cannot be read as YAML: its aliases stand for more than 1,000,000 characters"
    )


def test_aliases_that_recorders_write() -> None:
    """Headers that are repeated, a value of some length, and those of another anchor."""
    text = f"a: &a {'x' * 1000}\nb: [*a, *a]\nc: {{<<: &b {{d: *a}}}}\ne: *b"
    assert [value for _, value in read(text)] == [
        {"a": "x" * 1000, "b": ["x" * 1000] * 2, "c": {"d": "x" * 1000}, "e": {"d": "x" * 1000}}
    ]
    assert [value for _, value in read("interactions:\n- &a {b: 1}\n- *a\n- [*a]")] == [
        {"b": 1},
        {"b": 1},
        [{"b": 1}],
    ]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("a:\n  - b: [\n", ":3 cannot be read as YAML: "),
        ("a: \x00", ":1 cannot be read as YAML: it holds a control character"),
        (
            "interactions:\n- !!python/object/apply:os.system [exit]",
            ":2 cannot be read as YAML: could not determine a constructor for the tag "
            "'tag:yaml.org,2002:python/object/apply:os.system'",
        ),
        (
            "a: !!secret-4f1d x",
            ":1 cannot be read as YAML: could not determine a constructor for the tag",
        ),
        ("a: *secret-4f1d", ":1 cannot be read as YAML: found undefined alias"),
        ("a: !ruby/object:Gem::Installer {}", ":1 cannot be read as YAML: could not determine a "),
        (
            "a: 2026-13-99",
            ":1 is nested too deeply, or holds a number, a date or a tagged value that is none",
        ),
        ("a: !!bool x", ":1 is nested too deeply, or holds a number, a date or a tagged value"),
        (
            "a: 1\ninteractions: []\nb: 2\ninteractions: []",
            ":4 cannot be read as YAML: 'interactions' is repeated; keep one of them",
        ),
        ("a: &a [*a]", ":1 cannot be read as YAML: its aliases stand for more than 1,000,000"),
        ("[" * 5_000, ":1 cannot be read as YAML: exceeded maximum nesting depth"),
    ],
)
def test_what_cannot_be_read(content: str | bytes, why: str) -> None:
    """It is named with its reason, in one line; no object is made of any."""
    ((problem, value),) = read(content)
    assert value is None
    assert problem.startswith(f"tape.yaml{why}")
    assert "\n" not in problem
    assert "4f1d" not in problem


GOOD = "- {a: 1}\n"
QUOTE = "cannot be read as YAML: found unexpected end of stream"
BROKEN: dict[str, tuple[str, list[str]]] = {
    "one item": (
        f"interactions:\n{GOOD}- {{a: ]}}\n{GOOD}version: 1\n",
        [":interactions[0]", ":3 cannot be read as YAML: did not find expected node content",
         ":interactions[2]"],
    ),
    "the first item": (
        f"interactions:\n- {{a: ]}}\n{GOOD}",
        [":2 cannot be read as YAML: did not find expected node content", ":interactions[1]"],
    ),
    "a quote that is closed by the next": (
        f"interactions:\n{GOOD}- 'a\n{GOOD}- 'b'\n{GOOD}",
        [":interactions[0]", ":interactions[1]",
         ":5 cannot be read as YAML: did not find expected key", ":interactions[3]"],
    ),
    "a quote that is never closed": (
        f"interactions:\n{GOOD}- 'a\n{GOOD}{GOOD}",
        [":interactions[0]", f":3 {QUOTE}", ":interactions[2]", ":interactions[3]"],
    ),
    "another document": (
        f"interactions:\n{GOOD}- {{a: ]}}\n{GOOD}version: 1\n---\ninteractions:\n{GOOD}",
        [":interactions[0]", ":3 cannot be read as YAML: did not find expected node content",
         ":interactions[2]", ":document[1]:interactions[0]"],
    ),
    "a list that is all": (
        f"{GOOD}- [\n{GOOD}---\n{GOOD}",
        [":[0]", ":2 cannot be read as YAML: did not find expected node content", ":[2]",
         ":document[1]:[0]"],
    ),
    "indented items": (
        "http_interactions:\n  - a: 1\n  - b: }\n    c: '\n  - a:\n      - 2\n    d: 3\nx: VCR\n",
        [":http_interactions[0]", ":3 cannot be read as YAML: did not find expected node content",
         ":http_interactions[2]"],
    ),
    "a control character": (
        f"interactions:\n{GOOD}- a: '\0'\n{GOOD}",
        [":interactions[0]",
         ":3 cannot be read as YAML: it holds a control character",
         ":interactions[2]"],
    ),
    "what is around the list": (
        f"interactions:\n{GOOD}version: [\n",
        [":interactions[0]", ":4 cannot be read as YAML: did not find expected node content"],
    ),
    "the end of the list": (
        f"interactions:\n{GOOD}}}\n{GOOD}",
        [":interactions[0]", ":3 cannot be read as YAML: did not find expected key"],
    ),
    "a list in one line": (
        "interactions: [{a: 1}, {b: ]}, {a: 1}]\n",
        [":interactions[0]", ":1 cannot be read as YAML: did not find expected node content"],
    ),
    "aliases of items before": (
        "interactions:\n- &a {a: 1}\n- {a: ]}\n- *a\n- [*a, *b]\n- {c: 1}\n",
        [":interactions[0]", ":3 cannot be read as YAML: did not find expected node content",
         ":interactions[2]", ":5 cannot be read as YAML: found undefined alias",
         ":interactions[4]"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("step", [1, 1 << 20])
@pytest.mark.parametrize("kind", BROKEN)
def test_what_is_broken(kind: str, step: int) -> None:
    """It is named in one line, and all other items are read."""
    text, found = BROKEN[kind]
    told = [at.partition(" at ")[0] for at, _ in read(text, step)]
    assert told == [f"tape.yaml{at}" for at in found]


def test_what_is_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """An item costs one line; of another document, nothing can be read on."""
    monkeypatch.setattr(tape, "MOST", 50)
    text = f"interactions:\n{GOOD}- {'b' * 99}\n{GOOD}"
    assert [at for at, _ in read(text, 9)] == [
        "tape.yaml:interactions[0] at 2",
        f"tape.yaml:3 {tape.TOO_LONG}",
        "tape.yaml:interactions[2] at 4",
    ]
    assert read(f"a: '{'b' * 99}'", 9) == [(f"tape.yaml {tape.TOO_LONG}", None)]
