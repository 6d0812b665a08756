"""The end of a pytest run: a paragraph, and the reports of --enkash-report.

They are written by the process that receives the reports of all tests. The result of the baseline
comes with every item, and under pytest-xdist from every worker, but counts once for each target.
"""

from __future__ import annotations

import io
import json
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract import report
from enkash_contract.clock import now
from enkash_contract.contract.wording import counted
from enkash_contract.engine import look_ups
from enkash_contract.engine.plan import make_plan
from enkash_contract.engine.transport.connection import Connection
from enkash_contract.errors import UsageError
from enkash_contract.judging.result import Result, add
from enkash_contract.pytest_plugin.contract import contract_of
from enkash_contract.pytest_plugin.found import FOUND
from enkash_contract.pytest_plugin.reports import again
from enkash_contract.report import About, Facts
from enkash_contract.report.build import build
from enkash_contract.report.ci import is_annotated, is_github
from enkash_contract.report.destinations import destinations
from enkash_contract.report.promises import broken, of_operations, promises
from enkash_contract.report.reproduction import Reproduction
from enkash_contract.report.seen import coverage_of
from enkash_contract.report.serialize import unpack

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from enkash_contract.engine.plan import Plan
    from enkash_contract.report.destinations import Destination
    from enkash_contract.report.promises import Promise

NAMED = 3
"""The number of targets and recordings that are named."""


def places(config: pytest.Config) -> list[Destination]:
    """Return the formats and files of --enkash-report.

    Raises:
        pytest.UsageError: a format is unknown, or a file cannot be written.

    """
    try:
        return destinations(config.getoption("enkash_report"), "--enkash-report")
    except UsageError as problem:
        raise pytest.UsageError(str(problem)) from None


def promised(config: pytest.Config) -> list[Promise]:
    """Return the promises of --enkash-require-coverage.

    Raises:
        pytest.UsageError: one is none, or names no rule.

    """
    known = of_operations(contract_of(config).values())
    try:
        given = config.getoption("enkash_require_coverage")
        return promises(given, known, "--enkash-require-coverage")
    except UsageError as problem:
        raise pytest.UsageError(str(problem)) from None


def _held(config: pytest.Config, result: Result, about: About) -> Result:
    """Return the result of all tests with the promises that were not kept."""
    given = promised(config) if config.getoption("enkash_require_coverage") else []
    rules = coverage_of(result, about) if given else []
    return result + Result(promises=tuple(broken(given, rules)))


def total(config: pytest.Config, data: list[Any], plans: Sequence[Plan]) -> Result:
    """Add up the results of all tests, and check that their waivers are needed.

    `plans` are the whole plans behind the items of the contract, one for each operation.
    """
    sent = [part for part in data if part["sent"]]
    own = [
        (plan, [part for part in sent if part["operation"] == plan.operation.id]) for plan in plans
    ]
    checked = add([Result(), *(look_ups.settle(plan, _sum(parts)) for plan, parts in own)])
    observed = _sum([part for part in data if not part["sent"]])
    if config.option.enkash_waivers is not None:
        from enkash_contract.pytest_plugin.waivers import concluded

        items = concluded(config, checked, plans, beside=observed) if plans else checked
        return items + concluded(config, observed, (), beside=checked)
    return checked + observed


def _sum(data: list[Any]) -> Result:
    opened = {part["target"]: part["opened"] for part in reversed(data) if part["opened"]}
    results = [*opened.values(), *(part["result"] for part in data)]
    return add([Result(), *map(unpack, results)])


