"""Parts of OpenAPI that only people and other tools read are held to OpenAPI as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.anything import REMOVED, changed
from tests.support.second_document import data, messages_of

if TYPE_CHECKING:
    from pathlib import Path

MAPPING = "write a mapping; see OpenAPI 3.1"
SEE = "see OpenAPI 3.1"
ADD = "add it; see OpenAPI 3.1"
NOT = "is not as OpenAPI says:"
NONE_OF_THEM = "is not valid under any of the schemas listed in the 'anyOf' keyword"


@pytest.mark.parametrize(
    ("at", "new", "message"),
    [
        (("info", "title"), REMOVED, f"info has no 'title'; {ADD}"),
        (
            ("info", "licence"),
            {},
            "info with the keyword 'licence' is not honoured here; did you mean license?",
        ),
        (("info", "contact"), "me", f'contact {NOT} "me" is not of type "object"; {SEE}'),
        (
            ("info", "license"),
            {"identifier": "MIT", "x-a": 1},
            f"a license has no 'name'; {ADD}",
        ),
        (
            ("servers", 0, "variables", "host", "default"),
            1,
            f'variables {NOT} 1 is not of type "string"; {SEE}',
        ),
        (
            ("info", "license"),
            {"name": "MIT", "identifier": "MIT", "url": "https://mit.example"},
            "a license has an identifier and a url; keep one of them",
        ),
        (("info", "license"), 1, f"this is not a license; {MAPPING}"),
        (("security",), [{"key": 1}], "key is not a list; write a list"),
        (("tags",), [1], f"this is not a tag; {MAPPING}"),
        (
            ("components", "securitySchemes"),
            {"key": {}},
            f"securitySchemes {NOT} {{}} {NONE_OF_THEM}; {SEE}",
        ),
    ],
)
def test_a_description_that_is_not_openapi_is_refused(
    at: tuple[Any, ...], new: object, message: str, tmp_path: Path
) -> None:
    """By its name, whoever reads it."""
    assert messages_of(changed(data(), at, new), tmp_path) == [message]
