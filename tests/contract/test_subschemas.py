"""The schemas that stand directly within a schema."""

from __future__ import annotations

from typing import Any

import pytest

from enkash_contract.contract.document import Document
from enkash_contract.contract.keywords import KEYWORDS
from enkash_contract.contract.subschemas import Subschema, subschemas, with_subschemas
from enkash_contract.place import Place

ONE, OTHER = {"type": "string"}, {"type": "null"}


@pytest.mark.parametrize(
    ("keyword", "value", "inner"),
    [
        (
            "properties",
            {"a": ONE, "b": OTHER},
            [
                Subschema(("properties", "a"), ("a",), ONE),
                Subschema(("properties", "b"), ("b",), OTHER),
            ],
        ),
        (
            "allOf",
            [ONE, OTHER],
            [Subschema(("allOf", 0), (), ONE), Subschema(("allOf", 1), (), OTHER)],
        ),
        ("anyOf", [ONE], [Subschema(("anyOf", 0), (), ONE)]),
        ("oneOf", [ONE], [Subschema(("oneOf", 0), (), ONE)]),
        ("items", ONE, [Subschema(("items",), ("*",), ONE)]),
        ("additionalProperties", ONE, [Subschema(("additionalProperties",), ("*",), ONE)]),
        ("additionalProperties", False, []),
        ("const", {"type": "string"}, []),
        ("x-known-good", ONE, []),
        ("enum", [ONE], []),
    ],
)
def test_each_schema_is_found_with_its_path_and_what_it_speaks_of(
    keyword: str, value: Any, inner: list[Subschema]
) -> None:
    """The path leads from the schema around it, and the members from the instance around it."""
    assert list(subschemas(keyword, value)) == inner


@pytest.mark.parametrize(
    ("keyword", "value", "changed"),
    [
        ("properties", {"a": ONE, "b": OTHER}, {"a": "properties/a", "b": "properties/b"}),
        ("properties", {}, {}),
        ("allOf", [ONE, OTHER], ["allOf/0", "allOf/1"]),
        ("items", ONE, "items"),
        ("additionalProperties", ONE, "additionalProperties"),
        ("additionalProperties", True, True),
        ("const", {"type": "string"}, {"type": "string"}),
        ("minLength", 1, 1),
    ],
)
def test_each_schema_is_changed_in_its_place(keyword: str, value: Any, changed: Any) -> None:
    """The value keeps its shape, and what is no schema is as it was."""
    assert with_subschemas(keyword, value, lambda path, _: "/".join(map(str, path))) == changed


@pytest.mark.parametrize("keyword", sorted(KEYWORDS))
def test_every_keyword_whose_value_is_checked_as_schemas_is_walked_into(keyword: str) -> None:
    """What the document may write as a schema is one to every walk, but for the known good."""
    unknown = {"unheard-of": 1}
    for value in ({"a": unknown}, [unknown], unknown):
        document = Document({keyword: value}, ("a.yaml",), {(): Place("a.yaml", 1)})
        problems = map(str, KEYWORDS[keyword].check(document, (keyword,)))
        if any("a schema with the keyword 'unheard-of'" in problem for problem in problems):
            inner = [inner.schema for inner in subschemas(keyword, value)]
            assert inner == ([] if keyword == "x-known-good" else [unknown])
            break
    else:
        assert list(subschemas(keyword, ())) == []
