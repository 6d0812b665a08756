"""The fixtures of tests of clients: one server for the session, used by one test after another.

A request that breaks the contract fails its test when that ends, so that the client is seen to the
end first.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from enkash_contract.errors import EnkashContractError
from enkash_contract.judging.judge import judge_request
from enkash_contract.judging.result import add
from enkash_contract.pytest_plugin import reports
from enkash_contract.pytest_plugin.contract import contract_of
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
from enkash_contract.sandbox import server

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from enkash_contract.contract.contract import Contract
    from enkash_contract.generation.responses import Answer


class Outcomes:
    """Remembers which tests passed; only a test that did is told what it left unused."""

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
    try:
        made = Server(contract, config.getoption("enkash_fail_on"))
    except EnkashContractError as problem:
        raise pytest.fail.Exception(f"enkash_sandbox: {problem}", pytrace=False) from None
    outcomes = Outcomes()
    config.pluginmanager.register(outcomes)
    with server.in_background(made) as url:
        made.url = url
        yield made
    config.pluginmanager.unregister(outcomes)


@contextmanager
def used_by(item: pytest.Item, made: Server) -> Iterator[ScriptedSandbox]:
    """Give the server to one test, and judge what it was sent when the test is over."""
    folder = item.config.invocation_params.dir
    running = Running.of(getattr(item, "function", None), item.path, folder)
    made.test = sandbox = ScriptedSandbox(made, running)
    yield sandbox
    made.release()
    agreed = _note(item, sandbox, made)
    requests = len(sandbox.interactions)
    seen = Seen(item, made.operation, sandbox.breaches, requests, made.level, agreed)
    weak = "\n".join(assumptions(seen))
    if weak:
        item.add_report_section("teardown", SECTION, weak)
    left = sandbox.unused() if item.stash.get(PASSED, False) else ""
    wrong = "\n\n".join(filter(None, (*violations(seen), *missing(seen), left)))
    if wrong:
        pytest.fail(wrong, pytrace=False)


def _note(item: pytest.Item, sandbox: ScriptedSandbox, made: Server) -> frozenset[str]:
    """Let the summary and the reports tell of what the test sent; return the rules waived in it."""
    expected = wishes(item).expect_violation
    results = [
        judge_request(made.operation, *one, expected=expected, fail_on=made.level)
        for one in sandbox.judged
    ]
    if not results:
        return frozenset()
    result = add(results)
    if item.config.option.enkash_waivers is not None:
        from enkash_contract.pytest_plugin.waivers import waived

        result = waived(item.config, "traffic", result)
    # The server is gone by then: the test sends it again.
    findings = [replace(one, interaction=None, source=named(item)) for one in result.findings]
    result = replace(result, findings=tuple(findings))
    reports.watch(item.config)
    about = About(contract_of(item.config), made.operation, "enkash_sandbox")
    reports.note(item, result, result, about)
    return frozenset(one.rule for one in result.waived)


def answer_for(request: pytest.FixtureRequest, sandbox: ScriptedSandbox) -> Answer:
    """Make the sandbox give the answer of this parameter to every request."""
    if not hasattr(request, "param"):
        pytest.fail(UNPARAMETRISED, pytrace=False)
    answer: Answer = request.param
    sandbox.answers(answer, always=True)
    return answer


UNPARAMETRISED = (
    "enkash_answer is a parameter, and a method of unittest.TestCase has none, nor has what is "
    "asked for by getfixturevalue; "
    "loop over enkash_sandbox.answers('right') or enkash_sandbox.answers('wrong') there"
)
