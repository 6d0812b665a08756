"""A result of several operations, and the part of each in it."""

from __future__ import annotations

from enkash_contract.judging.by_operation import are_several, names_of, tallies_of
from enkash_contract.judging.result import Exercise, Result, Tally
from tests.support.results import finding

ONE = ("request#json", "reject")


def part(operation: str, held: int = 1, **more: object) -> Result:
    """Return a result of one operation, all of whose cases held."""
    return Result(
        verdicts={"held": held},
        tallies={ONE: Tally(held, held)},
        exercises={Exercise(operation, "", "reject", "held"): Tally(held, held)},
        **more,  # type: ignore[arg-type]  # whatever a result takes
    )


def test_ids_are_qualified_in_a_sum_of_several() -> None:
    """However the parts are grouped; of one operation they stay as they are."""
    a, b = part("a"), part("b", 2)
    assert (a + part("a", 3)).tallies == {ONE: Tally(4, 4)}
    qualified = {
        ("a:request#json", "reject"): Tally(2, 2),
        ("b:request#json", "reject"): Tally(2, 2),
    }
    assert (a + b + a).tallies == (a + (b + a)).tallies == qualified
    assert (Result(notes=("n",)) + a).tallies == {ONE: Tally(1, 1)}
    assert tallies_of(a + b, "b") == {ONE: Tally(2, 2)}
    assert tallies_of(a, "a") == {ONE: Tally(1, 1)}


def test_there_is_a_verdict_on_each_operation() -> None:
    """A violation, nothing concluded, or neither."""
    violated = Result((finding(operation="b"),), {"violation": 1})
    unclear = Result(
        verdicts={"inconclusive": 1},
        exercises={Exercise("c", family="inconclusive"): Tally(inconclusive=1)},
    )
    whole = part("a") + violated + unclear + Result(unconcluded=("d",))
    assert whole.operations == {
        "a": "conforms",
        "c": "inconclusive",
        "b": "violated",
        "d": "inconclusive",
    }
    assert names_of(whole) == ["a", "c", "b", "d"]
    assert (are_several(whole), are_several(part("a"))) == (True, False)


def test_what_is_not_concluded_of_one_is_not_concluded() -> None:
    """Though all of another held: exit 3, unless something is violated."""
    whole = part("a", 9) + part("b", unconcluded=("b",))
    assert (whole.exit_code, whole.operations["a"]) == (3, "conforms")
    assert (whole + Result((finding(),), {"violation": 1})).exit_code == 1
