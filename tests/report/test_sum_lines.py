"""The sum of several reports, as people read it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from enkash_contract.judging.recordings import Recordings
from enkash_contract.report.build import build
from enkash_contract.report.sum_lines import MOST, sum_lines
from tests.support.results import RESULT, about

REPORT = replace(build(RESULT, about()), origin=None)


def test_the_lines_of_a_sum() -> None:
    """Each cause in a sentence, what is out of date or missing, and the verdict."""
    report = replace(REPORT, waivers=("c.toml:3: expired",))

    assert [*sum_lines(report)] == [
        "1. requests without a required member are accepted: 1 member, 3 violations (server)",
        "waiver: c.toml:3: expired",
        "note: x.har is not HAR",
        "coverage: 1 of 64 rules both ways",
        "http://h [x]: not all could be read; 1 run, 11 checked: 5 held, 3 violations, "
        "1 assumption, 2 inconclusive",
    ]


def test_recordings_are_counted() -> None:
    """Where any were read."""
    recordings = Recordings(files=2, read=9, ours=4, judged=3)
    lines = [*sum_lines(replace(REPORT, recordings=recordings))]
    assert lines[2] == "recordings: 2 files, 9 interactions read, 4 of our operations, 3 judged"


def test_many_causes_are_not_all_told() -> None:
    """Nor are those without members said to have any; coverage that is missing is named."""
    causes = (replace(REPORT.causes[0], members=()),) * (MOST + 2)
    lines = [*sum_lines(replace(REPORT, causes=causes, promises=("request#json lacks reject",)))]

    assert lines[0] == "1. requests without a required member are accepted: 3 violations (server)"
    assert lines[MOST : MOST + 2] == ["+2 more causes", "coverage: request#json lacks reject"]


@pytest.mark.parametrize(
    ("code", "verdict"), [(0, "conforms"), (1, "violates the contract"), (3, "nothing could be")]
)
def test_the_verdict(code: int, verdict: str) -> None:
    """By the exit code of the sum."""
    runs = (replace(REPORT.runs[0], exit=code),)
    assert f": {verdict}" in [*sum_lines(replace(REPORT, runs=runs))][-1]
