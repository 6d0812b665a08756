"""The report for people: one page for whoever asks what was proven, and what was not."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from enkash_contract.report.html.page import render
from enkash_contract.report.html.view import view

if TYPE_CHECKING:
    from enkash_contract.report.document import Report


def write(report: Report, stream: TextIO) -> None:
    """Write `report` as one HTML file.

    Raises:
        UsageError: Jinja2 is not installed.

    """
    context, findings = view(report)
    stream.write(render("report.html.jinja", context, findings))
