"""Recordings as pytest files: one item for each interaction with our operation.

A `.har` file that is named on the command line is a recording. A `.json` or `.yaml` file may belong
to another plugin, so its content is looked at first; a file that the ini option matches has to be a
recording.
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
from enkash_contract.traffic import detection

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from enkash_contract.traffic.entries.entry import Entry

_MARK = re.compile(
    rb'^(?:http_)?interactions\s*:|"(?:http_)?interactions"\s*:|"(?:log|request)"\s*:\s*\{',
    re.MULTILINE,
)
"""Text that cassettes and HAR files have, and hardly any other file."""


class RecordingItem(Plain, Named):
    """One recorded interaction, judged from both sides."""

    def __init__(self, name: str, parent: Any, *, entry: Entry) -> None:
        super().__init__(name=name, parent=parent)
        self.entry = entry

    def runtest(self) -> None:
        """Fail on a violation, expect a failure on weak evidence, and skip if nothing follows."""
        contract = contract_of(self.config)
        result = singly(self.config).result(self.entry)
        assert result is not None  # noqa: S101 - `collect` drops other entries
        result = waived(self.config, "traffic", result)
        about = About(
            contract,
            singly(self.config).meet(self.entry) or next(iter(contract.values())),
            self.path.name,
            reproduction=reports.again(self.config, str(shown(self.path))),
        )
        reports.note(self, result, result, about)
        reports.weigh(result, about, {})
        if result.unread:
            pytest.fail("; ".join(result.unread), pytrace=False)
        if result.count("inconclusive"):
            pytest.skip("; ".join(result.notes) or "nothing follows from this interaction")

    def reportinfo(self) -> tuple[Path, None, str]:
        """Point at the file."""
        return self.path, None, f"{self.path.name}::{self.name}"


class RecordingFile(pytest.File):
    """A recording, read when it is collected."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield an item for each interaction with our operation, and for each unreadable entry."""
        reports.watch(self.config)
        judging = singly(self.config)
        try:
            path = shown(self.path)
            for entry in traffic.entries(path):
                # All are met before the first is judged: each may tell of the hosts of others.
                if judging.meet(entry) or entry.interaction is None:
                    name = entry.source.removeprefix(f"{path}:")
                    yield RecordingItem.from_parent(self, name=name, entry=entry)
        except RecordingError as problem:
            raise self.CollectError(str(problem)) from None


_SINGLY = pytest.StashKey[traffic.Singly]()


def singly(config: pytest.Config) -> traffic.Singly:
    """Return what judges the recorded interactions of this run."""
    if _SINGLY not in config.stash:
        config.stash[_SINGLY] = traffic.Singly(
            contract_of(config),
            partner_host=config.getoption("enkash_partner_host"),
            option="--enkash-partner-host",
            fail_on=Level.of(config.getoption("enkash_fail_on")),
        )
    return config.stash[_SINGLY]


def collect(path: Path, parent: pytest.Collector, globs: list[str]) -> pytest.Collector | None:
    """Return the node of a recording, or None if `path` is not to be judged."""
    if any(_matches(path, parent.config.rootpath, glob) for glob in globs):
        return RecordingFile.from_parent(parent, path=path)
    if parent.session.isinitpath(path) and _is_recording(path):
        return RecordingFile.from_parent(parent, path=path)
    return None


def _matches(path: Path, root: Path, glob: str) -> bool:
    name = path.relative_to(root) if path.is_relative_to(root) else path
    # A glob without a slash matches names alone, and `**/` matches no folder as well.
    text = name.as_posix() if "/" in glob else path.name
    return fnmatch.fnmatchcase(text, glob.replace("**/", "*"))


def _is_recording(path: Path) -> bool:
    """Return whether a named file looks like a recording, broken or not."""
    named = path.name.lower().removesuffix(".gz").endswith(".har")
    return named or bool(_MARK.search(detection.head(path)))
