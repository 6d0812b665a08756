"""What a host tells of the direction of requests."""

from __future__ import annotations

from enkash_contract.contract.operation import TO_ENKASH, TO_PARTNER
from enkash_contract.judging.result import Result
from enkash_contract.traffic.counting.doubts import HOSTS, Doubts
from enkash_contract.traffic.counting.reduction import Reduction


def test_hosts_decide_once_all_are_known() -> None:
    """Without webhooks, everything went to EnKash."""
    doubts, more = Doubts(), Doubts()
    doubts.went(TO_ENKASH, "a")
    assert [doubts.stands(host) for host in "abc"] == [True, True, True]

    more.went(TO_PARTNER, "b")
    doubts.learn(more)
    assert [doubts.stands(host) for host in "abc"] == [True, False, False]
    doubts.went(TO_PARTNER, "a")
    assert not doubts.stands("a")


def test_few_hosts_are_told_apart() -> None:
    """A recording with a host for each request costs no more memory."""
    doubts = Doubts()
    for number in range(HOSTS + 9):
        doubts.went(TO_ENKASH, str(number))
        doubts.at(str(number), Reduction()).add(Result())

    assert len(doubts.parts) == HOSTS + 1
    assert doubts.parts[""].recordings.judged == 9
    assert doubts.judged == HOSTS + 9
