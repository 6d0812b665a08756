"""What a report comes to, in a sentence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from enkash_contract.judging.result import Result
from enkash_contract.report import words
from enkash_contract.report.build import build
from tests.support.results import RESULT, about, finding

ALL_HELD = Result((), {"held": 1})


@pytest.mark.parametrize(
    ("result", "sentence"),
    [
        (RESULT, "Not all could be read of http://h [x]: 3 violations, 1 cause in the rest."),
        (
            replace(RESULT, unread=()),
            "http://h [x] violates the contract: 3 violations, 1 cause.",
        ),
        (
            replace(RESULT, interrupted=True),
            "The run on http://h [x] was interrupted: 3 violations, 1 cause by then.",
        ),
        (
            replace(ALL_HELD, waivers=("w",)),
            "http://h [x] has no violation, but waivers are out of date.",
        ),
        (replace(ALL_HELD, promises=("p",)), "http://h [x] was not tested as promised."),
        (Result(), "Nothing could be concluded about http://h [x]."),
        (ALL_HELD, "http://h [x] conforms to the contract."),
        (
            Result((finding("assumption"), finding("waived")), {"assumption": 1}),
            "http://h [x] conforms to the contract; 1 violation waived, and 1 assumed rule broken, "
            "which fails nothing.",
        ),
    ],
)
def test_the_verdict(result: Result, sentence: str) -> None:
    """What decides over the exit code is said first."""
    assert words.verdict(build(result, about())) == sentence


def test_the_verdict_begins_as_a_sentence_does() -> None:
    """The embedded sandbox has no address; a sum of nothing has no target."""
    whole = build(ALL_HELD, replace(about(), target="the sandbox"))
    assert words.verdict(whole) == "The sandbox conforms to the contract."
    whole = build(ALL_HELD, replace(about(), target=""))
    assert words.verdict(whole) == "What was checked conforms to the contract."


@pytest.mark.parametrize(
    ("result", "sentence"),
    [
        (
            Result((finding(),), {"violation": 1}),
            "a, b violate the contract: 1 violation, 1 cause.",
        ),
        (replace(ALL_HELD, waivers=("w",)), "a, b have no violation, but waivers are out of date."),
        (replace(ALL_HELD, promises=("p",)), "a, b were not tested as promised."),
        (ALL_HELD, "a, b conform to the contract."),
    ],
)
def test_several_targets_are_many(result: Result, sentence: str) -> None:
    """The verb goes with their number."""
    assert words.verdict(build(result, replace(about(), target="a, b"))) == sentence


def test_what_is_proven() -> None:
    """Rules by state, and how many were exercised both ways."""
    assert words.proven(build(RESULT, about())) == (
        "87 rules: 12 held, 2 broken, 73 not exercised; coverage: 1 of 64 rules both ways"
    )
