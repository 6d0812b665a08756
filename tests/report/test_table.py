"""The table of what was checked: what it leaves out, how deep it goes, and how it fits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.contract.contract import bundled
from enkash_contract.judging.result import Result, Tally
from enkash_contract.report import table
from enkash_contract.report.table import Row
from tests.support.results import finding
from tests.support.small_documents import small

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.judging.finding import Finding

OPERATION = bundled().pick()
BUYER = "request/b2bIds/buyerB2BId#pattern"
BASELINE = {(rule.id, "accept"): Tally(1, 1) for rule in OPERATION.rules.values()}


def rows(tallies: dict[Any, Tally], baseline: str | None = "accepted") -> list[Row]:
    """Return the rows of a result with these tallies."""
    return table.rows(OPERATION, Result(tallies=tallies, baseline=baseline))


def test_what_only_the_baseline_exercised_is_left_out() -> None:
    """It exercises every rule; what a case exercised beside it is counted in requests."""
    tallies = BASELINE | {(BUYER, "accept"): Tally(4, 3), (BUYER, "reject"): Tally(6, 3, 1, 2)}

    assert rows(BASELINE) == []
    assert rows(tallies) == [Row("/b2bIds/buyerB2BId", 3, Tally(4, 3), Tally(6, 3, 1, 2))]


def test_without_an_accepted_baseline_nothing_is_taken_off() -> None:
    """No rule is exercised by it then."""
    assert rows({(BUYER, "accept"): Tally(4, 3)}, "rejected") == [
        Row("/b2bIds/buyerB2BId", 3, Tally(4, 3), Tally())
    ]


def test_recorded_requests_are_counted_once() -> None:
    """Each valid one exercises every rule, so only those that broke one tell places apart."""
    every = {key: Tally(5, 4) for key in BASELINE}

    assert rows(every, None) == []
    assert rows(every | {(BUYER, "reject"): Tally(1, 1)}, None) == [
        Row("/b2bIds/buyerB2BId", 3, Tally(5, 4), Tally(1, 1))
    ]


def test_deep_places_are_added_up() -> None:
    """As far as there are more rows than a screen has room for."""
    request = [rule for rule in OPERATION.rules.values() if rule.side == "request"]
    found = rows({(rule.id, "reject"): Tally(2, 1) for rule in request}, None)

    assert [row.where for row in found if row.where.startswith("/invoiceStatus/")] == [
        "/invoiceStatus/objectId",
        "/invoiceStatus/supplierInvoiceNumber",
        "/invoiceStatus/objectVersion",
        "/invoiceStatus/supplierAction",
        "/invoiceStatus/supplierRemarks",
        "/invoiceStatus/statusTransition",
    ]
    assert len(found) <= table.ROWS
    assert sum(row.invalid.exercised for row in found) == 2 * len(request)
    tallies = {(rule.id, "reject"): Tally(2, 1) for rule in request}
    fewer = table.rows(OPERATION, Result(tallies=tallies), most=len(found) - 1)
    assert [row.where for row in fewer] == ["request", "/device", "/b2bIds", "/invoiceStatus"]


def test_a_flat_document_with_many_members_is_one_row(tmp_path: Path) -> None:
    """Where even the first level is too wide, only the payload as a whole is left."""
    names = [f"m{number}" for number in range(40)]
    schema = {"type": "object", "properties": {name: {"type": "string"} for name in names}}
    operation = small(tmp_path, schema).pick()
    tallies = {(rule.id, "reject"): Tally(1, 1) for rule in operation.rules.values()}
    found = table.rows(operation, Result(tallies=tallies))

    assert len(found) <= table.ROWS
    assert found[0].where == "request"


FOUND = [
    Row("request", 10, Tally(13, 13), Tally(78, 71)),
    Row("/b2bIds/buyerB2BId", 3, Tally(), Tally(10, 7, 2)),
]


@pytest.mark.parametrize(
    ("width", "printed"),
    [
        (
            80,
            "where               rules  valid accepted     invalid rejected\n"
            "request                10           13/13       71/78, 7 short\n"
            "/b2bIds/buyerB2BId      3               -  7/10, 1 short, 2 masked",
        ),
        (
            62,
            "where               valid accepted          invalid rejected\n"
            "request                      13/13            71/78, 7 short\n"
            "/b2bIds/buyerB2BId               -  7/10, 1 short, 2 masked",
        ),
        (
            56,
            "where          valid accepted          invalid rejected\n"
            "request                 13/13            71/78, 7 short\n"
            "…Ids/buyerB2BId            -  7/10, 1 short, 2 masked",
        ),
    ],
)
def test_lines_fit(width: int, printed: str) -> None:
    """First the numbers of rules go, then the beginnings of names; no number is ever cut."""
    lines = table.lines(FOUND, width)

    assert [line.split() for line in lines] == [line.split() for line in printed.splitlines()]
    assert max(map(len, lines)) <= width


@pytest.mark.parametrize(
    ("findings", "marked"),
    [
        ([finding("assumption", rule=BUYER)], "3/6, 3 assumed"),
        ([finding("assumption", rule=BUYER), finding(rule=BUYER)], "3/6, 3 short"),
        ([finding("assumption", rule=BUYER, operation="another")], "3/6, 3 short"),
        ([], "3/6, 3 short"),
    ],
)
def test_what_falls_short_of_assumed_rules_is_marked(findings: list[Finding], marked: str) -> None:
    """It fails nothing, and a newcomer sees that at once; any other finding on the rule wins."""
    result = Result(tuple(findings), tallies={(BUYER, "reject"): Tally(6, 3)}, baseline="accepted")
    (_, line) = table.lines(table.rows(OPERATION, result), 80)

    assert line.endswith(f"  {marked}")


def test_both_marks_stand_where_there_is_room() -> None:
    """Where there is none, what falls short is told in one number."""
    found = [Row("/a" * 20, 3, Tally(10_000, 10_000), Tally(20_000, 3_000), (0, 15_000))]

    assert table.lines(found, 80)[1].endswith("  3000/20000, 2000 short, 15000 assumed")
    assert table.lines(found, 60)[1].endswith("  3000/20000, 17000 short")


@given(
    st.lists(st.tuples(*[st.integers(0, 10**6)] * 3), min_size=1, max_size=14),
    st.integers(60, 200),
)
def test_every_table_fits_from_60_columns_on(
    counts: list[tuple[int, int, int]], width: int
) -> None:
    """Whatever the numbers, and however long the names."""
    found = [
        Row("/a" * 40, 3, Tally(held, held), Tally(held + short, held), (0, assumed))
        for held, short, assumed in counts
    ]

    assert max(map(len, table.lines(found, width))) <= width
