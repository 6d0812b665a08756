"""The last word of a pytest run: a paragraph, and the reports that were asked for.

It is written by the process that hears of all tests, from what their reports brought. What the
baseline showed comes with every item, and under pytest-xdist from every worker: it is counted once
for each target.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract import report
from enkash_contract.contract.wording import counted
from enkash_contract.engine.plan import make_plan
from enkash_contract.engine.transport.connection import Connection
from enkash_contract.errors import UsageError
from enkash_contract.judging.result import Result, add
from enkash_contract.pytest_plugin.contract import contract_of
from enkash_contract.report import About
from enkash_contract.report.reproduction import Reproduction
from enkash_contract.report.serialize import unpack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from enkash_contract.engine.plan import Plan

NAMED = 3
"""So many targets and recordings are named."""


def paths(config: pytest.Config) -> list[tuple[str, Path]]:
    """Return the formats and files of --enkash-report.

    Raises:
        pytest.UsageError: one is no format, or cannot be written.

    """
    try:
        return report.report_paths(tuple(config.getoption("enkash_report")))
    except UsageError as problem:
        told = str(problem).replace("--report", "--enkash-report", 1)
        raise pytest.UsageError(told) from None


def total(config: pytest.Config, data: list[Any], made: Plan | None) -> Result:
    """Add up what the reports of all tests brought, and hold the waivers against it.

    `made` is the whole plan behind the items of the contract.
    """
    sent = _sum([one for one in data if one["sent"]])
    seen = _sum([one for one in data if not one["sent"]])
    if config.option.enkash_waivers is not None:
        from enkash_contract.pytest_plugin.waivers import concluded

        items = concluded(config, sent, made, beside=seen) if made else sent
        return items + concluded(config, seen, None, beside=sent)
    return sent + seen


def _sum(data: list[Any]) -> Result:
    opened = {one["target"]: one["opened"] for one in reversed(data) if one["opened"]}
    parts = [*opened.values(), *(one["result"] for one in data)]
    return add([Result(), *map(unpack, parts)])


def lines(config: pytest.Config, data: list[Any]) -> Iterator[str]:
    """Yield what is said at the end: waivers, the counts, and which rules were put to the test."""
    from enkash_contract.report.text import summary

    about = _about(config, data)
    result = total(config, data, about.plan)
    yield from (f"waiver: {problem}" for problem in result.waivers)
    tried = {
        polarity: sum(
            1 for (_, side), one in result.tallies.items() if one.exercised and side == polarity
        )
        for polarity in ("accept", "reject")
    }
    rules = f"{counted(tried['accept'], 'rule')} exercised by valid requests"
    yield f"{summary(result, about)}; {rules}, {tried['reject']} by invalid ones"


def finish(session: pytest.Session, data: list[Any]) -> None:
    """Write the reports that were asked for, and fail for waivers that are out of date.

    Raises:
        pytest.UsageError: a report cannot be written.

    """
    config = session.config
    about = _about(config, data)
    result = total(config, data, about.plan)
    # Where nothing was judged, nothing is told of waivers either.
    if data and result.waivers and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    for form, path in paths(config):
        if (
            form == "pytest"
            and about.reproduction.in_process
            and not about.reproduction.application
        ):
            raise pytest.UsageError(
                f"--enkash-report pytest={path}: a file of tests needs an address or "
                "module:attribute to call, and the fixture enkash_target returned an object"
            )
        with path.open("w", encoding="utf-8") as stream:
            report.write(form, result, about, stream)


def _about(config: pytest.Config, data: list[Any]) -> About:
    """Return what the reports say beside the result; the target's own part is of the first item."""
    whole = contract_of(config)
    targets = dict.fromkeys(one["target"] for one in data)
    first = next((one for one in data if one["sent"]), None)
    reproduction = Reproduction(**first["reproduction"]) if first else Reproduction()
    made = None
    if first:
        body, headers, timeout = first["sent"]
        made = make_plan(
            contract=whole,
            base=json.loads(body),
            fail_on=config.getoption("enkash_fail_on"),
            connection=Connection(dict.fromkeys(headers, ""), timeout),
        )
    shown = ", ".join([*targets][:NAMED]) or "nothing"
    if len(targets) > NAMED:
        shown += f" and {len(targets) - NAMED} more"
    return About(whole, next(iter(whole.values())), shown, made, reproduction)
