"""Findings line by line, for grep and for editors: one line each, the severity first.

What belongs to a finding follows it indented.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from enkash_contract.contract.choice import qualified
from enkash_contract.errors import printable
from enkash_contract.judging.by_operation import are_several
from enkash_contract.report.causes import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.judging.finding import Finding
    from enkash_contract.judging.result import Result
    from enkash_contract.report import About


def finding_lines(result: Result, about: About) -> Iterator[str]:
    """Yield the lines of all findings; those of one fingerprint and message are printed once."""
    alike = Counter[tuple[str, str]]()
    for finding in result.findings:
        alike[_key(finding)] += finding.count
    printed: set[tuple[str, str]] = set()
    several = are_several(result)
    for finding in sorted(result.findings, key=lambda found: SEVERITIES.index(found.severity)):
        if _key(finding) in printed:
            continue
        printed.add(_key(finding))
        yield line(finding, several=several)
        more = alike[_key(finding)] - 1
        if more:
            yield f"    and {more:,} more like it"
        if finding.reason:
            yield f"    because: {printable(finding.reason)}"
        command = about.reproduction.of(finding)
        if command and finding.severity == "violation":
            yield f"    reproduce: {printable(command)}"


def _key(finding: Finding) -> tuple[str, str]:
    # Recorded findings are printed one by one: each stands at a place of its own.
    return (
        finding.fingerprint,
        finding.message if finding.case else finding.source + finding.message,
    )


def line(finding: Finding, *, several: bool = False) -> str:
    """Return a finding as one line; of `several` operations, its id is qualified."""
    named = finding.case or finding.rule
    named = qualified(finding.operation, named) if several else named
    at = "" if finding.case else f"{finding.source}: "
    about = f"{finding.evidence}; {finding.document}; {finding.fingerprint}"
    return printable(f"{finding.severity} {finding.check} {named} {at}{finding.message} [{about}]")
