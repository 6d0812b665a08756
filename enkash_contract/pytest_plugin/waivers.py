"""Waivers in a pytest run: waived findings fail no item, and needless waivers fail the run.

Items of the contract go by the waivers of `check`; recordings, responses and the requests of
clients by those of `traffic`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest

from enkash_contract.config import waivers
from enkash_contract.config.file import load_waivers
from enkash_contract.config.waiver import check_known, settled
from enkash_contract.errors import EnkashContractError
from enkash_contract.pytest_plugin.contract import contract_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from enkash_contract.config.waiver import Waiver
    from enkash_contract.engine.plan import Plan
    from enkash_contract.judging.result import Result

Command = Literal["check", "traffic"]

_WAIVERS = pytest.StashKey[dict[Command, "list[Waiver]"]]()


def load(config: pytest.Config) -> None:
    """Read the file of --enkash-waivers.

    Raises:
        pytest.UsageError: it cannot be read, or has a mistake.

    """
    file = config.getoption("enkash_waivers")
    try:
        contract = contract_of(config)
        loaded: dict[Command, list[Waiver]] = {
            "check": settled(load_waivers(file, "check"), contract),
            "traffic": settled(load_waivers(file, "traffic"), contract),
        }
        for group in loaded.values():
            check_known(group, contract)
    except EnkashContractError as problem:
        raise pytest.UsageError(str(problem)) from None
    config.stash[_WAIVERS] = loaded


def in_force(config: pytest.Config) -> tuple[Waiver, ...]:
    """Return the waivers of both kinds of tests, each once."""
    groups = config.stash.get(_WAIVERS, {}).values()
    return tuple({str(waiver.place): waiver for group in groups for waiver in group}.values())


def waived(config: pytest.Config, command: Command, result: Result) -> Result:
    """Return the result of one test, with the findings waived that the file agrees on."""
    agreed = config.stash.get(_WAIVERS, {}).get(command)
    return waivers.waived(result, agreed) if agreed else result


def concluded(
    config: pytest.Config, result: Result, plans: Sequence[Plan], *, beside: Result
) -> Result:
    """Return the result of all items, or of all other tests, with the problems of its waivers.

    `plans` are the whole plans behind the items, none for other tests. A waiver that only the
    result `beside`, of the other kind of tests in the same run, needs is needed as well.
    """
    command: Command = "check" if plans else "traffic"
    agreed = config.stash.get(_WAIVERS, {}).get(command, [])
    own = [
        waiver
        for waiver in agreed
        if any(map(waiver.matches, result.findings))
        or not any(map(waiver.matches, beside.findings))
    ]
    if not own:
        return result
    if not plans:
        return waivers.apply(result, own, *contract_of(config).values())
    cases = tuple(case for plan in plans for case in (plan.baseline, *plan.cases))
    operations = [plan.operation for plan in plans]
    return waivers.apply(result, own, *operations, cases=lambda: cases)
