"""Results are sums: they add up in any grouping, weigh the same everywhere, and travel."""

from __future__ import annotations

import functools
import operator
import pickle
from dataclasses import FrozenInstanceError, fields
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.contract.evidence import Evidence, Level, Source
from enkash_contract.errors import UsageError
from enkash_contract.judging.finding import Finding, Severity
from enkash_contract.judging.members import Doubt, Member
from enkash_contract.judging.result import Result, Tally, Verdict, add, severity, worst
from enkash_contract.place import Place
from enkash_contract.wire.message import Interaction, Request, Response

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

VERDICTS: list[Verdict] = ["held", "violation", "assumption", "inconclusive", "masked", "waived"]
SEVERITIES: list[Severity] = ["violation", "assumption", "waived"]


def finding(check: str = "not_a_server_error", weight: Severity = "violation") -> Finding:
    """Return a finding with a value in every field."""
    request = Request("POST", "http://h/x", (("Authorization", "secret"),), b"{}")
    return Finding(
        check=check,
        operation="changeInvoiceStatus",
        rule="request/b2bIds#type",
        evidence=Evidence(Level.EXAMPLE, Source("page", "what", "2026-11-22")),
        severity=weight,
        message="answered 500",
        document=Place("openapi/enkash.yaml", 7),
        pointer="/b2bIds",
        family="type/null",
        case="request/b2bIds#type/null",
        source="http://h",
        interaction=Interaction(request, Response(500), source="http://h"),
    )


FINDINGS = st.builds(finding, st.sampled_from("abc"), st.sampled_from(SEVERITIES))
NAMES = st.sampled_from(["a", "b", "c"])


DOUBTS = st.builds(
    Doubt, NAMES, NAMES, NAMES, st.sampled_from(["accept", "reject"]), st.tuples(NAMES)
)


def results() -> SearchStrategy[Result]:
    """Draw results of every kind."""
    return st.builds(
        Result,
        findings=st.lists(FINDINGS, max_size=2).map(tuple),
        verdicts=st.dictionaries(st.sampled_from(VERDICTS), st.integers(0, 9), max_size=3),
        tallies=st.dictionaries(
            st.tuples(NAMES, st.sampled_from(["accept", "reject"])),
            st.builds(Tally, *[st.integers(0, 9)] * 4),
            max_size=3,
        ),
        baseline=st.none() | st.sampled_from(["accepted", "rejected"]),
        notes=st.lists(NAMES, max_size=2, unique=True).map(tuple),
        unread=st.lists(NAMES, max_size=2).map(tuple),
        waivers=st.lists(NAMES, max_size=2, unique=True).map(tuple),
        interrupted=st.booleans(),
        members=st.dictionaries(
            st.tuples(NAMES, NAMES),
            st.builds(Member, st.booleans(), st.frozensets(NAMES)),
            max_size=3,
        ),
        doubts=st.dictionaries(DOUBTS, st.integers(1, 9), max_size=2),
    )


@given(results(), results(), results())
def test_results_add_up_in_any_grouping(one: Result, two: Result, three: Result) -> None:
    """However parts of a run are added up, the whole is the same."""
    assert (one + two) + three == one + (two + three)


@given(results())
def test_nothing_added_changes_nothing(result: Result) -> None:
    """An empty result is the neutral one, on either side."""
    assert Result() + result == result == result + Result()


def test_a_word_that_is_no_verdict_is_refused() -> None:
    """A mistyped one would count as none."""
    with pytest.raises(UsageError) as raised:
        Result().count("violations")  # type: ignore[arg-type]
    assert str(raised.value) == (
        "there is no verdict 'violations'; the verdicts are "
        "held, violation, assumption, inconclusive, masked, waived"
    )


@given(results(), results())
def test_counts_of_a_sum_are_sums(one: Result, two: Result) -> None:
    """No case is lost or counted twice on the way."""
    both = one + two

    assert both.total == one.total + two.total
    assert [both.count(verdict) for verdict in VERDICTS] == [
        one.count(verdict) + two.count(verdict) for verdict in VERDICTS
    ]
    assert both.violations == one.violations + two.violations
    assert both.assumptions == one.assumptions + two.assumptions
    assert both.waived == one.waived + two.waived


@given(st.lists(results(), max_size=5))
def test_many_add_up_as_one_by_one(parts: list[Result]) -> None:
    """In one pass over all of them."""
    assert add(parts) == functools.reduce(operator.add, parts, Result())


