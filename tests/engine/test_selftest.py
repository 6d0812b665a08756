"""The selftest: the suite finds what was seeded, and says the same over real HTTP."""

from __future__ import annotations

import concurrent.futures
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

import enkash_contract as ec
from enkash_contract.contract.contract import bundled
from enkash_contract.engine import selftest
from enkash_contract.engine.bench import Bench, Row
from enkash_contract.engine.selftest import Matrix
from enkash_contract.sandbox import server
from tests.support import sibling_bodies
from tests.support.small_documents import ANSWER, small

if TYPE_CHECKING:
    from pathlib import Path

ANSWERS = {status: {"schema": ANSWER} for status in ("200", "4XX")}

BESIDES = {
    # The case `request#json/one-megabyte` puts its text into a member that nobody knows.
    "request#additionalProperties/refused": {"request#json"},
}
"""The rules that are named beside a defect's own, and why that is so."""


@pytest.mark.unmeasured
def test_the_suite_finds_defects_and_nothing_besides() -> None:
    """A defect is named by its own rule alone, and no conforming variant is blamed.

    Of all defects this takes one in forty; the test of the guides has the command go through all.
    """
    bench = Bench(bundled(), bundled().pick().id)
    known = [one.id for one in bench.known]
    chosen = {*range(0, len(known), 40), *map(known.index, BESIDES)}
    rows = bench.rows(sorted(chosen))

    assert [row for row in rows if not row.ok] == []
    assert {row.defect: row.others for row in rows if row.rule and row.others} == BESIDES


@pytest.mark.slow
def test_however_many_processes_find_the_same(tmp_path: Path) -> None:
    """A process of the pool is given the contract once, and then the numbers of sandboxes."""
    contract = small(tmp_path, {"type": "object"}, example={})
    one = selftest.selftest(contract=contract, workers=1)
    two = selftest.selftest(contract=contract, workers=2)

    assert one.rows == two.rows
    assert len(one.rows) > 50


class Numbers:
    """In the place of a bench, with a row for each number."""

    def __init__(self, *_: Any) -> None:
        pass

    def rows(self, chunk: range) -> list[Row]:
        return [Row(str(number), "is wrong") for number in chunk]


@pytest.mark.parametrize("workers", [1, 3])
def test_the_rows_are_in_order_whoever_made_them(
    workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However the work is shared; here the processes are threads."""

    def pool(workers: int, _: Any, *, initializer: Any, initargs: Any) -> ThreadPoolExecutor:
        initializer(*initargs)
        return ThreadPoolExecutor(workers)

    monkeypatch.setattr(concurrent.futures, "ProcessPoolExecutor", pool)
    monkeypatch.setattr(selftest, "Bench", Numbers)
    told: list[tuple[int, int]] = []
    done = selftest.selftest(workers=workers, progress=lambda *counts: told.append(counts))

    total = len(done.rows)
    assert [row.defect for row in done.rows] == [*map(str, range(total))]
    assert told == sorted(told)
    assert (told[-1], len(told) > 3) == ((total, total), True)
    assert selftest.selftest(workers=workers).rows == done.rows


FOUND = Row("d", "is wrong", "request#json", "json", frozenset({"request#json", "request#type"}), 2)
MISSED = Row("e", "is wrong", "request#json", "json", frozenset({"request#type"}))
QUIET = Row("v", "is right", named=frozenset({"request#type"}))
BLAMED = Row("w", "is right", named=frozenset({"request#type"}), violations=1)


@pytest.mark.parametrize(
    ("rows", "ok", "code"),
    [((FOUND, QUIET), True, 0), ((FOUND, MISSED), False, 1), ((FOUND, BLAMED), False, 1)],
)
def test_what_a_matrix_concludes(rows: tuple[Row, ...], ok: bool, code: int) -> None:  # noqa: FBT001
    """Good is what finds every defect by its own rule, and no violation of a variant."""
    matrix = Matrix(rows, 1.0)
    assert (matrix.ok, matrix.exit_code) == (ok, code)
    assert matrix.survivors == tuple(row for row in rows if row is MISSED)
    assert FOUND.others == {"request#type"}


OVER_HTTP = (
    "request/b2bIds/buyerB2BId#pattern/unanchored-end",
    *(
        pytest.param(defect, marks=pytest.mark.slow)
        for defect in (
            "request/invoiceStatus/objectId#pattern/crash",
            "request#content-type-present/unenforced",
            "response.200/response_code#type/string",
            "conforming/refusing-by-page",
        )
    ),
)


@pytest.mark.unmeasured
@pytest.mark.parametrize("defect", OVER_HTTP)
def test_over_http_the_same_is_found(defect: str) -> None:
    """A real run against a real server names the rules that the selftest names."""
    app = ec.Sandbox(defect=defect)
    bench = Bench(bundled(), app.operation.id)
    (at,) = (at for at, one in enumerate(bench.known) if one.id == defect)
    (row,) = bench.rows(range(at, at + 1))
    with server.in_background(app) as url:
        result = ec.check_target(url)

    assert {one.rule for one in result.findings} == row.named
    assert len(result.violations) == row.violations
    assert row.ok


THREE = ("text", "boolean", "items")
"""Bodies of three kinds, for every run: a third of the defects of each."""


@pytest.mark.parametrize("body", THREE)
def test_the_suite_of_a_body_finds_some_of_its_defects(tmp_path: Path, body: str) -> None:
    """Whatever a document describes, defects that can be proven are found and named."""
    schema, example = sibling_bodies.BODIES[body]
    bench = Bench(small(tmp_path, schema, example=example, answers=ANSWERS), "change")
    rows = bench.rows(range(THREE.index(body), len(bench.known), 3))

    assert [row.defect for row in rows if not row.ok] == []
    assert len(bench.known) > 100


@pytest.mark.slow
@pytest.mark.parametrize("body", sibling_bodies.BODIES)
def test_the_suite_of_any_body_finds_its_defects(tmp_path: Path, body: str) -> None:
    """Whatever a document describes, every defect that can be proven is found and named."""
    schema, example = sibling_bodies.BODIES[body]
    contract = small(tmp_path, schema, example=example, answers=ANSWERS)
    matrix = selftest.selftest(contract=contract, workers=1)

    assert [row.defect for row in matrix.rows if not row.ok] == []
    assert len(matrix.defects) > 100
