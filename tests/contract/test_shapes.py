"""Checks of the values that any part of a document may hold."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract.contract import shapes
from enkash_contract.contract.document import Document
from enkash_contract.place import Place

if TYPE_CHECKING:
    from enkash_contract.contract.shapes import Check

LIST = partial(shapes.list_of, shapes.STRING)
SOME = partial(shapes.some_of, shapes.anything)
MAP = partial(shapes.map_of, shapes.STRING, "[a-z]+")
OBJECT = partial(shapes.an_object, "a thing", {"name": shapes.STRING}, ("name",))


@pytest.mark.parametrize(
    ("check", "value", "messages"),
    [
        (shapes.anything, None, []),
        (shapes.STRING, "a", []),
        (shapes.STRING, 1, ["it is not a string; write a string"]),
        (shapes.BOOLEAN, False, []),
        (shapes.BOOLEAN, 0, ["it is not true or false; write true or false"]),
        (shapes.NUMBER, 1.5, []),
        (shapes.NUMBER, True, ["it is not a number; write a number"]),
        (LIST, [], []),
        (LIST, ["a", 1], ["item 2 of it is not a string; write a string"]),
        (LIST, "a", ["it is not a list; write a list"]),
        (SOME, [None], []),
        (SOME, [], ["it is empty; list at least one, or remove it"]),
        (MAP, {"a": "b", "x-more": 1}, []),
        (MAP, {"A": 1}, ["'A' is no key of it; see OpenAPI 3.1"]),
        (MAP, {"a": 1}, ["a is not a string; write a string"]),
        (MAP, [], ["it is not a mapping; write a mapping; see OpenAPI 3.1"]),
        (
            MAP,
            {"x-evidence": "assumed"},
            ["x-evidence is not a mapping of constraints to evidence; write e.g. {type: assumed}"],
        ),
        (OBJECT, {"name": "a", "x-more": 1}, []),
        (OBJECT, 1, ["this is not a thing; write a mapping; see OpenAPI 3.1"]),
        (
            OBJECT,
            {"nam": "a"},
            [
                "a thing with the keyword 'nam' is not honoured here; did you mean name?",
                "a thing has no 'name'; add it; see OpenAPI 3.1",
            ],
        ),
    ],
)
def test_a_value_is_checked(check: Check, value: Any, messages: list[str]) -> None:
    """Each problem names the value as a reader of the document would, and what to do."""
    document = Document({"it": value}, ("a.yaml",), {(): Place("a.yaml", 1)})
    problems = check(document, ("it",))
    assert [f"{problem.message}; {problem.remedy}" for problem in problems] == messages
