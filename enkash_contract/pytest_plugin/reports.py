"""The findings of a test on its report, which brings them to the process that sums up the run.

Under pytest-xdist that is another process, and the report gets there whatever happens to the worker
afterwards.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract.contract.evidence import FAIL_ON
from enkash_contract.errors import EnkashContractError
from enkash_contract.report import failure
from enkash_contract.report.reproduction import of_recordings
from enkash_contract.report.serialize import pack

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from enkash_contract.judging.case import Case
    from enkash_contract.judging.result import Result
    from enkash_contract.report import About
    from enkash_contract.report.reproduction import Reproduction

_FOUND = pytest.StashKey[list[dict[str, Any]]]()


class Broken(Exception):  # noqa: N818 - never leaves the items
    """The findings that fail an item, as they are shown."""


class Plain(pytest.Item):
    """An item whose failures are shown as they are worded, without a traceback of ours."""

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *_: Any) -> Any:
        """Show the findings, or the error of this package."""
        if excinfo.errisinstance((Broken, EnkashContractError)):
            return str(excinfo.value)
        return super().repr_failure(excinfo)


class Named(pytest.Item):
    """An item whose name may hold brackets.

    A node id is read again by what chooses the tests that failed last, and there a bracket begins
    the parameters of a test. So the id is given as a text, which pytest reads in the same way.
    """

    def __init__(self, name: str, parent: Any, **more: Any) -> None:
        super().__init__(name, parent, **(more | {"nodeid": f"{parent.nodeid}::{name}"}))


def shown(path: Path) -> Path:
    """Return `path` as a person would type it here."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


class EnkashReports:
    """Puts the findings of a test on the report of the phase that found them."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Move the findings of the item to its report."""
        report = yield
        if _FOUND in item.stash:
            vars(report)["enkash"] = item.stash[_FOUND]
            del item.stash[_FOUND]
        if isinstance(item, Plain) and isinstance(report.longrepr, tuple):
            # A skip is shown with its place: that of the item, not a line of this package.
            vars(report)["longrepr"] = (*item.location[:2], report.longrepr[2])
        return report


def watch(config: pytest.Config) -> None:
    """Put the findings of tests on their reports, from now on."""
    if not config.pluginmanager.has_plugin(EnkashReports.__name__):
        config.pluginmanager.register(EnkashReports(), EnkashReports.__name__)


def note(
    item: pytest.Item, shown: Result, own: Result, about: About, *, opened: Result | None = None
) -> None:
    """Keep the findings of `item` until its report is made.

    `shown` is the result that the item shows, `own` the part that is counted for it, and `opened`
    the result of the baseline that began its run, which is counted once for each target.
    """
    plan = about.plan
    data = {
        "result": pack(own),
        "opened": None if opened is None else pack(opened),
        "target": about.target,
        "reproduction": asdict(about.reproduction),
        "operation": about.operation.id,
        # The names of the headers alone: their values may be secrets.
        "sent": plan and [plan.baseline.wire.body.decode(), [*plan.headers], plan.timeout],
    }
    item.stash.setdefault(_FOUND, []).append(data)
    for fingerprint in dict.fromkeys(finding.fingerprint for finding in shown.findings):
        item.user_properties.append(("fingerprint", fingerprint))


def again(config: pytest.Config, *recordings: str) -> Reproduction:
    """Return how what was found in recordings is found again without pytest."""
    overlays = [("--overlay", name) for name in config.getoption("enkash_overlay")]
    level = config.getoption("enkash_fail_on")
    judging = [*overlays, ("--fail-on", None if level == FAIL_ON.value else level)]
    return of_recordings(recordings, judging, [])


def weigh(result: Result, about: About, cases: Mapping[str, Case]) -> None:
    """Fail on violations; expect the failure if all are waived or rest on weak evidence.

    Raises:
        Broken: the result holds a violation, or concludes nothing.

    """
    if result.violations:
        raise Broken("\n".join(failure.lines(result, about, cases)))
    if result.baseline not in (None, "accepted"):
        raise Broken(f"nothing could be concluded: {'; '.join(result.notes)}")
    if result.baseline and result.total and result.total == result.count("inconclusive"):
        raise Broken("nothing could be concluded: the responses say nothing about the payload")
    if result.waived:
        reasons = dict.fromkeys(finding.reason for finding in result.waived)
        pytest.xfail(f"waived: {'; '.join(reasons)}")
    if result.assumptions:
        first, *more = (finding.message for finding in result.assumptions)
        pytest.xfail(f"{first} (and {len(more)} more)" if more else first)
