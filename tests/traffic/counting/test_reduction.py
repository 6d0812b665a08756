"""The sum of what recordings show: of the same size for ten interactions and for a million."""

from __future__ import annotations

import pickle

from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.judging.recordings import Recordings
from enkash_contract.judging.result import Exercise, Result, Tally
from enkash_contract.traffic.counting.lacks import Lack
from enkash_contract.traffic.counting.reduction import BATCH, HOSTS, KINDS, PATH, Reduction
from enkash_contract.traffic.learning.learned import Learned
from tests.support.results import finding

BODY = Lack("request body", "not recorded", "export with content")
OFF = Lack("response", "broken off")
HELD = Result(
    verdicts={"held": 1},
    tallies={("a", "accept"): Tally(1, 1)},
    requests={"accept": Tally(1, 1)},
    exercises={Exercise("pay"): Tally(1)},
    durations={("pay", 10): 1},
)

STEPS = st.lists(st.integers(0, 8), max_size=12)


def taken(steps: list[int], start: int = 0) -> Reduction:
    """Reduce what each step stands for, at places that are counted from `start`."""
    total = Reduction()
    for number, step in enumerate(steps, start):
        place = f"a.har:log.entries[{number}]"
        match step:
            case 0:
                total.add(HELD, 3)
            case 1:
                total.add(Result((finding(source=place),), {"violation": 1}))
            case 2:
                total.leave(PATH)
            case 3:
                total.lack(BODY, place, place)
            case 4:
                total.lack(OFF, place, f"({place})")
            case 5:
                total.unread(": the address was unreadable (x)", place)
            case 6:
                total.broken(" is not JSON (5)", place)
            case 7:
                total.broken(" is cut off", place, whole=True)
            case _:
                total.open_file()
                total.foreign(place)
                total.note(" is empty", place)
                total.meet(place)
    return total


@given(STEPS, STEPS)
def test_parts_add_up_in_their_order(one: list[int], two: list[int]) -> None:
    """What several processes have found is what one would have found."""
    whole = taken([*one, *two])
    total = taken(one)
    total.merge(pickle.loads(pickle.dumps(taken(two, len(one)))))  # noqa: S301 - our own

    assert total.result() == whole.result()
    assert total.result(lenient=True) == whole.result(lenient=True)
    assert (total.hosts, total.violations) == (whole.hosts, whole.violations)


def test_what_is_alike_may_be_added_at_once() -> None:
    """The sum is the same as if it was added one by one."""
    once, often = Reduction(), Reduction()
    once.add(HELD, 2 * BATCH)
    for _ in range(2 * BATCH):
        often.add(HELD)

    assert once.result() == often.result()
    assert once.result().durations == often.result().durations
    assert once.result().total == 2 * BATCH


def test_a_result_keeps_three_of_each() -> None:
    """All are counted, and each note names the first three places."""
    total = Reduction()
    total.open_file()
    for number in range(1_204):
        place = f"a.har:log.entries[{number}]"
        total.add(Result((finding(source=place),), {"violation": 1}))
        total.lack(BODY, place)
        total.unread(f": the address was unreadable (at {number})", place)
        total.broken(" is not JSON", place)
    result = total.result()
    more = "a.har:log.entries[0], [1], [2] and 1,201 more"

    assert [(each.source[-3:], each.count) for each in result.findings] == [
        ("[0]", 1),
        ("[1]", 1),
        ("[2]", 1_202),
    ]
    assert (result.number("violation"), total.violations) == (1_204, 1_204)
    assert result.number("waived") == 0
    assert dict(result.verdicts) == {"violation": 1_204, "inconclusive": 1_204}
    assert result.notes == (
        f"1,204 request bodies were not recorded: export with content; at {more}",
    )
    assert result.unread == (f"{more}: the address was unreadable", f"{more} is not JSON")
    assert result.recordings == Recordings(1, 2_408, 1_204, 1_204, {"unreadable": 1_204})
    assert result.exit_code == 2


def test_what_happened_once_is_told_in_full() -> None:
    """What is true of one place alone stands beside it."""
    total = Reduction()
    total.lack(OFF, "a.har:log.entries[0]", "(reset by peer)")
    total.unread(": the address was unreadable ('url' is missing)", "a.har:log.entries[1]")
    total.foreign("logs/package.json")
    total.note(" is empty", "logs/a.json")
    total.note(" is a link", "logs/b")
    total.note(" is a link", "logs/c")
    result = total.result(lenient=True)

    assert result.unread == ()
    assert result.notes == (
        "1 response was broken off (reset by peer); at a.har:log.entries[0]",
        "1 file found in folders is no recording: logs/package.json",
        "logs/a.json is empty",
        "2 files, each of which is a link: logs/b, logs/c",
        "a.har:log.entries[1]: the address was unreadable ('url' is missing)",
    )


def test_kinds_are_limited() -> None:
    """A recording that breaks in ever new ways costs no more memory, and nothing is lost."""
    total = Reduction()
    for number in range(KINDS + 2):
        total.lack(Lack("response", f"odd in way {number}"), f"a:{number}")
        total.broken(f" is odd in way {number}", f"a:{number}")
        total.broken(" is cut off", f"{number}.har", whole=True)
        total.foreign(f"{number}.json")
        total.meet(f"host-{number:03}")
    result = total.result()

    *_, others, foreign = result.notes
    assert len(result.notes) == KINDS + 2
    assert others == f"2 parts were missing for other reasons; at a:{KINDS}, {KINDS + 1}"
    assert (
        foreign
        == "102 files found in folders are no recordings: 0.json, 1.json, 2.json and 99 more"
    )
    assert len(result.unread) == KINDS + 1 + KINDS + 1
    assert result.unread[KINDS] == "2 more files cannot be read"
    assert result.unread[-1] == f"a:{KINDS}, {KINDS + 1} cannot be read for other reasons"
    assert total.hosts == [f"host-{number:03}" for number in range(HOSTS)]


def test_what_is_in_doubt_is_learned_apart() -> None:
    """Nobody knows yet whether it counts."""
    total = Reduction()
    assert total.doubtful("h.example").learned is None
    total.learned = Learned()
    assert isinstance(total.doubtful("h.example").learned, Learned)
    assert total.doubtful("h.example") is total.doubtful("h.example")
