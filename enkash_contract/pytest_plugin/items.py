"""The contract as pytest items: one for each rule and polarity, all judged in one run.

The target may be known only to a fixture (an application that a conftest builds, a log-in), so an
item is a function to pytest: it requests the run, which is a fixture of the session, and fixtures
that apply to functions apply to it. The baseline is sent once, by the first item that runs, and
once more at the end. A failure on weak evidence is an expected failure; an inconclusive item never
passes.

Under pytest-xdist every worker that runs an item opens a run of its own, with a baseline of its
own; a case is sent by the one worker that runs its item.
"""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from enkash_contract.contract.choice import split
from enkash_contract.contract.evidence import FAIL_ON
from enkash_contract.contract.operation import REQUEST
from enkash_contract.engine.bases import base_of, unvouched
from enkash_contract.engine.opening import only_baseline
from enkash_contract.engine.plan import make_plan, one_case
from enkash_contract.engine.transport import applications
from enkash_contract.engine.transport.address import is_url
from enkash_contract.errors import EnkashContractError, UsageError
from enkash_contract.pytest_plugin import reports
from enkash_contract.pytest_plugin.contract import contract_of, operations_of
from enkash_contract.pytest_plugin.reports import Named, Plain
from enkash_contract.pytest_plugin.run import prepare
from enkash_contract.pytest_plugin.tree import TITLE, chosen
from enkash_contract.pytest_plugin.waivers import waived
from enkash_contract.wire.message import shown_url
from enkash_contract.wire.payload_file import payload_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.contract.operation import Operation
    from enkash_contract.contract.rules import Rule
    from enkash_contract.engine.plan import Plan
    from enkash_contract.judging.case import Case
    from enkash_contract.pytest_plugin.run import Run
    from enkash_contract.pytest_plugin.tree import Tree


NO_TARGET = (
    "nothing says what to check: give --enkash-url or --enkash-app, or write a fixture "
    "enkash_target of scope session in a conftest.py"
)
"""The mistake of a run without a target."""


def exercise(_enkash_run: Run) -> None:
    """Stand for the function of an item: its parameter is the fixture that pytest provides."""


class ContractItem(Plain, pytest.Function, Named):
    """One rule and polarity: the cases, judged in the light of the baseline."""

    def __init__(
        self, *, parent: Any, plan: Plan, rule: Rule, polarity: str, case: str | None, several: bool
    ) -> None:
        self.operation, self.plain = plan.operation, f"{rule.id} [{polarity}]"
        name = f"{self.operation.id}::{self.plain}" if several else self.plain
        super().__init__(name=name, parent=parent, callobj=exercise)
        self.rule, self.polarity, self.case = rule, polarity, case
        known = rule.receiver if polarity == "reject" else rule.evidence
        self.user_properties += [("rule", rule.id), ("evidence", str(known))]

    def runtest(self) -> None:
        """Send the cases; fail, expect the failure, or pass."""
        run = cast("Runs", self.funcargs["_enkash_run"]).of(self.operation)
        cases = _cases(run.plan, self)
        shown = run.judge(cases)
        own = waived(self.config, "check", shown.own)
        final = waived(self.config, "check", shown.settled)
        opened = waived(self.config, "check", shown.opened)
        # The findings on the baseline fail the items of valid requests, and are counted only once.
        resting = self.polarity == "accept"
        result = (opened if resting else only_baseline(opened)) + final
        reports.note(self, result, own, run.about, opened=opened)
        if not cases and not resting:
            pytest.skip("the base payload has no place for such a case")
        reports.weigh(result, run.about, run.cases)

    def reportinfo(self) -> tuple[str, int, str]:
        """Point at the rule's place in the document."""
        return self.rule.place.file, self.rule.place.line - 1, f"{TITLE}::{self.name}"


def _cases(plan: Plan, item: ContractItem) -> list[Case]:
    """Return the cases that `item` sends: those of its rule and polarity, or the one chosen."""
    side = (item.rule.id, item.polarity)
    cases = [case for case in plan.cases if (case.rule.id, case.polarity) == side]
    return [case for case in cases if item.case in (None, case.id)]


def collect(session: pytest.Session, tree: Tree) -> list[pytest.Item]:
    """Return the items of the contract, or only the named ones.

    Raises:
        pytest.UsageError: an option names something that does not exist.

    """
    try:
        config = session.config
        named: str | None = config.getoption("enkash_case")
        of, case = split(named) if named else ("", None)
        operations = operations_of(config, *tree.ids(contract_of(config)))
        operations = tuple(each for each in operations if each.id == of) or operations
        case = case if of == operations[0].id else named
        plans = [_plan(config, each) for each in operations]
        if case is not None:
            plans = [one_case(plan, case) for plan in plans]
        reports.watch(config)
        root, several = tree.root(session), len(plans) > 1
        items = [
            ContractItem.from_parent(
                root, plan=plan, rule=rule, polarity=polarity, case=case, several=several
            )
            for plan in plans
            for rule, polarity in _sides(plan, single=case is not None)
        ]
        if items and not session.config.option.collectonly:
            _need_target(items[0])
        return chosen(items, tree.names)
    except EnkashContractError as problem:
        raise pytest.UsageError(str(problem)) from None


