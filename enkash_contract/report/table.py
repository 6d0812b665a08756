"""The table of what was checked: a row for each part of the request, as wide as there is room."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from enkash_contract.contract.operation import REQUEST
from enkash_contract.errors import printable
from enkash_contract.judging.by_operation import tallies_of
from enkash_contract.judging.result import Tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from enkash_contract.contract.operation import Operation
    from enkash_contract.contract.rules import Rule
    from enkash_contract.judging.case import Polarity
    from enkash_contract.judging.result import Result
    from enkash_contract.report.document import ReportOperation

    Tallies = Mapping[tuple[str, str], Tally]

ROWS = 14
"""So many rows leave room for the rest of a screen."""

NARROWEST = 12
"""So many columns are left for the name of a place, however narrow the screen."""

HEAD = ("where", "rules", "valid accepted", "invalid rejected")


class Row(NamedTuple):
    """A part of a request or a response: its rules, and what came of valid and invalid requests."""

    where: str
    rules: int
    valid: Tally
    invalid: Tally
    assumed: tuple[int, int] = (0, 0)
    """How many of the valid and invalid requests that fell short did so on weak evidence alone."""


def by_operation(operations: Iterable[ReportOperation], result: Result) -> list[Row]:
    """Return a row for each operation, with the verdict on it."""
    verdicts = result.operations
    none = Tally()
    return [
        Row(
            f"{each.id}: {verdicts.get(each.id, 'inconclusive')}",
            len(each.rules),
            each.requests.get("accept", none),
            each.requests.get("reject", none),
        )
        for each in operations
    ]


def rows(operation: Operation, result: Result, most: int = ROWS) -> list[Row]:
    """Return the rows of all that was exercised, as deep into the payload as `most` leave room."""
    deepest = max((rule.pointer.count("/") for rule in operation.rules.values()), default=0)
    found = _rows(operation, result, deepest)
    for depth in range(deepest - 1, -1, -1):
        if len(found) <= most:
            break
        found = _rows(operation, result, depth)
    return found


def _rows(operation: Operation, result: Result, depth: int) -> list[Row]:
    parts: dict[str, list[Rule]] = {}
    for rule in operation.rules.values():
        parts.setdefault(_place(rule, depth), []).append(rule)
    weak = _weak(operation, result)
    tallies = tallies_of(result, operation.id)
    found = [
        Row(
            where,
            len(rules),
            _valid(result, tallies, rules),
            _invalid(tallies, rules),
            (_assumed(tallies, rules, weak, "accept"), _assumed(tallies, rules, weak, "reject")),
        )
        for where, rules in parts.items()
    ]
    # The baseline exercises every rule, and so does each valid request that was recorded.
    shared = 1 if result.baseline else max((row.valid.exercised for row in found), default=0)
    return [row for row in found if row.valid.exercised > shared or row.invalid.exercised]


def _place(rule: Rule, depth: int) -> str:
    """Return the place of a rule, up to so many members deep."""
    pointer = "/".join(rule.pointer.split("/")[: depth + 1])
    return pointer if pointer and rule.side == REQUEST else f"{rule.side}{pointer}"


def _valid(result: Result, tallies: Tallies, rules: list[Rule]) -> Tally:
    """Return what came of the valid requests that exercised some of `rules`."""
    known = [tallies.get((rule.id, "accept"), Tally()) for rule in rules]
    if result.baseline is None:
        # A recorded request that is valid exercises every rule.
        return max(known, key=lambda tally: tally.exercised)
    total, often = sum(known, start=Tally()), sum(tally.exercised > 0 for tally in known)
    # So does the baseline, and each case a rule of its own.
    again = max(0, often - 1) if result.baseline == "accepted" else 0
    return replace(total, exercised=total.exercised - again, held=total.held - again)


def _weak(operation: Operation, result: Result) -> set[str]:
    """Return the rules on which nothing was found but assumptions."""
    known = [found for found in result.findings if found.operation == operation.id]
    return {found.rule for found in known} - {
        found.rule for found in known if found.severity != "assumption"
    }


def _assumed(tallies: Tallies, rules: list[Rule], weak: set[str], polarity: Polarity) -> int:
    """Return how many requests that exercised some of the `weak` rules fell short."""
    known = [tallies.get((rule.id, polarity), Tally()) for rule in rules if rule.id in weak]
    return sum(map(_short, known))


def _short(tally: Tally) -> int:
    return tally.exercised - tally.held - tally.masked


def _invalid(tallies: Tallies, rules: list[Rule]) -> Tally:
    known = (tallies.get((rule.id, "reject"), Tally()) for rule in rules)
    return sum(known, start=Tally())


def lines(found: list[Row], width: int, what: str = HEAD[0]) -> list[str]:
    """Return the rows as lines of at most `width` columns; no number is ever cut.

    The first column shows `what`.
    """
    head = (what, *HEAD[1:])
    cells = [head, *map(_cells, found)]
    if _needed(cells, [2, 3], NARROWEST) > width:
        cells = [head, *(_cells(row._replace(assumed=(0, 0))) for row in found)]
    # The numbers of rules are the least that anyone misses.
    columns = [1, 2, 3] if width >= _needed(cells, [1, 2, 3]) else [2, 3]
    widths = {column: max(len(row[column]) for row in cells) for column in columns}
    room = width - sum(2 + widths[column] for column in columns)
    place = min(max(len(row[0]) for row in cells), max(NARROWEST, room))
    return [
        "  ".join(
            [_ending(row[0], place), *(row[column].rjust(widths[column]) for column in columns)]
        )
        for row in cells
    ]


def _needed(cells: list[tuple[str, ...]], columns: list[int], longest: int = 0) -> int:
    """Return the width of these columns beside the names, or names of at most `longest`."""
    names = max(len(row[0]) for row in cells)
    widths = (max(len(row[column]) for row in cells) for column in columns)
    return (min(names, longest) if longest else names) + sum(widths) + 2 * len(columns)


def _cells(row: Row) -> tuple[str, ...]:
    sides = zip((row.valid, row.invalid), row.assumed, strict=True)
    return printable(row.where), str(row.rules), *(_cell(*side) for side in sides)


def _cell(tally: Tally, assumed: int) -> str:
    """Return how often a rule held, and what is missing."""
    if not tally.exercised:
        return "-"
    # A recorded request counts once, however many assumed rules it breaks.
    assumed = min(assumed, _short(tally))
    missing = {
        "short": _short(tally) - assumed,
        "assumed": assumed,
        "masked": tally.masked,
    }
    marks = [f"{number} {name}" for name, number in missing.items() if number]
    return ", ".join([f"{tally.held}/{tally.exercised}", *marks])


def _ending(text: str, width: int) -> str:
    """Return `text` in so many columns: its end says more than its beginning."""
    return text.ljust(width) if len(text) <= width else f"…{text[1 - width :]}"
