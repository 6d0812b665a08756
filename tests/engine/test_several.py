"""A run of several operations: each with a baseline, cases and a verdict of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import enkash_contract as ec
from enkash_contract.engine import check, several
from enkash_contract.engine.selection import Selection
from enkash_contract.errors import TargetError, UsageError
from enkash_contract.judging.result import Interrupted, Result, Tally
from tests.support.results import finding
from tests.support.several import ASK, PATHS, PAY, PAYLOAD, REFUND, RULE, three

if TYPE_CHECKING:
    from collections.abc import Callable

    from enkash_contract.engine.plan import Plan

ALL = (PAY, REFUND, ASK)

FEW = (f"{RULE}/one-under",)


def checked(target: Any = None, **how: Any) -> ec.Result:
    """Return the result of a check of all three, by a few cases."""
    how = {"only": FEW, "operation": "*", **how}
    target = ec.Sandbox(contract=three()) if target is None else target
    return ec.check_target(target, contract=three(), **how)


def test_each_operation_has_its_verdict() -> None:
    """And what is found is named with its operation, in the sum as well."""
    assert checked().operations == dict.fromkeys(ALL, "conforms")
    defect = f"{REFUND}:{RULE}/unenforced"
    result = checked(ec.Sandbox(contract=three(), defect=defect))
    assert result.operations == {PAY: "conforms", REFUND: "violated", ASK: "conforms"}
    assert result.exit_code == 1
    assert {(each.operation, each.rule) for each in result.violations} == {(REFUND, RULE)}
    assert result.tallies[f"{REFUND}:{RULE}", "reject"] == Tally(1, 0)
    assert result.tallies[f"{PAY}:{RULE}", "reject"] == Tally(1, 1)


def refusing(path: str) -> Callable[..., Any]:
    """Return a sandbox that rejects all that is sent to `path`."""
    sandbox = ec.Sandbox(contract=three())

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] != path:
            await sandbox(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": 400, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    return app


def test_one_rejected_baseline_does_not_spoil_the_others() -> None:
    """It is inconclusive by name, with the note on it, and the run ends with exit 3."""
    result = checked(refusing(PATHS[REFUND]))
    assert result.operations == {PAY: "conforms", REFUND: "inconclusive", ASK: "conforms"}
    assert result.exit_code == 3
    (note,) = (note for note in result.notes if "baseline" in note)
    assert note.startswith(f"{REFUND}: the baseline was rejected")


def test_nothing_is_sent_over_a_network_that_nobody_vouches_for() -> None:
    """An operation without an example is inconclusive; its address is never called."""
    result = ec.check_target("http://127.0.0.1:9", contract=three(), operation=ASK)
    assert (result.exit_code, result.operations) == (3, {ASK: "inconclusive"})
    assert result.notes == (
        f"{ASK}: no example of it is published and none was given, so nothing was sent; vouch for "
        f"a payload with --base FOLDER, in {ASK}.json",
    )


def test_what_cannot_be_reached_is_an_error() -> None:
    """As with one operation, unless another one is answered."""
    with pytest.raises(TargetError):
        checked("http://127.0.0.1:9", retries=0)


def parts_of(*names: str) -> list[several.Part]:
    """Return the parts of a run, each with a plan."""
    contract = three()
    how: dict[str, Any] = {"contract": contract, "target": None}
    return several.plan_each([contract[name] for name in names], Selection(FEW), None, **how)


def scripted(*outcomes: Result | Exception) -> Callable[[Plan, int | None], Result]:
    """Return what carries out plans by a script."""
    left = iter(outcomes)

    def carry_out(_: Plan, __: int | None) -> Result:
        outcome = next(left)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return carry_out


HELD = Result(verdicts={"held": 1})
GONE = TargetError("gone")


def verdicts(*outcomes: Result | Exception, limit: int | None = None) -> list[str]:
    """Return the notes of a run of all three, or "" for none, by a script."""
    found = several.run_each(parts_of(*ALL), scripted(*outcomes), limit)
    return ["; ".join(result.notes) for _, result in found]


def test_a_lost_connection_ends_one_operation_alone() -> None:
    """Two in a row, where nothing was reached before, mean that the target is not there."""
    assert verdicts(GONE, HELD, HELD) == [f"{PAY}: gone", "", ""]
    assert verdicts(HELD, GONE, GONE) == ["", f"{REFUND}: gone", f"{ASK}: gone"]
    with pytest.raises(TargetError, match="gone"):
        verdicts(GONE, TargetError("gone as well"))
    with pytest.raises(TargetError, match="gone"):
        [*several.run_each(parts_of(PAY), scripted(GONE))]


def test_what_is_over_is_over_for_the_rest() -> None:
    """After enough violations, and after Ctrl-C."""
    broken = Result((finding(operation=PAY),), {"violation": 1})
    assert verdicts(broken, limit=1) == [
        "",
        f"{REFUND}: not sent, the run stopped after 1 violation",
        f"{ASK}: not sent, the run stopped after 1 violation",
    ]
    assert (
        verdicts(HELD, Result(interrupted=True))[2] == f"{ASK}: not sent, the run was interrupted"
    )


def test_an_interrupted_run_keeps_what_was_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends all of it; the sum is in the exception."""

    def stop(*_: Any, **__: Any) -> Result:
        raise Interrupted(Result(verdicts={"held": 2}, interrupted=True))

    monkeypatch.setattr(check, "run", stop)
    with pytest.raises(Interrupted) as raised:
        checked()
    assert raised.value.result.count("held") == 2
    assert raised.value.result.interrupted


def test_progress_counts_the_cases_of_all() -> None:
    """Not those of each."""
    seen: list[tuple[int, int]] = []
    checked(progress=lambda done, total: seen.append((done, total)))
    assert sorted(seen) == [(1, 3), (2, 3), (3, 3)]


def test_a_choice_is_of_those_that_have_it() -> None:
    """A qualified id is of its operation; one of no operation is an error."""
    assert [*checked(only=[f"{REFUND}:{RULE}"]).operations] == [REFUND]
    assert [*checked(only=[f"{REFUND}:{RULE}"], operation=None).operations] == [REFUND]
    assert [*checked(only=[RULE], skip=[f"{PAY}:*"]).operations] == [REFUND, ASK]
    with pytest.raises(UsageError, match="'request#x' matches no rule and no case"):
        checked(only=["request#x"])


def test_a_limit_is_shared_out() -> None:
    """No more requests are accepted in all than was asked for."""
    shared = several.shared(Selection(max_accepted=4), [*three().values()], {})
    assert [choice.max_accepted for choice in shared.values()] == [2, 1, 1]


def test_a_pin_is_of_those_that_have_its_member() -> None:
    """Or of the one that it names; of none it is an error."""
    operations = [*three().values()]
    pins = {"/amount": 3, f"{REFUND}:/amount": 4}
    found = several.shared(Selection(pins=pins), operations, {three()[REFUND]: lambda: PAYLOAD})
    assert [choice.pins["/amount"] for choice in found.values()] == [3, 4, 3]
    with pytest.raises(UsageError, match="the pin '/nothing' points at nothing"):
        several.shared(Selection(pins={"/nothing": 1}), operations, {})