def _need_target(item: ContractItem) -> None:
    """Refuse a run without a target once, in place of a failure of every item."""
    fixtures = item._fixtureinfo.name2fixturedefs  # noqa: SLF001 - only pytest knows which apply
    if len(fixtures["enkash_target"]) == 1 and _named_target(item.config) is None:
        raise UsageError(NO_TARGET)


def _sides(plan: Plan, *, single: bool) -> Iterator[tuple[Rule, str]]:
    """Yield each rule with each polarity that is tested; for a single case only its own."""
    for rule in plan.operation.rules.values():
        tested = {case.polarity for case in plan.cases if case.rule == rule}
        if not single and rule.side == REQUEST:
            # The baseline keeps every rule, so each has a valid request at least.
            tested.add("accept")
        if single and not plan.cases and rule == plan.baseline.rule:
            tested.add("accept")
        yield from ((rule, polarity) for polarity in ("accept", "reject") if polarity in tested)


def _plan(config: pytest.Config, operation: Operation) -> Plan:
    url, app = config.getoption("enkash_url"), config.getoption("enkash_app")
    if url is not None and app is not None:
        raise UsageError("--enkash-url and --enkash-app name two targets; give one of them")
    if url is not None and not is_url(url):
        shown = shown_url(url)
        raise UsageError(f"--enkash-url {shown!r} is not an address; write http://HOST:PORT")
    if app is not None:
        # A mistyped name is one error now, not a failure of every item.
        applications.find(app)
    level = config.getoption("enkash_fail_on")
    return make_plan(
        contract=contract_of(config),
        operation=operation.id,
        base=_base(config, operation),
        fail_on=level,
        target=url,
    )


def _base(config: pytest.Config, operation: Operation) -> Any:
    name = config.getoption("enkash_base")
    if name is None or Path(name).is_dir():
        return base_of(name, operation, contract_of(config))
    return payload_file(name)


# The values of the fixtures


def target(config: pytest.Config) -> Any:
    """Return the target that an option names; fail the test if none does."""
    named = _named_target(config)
    if named is None:
        pytest.fail(NO_TARGET, pytrace=False)
    return named


def _named_target(config: pytest.Config) -> Any:
    url = config.getoption("enkash_url")
    return config.getoption("enkash_app") if url is None else url


def base(config: pytest.Config) -> Any:
    """Return the payload that the user vouches for; by default the document's example."""
    with _as_failures():
        operation = operations_of(config)[0]
        payload = _base(config, operation)
        if payload is None:
            payload = copy.deepcopy(operation.request.example)
        return payload


class Runs:
    """The runs behind the items: one for each operation, prepared when an item first needs it."""

    def __init__(self, config: pytest.Config, target: Any, base: Any) -> None:
        self._config, self._target, self._base = config, target, base
        self._runs: dict[str, Run] = {}

    def of(self, operation: Operation) -> Run:
        """Return the run of an operation.

        Raises:
            TargetError: there is no such target.
            UsageError: nobody vouches for a payload.

        """
        if operation.id not in self._runs:
            config, base = self._config, self._of(operation)
            target = self._target[0] if isinstance(self._target, tuple) else self._target
            reason = unvouched(operation, base, target)
            if reason:
                raise UsageError(f"nothing could be concluded: {operation.id}: {reason}")
            self._runs[operation.id] = prepare(
                self._target,
                contract_of(config),
                operation,
                base,
                fail_on=config.getoption("enkash_fail_on"),
                words=_words(config),
            )
        return self._runs[operation.id]

    def _of(self, operation: Operation) -> Any:
        """Return the payload of an operation: the fixture is of the first, or of all by id."""
        given, contract = self._base, contract_of(self._config)
        if isinstance(given, Mapping) and given and all(name in contract for name in given):
            return given.get(operation.id)
        is_first = operation is operations_of(self._config)[0]
        return given if is_first else _base(self._config, operation)

    def close(self) -> str:
        """Close all connections; return a message if a baseline has stopped being accepted."""
        return "\n".join(dict.fromkeys(filter(None, [run.close() for run in self._runs.values()])))


@contextlib.contextmanager
def run(config: pytest.Config, target: Any, base: Any) -> Iterator[Runs]:
    """Yield the runs behind the items; fail at the end if a baseline is not accepted any more."""
    with _as_failures():
        opened = Runs(config, target, base)
        first, *others = operations_of(config)
        if not others:
            # What is wrong with its target is an error of the fixture.
            opened.of(first)
    try:
        yield opened
    finally:
        problem = opened.close()
    if problem:
        pytest.fail(problem, pytrace=False)


@contextlib.contextmanager
def _as_failures() -> Iterator[None]:
    """Turn the errors of this package into failures without a traceback."""
    try:
        yield
    except EnkashContractError as problem:
        raise pytest.fail.Exception(str(problem), pytrace=False) from None


def _words(config: pytest.Config) -> list[str]:
    """Return the command that runs the items again, with the options that matter to a case."""
    app = config.getoption("enkash_app")
    words = ["pytest", "--enkash" if app is None else f"--enkash-app={app}"]
    if config.getoption("enkash_base"):
        words.append(f"--enkash-base={config.getoption('enkash_base')}")
    if config.getoption("enkash_fail_on") != FAIL_ON.value:
        words.append(f"--enkash-fail-on={config.getoption('enkash_fail_on')}")
    words += [f"--enkash-operation={name}" for name in config.getoption("enkash_operation")]
    return words + [f"--enkash-overlay={name}" for name in config.getoption("enkash_overlay")]
