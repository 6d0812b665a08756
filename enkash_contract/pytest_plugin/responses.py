"""Responses that a test passes to `check_enkash`, each judged together with its request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from enkash_contract.contract.evidence import Level
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
    from enkash_contract.judging.result import Result


class ResponseCheck(Protocol):
    """The function that the fixture `check_enkash` returns."""

    def __call__(self, response: Any, *, operation: str | None = None) -> Result:
        """Judge a response with its request; fail the test if they violate the contract."""


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
    config, operation = item.config, contract.pick(operation_id)
    reports.watch(config)
    line = Line(caller.f_code.co_filename, caller.f_lineno, config.invocation_params.dir)
    interaction = interaction_of(response, str(line))
    if is_preflight(operation, interaction.request):
        raise UsageError(f"{interaction.request!r} is a preflight, which is for no operation")
    if match_request(operation, interaction.request) == "other":
        raise UsageError(
            f"{interaction.request!r} is not for {operation.id}, which is {operation.path}"
        )
    level = Level.of(config.getoption("enkash_fail_on"))
    result = waived(config, "traffic", judge_record(operation, interaction, fail_on=level))
    reproduction = Reproduction(test=pytest_command(named(item)))
    about = About(contract, operation, "check_enkash", reproduction=reproduction)
    reports.note(item, result, result, about)
    return result, "\n".join(lines(result, about))
