"""The kinds of requests: a row for each family, and words that go together."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract.contract.keywords import PHRASES
from enkash_contract.generation import suite
from enkash_contract.report import kinds
from enkash_contract.report.kinds import ACCEPT, BROKEN, REJECT, kind_of, whole_of
from tests.support.keyword_cases import KEYWORDS, in_object
from tests.support.small_documents import small

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.contract.operation import Operation
    from enkash_contract.report.kinds import Kind


def unnamed(operation: Operation, base: Any = None) -> set[str]:
    """Return the families of an operation's suite that have no row."""
    tables = {"reject": REJECT, "accept": ACCEPT}
    return {
        case.family
        for case in suite.build(operation, base)
        if kind_of(tables[case.polarity], case.family) is None
    }


def test_each_family_of_the_suite_has_a_row(operation: Operation) -> None:
    """A new family is told in words, not only by its name."""
    assert unnamed(operation) == set()


@pytest.mark.parametrize(("schema", "valid"), [(row[0], row[1]) for row in KEYWORDS])
def test_each_family_of_each_keyword_has_a_row(
    schema: dict[str, Any], valid: Any, tmp_path: Path
) -> None:
    """Also those of keywords that the bundled document does not use."""
    assert unnamed(small(tmp_path, in_object(schema)).pick(), {"it": valid}) == set()


def test_each_keyword_has_words() -> None:
    """What has no family goes by the keyword of its rule."""
    assert PHRASES.keys() - BROKEN.keys() == {"status"}


def test_no_row_hides_another() -> None:
    """The first row that matches counts, so each row is the first for a family of its own."""
    for table in (REJECT, ACCEPT):
        for row in table:
            family = row.replace("?*", "pattern").replace("*", "x")
            assert kind_of(table, family) is not None


@pytest.mark.parametrize("table", [REJECT, ACCEPT, BROKEN])
def test_subjects_are_plural_phrases(table: dict[str, Kind]) -> None:
    """They begin in lower case or with a number, and end without a stop."""
    for kind in table.values():
        assert re.fullmatch(r"[a-z0].*[^.,]", kind.subject), kind
        assert kind.taken in ("", " as {types}")


@pytest.mark.parametrize(
    ("families", "family", "subject"),
    [
        (["required/removed"], "required/misspelt-upper", "requests without a required member"),
        ([], "required/misspelt-upper", "names of members in other capitals"),
        (["pattern/one-over"], "pattern/one-over-by-blank", "texts that are too long"),
        ([], "pattern/one-over-by-blank", "texts that are too long by a blank"),
        (["maxLength/one-over"], "pattern/suffixed", "texts with more before or after them"),
    ],
)
def test_a_part_goes_with_the_whole(families: list[str], family: str, subject: str) -> None:
    """Whoever accepts a request without the member accepts it under another name too."""
    kind = kind_of(REJECT, family)
    assert kind is not None

    assert whole_of(kind, families).subject == subject


def test_drawn_families_are_those_of_the_suite() -> None:
    """Fuzzing breaks the same rules in the same ways."""
    assert kind_of(REJECT, "type/null/drawn") is kind_of(REJECT, "type/null")
    assert kind_of(REJECT, "drawn") is None
    assert kind_of(REJECT, "type/right/drawn") is None
    assert kinds.VALID.subject == "valid requests"
