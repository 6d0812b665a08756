"""Of all that was counted, what may be written, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from enkash_contract.contract.contract import bundled
from enkash_contract.traffic.learning import facts as module
from enkash_contract.traffic.learning import learned as sums
from enkash_contract.traffic.learning.facts import facts
from enkash_contract.traffic.learning.learned import Learned, Spot

if TYPE_CHECKING:
    import pytest

OPERATION = bundled().pick()


def counted(what: str, *kinds: Any, side: str = "request", payloads: int = 1) -> Learned:
    """Count each kind once for each payload."""
    total = Learned()
    for kind in kinds:
        for payload in range(payloads):
            at = total.at(Spot(OPERATION.id, side, "/a", what))
            at.count(kind, accepted=payload == 0).payloads.add(payload)
    return total


def test_kinds_are_told_with_their_numbers() -> None:
    """How often, and how often accepted."""
    (fact,), left = facts(counted("transition", ("CREATED", "PAID"), payloads=2))
    assert [*fact.says] == ["CREATED to PAID (2 times, 1 accepted)"]
    assert (fact.question, fact.asks) == (
        "observed-transitions-request-a",
        "Which status may follow which? (request/a)",
    )
    assert left == []


def test_a_response_is_told_by_its_status() -> None:
    """Documented or not."""
    (fact,), _ = facts(counted("code", ("",), (4,), side="response.409"))
    assert [*fact.says] == ["status 409: no code (1 time)", "status 409: code 4 (1 time)"]
    assert fact.side(OPERATION) == "response.4XX"
    assert fact.question == "observed-responses"
    (fact,), _ = facts(counted("message", ("", "payload", "OPEN"), side="response.302"))
    assert [*fact.says] == ['status 302: payload "OPEN" (1 time)']
    assert fact.side(OPERATION) == ""
    (fact,), _ = facts(counted("code", (4,), side="response.4XX"))
    assert fact.side(OPERATION) == "response.4XX"
    (fact,), _ = facts(counted("code", (4,), side="response.default"))
    assert fact.side(OPERATION) == ""


def test_members_are_told_with_their_types() -> None:
    """One that is always null has none."""
    seen = counted("member", ("a", "null"), ("a", "string"), ("b", "null"))
    (fact,), _ = facts(seen)
    assert next(iter(fact.says)) == "request/a/a (null) (1 time, always accepted)"
    assert fact.members == {"a": ({"null", "string"}, "(2 times, always accepted)")}


def test_what_is_rare_may_be_somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two words once; and, among very many codes, each that came once."""
    found, left = facts(counted("value", ("UNDER REVIEW",), ("RAMESH",)))
    assert found == []
    assert left == [
        "Left out, because they may be somebody's: values that were seen too rarely (2)."
    ]
    monkeypatch.setattr(module, "MANY", 1)
    assert facts(counted("value", ("ON-HOLD",), ("PART-PAID",)))[0] == []
    assert len(facts(counted("value", ("ON-HOLD",), ("PART-PAID",), payloads=3))[0]) == 1
    (steps,), _ = facts(counted("step", (1,), (-2,)))
    assert [*steps.says] == ["-2 (1 time, always accepted)", "+1 (1 time, always accepted)"]


def test_only_so_many_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """And it is said how many more there are."""
    monkeypatch.setattr(module, "SHOWN", 1)
    seen = counted("value", ("HOLD",), ("OPEN",), ("PAID",))
    (fact,), left = facts(seen)
    assert [*fact.says] == ["HOLD (1 time, always accepted)", "2 rarer ones"]
    assert left == []
    monkeypatch.setattr(sums, "KINDS", 1)
    (fact,), left = facts(counted("value", ("PAID",), ("HOLD",), ("OPEN",), ("SENT",)))
    assert len([*fact.says]) == 1
    assert left == [
        "Of more than 4,096 different ones at a place, 3 occurrences were only counted."
    ]
