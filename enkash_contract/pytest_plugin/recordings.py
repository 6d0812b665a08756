"""Recordings as pytest files: one item for each interaction with our operation.

A `.har` file that is named on the command line is a recording. A `.json` or `.yaml` file may be
anything, and be for another plugin, so one that is only named is looked at first; what the ini
option matches has to be one.
"""

from __future__ import annotations

import fnmatch
import re
from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract import traffic
from enkash_contract.contract.evidence import Level
from enkash_contract.errors import RecordingError
from enkash_contract.pytest_plugin import reports
from enkash_contract.pytest_plugin.contract import contract_of
from enkash_contract.pytest_plugin.reports import Named, Plain, shown
from enkash_contract.pytest_plugin.waivers import waived
from enkash_contract.report import About

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.operation import Operation
    from enkash_contract.traffic.entry import Entry

_MARK = re.compile(rb'^interactions\s*:|"interactions"\s*:|"log"\s*:\s*\{', re.MULTILINE)
"""What stands in cassettes and in HAR, and hardly anywhere else."""


class RecordingItem(Plain, Named):
    """One recorded interaction, judged from both sides."""

    def __init__(self, name: str, parent: Any, *, entry: Entry) -> None:
        super().__init__(name=name, parent=parent)
        self.entry = entry

    def runtest(self) -> None:
        """Fail on a violation, expect a weak failure, and skip what nobody can tell."""
        whole, level = contract_of(self.config), Level.of(self.config.getoption("enkash_fail_on"))
        result = traffic.judge(self.entry, whole.values(), fail_on=level)
        assert result is not None  # noqa: S101 - others are no items
        result = waived(self.config, "traffic", result)
        about = About(whole, _operation(self.entry, whole), self.path.name)
        reports.note(self, result, result, about)
        reports.weigh(result, about, {})
        if result.count("inconclusive"):
            pytest.skip("; ".join(result.notes) or "nothing follows from this interaction")

    def reportinfo(self) -> tuple[Path, None, str]:
        """Point at the file."""
        return self.path, None, f"{self.path.name}::{self.name}"


class RecordingFile(pytest.File):
    """A recording, read when it is collected."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield an item for each interaction of interest, and for each that cannot be read."""
        reports.watch(self.config)
        wanted = [*contract_of(self.config).values()]
        try:
            path = shown(self.path)
            for entry in traffic.entries(path):
                asked = entry.interaction
                if asked is None or traffic.operation_of(asked.request, wanted):
                    name = entry.source.removeprefix(f"{path}:")
                    yield RecordingItem.from_parent(self, name=name, entry=entry)
        except RecordingError as problem:
            raise self.CollectError(str(problem)) from None


def _operation(entry: Entry, whole: Contract) -> Operation:
    """Return the operation that an entry uses; of one that cannot be read, any."""
    asked = entry.interaction
    found = traffic.operation_of(asked.request, whole.values()) if asked else None
    return found or next(iter(whole.values()))


def collect(path: Path, parent: pytest.Collector, globs: list[str]) -> pytest.Collector | None:
    """Return the node of a recording, or None where `path` is not to be judged."""
    if any(_matches(path, parent.config.rootpath, one) for one in globs):
        return RecordingFile.from_parent(parent, path=path)
    if parent.session.isinitpath(path) and _is_one(path):
        return RecordingFile.from_parent(parent, path=path)
    return None


def _matches(path: Path, root: Path, glob: str) -> bool:
    name = path.relative_to(root) if path.is_relative_to(root) else path
    # A pattern without a slash is one of names, and `**/` also stands for no folder at all.
    text = name.as_posix() if "/" in glob else path.name
    return fnmatch.fnmatchcase(text, glob.replace("**/", "*"))


def _is_one(path: Path) -> bool:
    """Say whether a file that is named looks like a recording, broken or not."""
    return path.suffix.lower() == ".har" or bool(_MARK.search(path.read_bytes()))