def test_a_sum() -> None:
    """Findings and unread files follow one another, counts add up, equal words are told once."""
    one = Result(
        (finding("a"),),
        {"held": 1, "violation": 1},
        {("r", "accept"): Tally(2, 1)},
        "accepted",
        ("n",),
        ("u",),
        ("w",),
    )
    two = Result(
        (finding("b"),),
        {"held": 2},
        {("r", "accept"): Tally(1, 1), ("r", "reject"): Tally(1, 0)},
        "rejected",
        ("n", "m"),
        ("u",),
        ("v", "w"),
    )

    assert one + two == Result(
        (finding("a"), finding("b")),
        {"held": 3, "violation": 1},
        {("r", "accept"): Tally(3, 2), ("r", "reject"): Tally(1, 0)},
        "accepted",
        ("n", "m"),
        ("u", "u"),
        ("w", "v"),
    )


WEAK = (finding(weight="assumption"),)


@pytest.mark.parametrize(
    ("result", "code", "shown"),
    [
        (Result(), 3, "nothing judged"),
        (Result(verdicts={"held": 2, "violation": 0}), 0, "2 held"),
        (Result(WEAK, {"assumption": 1}, baseline="accepted"), 0, "1 assumption"),
        (Result(verdicts={"held": 1, "inconclusive": 4}), 0, "1 held, 4 inconclusive"),
        (Result(verdicts={"inconclusive": 4}), 3, "4 inconclusive"),
        (
            Result(verdicts={"held": 2, "inconclusive": 2}, baseline="accepted"),
            0,
            "2 held, 2 inconclusive",
        ),
        (
            Result(verdicts={"held": 2, "inconclusive": 3}, baseline="accepted"),
            3,
            "2 held, 3 inconclusive",
        ),
        (Result(verdicts={"held": 1}, baseline="rejected"), 3, "1 held"),
        (Result(verdicts={"held": 1}, unread=("x",)), 2, "1 held"),
        (Result(verdicts={"held": 1}, baseline="error", unread=("x",)), 2, "1 held"),
        (Result((finding(),), {"violation": 1}, unread=("x",)), 2, "1 violation"),
        (Result((finding(),), {"violation": 1}, baseline="rejected"), 1, "1 violation"),
        (Result((finding(weight="waived"),), {"waived": 1}, baseline="accepted"), 0, "1 waived"),
        (Result(verdicts={"held": 1}, unread=("x",), waivers=("y",)), 2, "1 held"),
        (
            Result((finding(),), {"violation": 1}, unread=("x",), interrupted=True),
            130,
            "1 violation",
        ),
    ],
)
def test_exit_codes(result: Result, code: int, shown: str) -> None:
    """An interruption comes first, then unread sources, then violations and needless waivers."""
    assert (result.exit_code, result.ok) == (code, code == 0)
    assert repr(result) == f"<Result exit {code}: {shown}>"


@pytest.mark.parametrize("value", [finding(), Tally(), Result()])
def test_what_was_found_does_not_change(value: object) -> None:
    """Findings, tallies and results are values: nothing is set on them afterwards."""
    with pytest.raises(FrozenInstanceError):
        setattr(value, next(iter(fields(cast("Any", value)))).name, None)


def test_findings_and_results_travel() -> None:
    """What a worker found arrives whole, interaction included."""
    sent = Result(
        (finding(),), {"violation": 1}, {("r", "reject"): Tally(1, 0)}, "accepted", ("n",), ("u",)
    )
    arrived = pickle.loads(pickle.dumps(sent))  # noqa: S301 - our own bytes

    assert arrived == sent
    assert arrived.findings[0].interaction == sent.findings[0].interaction
    assert arrived.findings[0].evidence.level is Level.EXAMPLE


@pytest.mark.parametrize("fail_on", list(Level))
def test_severity_follows_the_evidence(fail_on: Level) -> None:
    """A finding is a violation at the level asked for and above, an assumption below it."""
    levels = list(Level)
    weights = {level: severity(Evidence(level), fail_on) for level in levels}
    strong = levels[: levels.index(fail_on) + 1]

    assert weights == {level: "violation" if level in strong else "assumption" for level in levels}


def test_a_build_fails_from_sibling_up() -> None:
    """Unless asked otherwise, what is stated on a sibling page is strong enough to fail a build."""
    assert severity(Evidence(Level.SIBLING)) == "violation"
    assert severity(Evidence(Level.OBSERVED)) == "assumption"


@pytest.mark.parametrize(
    ("findings", "concluded", "verdict"),
    [
        ((), True, "held"),
        ((), False, "inconclusive"),
        (WEAK, True, "assumption"),
        (WEAK, False, "inconclusive"),
        ((*WEAK, finding()), True, "violation"),
        ((finding(),), False, "violation"),
    ],
)
def test_the_verdict_is_the_worst(
    findings: tuple[Finding, ...], *, concluded: bool, verdict: Verdict
) -> None:
    """A violation outweighs that nothing was concluded, and that outweighs an assumption."""
    assert worst(findings, concluded=concluded) == verdict
