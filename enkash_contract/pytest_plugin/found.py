"""The findings of a whole run, gathered from the reports of its tests, whichever worker ran them.

This module is loaded with the plugin, so it imports little but pytest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

SECTION = "Captured enkash assumptions teardown"
"""The section that lists broken rules of weak evidence; a test holds it equal to `failures`'."""


class Found:
    """Listens to the reports of tests, and gathers the findings on them."""

    def __init__(self) -> None:
        from enkash_contract.clock import now

        self.data: list[Any] = []
        self.began = now()
        # Each line of the sections, with the ids of the tests that it is about.
        self._assumptions: dict[str, list[str]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the findings and the assumptions of a report."""
        self.data += getattr(report, "enkash", ())
        if report.when == "teardown":
            for name, text in report.sections:
                for line in text.splitlines() if name == SECTION else ():
                    self._assumptions.setdefault(line, []).append(report.nodeid)

    def assumptions(self) -> Iterator[str]:
        """Yield a line for each broken rule of weak evidence, with the first of its tests."""
        for line, tests in self._assumptions.items():
            more = f" and {len(tests) - 1} more" if len(tests) > 1 else ""
            yield f"{min(tests)}{more}: {line}"


FOUND = pytest.StashKey[Found]()
