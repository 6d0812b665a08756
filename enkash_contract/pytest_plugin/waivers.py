"""Waivers in a pytest run: what is agreed on fails no item, and is told once nobody needs it.

Items of the contract go by the waivers of `check`; recordings, responses and what clients sent by
those of `traffic`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest

from enkash_contract.config import waivers
from enkash_contract.config.file import load_waivers
from enkash_contract.errors import EnkashContractError
from enkash_contract.pytest_plugin.contract import contract_of

if TYPE_CHECKING:
    from enkash_contract.config.waivers import Waiver
    from enkash_contract.engine.plan import Plan
    from enkash_contract.judging.result import Result

Command = Literal["check", "traffic"]

_AGREED = pytest.StashKey[dict[Command, "list[Waiver]"]]()


def load(config: pytest.Config) -> None:
    """Read the file of --enkash-waivers.

    Raises:
        pytest.UsageError: it cannot be read, or something in it is wrong.

    """
    file = config.getoption("enkash_waivers")
    try:
        found: dict[Command, list[Waiver]] = {
            "check": load_waivers(file, "check"),
            "traffic": load_waivers(file, "traffic"),
        }
        for given in found.values():
            waivers.check_known(given, contract_of(config))
    except EnkashContractError as problem:
        raise pytest.UsageError(str(problem)) from None
    config.stash[_AGREED] = found


def waived(config: pytest.Config, command: Command, result: Result) -> Result:
    """Return what one test found, with that waived which is agreed on."""
    given = config.stash.get(_AGREED, {}).get(command)
    return waivers.waived(result, given) if given else result


def concluded(
    config: pytest.Config, result: Result, made: Plan | None, *, beside: Result
) -> Result:
    """Return what items found, or all else, with what is wrong with the waivers.

    `made` is the whole plan behind the items, None for all else. What is found `beside` in the same
    run, by the other kind of tests, makes a waiver needed as well.
    """
    command: Command = "traffic" if made is None else "check"
    agreed = config.stash.get(_AGREED, {}).get(command, [])
    given = [
        one
        for one in agreed
        if any(map(one.matches, result.findings)) or not any(map(one.matches, beside.findings))
    ]
    if not given:
        return result
    operations = contract_of(config).values()
    if made is None:
        return waivers.apply(result, given, *operations)
    cases = (made.baseline, *made.cases)
    return waivers.apply(result, given, made.operation, cases=lambda: cases)
