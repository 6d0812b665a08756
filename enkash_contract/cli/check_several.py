"""A check of several operations: each with options of its own, and a verdict on each at the end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from enkash_contract.cli import facts, options, output, promised, waivers
from enkash_contract.clock import monotonic, now
from enkash_contract.contract.choice import naming, split
from enkash_contract.contract.evidence import Level
from enkash_contract.engine.bases import file_of, unvouched
from enkash_contract.engine.selection import Selection
from enkash_contract.engine.several import Part, run_each, shared
from enkash_contract.errors import UsageError
from enkash_contract.generation import known_good, suite
from enkash_contract.judging.result import Result, add

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.cli.check_options import CheckOptions
    from enkash_contract.contract.operation import Operation
    from enkash_contract.engine.plan import Plan
    from enkash_contract.judging.case import Case
    from enkash_contract.report import About
    from enkash_contract.report.document import Report


def check_several(given: CheckOptions) -> None:
    """Check the operations that are chosen, and exit."""
    from enkash_contract.report.destinations import destinations

    if given.base_command is not None:
        raise UsageError(
            "--base-command prints the payload of one operation, and several are chosen; name one, "
            "or give a folder of payloads with --base"
        )
    promises = promised.read(given.promised, given.chosen)
    waive, waive_each = waivers.waive(given.contract), waivers.waive_each(given.contract)
    wish = waivers.wish()
    each = _options(given)
    parts = [_part(operation, own) for operation, own in each.items()]
    if given.listed or given.dry_run:
        _list(parts, given)
        return
    places = destinations(given.reports)
    began, started = monotonic(), now()
    results = dict(_run(parts, each, given.max_failures))
    seconds, finished = monotonic() - began, now()
    if waive_each is not None:
        results = {operation: waive_each(result) for operation, result in results.items()}
    run = _Run(each, {part.operation: part.plan for part in parts}, results)
    whole = waive(add(results.values()), *given.chosen, cases=run.cases)
    if wish:
        wish.fulfil(whole, given.contract, Level.of(given.fail_on), run.cases())
    known = facts.gathered(started, finished)
    about = replace(run.about(given), seconds=seconds, facts=known)
    whole = promised.held(whole, about, promises)
    output.finish(whole, about, places, given.screen, lambda: run.report(whole, about))


# Before the run


def _options(given: CheckOptions) -> dict[Operation, CheckOptions]:
    """Return the options of each operation that is left to be checked.

    Raises:
        UsageError: the base is no folder, or a choice or a pin is of no operation.

    """
    base = None if given.base is None else Path(given.base)
    files = {
        operation: base and file_of(base, operation, given.contract) for operation in given.chosen
    }
    own = {
        operation: replace(
            given,
            operations=(operation.id,),
            base=None if file is None else str(file),
            pins=(),
            qualified=True,
            loaded=given.contract,
        )
        for operation, file in files.items()
    }
    pins = _pins(given.pins, own)
    wishes = Selection(given.only, given.skip, {}, given.polarity, given.max_accepted)
    bases = {operation: options.payload for operation, options in own.items()}
    return {
        operation: replace(
            own[operation],
            only=tuple(choice.only),
            skip=tuple(choice.skip),
            max_accepted=choice.max_accepted,
            pins=pins[operation],
        )
        for operation, choice in shared(wishes, given.chosen, bases).items()
    }


def _pins(
    given: tuple[str, ...], own: dict[Operation, CheckOptions]
) -> dict[Operation, tuple[str, ...]]:
    """Return the pins of each operation: those whose member it has, unless they name another."""
    found: dict[Operation, tuple[str, ...]] = dict.fromkeys(own, ())
    for pin in given:
        of, plain = split(pin)
        problem: UsageError | None = None
        for operation, each in own.items():
            if of not in ("", operation.id):
                continue
            try:
                pinned = options.pins((plain,), operation, each.payload)
                known_good.base(operation, each.payload, pinned)
                found[operation] += (plain,)
            except UsageError as error:
                problem = error
        if not any(plain in known for known in found.values()):
            raise problem or UsageError(f"--pin {of}:… is of no operation that is chosen")
    return found


def _part(operation: Operation, own: CheckOptions) -> Part:
    reason = unvouched(operation, own.payload, own.target)
    return Part(operation, None if reason else own.plan(), reason)


def _list(parts: list[Part], given: CheckOptions) -> None:
    """Print the cases that would be sent, and with a dry run how many they are."""
    name = naming(parts)
    for part in parts:
        for case in (part.plan.baseline, *part.plan.cases) if part.plan else ():
            click.echo(output.case_line(case, name(part.operation, case.id)))
    if given.dry_run:
        for part in parts:
            if part.plan is None:
                click.echo(f"{part.operation.id}: {part.reason}")
            else:
                click.echo(output.forecast(part.plan, f"{part.operation.id} of {given.shown}"))


# The run, and what it comes to


def _run(
    parts: list[Part], each: dict[Operation, CheckOptions], limit: int | None
) -> Iterator[tuple[Operation, Result]]:
    def carry_out(plan: Plan, left: int | None) -> Result:
        own = replace(each[plan.operation], max_failures=left)
        return own.run(plan, own.fuzzing())

    for part, result in run_each(parts, carry_out, limit):
        yield part.operation, result


@dataclass(frozen=True)
class _Run:
    """The operations of a run, each with its options, its plan and its result."""

    options: dict[Operation, CheckOptions]
    plans: dict[Operation, Plan | None]
    results: dict[Operation, Result]

    def cases(self) -> tuple[Case, ...]:
        """Return all cases that could have been sent."""
        return tuple(case for operation in self.options for case in self._suite(operation))

    def _suite(self, operation: Operation) -> tuple[Case, ...]:
        own = self.options[operation]
        return suite.build(operation, own.payload, own.pinned)

    def _about(self, operation: Operation) -> About:
        """Return the facts of one operation."""
        from enkash_contract.report import About

        own, plan = self.options[operation], self.plans[operation]
        if plan is None:
            return About(own.contract, operation, own.shown)
        about = own.about(plan, self.results[operation])
        return replace(about, cases=lambda: self._suite(operation))

    def about(self, given: CheckOptions) -> About:
        """Return the facts of the whole run."""
        from enkash_contract.report import About
        from enkash_contract.report.reproduction import Reproductions

        each = {operation.id: self._about(operation).reproduction for operation in self.options}
        first = next(iter(self.options))
        again = Reproductions(each=each)
        return About(given.contract, first, given.shown, reproduction=again, cases=self.cases)

    def report(self, whole: Result, about: About) -> Report:
        """Return the report of the whole run: the sum of those of its operations."""
        from enkash_contract.report.addition import added
        from enkash_contract.report.build import build

        parts = []
        for operation, result in self.results.items():
            own = replace(self._about(operation), facts=about.facts)
            parts.append((operation.id, build(result, own)))
        report = added(parts)
        return replace(report, waivers=whole.waivers, promises=whole.promises)