def lines(config: pytest.Config, data: list[Any]) -> Iterator[str]:
    """Yield the lines at the end: the verdict, the number of rules exercised, and the causes."""
    from enkash_contract.report.text import View, screen

    plans = _plans(config, data)
    about = _about(config, data, plans)
    result = _held(config, total(config, data, plans), about)
    # The notes of single tests are shown with them.
    notes = [note for plan in plans for note in look_ups.notes(plan, result)]
    exercised = {
        polarity: sum(
            1 for (_, side), tally in result.tallies.items() if tally.exercised and side == polarity
        )
        for polarity in ("accept", "reject")
    }
    rules = f"{counted(exercised['accept'], 'rule')} exercised by valid requests"
    about = replace(about, remark=f"{rules}, {exercised['reject']} by invalid ones")
    writer = config.get_terminal_writer()
    width = writer.fullwidth if writer.hasmarkup or os.environ.get("COLUMNS") else None
    result = replace(result, notes=tuple(notes), unread=())
    yield from screen(result, about, View(brief=True, width=width))


def annotated(config: pytest.Config, data: list[Any]) -> list[str]:
    """Return the annotations that GitHub Actions shows, where it runs this."""
    if not is_github() or not is_annotated(place.form for place in places(config)):
        return []
    plans = _plans(config, data)
    about = _about(config, data, plans)
    stream = io.StringIO()
    whole = build(_held(config, total(config, data, plans), about), about)
    report.write("github", whole, stream)
    return stream.getvalue().splitlines()


def finish(session: pytest.Session, data: list[Any]) -> None:
    """Write the reports of --enkash-report, and fail for waivers that are out of date.

    Raises:
        pytest.UsageError: a report cannot be written.

    """
    config = session.config
    plans = _plans(config, data)
    about = _about(config, data, plans)
    result = _held(config, total(config, data, plans), about)
    # Where nothing was judged, no waiver can be called needless.
    fails = (data and result.waivers) or result.promises
    if fails and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    wanted = places(config)
    if not wanted:
        return
    whole = build(result, about)
    for place in wanted:
        if (
            place.form == "pytest"
            and about.reproduction.in_process
            and not about.reproduction.application
        ):
            raise pytest.UsageError(
                f"--enkash-report pytest={place.path}: a file of tests needs an address or "
                "module:attribute to call, and the fixture enkash_target returned an object"
            )
        place.write(whole)


def _plans(config: pytest.Config, data: list[Any]) -> list[Plan]:
    """Return the whole plans behind the items, one for each operation: that of its first item."""
    firsts = {part["operation"]: part for part in reversed(data) if part["sent"]}
    plans = []
    for part in reversed(firsts.values()):
        body, headers, timeout = part["sent"]
        plan = make_plan(
            contract=contract_of(config),
            operation=part["operation"],
            base=json.loads(body),
            fail_on=config.getoption("enkash_fail_on"),
            connection=Connection(dict.fromkeys(headers, ""), timeout),
        )
        plans.append(plan)
    return plans


def _about(config: pytest.Config, data: list[Any], plans: Sequence[Plan]) -> About:
    """Return what reports show beside the result; the plan is that of the first item."""
    contract = contract_of(config)
    targets = dict.fromkeys(part["target"] for part in data)
    first = next((part for part in data if part["sent"]), None)
    reproduction = Reproduction(**first["reproduction"]) if first else again(config)
    reproduction = replace(reproduction, qualified=len(plans) > 1)
    shown = ", ".join([*targets][:NAMED]) or "nothing"
    if len(targets) > NAMED:
        shown += f" and {len(targets) - NAMED} more"
    return About(
        contract,
        plans[0].operation if plans else contract.pick(),
        shown,
        plans[0] if plans else None,
        reproduction,
        facts=_facts(config),
        cases=lambda: tuple(case for plan in plans for case in (plan.baseline, *plan.cases)),
    )


def _facts(config: pytest.Config) -> Facts:
    """Return the facts of the run, whose end is now."""
    from enkash_contract.pytest_plugin.waivers import in_force

    return Facts(
        command="pytest",
        fail_on=config.getoption("enkash_fail_on"),
        started=config.stash[FOUND].began,
        finished=now(),
        waivers=in_force(config),
    )
