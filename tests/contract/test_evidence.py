"""Levels of evidence: their order, their names, and what several are worth together."""

from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.contract.evidence import (
    FAIL_ON,
    OVERLAY_ONLY,
    Evidence,
    Level,
    Source,
    strongest,
    weakest,
)
from enkash_contract.errors import UsageError

NAMES = ["confirmed", "documented", "example", "sibling", "observed", "disputed", "assumed"]
ANY = st.sampled_from(Level)


def test_the_levels_are_these_strongest_first() -> None:
    """The order is the meaning: people quote the names, and the strength follows the order."""
    assert [str(level) for level in Level] == NAMES


def test_findings_fail_from_sibling_up_unless_told_otherwise() -> None:
    """What is only observed, disputed or assumed fails nobody's build."""
    assert [str(level) for level in Level if level.at_least(FAIL_ON)] == [
        "confirmed",
        "documented",
        "example",
        "sibling",
    ]


def test_only_a_partner_confirms_or_observes() -> None:
    """Two levels need someone who has letters or traffic."""
    assert {Level.CONFIRMED, Level.OBSERVED} == OVERLAY_ONLY


@given(ANY, ANY)
def test_of_two_levels_one_is_at_least_the_other(one: Level, other: Level) -> None:
    """The order is total, and only a level itself is both above and below it."""
    assert (one is other) == (one.at_least(other) and other.at_least(one))
    assert one.at_least(other) or other.at_least(one)


@given(st.lists(ANY, min_size=1))
def test_the_weakest_is_what_all_reach(levels: list[Level]) -> None:
    """A claim resting on several grounds is worth its weakest, and that is one of them."""
    known = [Evidence(level) for level in levels]
    found = weakest(known)
    assert found in known
    assert all(one.at_least(found.level) for one in known)


@given(st.lists(ANY, min_size=1))
def test_the_strongest_is_what_none_surpasses(levels: list[Level]) -> None:
    """A claim that needs only one of several grounds is worth the best of them."""
    known = [Evidence(level) for level in levels]
    found = strongest(known)
    assert found in known
    assert all(found.at_least(each.level) for each in known)


@pytest.mark.parametrize("name", NAMES)
def test_a_level_is_found_by_its_name(name: str) -> None:
    """The name and the member both stand for the level."""
    level = Level.of(name)
    assert (str(level), Level.of(level)) == (name, level)


def test_a_level_that_is_not_names_those_that_are() -> None:
    """The message says what was given and what could have been."""
    with pytest.raises(UsageError) as raised:
        Level.of("certain")
    assert str(raised.value) == (
        "'certain' is not a level of evidence; the levels are confirmed, documented, example, "
        "sibling, observed, disputed, assumed"
    )


@given(ANY)
def test_a_level_stays_itself_when_copied(level: Level) -> None:
    """Levels are keys of tables, so a copy or a pickle must be the very same member."""
    assert copy.deepcopy(level) is level
    assert pickle.loads(pickle.dumps(level)) is level  # noqa: S301 - our own bytes
    assert len({level, Level(level.value)}) == 1


@pytest.mark.parametrize(
    ("evidence", "text"),
    [
        (Evidence(Level.ASSUMED), "assumed"),
        (
            Evidence(Level.SIBLING, Source("api-1", read="2026-01-02")),
            "sibling (api-1, read 2026-01-02)",
        ),
        (Evidence(Level.OBSERVED, Source("ours.yaml")), "observed (ours.yaml)"),
        (
            Evidence(Level.DISPUTED, Source("api-1", read="2026-01-02"), (Source("api-2"),)),
            "disputed (api-1, read 2026-01-02; api-2)",
        ),
    ],
)
def test_evidence_says_its_level_and_where_it_is_from(evidence: Evidence, text: str) -> None:
    """The source stands in brackets, with the day it was read where that is known."""
    assert str(evidence) == text


@pytest.mark.parametrize(
    ("evidence", "data"),
    [
        (Evidence(Level.ASSUMED), {"level": "assumed", "source": None}),
        (Evidence(Level.SIBLING, Source("a")), {"level": "sibling", "source": "a"}),
        (
            Evidence(Level.DISPUTED, Source("a"), (Source("b"), Source("c"))),
            {"level": "disputed", "source": "a", "sources": ["a", "b", "c"]},
        ),
    ],
)
def test_evidence_is_data_with_all_its_sources(evidence: Evidence, data: object) -> None:
    """Most evidence has one source at most; only where there are several, all are listed."""
    assert evidence.as_data() == data
