"""The options of `check` as one value, and what follows from them: a plan, a run, and its report.

What they mean is decided where they are used; here they are only handed on.
"""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

from enkash_contract.cli import commands, options
from enkash_contract.contract.evidence import FAIL_ON
from enkash_contract.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

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
    """The options of `check`, by name, and what follows from them."""

    target: str | None
    base: str | None
    base_command: str | None
    pins: tuple[str, ...]
    only: tuple[str, ...]
    skip: tuple[str, ...]
    polarity: Any
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
    operation: str | None

    @functools.cached_property
    def contract(self) -> Contract:
        """The contract with its overlays."""
        from enkash_contract.contract.contract import layered

        return layered(*self.overlays)

    @property
    def chosen_operation(self) -> Operation:
        """The operation to check."""
        return self.contract.pick(self.operation)

    @functools.cached_property
    def given_base(self) -> Any:
        """What the person vouches for: a payload, what gives one, None for the example."""
        from enkash_contract.engine.transport.connection import printed_by
        from enkash_contract.wire.payload_file import payload_file, payload_of

        if self.base_command is None:
            return None if self.base is None else payload_file(self.base)
        if self.base is not None:
            raise UsageError("--base and --base-command both give a payload; give one of them")
        name = "the base command"
        printed = printed_by(self.base_command, name, "the payload as JSON")
        return lambda: payload_of(name, printed())

    @functools.cached_property
    def payload(self) -> Any:
        """That payload as it is at first."""
        return self.given_base() if callable(self.given_base) else self.given_base

    @functools.cached_property
    def pinned(self) -> dict[str, Any]:
        """The values to set in it."""
        return options.pins(self.pins, self.chosen_operation, self.payload)

    @property
    def selection(self) -> Selection:
        """The cases to send."""
        from enkash_contract.engine.selection import Selection

        return Selection(self.only, self.skip, self.pinned, self.polarity, self.max_accepted)

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
            contract=self.contract,
            operation=self.chosen_operation.id,
            base=self.given_base,
            fail_on=self.fail_on,
            connection=self.connection,
            target=self.target,
            max_unstable=self.max_unstable,
        )
        return plan if self.case is None else one_case(plan, self.case)

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
        again = self._command(plan, self._chosen(), self._pace())

        def command(result: Result) -> str:
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

        return command

    def reproduction(self, plan: Plan, fuzzed: str = "") -> Reproduction:
        """Return how findings are repeated; `fuzzed` are the options that draw the same again."""
        from enkash_contract.report.reproduction import Reproduction

        drawn = self._command(plan, self._chosen())
        return Reproduction(
            self._command(plan),
            fuzzing=f"{drawn} {fuzzed}" if fuzzed else "",
            # A request is accepted only once, so only a command that derives it anew repeats it.
            in_process=bool(self.application or self.base_command),
            application=self.application,
        )

    def _command(self, plan: Plan, *more: Iterable[tuple[str, str | None]]) -> str:
        """Return the command that checks the same target, with `more` options."""
        from enkash_contract.report.reproduction import check_command
        from enkash_contract.secrets import redaction

        secrets = redaction.of_request(plan.baseline.request(), plan.operation.described)
        headers = [*plan.headers, *(["Authorization"] if plan.connection.token else [])]
        options = [*self._given(), *itertools.chain(*more)]
        return check_command(self.target, options, headers, secrets)

    def _pace(self) -> Iterator[tuple[str, str | None]]:
        """Yield the options that spare a target."""
        for name in ("rate", "workers", "max_failures"):
            value = click.get_current_context().params.get(name)
            yield f"--{name.replace('_', '-')}", None if value is None else str(value)

    def _chosen(self) -> Iterator[tuple[str, str | None]]:
        """Yield the options that decide what is drawn."""
        yield from (("--only", wish) for wish in self.only)
        yield from (("--skip", wish) for wish in self.skip)
        yield "--database", self.database if self.fuzz else None
        yield "--polarity", None if self.polarity == "both" else self.polarity
        yield "--max-accepted", None if self.max_accepted is None else str(self.max_accepted)

    def _given(self) -> Iterator[tuple[str, str | None]]:
        """Yield the options that must be given again."""
        yield from commands.chosen()
        yield from (("--base", self.base), ("--base-command", self.base_command))
        yield "--operation", self.operation
        yield from (("--pin", pin) for pin in self.pins)
        yield from (("--overlay", name) for name in self.overlays)
        if self.fail_on != FAIL_ON.value:
            yield "--fail-on", self.fail_on
        how = self.connection
        yield "--cookies", "" if how.cookies else None
        yield from (("--ca", how.ca), ("--cert", how.cert), ("--key", how.key))

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
