"""Responses that a test passes to `check_enkash`, each judged together with its request."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from enkash_contract.contract.evidence import Level
from enkash_contract.contract.operation import TO_PARTNER
from enkash_contract.contract.routes import Routes
from enkash_contract.contract.routing import is_preflight, match_request
from enkash_contract.errors import UsageError
from enkash_contract.judging.judge import judge_record
from enkash_contract.pytest_plugin import reports
from enkash_contract.pytest_plugin.failures import named
from enkash_contract.pytest_plugin.test_line import Line
from enkash_contract.pytest_plugin.waivers import waived
from enkash_contract.report import About
from enkash_contract.report.failure import lines
from enkash_contract.report.reproduction import Reproduction, pytest_command
from enkash_contract.wire.adapters import interaction_of

if TYPE_CHECKING:
    from types import FrameType

    import pytest

    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.operation import Operation
    from enkash_contract.judging.result import Result
    from enkash_contract.wire.message import Request


class ResponseCheck(Protocol):
    """The function that the fixture `check_enkash` returns."""

    def __call__(self, response: Any, *, operation: str | None = None) -> Result:
        """Judge a response with its request; fail the test if they violate the contract."""


def _operation(contract: Contract, named: str | None, request: Request) -> Operation:
    """Return the operation that was named, or that the request speaks to; else the default."""
    found = Routes(contract).of(request) if named is None else None
    return contract.pick(named) if found is None else found


def judge(
    item: pytest.Item,
    response: Any,
    contract: Contract,
    operation_id: str | None,
    caller: FrameType,
) -> tuple[Result, str]:
    """Judge a response with its request; return the result, and the text of its violations.

    `caller` is the frame of the test.

    Raises:
        UsageError: it is no response, or its request is not for this operation.

    """
    interaction = interaction_of(response, line_of(item, caller))
    operation = _operation(contract, operation_id, interaction.request)
    if is_preflight(operation, interaction.request):
        raise UsageError(f"{interaction.request!r} is a preflight, which is for no operation")
    # A receiver is wherever its partner has it.
    elsewhere = operation.direction == TO_PARTNER and operation_id is not None
    if not elsewhere and match_request(operation, interaction.request) == "other":
        raise UsageError(
            f"{interaction.request!r} is not for {operation.id}, which is {operation.path}"
        )
    judged = judge_record(operation, interaction, fail_on=level_of(item))
    return noted(item, judged, About(contract, operation, "check_enkash"))


def line_of(item: pytest.Item, caller: FrameType) -> str:
    """Return the line of a test that `caller`, its frame, is at."""
    folder = item.config.invocation_params.dir
    return str(Line(caller.f_code.co_filename, caller.f_lineno, folder))


def level_of(item: pytest.Item) -> Level:
    """Return the weakest level of evidence at which a finding is a violation."""
    return Level.of(item.config.getoption("enkash_fail_on"))


def noted(item: pytest.Item, judged: Result, about: About) -> tuple[Result, str]:
    """Enter what was judged in a test; return it with waivers, and the text of its violations."""
    reports.watch(item.config)
    result = waived(item.config, "traffic", judged)
    about = replace(about, reproduction=Reproduction(test=pytest_command(named(item))))
    reports.note(item, result, result, about)
    return result, "\n".join(lines(result, about))
