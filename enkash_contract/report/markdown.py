"""Markdown, to be pasted into a ticket: each cause with its page, the exchange, and how to repeat.

A ticket is read where a payload must not become more than a payload: a link, an image, a mention, a
heading, a cell of a table. So all that was sent or received stands in code, in a fence that is
longer than any run of backticks within it, and of our own words none need be escaped.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TextIO

from enkash_contract.contract.wording import counted
from enkash_contract.report import plain, words
from enkash_contract.report.coverage import SIDES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from enkash_contract.contract.evidence import Evidence
    from enkash_contract.report.document import Report, ReportCause, ReportFinding, Run

MOST = 40
"""So many causes are told in full; the others in a sentence each."""

COUNTABLE = ("violation", "assumption")
"""The verdicts that are nouns."""

NAMED = 10
"""So many members, rules and remarks are named."""


def write(report: Report, stream: TextIO) -> None:
    """Write `report` as Markdown."""
    stream.write("\n".join((*head(report), "")))
    stream.writelines("\n".join((*block, "")) for block in blocks(report))


def head(report: Report) -> Iterator[str]:
    """Yield the lines before the causes: the verdict, what was exercised, and remarks."""
    yield f"# {worded(words.verdict(report))}"
    yield ""
    counts = [
        counted(number, verdict) if verdict in COUNTABLE else f"{number:,} {verdict}"
        for verdict, number in report.verdicts.items()
        if number
    ]
    yield f"{counted(report.total, 'check')}: {', '.join(counts) or 'none'}."
    yield f"{words.proven(report)}."
    yield ""
    yield from _operations(report)
    remarks = {
        "unread": report.unread,
        "waiver": report.waivers,
        "coverage": report.promises,
        "note": report.remarks,
    }
    listed = [f"- {name}: {code(text)}" for name, texts in remarks.items() for text in texts]
    yield from _first(listed, "- ")
    for run in report.runs:
        yield f"- run: {_facts(run)}"
        waivers = [
            f"- waived until {waiver.until}: {code(waiver.rule or waiver.fingerprint)}, "
            f"because {code(waiver.reason)}"
            for waiver in run.waivers
        ]
        yield from _first(waivers, "- ")
    yield ""


def _operations(report: Report) -> Iterator[str]:
    if words.is_selftest(report):
        return
    yield "| operation | rules | accepted on the bound | rejected past it | both |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for operation in report.operations:
        rules = [rule for rule in operation.rules if rule.is_of_request]
        counts = [sum(rule.covers(side) for rule in rules) for side in (*SIDES, "both")]
        cells = " | ".join(f"{number:,}" for number in (len(rules), *counts))
        yield f"| {code(f'{operation.method} {operation.path}', cell=True)} | {cells} |"
    yield ""


def _facts(run: Run) -> str:
    facts = {
        "document": run.sha256[:12],
        "overlays": ", ".join(run.overlays),
        "fail-on": run.fail_on,
        "seed": "" if run.seed is None else str(run.seed),
        "started": run.started,
        "enkash-contract": run.tool,
    }
    return ", ".join(f"{name} {code(value)}" for name, value in facts.items() if value)


def _first(lines: list[str], mark: str) -> Iterator[str]:
    """Yield the first of `lines`, and how many more there are."""
    yield from lines[:NAMED]
    if len(lines) > NAMED:
        yield f"{mark}and {len(lines) - NAMED:,} more"


# Causes


def blocks(report: Report) -> Iterator[list[str]]:
    """Yield the lines of each cause, the worst first."""
    for number, cause in enumerate(report.causes, 1):
        lines = list(_cause(number, cause) if number <= MOST else _title(number, cause))
        yield [*lines, ""]


def _title(number: int, cause: ReportCause) -> Iterator[str]:
    counts = [counted(len(cause.members), "member")] if cause.members else []
    counts.append(counted(cause.count, cause.severity))
    yield f"## {number}. {worded(cause.sentence)}"
    yield ""
    yield f"{', '.join(counts)}; to be mended by the {cause.fault}."


def _cause(number: int, cause: ReportCause) -> Iterator[str]:
    """Yield a cause with its page, its first finding, and how to repeat that."""
    yield from _title(number, cause)
    yield ""
    if cause.members:
        names = ", ".join(map(code, cause.members[:NAMED]))
        more = len(cause.members) - NAMED
        yield f"- members: {names}{f' and {more:,} more' if more > 0 else ''}"
    yield from _evidence(cause.evidence)
    if not cause.samples:
        return
    sample = cause.samples[0]
    about = {
        "rule": sample.rule,
        "expected": sample.expected,
        "actual": sample.actual,
        "at": sample.source,
        "case": sample.case,
        "waived": sample.reason,
        "fingerprint": sample.fingerprint,
    }
    yield from (f"- {name}: {code(text)}" for name, text in about.items() if text)
    yield from _exchange(sample)
    command = cause.repeat or sample.reproduce
    if command:
        yield from ("", "How to repeat:", "", *fenced([plain.shortened(command, 4_096)], "sh"))


def _evidence(evidence: Evidence) -> Iterator[str]:
    """Yield what each page says, with its link."""
    if not evidence.sources:
        yield f"- evidence: {evidence.level}: our own reading; nothing published supports it"
    for source in evidence.sources:
        read = f", read {source.read}" if source.read else ""
        shows = f": {worded(source.shows)}" if source.shows else ""
        yield f"- evidence: {evidence.level}, {link(source.id, source.url)}{read}{shows}"


def _exchange(finding: ReportFinding) -> Iterator[str]:
    exchange = finding.exchange
    if exchange is None:
        return
    at = f" at {code(exchange.at)}" if exchange.at else ""
    yield from ("", f"Sent{at}:", "", *fenced(plain.request_lines(exchange.request), "http"))
    ids = ", ".join(f"{code(name)} {code(value)}" for name, value in exchange.correlation.items())
    found = f" ({ids})" if ids else ""
    if exchange.response is None and not exchange.error:
        return
    yield from ("", f"Received{found}:", "", *fenced(plain.response_lines(exchange), "http"))


# Marks


def worded(text: str) -> str:
    """Return `text` as it is where it holds nothing but words, otherwise as code."""
    harmless = re.fullmatch(r"[\w ,.;:'()/-]*", text, re.ASCII)
    is_plain = harmless and not re.search(r"//|www\.|__|\b_|_\b", text)
    return text if is_plain else code(text)


def code(text: str, *, cell: bool = False) -> str:
    """Return `text` in one line as code, in which nothing is a mark."""
    shown = plain.shortened(" ".join(text.split()) or text)
    # In a cell, a bar ends even code; its twin looks the same.
    shown = shown.replace("|", "\u2223") if cell else shown
    mark = "`" * (1 + max((len(run) for run in re.findall("`+", shown)), default=0))
    edge = " " if shown[:1] in ("`", " ") or shown[-1:] in ("`", " ") else ""
    return f"{mark}{edge}{shown or ' '}{edge}{mark}"


def fenced(lines: Iterable[str], language: str) -> Iterator[str]:
    """Yield `lines` as a block of code."""
    kept = list(lines)
    longest = max((len(run) for line in kept for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    yield from (f"{fence}{language}", *kept, fence)


def link(text: str, url: str) -> str:
    """Return a link to a page, or its name alone where it has no address of the web."""
    if not re.fullmatch(r"https?://[!-~]+", url):
        return code(text)
    address = re.sub(r"[<>()\[\]\\`|]", lambda found: f"%{ord(found[0]):02X}", url)
    return f"[{code(text)}](<{address}>)"
