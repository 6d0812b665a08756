"""The bench: each sandbox is asked as over HTTP, but only where it may respond otherwise."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

import enkash_contract as ec
from enkash_contract.engine import bench
from enkash_contract.engine.bench import Row
from enkash_contract.wire.message import Request
from tests.support import sibling_bodies
from tests.support.small_documents import ANSWER, small

if TYPE_CHECKING:
    from pathlib import Path

ANSWERS = {status: {"schema": ANSWER} for status in ("200", "4XX")}


def test_a_run_without_http_never_waits() -> None:
    """What a session awaits is there at once, so no event loop is needed."""

    async def waiting() -> Row:
        await asleep()
        return Row("", "")

    with pytest.raises(RuntimeError, match="a run without HTTP waits for something"):
        bench.finished(waiting())


@pytest.mark.parametrize("step", [7, pytest.param(1, marks=pytest.mark.slow)])
def test_elsewhere_a_sandbox_with_a_defect_responds_as_without(tmp_path: Path, step: int) -> None:
    """The cases that are not called unusual get the same response from both."""
    schema, example = sibling_bodies.BODIES["items"]
    contract = small(tmp_path, schema, example=example, answers=ANSWERS)
    board = bench.Bench(contract, "change")
    cases = (board.plan.baseline, *board.plan.cases)
    for defect in board.known[::step]:
        unusual, sandbox = board.unusual(defect), ec.Sandbox(contract=contract, defect=defect)
        for case in cases if unusual is not None else ():
            response = bench.Direct(sandbox).exchange(case.request()).response
            same = response == board.usual(case).response
            assert same is (case.id not in unusual), (defect.id, case.id)  # type: ignore[operator]


class asleep:  # noqa: N801 - it is awaited like a function
    """Something that is not there yet."""

    def __await__(self):  # type: ignore[no-untyped-def]  # noqa: ANN204 - as any
        yield


@pytest.mark.parametrize(
    ("defect", "method", "seen"),
    [
        ("conforming/answering-200", "HEAD", (405, b"", None)),
        ("failing/never", "POST", (None, None, "no whole response came")),
        ("failing/cut", "POST", (None, None, "broke off the exchange")),
    ],
)
def test_without_http_the_same_is_seen(defect: str, method: str, seen: tuple[object, ...]) -> None:
    """No content comes back from HEAD, and no answer from a server that gives none."""
    client = bench.Direct(ec.Sandbox(defect=defect))
    interaction = asyncio.run(client.send(Request(method, client.url)))
    response = interaction.response
    found = (response and response.status, response and response.body, interaction.error)
    assert found == seen
