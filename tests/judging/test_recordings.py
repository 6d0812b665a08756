"""How much of recorded traffic was judged."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.judging.recordings import Recordings

COUNTS = st.integers(0, 5)
RECORDINGS = st.builds(
    Recordings,
    *[COUNTS] * 4,
    st.dictionaries(st.sampled_from("ab"), st.integers(1, 5)),
)


@given(RECORDINGS, RECORDINGS, RECORDINGS)
def test_counts_add_up_in_any_grouping(one: Recordings, two: Recordings, three: Recordings) -> None:
    """Nothing added changes nothing."""
    assert (one + two) + three == one + (two + three)
    assert one + Recordings() == one


def test_counts_are_one_line() -> None:
    """Everything that was read is accounted for; without a file there is nothing to say."""
    left = {"to other addresses": 1_280, "unreadable": 1}

    assert str(Recordings(2, 2_185, 905, 904, left)) == (
        "2 files, 2,185 interactions read, 905 of our operations, 904 judged; "
        "left alone: 1,280 to other addresses, 1 unreadable"
    )
    assert (
        str(Recordings(1, 1, 1, 1)) == "1 file, 1 interaction read, 1 of our operations, 1 judged"
    )
    assert str(Recordings()) == ""
