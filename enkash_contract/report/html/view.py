"""From a report to the plain values that its template shows.

A page stays small whatever was found: of each cause, samples are shown and a limited number of
findings listed, and of very many causes only the first in full.
"""

from __future__ import annotations

import itertools
from collections import Counter
from typing import TYPE_CHECKING, Any

from enkash_contract.contract.wording import counted
from enkash_contract.report.causes import SEVERITIES
from enkash_contract.report.html import compared, words
from enkash_contract.report.html.page import Whole, visible
from enkash_contract.report.html.plot import plot
from enkash_contract.report.html.rows import evident, evident_source, full_side_of, side_of
from enkash_contract.report.html.tree import tree
from enkash_contract.report.html.words import is_weak
from enkash_contract.report.reproduction import LONGEST
from enkash_contract.report.words import STATES, verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from enkash_contract.report.coverage import RuleCoverage, SideCoverage
    from enkash_contract.report.document import (
        Body,
        Exchange,
        Headers,
        Report,
        ReportCause,
        ReportFinding,
        ReportOperation,
    )
    from enkash_contract.report.html.rows import Row
    from enkash_contract.report.html.tree import Member

FULL = 40
"""So many causes are shown in full; of others, the sentence and the counts."""

LISTED = 400
"""So many findings of a cause can be listed."""

ALL_LISTED = 6_000
"""So many findings of all causes together can be listed."""

LINES = 40
"""So many lines of a body are shown."""

SHORT = 240
"""So many characters of a message are shown in a list."""


def view(report: Report) -> tuple[Row, Row]:
    """Return what the template shows of a report, and the findings for its script to list."""
    known = _Known(report)
    states = Counter(rule.state for rule in report.rules)
    context = {
        "colour": words.colour(report),
        "sentence": verdict(report),
        "proven": words.proven(report),
        "verdicts": [(each, name, report.count(each)) for each, name in words.VERDICTS.items()],
        "total": report.total,
        "states": [(state, says, states[state]) for state, says in STATES.items()],
        "levels": _levels(report.rules),
        "share": _share(report),
        "problems": [*report.unread, *report.promises, *report.waivers],
        "notes": report.remarks,
        "operations": [_operation(each, known) for each in report.operations],
        "groups": _groups(report, known),
        "runs": report.runs,
        "sources": [evident_source(source) for source in report.sources.values()],
    }
    return context, _listed(report)


def _share(report: Report) -> list[Row]:
    """Return the parts of a bar of all rules, by state; what is broken and fails nothing apart."""
    parts = Counter((rule.state, is_weak(rule)) for rule in report.rules)
    whole, begin, shares = max(1, len(report.rules)), 0.0, []
    for state, weak in itertools.product(STATES, (False, True)):
        number = parts[state, weak]
        says = f"{number:,} {state}{', failing nothing' if weak else ''}"
        width = 100 * number / whole
        share = {"state": state, "weak": weak, "says": says}
        shares += [{**share, "begin": round(begin, 3), "width": round(width, 3)}] if number else []
        begin += width
    return shares


def _levels(rules: Iterable[RuleCoverage]) -> list[tuple[str, str, int]]:
    known = Counter(rule.evidence.level for rule in rules)
    return [(level.value, says, known[level]) for level, says in words.LEVELS.items()]


# The contract


class _Known:
    """Facts of a report, by operation and rule: its state, and the numbers of its causes."""

    def __init__(self, report: Report) -> None:
        self.states = {(rule.operation, rule.id): rule.state for rule in report.rules}
        self.causes: dict[tuple[str, str], dict[int, str]] = {}
        for number, cause in enumerate(report.causes, 1):
            for finding in report.of_cause(cause):
                rule = finding.operation, finding.rule
                self.causes.setdefault(rule, {})[number] = cause.severity


def _operation(operation: ReportOperation, known: _Known) -> Row:
    sides: dict[str, list[Row]] = {}
    for rule in operation.rules:
        side = full_side_of(rule.id)
        causes = known.causes.get((operation.id, rule.id), {})
        sides.setdefault(side, []).append(_rule(rule, causes))
    return {
        "id": operation.id,
        "summary": operation.summary,
        "line": f"{operation.method} {operation.path}",
        "sides": [(words.side(side), member(_tree(rows))) for side, rows in sides.items()],
        "plot": plot(operation.durations) if operation.durations else None,
    }


class _Of:
    """A rule as the tree takes it."""

    def __init__(self, row: Row) -> None:
        self.row, self.pointer = row, str(row["pointer"])


def _tree(rows: Iterable[Row]) -> Member[_Of]:
    return tree(map(_Of, rows))


def member(whole: Member[Any]) -> Row:
    """Return a member with its rules and the members in it."""
    return {
        "name": whole.name,
        "pointer": whole.pointer,
        "rules": [each.row for each in whole.items],
        "members": [member(each) for each in whole.members.values()],
    }


def _rule(rule: RuleCoverage, causes: Mapping[int, str]) -> Row:
    sides = [] if not rule.is_of_request else [_side("valid", "accepted", rule.accept)]
    if rule.is_of_request and (rule.breakable or rule.reject.families):
        sides.append(_side("invalid", "rejected", rule.reject))
    return {
        "id": rule.id,
        "pointer": rule.pointer,
        "keyword": rule.keyword,
        "demands": rule.demands,
        "state": rule.state,
        "side": side_of(rule.id),
        "evidence": evident(rule.evidence),
        "receiver": rule.receiver.level.value if rule.receiver != rule.evidence else "",
        "place": rule.place,
        "sides": sides,
        "responses": rule.responses,
        "causes": [*causes],
        "severities": sorted({*causes.values()}),
    }


