"""The contract as pytest items: one for each rule and polarity, all judged in one session.

The baseline is sent once, by the first item that runs. What fails on weak evidence is an expected
failure; what could not be concluded is never passed off as a success.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract import applications, client, contract, options
from enkash_contract import plan as plans
from enkash_contract.contract import REQUEST
from enkash_contract.errors import EnkashContractError, TargetError, UsageError
from enkash_contract.evidence import Level
from enkash_contract.foreign import interaction_of
from enkash_contract.interaction import shown_url
from enkash_contract.judge import judge_record
from enkash_contract.report import About
from enkash_contract.report.text import finding_lines
from enkash_contract.session import Session, add, only_baseline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.contract import Contract
    from enkash_contract.plan import Plan
    from enkash_contract.result import Result
    from enkash_contract.rules import Rule
    from enkash_contract.suite import Case

TITLE = "enkash contract"


class ContractCollector(pytest.Collector):
    """Stands for the whole contract in the tree of pytest's nodes."""

    def collect(self) -> list[pytest.Item]:
        """Return nothing: the items are added to the session's own."""
        return []


class ContractItem(pytest.Item):
    """One rule from one side: its cases, judged in the light of the baseline."""

    def __init__(self, *, run: Run, rule: Rule, cases: list[Case], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.run = run
        self.rule = rule
        self.cases = cases

    def runtest(self) -> None:
        """Send the cases; fail, expect the failure, or pass."""
        result, lines = self.run.judge(self.cases, accept=self.name.endswith("[accept]"))
        if result.violations:
            raise Broken("\n".join(lines))
        if result.baseline != "accepted":
            raise Broken(f"nothing could be concluded: {'; '.join(result.notes)}")
        if result.total and result.total == result.count("inconclusive"):
            raise Broken("nothing could be concluded: the answers say nothing about the payload")
        if result.assumptions:
            first, *more = (one.message for one in result.assumptions)
            pytest.xfail(f"{first} (and {len(more)} more)" if more else first)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Show what was found, without a traceback of this package."""
        if excinfo.errisinstance((Broken, EnkashContractError)):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[str, int, str]:
        """Point at the rule's place in the document."""
        return self.rule.place.file, self.rule.place.line - 1, f"{TITLE}::{self.name}"


class Broken(Exception):  # noqa: N818 - never leaves this module
    """What an item found, ready to be shown."""


class Run:
    """The session's one connection to the target, opened by the first item that needs it."""

    def __init__(self, made: Plan, target: str, again: str) -> None:
        self.plan = made
        self._about = About(made.contract, made.operation, target, again)
        self._loop = asyncio.Runner()
        self._stack = contextlib.AsyncExitStack()
        self._session: Session | None = None
        self._baseline: Result | None = None
        self._problem: str | None = None

    def judge(self, cases: list[Case], *, accept: bool) -> tuple[Result, list[str]]:
        """Return the result of one item, and the lines that show its findings."""
        return self._loop.run(self._judge(cases, accept=accept))

    async def _judge(self, cases: list[Case], *, accept: bool) -> tuple[Result, list[str]]:
        session, baseline = await self._open()
        # What the baseline found is told by the items that rest on it.
        own = baseline if accept else only_baseline(baseline)
        results = [own]
        if session.worth_going_on:
            results += [await session.send(case) for case in cases]
        result = add(results)
        return result, list(finding_lines(result, self._about))

    async def _open(self) -> tuple[Session, Result]:
        if self._problem is not None:
            raise TargetError(self._problem)
        if self._session is None or self._baseline is None:
            made = self.plan
            try:
                http = await self._stack.enter_async_context(
                    client.connect(self._about.target, made.operation, made.connection)
                )
                self._session = Session(made, http)
                self._baseline = await self._session.open()
            except TargetError as problem:
                self._problem = str(problem)
                raise
        return self._session, self._baseline

    def close(self) -> None:
        """Let go of the target."""
        self._loop.run(self._stack.aclose())
        self._loop.close()


def collect(session: pytest.Session) -> Iterator[pytest.Item]:
    """Yield the items of the target named in the configuration.

    Raises:
        pytest.UsageError: an option names something that is not there.

    """
    config = session.config
    try:
        run = _run(config)
    except EnkashContractError as problem:
        raise pytest.UsageError(str(problem)) from None
    config.add_cleanup(run.close)
    parent = ContractCollector.from_parent(session, name=TITLE, nodeid=TITLE)
    for rule in run.plan.operation.rules.values():
        if rule.side != REQUEST:
            continue
        for polarity in ("accept", "reject"):
            cases = [one for one in run.plan.cases if (one.rule, one.polarity) == (rule, polarity)]
            if cases or polarity == "accept":
                name = f"{rule.id} [{polarity}]"
                yield ContractItem.from_parent(parent, name=name, run=run, rule=rule, cases=cases)


def _run(config: pytest.Config) -> Run:
    url, app = config.getoption("enkash_url"), config.getoption("enkash_app")
    if url is not None and app is not None:
        raise UsageError("--enkash-url and --enkash-app name two targets; give one of them")
    if url is not None and not client.is_url(url):
        shown = shown_url(url)
        raise UsageError(f"--enkash-url {shown!r} is not an address; write http://HOST:PORT")
    if app is not None:
        # A mistyped name is one error now, not a failure of every item.
        applications.find(app)
    base = config.getoption("enkash_base")
    made = plans.plan(
        contract=contract.load(*config.getoption("enkash_overlay")),
        base=None if base is None else options.payload_file(base),
        fail_on=config.getoption("enkash_fail_on"),
    )
    again = f"enkash-contract check {app}" if app else ""
    return Run(made, url or app, again)


def judge_response(
    response: Any, whole: Contract, operation: str | None, fail_on: str, source: str
) -> tuple[Result, str]:
    """Judge a response object with its request; return the result and what to show of it.

    Raises:
        UsageError: the response is not one, or not of this operation.

    """
    found = whole.pick(operation)
    interaction = interaction_of(response, source)
    if not interaction.request.path.endswith(found.path):
        raise UsageError(f"{interaction.request!r} is not for {found.id}, which is {found.path}")
    result = judge_record(found, interaction, fail_on=Level.of(fail_on))
    about = About(whole, found, source)
    return result, "\n".join(finding_lines(result, about))
