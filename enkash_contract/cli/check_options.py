"""The options of `check` as one value, and what follows from them: a plan, a run, and its report.

What they mean is decided where they are used; here they are only handed on.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from enkash_contract.cli import options
from enkash_contract.cli.check_again import choosing, command, pace
from enkash_contract.contract.choice import choose, only, own, split
from enkash_contract.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from enkash_contract.cli.output import Screen
    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.operation import Operation
    from enkash_contract.engine.fuzzing.options import Fuzz
    from enkash_contract.engine.plan import Plan
    from enkash_contract.engine.selection import Selection
    from enkash_contract.engine.transport.connection import Connection
    from enkash_contract.judging.result import Result
    from enkash_contract.report import About
    from enkash_contract.report.reproduction import Reproduction


@dataclass(frozen=True)
class CheckOptions:
    """The options of `check`, by name, and what follows from them.

    Of a run of several operations, each has options of its own, with `qualified` ids.
    """

    target: str | None
    base: str | None
    base_command: str | None
    pins: tuple[str, ...]
    only: tuple[str, ...]
    skip: tuple[str, ...]
    polarity: Any
    robustness: bool
    max_accepted: int | None
    max_unstable: float
    connection: Connection = field(repr=False)
    case: str | None
    fuzz: str | None
    seed: int | None
    database: str | None
    verbose: bool
    max_failures: int | None
    screen: Screen
    listed: bool
    dry_run: bool
    promised: tuple[str, ...]
    reports: tuple[str, ...]
    fail_on: str
    overlays: tuple[str, ...]
    operations: tuple[str, ...]
    qualified: bool = False
    loaded: Contract | None = field(default=None, repr=False)

    @functools.cached_property
    def contract(self) -> Contract:
        """The contract with its overlays."""
        from enkash_contract.contract.contract import layered

        return layered(*self.overlays) if self.loaded is None else self.loaded

    @functools.cached_property
    def chosen(self) -> tuple[Operation, ...]:
        """The operations to check."""
        ids = [self.case] if self.case else [*self.only, *self.skip]
        found = choose(self.contract, self.operations, ids=ids, target=self.target)
        of = split(self.case or "")[0]
        # A case is of one operation, which its id may name.
        return tuple(each for each in found if each.id == of) or found

    @property
    def is_in_parts(self) -> bool:
        """Whether there are several operations, or one of which nobody vouches for a payload."""
        from enkash_contract.engine.bases import unvouched

        if self.case:
            only(self.chosen)
        first, *others = self.chosen
        return bool(others or unvouched(first, self.payload, self.target))

    @property
    def chosen_operation(self) -> Operation:
        """The operation to check, where there is only one."""
        return only(self.chosen)

    @functools.cached_property
    def given_base(self) -> Any:
        """What the person vouches for: a payload, what gives one, None for the example."""
        from enkash_contract.engine.transport.connection import printed_by
        from enkash_contract.wire.payload_file import payload_of

        if self.base_command is None:
            return None if self.base is None else self._from_file(self.base)
        if self.base is not None:
            raise UsageError("--base and --base-command both give a payload; give one of them")
        name = "the base command"
        printed = printed_by(self.base_command, name, "the payload as JSON")
        return lambda: payload_of(name, printed())

    def _from_file(self, name: str) -> Any:
        """Return the payload in a file, or in the file of the operation in a folder."""
        from enkash_contract.engine.bases import file_of
        from enkash_contract.wire.payload_file import payload_file

        if not Path(name).is_dir():
            return payload_file(name)
        file = file_of(Path(name), self.chosen_operation, self.contract)
        return None if file is None else payload_file(str(file))

    @functools.cached_property
    def payload(self) -> Any:
        """That payload as it is at first."""
        return self.given_base() if callable(self.given_base) else self.given_base

    @functools.cached_property
    def pinned(self) -> dict[str, Any]:
        """The values to set in it."""
        operation = self.chosen_operation
        return options.pins(own(operation.id, self.pins), operation, self.payload)

    @property
    def selection(self) -> Selection:
        """The cases to send."""
        from enkash_contract.engine.selection import Selection

        chosen = Selection(self.only, self.skip, self.pinned, self.polarity, self.max_accepted)
        return chosen.of(self.chosen_operation)

    @functools.cached_property
    def shown(self) -> str:
        """The name of the target in reports."""
        from enkash_contract.wire.message import shown_url

        return "the embedded sandbox" if self.target is None else shown_url(self.target)

    @functools.cached_property
    def application(self) -> str:
        """The application that is called in this process, as `module:attribute`; "" for none."""
        from enkash_contract.engine.transport.address import is_url
        from enkash_contract.report.reproduction import SANDBOX

        return "" if is_url(self.target) else self.target or SANDBOX

    @property
    def is_narrowed(self) -> bool:
        """Whether not all cases of the suite are wanted."""
        fewer = self.polarity != "both" or self.max_accepted is not None
        return bool(fewer or self.only or self.skip or self.case)

    def plan(self) -> Plan:
        """Return the plan of the run.

        Raises:
            UsageError: an option names something that is not there.

        """
        from enkash_contract.engine.plan import make_plan, one_case

        fewer = self.polarity != "both" or self.max_accepted is not None
        if self.case and (self.only or self.skip or fewer):
            raise UsageError(
                "--case names the one case to send; leave out --only, --skip, --polarity and "
                "--max-accepted"
            )
        plan = make_plan(
            self.selection,
            robustness=self.robustness,
            contract=self.contract,
            operation=self.chosen_operation.id,
            base=self.given_base,
            fail_on=self.fail_on,
            connection=self.connection,
            target=self.target,
            max_unstable=self.max_unstable,
        )
        if self.case is None:
            return plan
        of, case = split(self.case)
        return one_case(plan, case if of == plan.operation.id else self.case)

    def fuzzing(self) -> Fuzz | None:
        """Return how to fuzz after the suite; None without --fuzz.

        A command that repeats one case sends no other, whatever the configuration file says.

        Raises:
            UsageError: an option means nothing, or Hypothesis is not installed.

        """
        from enkash_contract.engine.fuzzing.options import read_fuzz, tidy

        alone = self.case or self.listed or self.dry_run
        wish = None if alone else self.fuzz
        fuzz = read_fuzz(wish, seed=self.seed, database=self.database, selection=self.selection)
        if fuzz is not None:
            tidy()
        return fuzz

    def about(self, plan: Plan, result: Result) -> About:
        """Return the facts that a report gives beside the result."""
        from enkash_contract import report

        reproduction = self.reproduction(plan, result.fuzzed)
        return report.About(
            self.contract,
            self.chosen_operation,
            self.shown,
            plan,
            reproduction,
            next_command=self._next(plan, reproduction),
        )

    def _next(self, plan: Plan, reproduction: Reproduction) -> Callable[[Result], str]:
        """Return the function that knows the command to try after a result."""
        from enkash_contract.engine.fuzzing.options import drawable
        from enkash_contract.judging.result import VIOLATED

        # It sends no more than this run, and no faster: the target may be a live one.
        again = command(self, plan, choosing(self), pace())

        def following(result: Result) -> str:
            if result.violations and result.exit_code == VIOLATED:
                whole = self.screen.full or self.case
                return "" if whole else f"{reproduction.fuzzing or again} --full"
            if self.case or not result.ok:
                return ""
            if self.target is None:
                known = self.base is not None or self.base_command is not None
                vouched = "" if known else " --base accepted.json"
                return f"{reproduction.command} http://localhost:8080{vouched}"
            fuzzes = self.fuzz or self.base_command or not any(drawable(self.selection))
            return "" if fuzzes else f"{again} --fuzz 30s"

        return following

    def reproduction(self, plan: Plan, fuzzed: str = "") -> Reproduction:
        """Return how findings are repeated; `fuzzed` are the options that draw the same again."""
        from enkash_contract.report.reproduction import Reproduction

        drawn = command(self, plan, choosing(self))
        return Reproduction(
            command(self, plan),
            fuzzing=f"{drawn} {fuzzed}" if fuzzed else "",
            # A request is accepted only once, so only a command that derives it anew repeats it.
            in_process=bool(self.application or self.base_command),
            application=self.application,
            qualified=self.qualified,
        )

    def run(self, plan: Plan, fuzz: Fuzz | None) -> Result:
        """Send the cases of `plan` and return the result, after Ctrl-C as far as it had come."""
        from enkash_contract.engine.run import run
        from enkash_contract.judging.result import Interrupted
        from enkash_contract.report.progress import watching

        aloud = functools.partial(click.echo, err=True)
        with watching(
            len(plan.cases),
            one=click.echo if self.case else None,
            every=aloud if self.verbose else None,
            alarm=None if self.application else aloud,
        ) as callbacks:
            try:
                limit = self.max_failures
                return run(plan, self.target, fuzz=fuzz, max_failures=limit, **callbacks)
            except Interrupted as stop:
                return stop.result
