"""Which rules were put to the test, from which side, and what came of it."""

from __future__ import annotations

import pytest

from enkash_contract.contract.evidence import Evidence, Level
from enkash_contract.judging.result import RECORDED, VOUCHED, Tally
from enkash_contract.report.coverage import RuleCoverage, SideCoverage, sentence

HELD, BROKEN, MASKED, UNCLEAR = Tally(1, 1), Tally(1), Tally(1, 0, 1), Tally(inconclusive=1)

EVIDENCE = Evidence(Level.ASSUMED)


def rule(accept: SideCoverage, reject: SideCoverage, **more: object) -> RuleCoverage:
    """Return the coverage of a rule of a request, or of another."""
    members = {"id": "request/a#type", "operation": "pay", "pointer": "/a", "keyword": "type"}
    named = {**members, "demands": "must be a string", "place": "a.yaml:1", **more}
    return RuleCoverage(evidence=EVIDENCE, receiver=EVIDENCE, accept=accept, reject=reject, **named)  # type: ignore[arg-type]  # given by name


def side(cases: int = 0, /, **families: Tally) -> SideCoverage:
    """Return what came of the requests of some families."""
    return SideCoverage(
        {VOUCHED if key == "vouched" else key: families[key] for key in families}, cases
    )


@pytest.mark.parametrize(
    ("seen", "state", "is_covered"),
    [
        (side(), "not exercised", False),
        (side(a=HELD), "held", True),
        (side(a=HELD, b=BROKEN), "broken", True),
        (side(a=HELD, b=MASKED), "held", True),
        (side(a=MASKED), "masked", False),
        (side(a=UNCLEAR), "inconclusive", False),
        (side(a=MASKED, b=UNCLEAR), "masked", False),
        # The baseline keeps the rule, but not on its bound.
        (side(vouched=HELD), "held", True),
        (side(2, vouched=HELD), "held", False),
        (side(2, vouched=HELD, a=HELD), "held", True),
        (SideCoverage({RECORDED: HELD}, 2), "held", True),
    ],
)
def test_one_side(seen: SideCoverage, state: str, *, is_covered: bool) -> None:
    """What is masked or inconclusive covers nothing; a bound is covered by a case on it."""
    assert (seen.state, seen.is_covered) == (state, is_covered)


def test_both_sides() -> None:
    """The state is the worse of the two; a rule that nothing breaks needs one side alone."""
    held, broken, none = side(a=HELD), side(a=BROKEN), side()

    assert [
        (each.state, [name for name in ("accept", "reject", "both") if each.covers(name)])
        for each in (
            rule(held, held),
            rule(held, broken),
            rule(held, none),
            rule(none, held),
            rule(none, none),
            rule(held, held, violations=1),
            rule(held, none, breakable=False),
            rule(none, none, id="response.200/a#type", responses=3),
            rule(none, none, id="response.200/a#type", responses=3, others=1),
            rule(none, none, id="response.200/a#type"),
        )
    ] == [
        ("held", ["accept", "reject", "both"]),
        ("broken", ["accept", "reject", "both"]),
        ("held", ["accept"]),
        ("held", ["reject"]),
        ("not exercised", []),
        ("broken", ["accept", "reject", "both"]),
        ("held", ["accept", "reject", "both"]),
        ("held", ["accept", "reject", "both"]),
        ("broken", ["accept", "reject", "both"]),
        ("not exercised", []),
    ]


def test_coverage_adds_up() -> None:
    """Family by family; the suite has as many cases as in the larger of both."""
    one = rule(side(2, vouched=HELD, a=HELD), side(3), violations=1, responses=1)
    other = rule(side(2, vouched=HELD), side(1, b=BROKEN), violations=2, others=1)

    assert one + other == rule(
        side(2, vouched=Tally(2, 2), a=HELD),
        side(3, b=BROKEN),
        violations=3,
        others=1,
        responses=1,
    )


def test_the_sentence() -> None:
    """It counts rules of requests."""
    held = side(a=HELD)
    known = [rule(held, held), rule(held, side()), rule(held, held, id="response#status")]
    assert sentence(known) == "coverage: 1 of 2 rules both ways"


def test_a_failure_of_a_whole_request_breaks_no_rule() -> None:
    """A recorded request that met a server error exercised all rules, and none is broken by it."""
    recorded = SideCoverage({RECORDED: Tally(5, 4)})
    lost = SideCoverage({RECORDED: Tally(1)})
    own = SideCoverage({RECORDED: Tally(5, 5), "pattern/longest": Tally(1)})

    assert [rule(each, side()).state for each in (recorded, lost, own)] == [
        "held",
        "inconclusive",
        "broken",
    ]
    assert rule(recorded, side(), others=1).state == "broken"
    assert rule(side(), recorded).state == "broken"
