"""What a test found, put on its report, so that it reaches whoever prints the summary.

Under pytest-xdist that is another process, and the report is the one thing that gets there whatever
happens to the worker afterwards.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract.errors import EnkashContractError
from enkash_contract.report import failure
from enkash_contract.report.serialize import pack

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from enkash_contract.judging.case import Case
    from enkash_contract.judging.result import Result
    from enkash_contract.report import About

_FOUND = pytest.StashKey[list[dict[str, Any]]]()


class Broken(Exception):  # noqa: N818 - never leaves the items
    """What an item found, ready to be shown."""


class Plain(pytest.Item):
    """An item whose failures are shown as they are written, without a traceback of ours."""

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *_: Any) -> Any:
        """Show what was found."""
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
    """Puts on the report of a test what was found in it, by the phase that found it."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Move what the item found to its report."""
        report = yield
        if _FOUND in item.stash:
            vars(report)["enkash"] = item.stash[_FOUND]
            del item.stash[_FOUND]
        if isinstance(item, Plain) and isinstance(report.longrepr, tuple):
            # A skip is told with its place, which is the item's and not one within this package.
            vars(report)["longrepr"] = (*item.location[:2], report.longrepr[2])
        return report


def watch(config: pytest.Config) -> None:
    """Put what tests find on their reports, from now on."""
    if not config.pluginmanager.has_plugin(EnkashReports.__name__):
        config.pluginmanager.register(EnkashReports(), EnkashReports.__name__)


def note(
    item: pytest.Item, shown: Result, own: Result, about: About, *, opened: Result | None = None
) -> None:
    """Keep what `item` found until its report is made.

    `shown` is all that it tells of, `own` what is counted for it, and `opened` what its run began
    with, which is counted once for each target.
    """
    made = about.plan
    found = {
        "result": pack(own),
        "opened": None if opened is None else pack(opened),
        "target": about.target,
        "reproduction": asdict(about.reproduction),
        # The headers' values stay here.
        "sent": made and [made.baseline.wire.body.decode(), [*made.headers], made.timeout],
    }
    item.stash.setdefault(_FOUND, []).append(found)
    for mark in dict.fromkeys(one.fingerprint for one in shown.findings):
        item.user_properties.append(("fingerprint", mark))


def weigh(result: Result, about: About, cases: Mapping[str, Case]) -> None:
    """Fail on violations; expect the failure that is waived, or rests on weak evidence only.

    Raises:
        Broken: the result holds a violation, or concludes nothing.

    """
    if result.violations:
        raise Broken("\n".join(failure.lines(result, about, cases)))
    if result.baseline not in (None, "accepted"):
        raise Broken(f"nothing could be concluded: {'; '.join(result.notes)}")
    if result.baseline and result.total and result.total == result.count("inconclusive"):
        raise Broken("nothing could be concluded: the answers say nothing about the payload")
    if result.waived:
        reasons = dict.fromkeys(one.reason for one in result.waived)
        pytest.xfail(f"waived: {'; '.join(reasons)}")
    if result.assumptions:
        first, *more = (one.message for one in result.assumptions)
        pytest.xfail(f"{first} (and {len(more)} more)" if more else first)
