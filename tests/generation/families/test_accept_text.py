"""Texts that some servers make something else of: the names, the values, and where they fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract.generation import suite
from enkash_contract.generation.families.accept_text import (
    TEXTS,
    odd_texts,
    odd_texts_without_pattern,
)
from tests.support.small_documents import small

if TYPE_CHECKING:
    from pathlib import Path

ASTRAL = "𠮷"
WORDS = {"zero": "0", "null": "null", "none": "none", "undefined": "undefined", "nan": "NaN"}


def test_the_texts_are_what_servers_are_known_to_reject() -> None:
    """The words for nothing, the characters of markup, and scripts beyond Latin."""
    words = {f"word-{name}": word for name, word in WORDS.items()}

    assert {name: text for name, text in TEXTS.items() if text.isascii()} == {
        **words,
        "markup": "& < > '",
    }
    assert [name for name in TEXTS if not TEXTS[name].isascii()] == [
        "right-to-left",
        "indic-scripts",
    ]
    # What is beyond the basic plane, or has blanks at its ends, has families of its own.
    assert max(max(text) for text in TEXTS.values()) < "\uffff"
    assert [text.strip() for text in TEXTS.values()] == [*TEXTS.values()]


@pytest.mark.parametrize(
    ("schema", "valid", "offered"),
    [
        ({}, "x", {**TEXTS, "astral-alone": ASTRAL}),
        ({"maxLength": 2}, "x", {**TEXTS, "astral-alone": ASTRAL}),
        # A server may count units of UTF-16, and nothing published says that it must not.
        ({"maxLength": 1}, "x", TEXTS),
        ({"pattern": "^[^x]{0,1}$"}, "y", TEXTS),
        ({"pattern": "^[^x]{2}$"}, "yy", {**TEXTS, "astral-alone": ASTRAL}),
        ({"pattern": "^[^x]{1,9}$", "maxLength": 1}, "y", TEXTS),
        ({"pattern": "(a|b)"}, "a", {**TEXTS, "astral-alone": ASTRAL}),
        ({}, 7, {}),
        ({}, None, {}),
    ],
)
def test_texts_are_offered_in_place_of_a_text(
    schema: dict[str, Any], valid: Any, offered: dict[str, str]
) -> None:
    """Only a text is replaced by one, and by nothing that may be too long in another unit."""
    assert dict(odd_texts(schema, valid)) == offered


def test_a_pattern_offers_the_texts_in_place_of_the_type() -> None:
    """Where a pattern stands beside the type, it is the rule that the texts stretch."""
    assert dict(odd_texts_without_pattern({"pattern": "a"}, "a")) == {}
    assert dict(odd_texts_without_pattern({}, "a")) == dict(odd_texts({}, "a"))


TEXT = {"type": "string"}


@pytest.mark.parametrize(
    ("schema", "names"),
    [
        (TEXT, {*TEXTS, "astral-alone"}),
        (TEXT | {"pattern": "^[a-z]+$"}, {"word-null", "word-none", "word-undefined"}),
        (TEXT | {"maxLength": 3}, {"word-zero", "word-nan", "astral-alone"}),
        (TEXT | {"minLength": 3}, {*TEXTS} - {"word-zero"}),
        # Valid all of them, but which texts are known is said by what is beside the type.
        (TEXT | {"examples": ["abc"]}, set()),
        (TEXT | {"examples": ["abc", "null"]}, {"word-null"}),
        (
            TEXT | {"x-known-good": {"pattern": "^[a-z]*$"}},
            {"word-null", "word-none", "word-undefined"},
        ),
        ({"allOf": [TEXT, {"examples": ["abc"]}]}, set()),
        ({"allOf": [TEXT, {"x-known-good": {"maxLength": 1}}]}, {"word-zero", "astral-alone"}),
        ({"allOf": [TEXT, {"enum": ["abc", "NaN"]}]}, {"word-nan"}),
        (TEXT | {"enum": ["abc", "NaN"], "examples": ["abc"]}, {"word-nan"}),
    ],
)
def test_only_what_is_known_good_is_a_case(
    tmp_path: Path, schema: dict[str, Any], names: set[str]
) -> None:
    """Whatever in the document limits the valid or the known values limits the texts."""
    whole = {"type": "object", "properties": {"it": schema}}
    operation = small(tmp_path, whole, example={"it": "abc"}).pick()
    made = [case for case in suite.build(operation) if case.rule.pointer == "/it"]
    odd = {case.family.partition("/")[2] for case in made if case.polarity == "accept"}

    assert odd & {*TEXTS, "astral-alone"} == names
