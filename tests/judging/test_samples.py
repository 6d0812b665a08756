"""Findings that are alike: the first three are kept, all are counted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.judging.samples import Samples, joined, number_of
from tests.support.results import finding

if TYPE_CHECKING:
    from enkash_contract.judging.finding import Finding

ALIKE = st.builds(
    lambda rule, source, count: finding(rule=rule, source=source, count=count),
    st.sampled_from(["a", "b"]),
    st.sampled_from("xyz"),
    st.sampled_from([1, 1, 1, 7]),
)
FINDINGS = st.lists(ALIKE, max_size=8).map(tuple)


def sampled(*findings: Finding) -> tuple[Finding, ...]:
    """Add findings one by one."""
    samples = Samples()
    for each in findings:
        samples.add(each)
    return samples.findings()


@given(FINDINGS, FINDINGS, FINDINGS)
def test_samples_add_up_in_any_grouping(
    one: tuple[Finding, ...], two: tuple[Finding, ...], three: tuple[Finding, ...]
) -> None:
    """The first three of a sum are the first three of its parts, and nothing is lost."""
    whole = (*one, *two, *three)

    assert joined((*joined((*one, *two)), *three)) == joined((*one, *joined((*two, *three))))
    assert number_of(joined(whole)) == number_of(whole)
    assert sampled(*sampled(*one), *sampled(*two, *three)) == sampled(*whole)
    assert number_of(sampled(*whole)) == number_of(whole)


def test_the_first_three_are_kept() -> None:
    """In their order; the third counts those after it, and other kinds have their own three."""
    alike = [finding(source=str(number)) for number in range(5)]
    other = finding(rule="another")

    assert sampled(*alike[:4], other, alike[4]) == (
        *alike[:2],
        replace(alike[2], count=3),
        other,
    )


def test_what_was_never_sampled_stays_whole() -> None:
    """A run keeps all its findings, also beside those of a recording."""
    alike = tuple(finding(source=str(number)) for number in range(5))
    counted = finding(rule="another", count=9)

    assert joined(alike) == alike
    assert joined((*alike, counted, counted)) == (*alike, counted, counted)
