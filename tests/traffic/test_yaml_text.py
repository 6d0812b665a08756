"""YAML: plain values only, one document or several, also of a file that breaks off."""

from __future__ import annotations

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
            " is nested too deeply, or holds a number or a date that is none",
        ),
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