def _side(kind: str, verb: str, side: SideCoverage) -> Row:
    """Return what came of the requests of one side, in words."""
    tally = side.tally
    if not tally.exercised and not tally.inconclusive:
        return {"says": f"no {kind} request", "families": ""}
    says = f"{tally.held:,} of {tally.exercised:,} {kind} {verb}"
    says += f", {tally.masked:,} masked" if tally.masked else ""
    says += f", {tally.inconclusive:,} inconclusive" if tally.inconclusive else ""
    return {"says": says, "families": ", ".join(sorted(side.families))}


# Causes


def _groups(report: Report, known: _Known) -> list[Row]:
    """Return the causes by severity."""
    numbered = [*enumerate(report.causes, 1)]
    groups = []
    for severity in SEVERITIES:
        causes = [(number, cause) for number, cause in numbered if cause.severity == severity]
        if causes:
            rows = [_cause(number, cause, report, known) for number, cause in causes]
            groups.append(
                {"severity": severity, "says": words.SEVERITIES[severity], "causes": rows}
            )
    return groups


def _cause(number: int, cause: ReportCause, report: Report, known: _Known) -> Row:
    findings = report.of_cause(cause)
    rules = [*dict.fromkeys(finding.rule for finding in findings)]
    states = {known.states.get((finding.operation, finding.rule), "") for finding in findings}
    row: Row = {
        "number": number,
        "sentence": cause.sentence[:1].upper() + cause.sentence[1:],
        "severity": cause.severity,
        "fault": cause.fault,
        "evidence": evident(cause.evidence),
        "count": counted(cause.count, "finding"),
        "total": len(findings),
        "all": words.all_of(len(findings), cause.count),
        "members": cause.members[:12],
        "more_members": max(0, len(cause.members) - 12),
        "sides": sorted({side_of(rule) for rule in rules}),
        "states": sorted(states - {""}),
        "listed": len(findings) > 1 + len(cause.samples[1:]) or number > FULL,
        "text": visible(" ".join((cause.sentence, *cause.members, *rules))),
        "sample": None,
    }
    if number <= FULL and cause.samples:
        row["sample"] = _sample(cause)
        row["others"] = [
            {"rule": each.rule, "family": each.family, "message": visible(each.message, SHORT)}
            for each in cause.samples[1:]
        ]
    return row


def _sample(cause: ReportCause) -> Row:
    """Return the example of a cause in full."""
    found = cause.samples[0]
    return {
        "rule": found.rule,
        "family": found.family,
        "expected": found.expected,
        "actual": found.actual,
        "place": found.document,
        "source": found.source,
        "reason": found.reason,
        "repeat": Whole(cause.repeat) if len(cause.repeat) <= LONGEST else "",
        "payloads": [*_payloads(cause, found)],
        "exchange": _exchange(found.exchange) if found.exchange else None,
    }


def _payloads(cause: ReportCause, found: ReportFinding) -> Iterator[tuple[str, Any]]:
    """Yield the payloads of an example, each with its title: twins where there are."""
    if found.exchange is None or side_of(found.rule) != "request":
        return
    sent = found.exchange.request
    is_valid = found.check == "positive_data_acceptance"
    title = "Valid, but not accepted" if is_valid else "Invalid"
    if cause.valid is None:
        yield title, compared.alone(sent.body, found.pointer)
        return
    pair = compared.pair(cause.valid, sent)
    yield "Valid", pair.valid
    yield title, pair.invalid


def _exchange(exchange: Exchange) -> Row:
    request, response = exchange.request, exchange.response
    return {
        "at": exchange.at,
        "took": "" if exchange.seconds is None else f"{exchange.seconds * 1000:,.1f} ms",
        "request": f"{request.method} {request.url}",
        "sent": _message(request.headers, request.body),
        "response": "" if response is None else f"{response.status}",
        "received": _message(response.headers, response.body) if response else [],
        "error": exchange.error,
    }


def _message(headers: Headers, body: Body | None) -> list[str]:
    """Return headers and the beginning of a body as lines."""
    lines = [f"{name}: {value}" for name, value in headers[:LINES]]
    if body is None:
        return [*lines, "", "(the body was not recorded)"]
    shown = compared.laid_out(body)
    lines += ["", *(visible(line, 400) for line in shown[:LINES])] if body.text else []
    left = len(shown) - LINES
    more = [f"… {counted(left, 'more line')}"] if left > 0 else []
    return [*lines, *more, *([f"… of {body.size:,} bytes"] if body.cut else [])]


def _listed(report: Report) -> Row:
    """Return findings by cause, each as its rule, family, place, message and source.

    Most of these texts are the same in many findings, so each stands once in a list.
    """
    texts: dict[str, int] = {}
    causes, left = [], ALL_LISTED
    for cause in report.causes:
        findings = report.of_cause(cause)[: min(LISTED, left)]
        left -= len(findings)
        rows = (
            (each.rule, each.family, each.pointer, each.message, each.source) for each in findings
        )
        causes.append([[texts.setdefault(text, len(texts)) for text in row] for row in rows])
    return {"texts": [visible(text, SHORT) for text in texts], "causes": causes}
