"""The fixtures of tests of clients: one server for the session, used by one test after another.

A request that breaks the contract fails its test when the test ends, so that all that the client
does is seen first.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from enkash_contract.errors import EnkashContractError
from enkash_contract.judging.judge import judge_request
from enkash_contract.judging.result import add
from enkash_contract.pytest_plugin import reports, sockets
from enkash_contract.pytest_plugin.contract import contract_of, operation_of
from enkash_contract.pytest_plugin.failures import (
    SECTION,
    Seen,
    assumptions,
    missing,
    named,
    violations,
)
from enkash_contract.pytest_plugin.marks import wishes
from enkash_contract.pytest_plugin.scripted_sandbox import ScriptedSandbox, Server
from enkash_contract.pytest_plugin.test_line import Running
from enkash_contract.report import About
from enkash_contract.sandbox.server import in_background

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.operation import Operation
    from enkash_contract.generation.responses import Answer


class Outcomes:
    """Remembers which tests passed: unused answers fail only a test that passed otherwise."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Look at the report of the test itself."""
        report = yield
        if call.when == "call":
            item.stash[PASSED] = report.passed
        return report


PASSED = pytest.StashKey[bool]()


@contextmanager
def serving(config: pytest.Config, contract: Contract) -> Iterator[Server]:
    """Run a server until the session ends."""
    with ExitStack() as stack:
        try:
            sandbox = Server(contract, config.getoption("enkash_fail_on"))
            with sockets.needed():
                sandbox.url = stack.enter_context(in_background(sandbox))
        except EnkashContractError as problem:
            raise pytest.fail.Exception(f"enkash_sandbox: {problem}", pytrace=False) from None
        outcomes = Outcomes()
        config.pluginmanager.register(outcomes)
        yield sandbox
        config.pluginmanager.unregister(outcomes)


@contextmanager
def used_by(item: pytest.Item, server: Server) -> Iterator[ScriptedSandbox]:
    """Give the server to one test, and judge the requests of the test when it is over."""
    folder = item.config.invocation_params.dir
    running = Running.of(getattr(item, "function", None), item.path, folder)
    operation = operation_of(item.config, wishes(item).operation)
    server.test = sandbox = ScriptedSandbox(server, running, operation)
    yield sandbox
    server.release()
    waived = _note(item, sandbox, server, operation)
    requests = len(sandbox.interactions)
    seen = Seen(item, operation, sandbox.breaches, requests, server.level, waived)
    weak = "\n".join(assumptions(seen))
    if weak:
        item.add_report_section("teardown", SECTION, weak)
    unused = sandbox.unused() if item.stash.get(PASSED, False) else ""
    problems = "\n\n".join(filter(None, (*violations(seen), *missing(seen), unused)))
    if problems:
        pytest.fail(problems, pytrace=False)


def _note(
    item: pytest.Item, sandbox: ScriptedSandbox, server: Server, operation: Operation
) -> frozenset[str]:
    """Note the findings on the requests of a test; return the ids of the rules waived in it."""
    expected = wishes(item).expect_violation
    results = [
        judge_request(*judged, expected=expected, fail_on=server.level) for judged in sandbox.judged
    ]
    if not results:
        return frozenset()
    result = add(results)
    if item.config.option.enkash_waivers is not None:
        from enkash_contract.pytest_plugin.waivers import waived

        result = waived(item.config, "traffic", result)
    # By the time a report is read the server is gone, so the test is named to send it again.
    findings = [
        replace(finding, interaction=None, source=named(item)) for finding in result.findings
    ]
    result = replace(result, findings=tuple(findings))
    reports.watch(item.config)
    about = About(contract_of(item.config), operation, "enkash_sandbox")
    reports.note(item, result, result, about)
    return frozenset(finding.rule for finding in result.waived)


def answer_for(request: pytest.FixtureRequest, sandbox: ScriptedSandbox) -> Answer:
    """Script the answer of this parameter for every request."""
    if not hasattr(request, "param"):
        pytest.fail(UNPARAMETRISED, pytrace=False)
    answer: Answer = request.param
    sandbox.answers(answer, always=True)
    return answer


UNPARAMETRISED = (
    "enkash_answer is a parameter, and a method of unittest.TestCase has none, nor has a fixture "
    "requested by getfixturevalue; "
    "loop over enkash_sandbox.answers('right') or enkash_sandbox.answers('wrong') there"
)
