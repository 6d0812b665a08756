"""A run of several operations against one target: each with a baseline of its own, one by one.

What one operation comes to says nothing of another. A rejected baseline, or a lost connection, ends
the run of its own operation alone; of what nobody vouches for, nothing is sent.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from enkash_contract.contract.choice import own, split
from enkash_contract.contract.wording import counted
from enkash_contract.engine.bases import base_of, unvouched
from enkash_contract.engine.plan import make_plan
from enkash_contract.engine.selection import Selection, matches, unknown
from enkash_contract.errors import TargetError, UsageError
from enkash_contract.generation import known_good, suite
from enkash_contract.judging.result import INCONCLUSIVE, Exercise, Interrupted, Result, Tally, add

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.operation import Operation
    from enkash_contract.engine.plan import Plan
    from enkash_contract.judging.case import Case

    Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Part:
    """One operation of a run: its plan, or the reason why nothing is sent for it."""

    operation: Operation
    plan: Plan | None
    reason: str = ""


# The cases that are chosen


def shared(
    selection: Selection, operations: Sequence[Operation], bases: Mapping[Operation, Any]
) -> dict[Operation, Selection]:
    """Return the choice of each operation that it leaves anything of.

    What an operation lacks is not asked of it, and the number of requests that a server accepts is
    shared out.

    Raises:
        UsageError: a wish names no case of any operation, or a pin no member.

    """
    wishes = (*selection.only, *selection.skip)
    named = {each: _named(each, wishes, bases.get(each)) for each in operations}
    for wish in wishes:
        if not any(wish in found for found in named.values()):
            raise unknown(wish)
    pins = _pins(selection.pins, operations, bases)
    choices = {
        operation: replace(
            selection,
            only=[found[wish] for wish in selection.only if wish in found],
            skip=[found[wish] for wish in selection.skip if wish in found],
            pins=pins[operation],
        )
        for operation, found in named.items()
        if not selection.only or {*selection.only} & {*found}
    }
    left = {
        operation: choice
        for operation, choice in choices.items()
        if not choice.skip or _leaves(choice, operation, bases.get(operation))
    }
    # Where nothing is left of any, the plan of the first says so.
    kept = left or choices
    shares = _shares(selection.max_accepted, len(kept))
    return {
        operation: replace(choice, max_accepted=share)
        for (operation, choice), share in zip(kept.items(), shares, strict=True)
    }


def _named(operation: Operation, wishes: Iterable[str], base: Any) -> dict[str, str]:
    """Return those `wishes` that name cases of `operation`, each with the id as it has it."""
    found = [(wish, plain) for wish in wishes for plain in own(operation.id, [wish])]
    cases = _suite(operation, base) if found else ()
    return {wish: plain for wish, plain in found if matches(plain, cases)}


def _suite(operation: Operation, base: Any) -> tuple[Case, ...]:
    """Return the suite of an operation, by which wishes are known."""
    return suite.build(operation, None if callable(base) else base)


def _leaves(choice: Selection, operation: Operation, base: Any) -> bool:
    """Return whether a choice leaves a case of an operation to be sent."""
    return any(choice.chooses(case.id, case.rule.id) for case in _suite(operation, base))


def _pins(
    pins: Mapping[str, Any], operations: Sequence[Operation], bases: Mapping[Operation, Any]
) -> dict[Operation, dict[str, Any]]:
    """Return the pins of each operation: those whose member it has, unless they name another."""
    found: dict[Operation, dict[str, Any]] = {operation: {} for operation in operations}
    for where, value in pins.items():
        of, plain = split(where)
        problem: UsageError | None = None
        for operation in operations:
            base = bases.get(operation)
            if of in ("", operation.id):
                try:
                    known_good.base(operation, None if callable(base) else base, {plain: value})
                    found[operation][plain] = value
                except UsageError as error:
                    problem = error
        if problem is not None and not any(plain in known for known in found.values()):
            raise problem
    return found


def _shares(whole: int | None, parts: int) -> list[int | None]:
    """Return the shares of so many parts in a number of requests."""
    if whole is None:
        return [None] * parts
    return [whole // parts + (number < whole % parts) for number in range(parts)]


def plan_each(
    operations: Sequence[Operation],
    selection: Selection,
    base: Any,
    *,
    contract: Contract,
    target: Any,
    **how: Any,
) -> list[Part]:
    """Return the parts of a run, each with its plan; `how` is for `make_plan`.

    Raises:
        UsageError: an argument names something that is not there.

    """
    bases = {each: base_of(base, each, contract) for each in operations}
    parts = []
    for operation, choice in shared(selection, operations, bases).items():
        vouched = bases[operation]
        reason = unvouched(operation, vouched, target)
        plan = None
        if not reason:
            named = {"contract": contract, "operation": operation.id, "target": target}
            plan = make_plan(choice, base=vouched, **named, **how)
        parts.append(Part(operation, plan, reason))
    return parts


# The run


def run_all(
    parts: Sequence[Part],
    run: Callable[..., Result],
    progress: Progress | None = None,
    *,
    max_failures: int | None = None,
) -> Result:
    """Carry out the plans of all parts by `run`, and return the sum.

    Raises:
        Interrupted: by Ctrl-C; it holds what was known by then.

    """
    steps = Steps(parts, progress)

    def carry_out(plan: Plan, limit: int | None) -> Result:
        try:
            return run(plan, progress=steps.of(plan), max_failures=limit)
        except Interrupted as stop:
            return stop.result

    whole = add([result for _, result in run_each(parts, carry_out, max_failures)])
    if whole.interrupted:
        raise Interrupted(whole)
    return whole


class Steps:
    """The progress of a run, of which each part knows its own alone."""

    def __init__(self, parts: Sequence[Part], progress: Progress | None) -> None:
        self._progress = progress
        self.total = sum(len(part.plan.cases) for part in parts if part.plan is not None)
        self._before = 0

    def of(self, plan: Plan) -> Progress | None:
        """Return the progress of the next part."""
        before, self._before = self._before, self._before + len(plan.cases)
        progress = self._progress
        if progress is None:
            return None
        return lambda done, _: progress(before + done, self.total)


def run_each(
    parts: Iterable[Part],
    carry_out: Callable[[Plan, int | None], Result],
    max_failures: int | None = None,
) -> Iterator[tuple[Part, Result]]:
    """Yield the result of each part, in order; `carry_out` is called with a plan and a limit.

    Raises:
        TargetError: the target cannot be reached.

    """
    failures, reached, unreached = 0, False, list[TargetError]()
    over = ""
    for part in parts:
        if over or part.plan is None:
            yield part, nothing(part.operation, over or part.reason)
            continue
        try:
            result = carry_out(part.plan, None if max_failures is None else max_failures - failures)
        except TargetError as problem:
            unreached.append(problem)
            # One may be unreachable by itself; where two are, so is the target.
            if not reached and unreached[1:]:
                raise unreached[0] from None
            yield part, nothing(part.operation, str(problem))
            continue
        reached = True
        failures += len(result.violations)
        if result.interrupted:
            over = "not sent, the run was interrupted"
        elif max_failures is not None and failures >= max_failures:
            over = f"not sent, the run stopped after {counted(failures, 'violation')}"
        yield part, of_one(result, part.operation)
    if unreached and not reached:
        raise unreached[0]


def nothing(operation: Operation, reason: str) -> Result:
    """Return the result of an operation of which nothing was sent."""
    return Result(
        verdicts={"inconclusive": 1},
        exercises={Exercise(operation.id, family="inconclusive"): Tally(inconclusive=1)},
        notes=(f"{operation.id}: {reason}",),
        unconcluded=(operation.id,),
    )


def of_one(result: Result, operation: Operation) -> Result:
    """Return the result of a run of one operation as a part of one of several."""
    known = sum(
        tally.exercised + tally.inconclusive
        for way, tally in result.exercises.items()
        if not way.rule
    )
    exercises = dict(result.exercises)
    if left := result.total - known:
        # Cases that were not sent are counted by their verdict alone.
        way = Exercise(operation.id, family="inconclusive")
        exercises[way] = exercises.get(way, Tally()) + Tally(inconclusive=left)
    return replace(
        result,
        exercises=exercises,
        notes=tuple(f"{operation.id}: {note}" for note in result.notes),
        unconcluded=(operation.id,) if result.exit_code == INCONCLUSIVE else (),
    )
