"""The document as OpenAPI 3.0: the same API, as far as it can be said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsonschema_rs
import openapi_spec_validator
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openapi_schema_validator import OAS30Validator

from enkash_contract.contract.contract import bundled, load
from enkash_contract.contract.lowering import lowered
from tests.support.drawn_schemas import JSON_VALUES, PLAIN, arrays, objects
from tests.support.many_files import many_files
from tests.support.second_document import data

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

SCHEMAS = st.recursive(
    PLAIN,
    lambda inner: (
        arrays(inner)
        | objects(inner)
        | st.fixed_dictionaries({"anyOf": st.lists(inner, min_size=1, max_size=2)})
    ),
    max_leaves=4,
)


def schema_of(schema: Mapping[str, Any]) -> Any:
    """Return a schema in a document of version 3.0."""
    info = {"title": "small", "version": "1"}
    components = {"schemas": {"It": schema}}
    return lowered({"info": info, "paths": {}, "components": components})["components"]["schemas"][
        "It"
    ]


@pytest.mark.parametrize("source", ["bundled", "second", "many"])
def test_the_document_is_one_of_version_3_0(source: str, tmp_path: Path) -> None:
    """OpenAPI's own validator of 3.0 finds nothing wrong with it."""
    documents: dict[str, Callable[[], Any]] = {
        "bundled": lambda: bundled().document.data,
        "second": data,
        "many": lambda: load(document=many_files(tmp_path)).document.data,
    }
    document = lowered(documents[source]())
    assert document["openapi"] == "3.0.3"
    assert list(openapi_spec_validator.OpenAPIV30SpecValidator(document).iter_errors()) == []


def test_what_3_0_has_no_word_for_is_kept_beside_it(tmp_path: Path) -> None:
    """Webhooks are an extension; what would be wrong is left out."""
    document = lowered(load(document=many_files(tmp_path)).document.data)
    assert list(document["x-webhooks"]) == ["paid"]
    second = lowered(data())
    assert "summary" not in second["info"]
    assert second["info"]["license"] == {"name": "MIT"}
    assert list(second["components"]["securitySchemes"]) == ["key", "bearer", "connect"]


@pytest.mark.parametrize(
    ("schema", "written"),
    [
        ({"type": ["string", "null"]}, {"type": "string", "nullable": True}),
        (
            {"type": ["string", "array"]},
            {"allOf": [{"anyOf": [{"type": "string"}, {"type": "array", "items": {}}]}]},
        ),
        (
            {"type": "null"},
            {"allOf": [{"type": "string", "nullable": True, "enum": [None]}]},
        ),
        ({"const": 1}, {"allOf": [{"enum": [1]}]}),
        (
            {"const": None},
            {"allOf": [{"type": "string", "nullable": True, "enum": [None]}]},
        ),
        ({"examples": ["a", "b"]}, {"example": "a"}),
        (
            {"minimum": 1, "exclusiveMinimum": 0},
            {"minimum": 1, "allOf": [{"minimum": 0, "exclusiveMinimum": True}]},
        ),
        (
            {"$ref": "#/components/schemas/It", "description": "It."},
            {"allOf": [{"$ref": "#/components/schemas/It"}], "description": "It."},
        ),
        (
            {"if": {}, "then": {}, "$comment": "x"},
            {"x-if": {}, "x-then": {}, "x-$comment": "x"},
        ),
        (
            {"const": 1, "allOf": [{"const": 1}], "properties": {"const": {"type": "array"}}},
            {
                "allOf": [{"enum": [1]}, {"allOf": [{"enum": [1]}]}],
                "properties": {"const": {"type": "array", "items": {}}},
            },
        ),
    ],
)
def test_each_keyword_is_written_as_3_0_knows_it(schema: Any, written: Any) -> None:
    """Or it is kept as an extension."""
    assert schema_of(schema) == written


@given(SCHEMAS, JSON_VALUES)
def test_no_constraint_becomes_narrower(schema: dict[str, Any], value: Any) -> None:
    """Whatever is valid by the document is valid by that of version 3.0."""
    if jsonschema_rs.is_valid(schema, value):
        assert OAS30Validator(schema_of(schema)).is_valid(value)
