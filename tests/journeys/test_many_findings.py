"""A recording in which rules are broken many times: little is kept, and what is told is exact."""

from __future__ import annotations

import datetime as dt
import functools
import io
import itertools
import json
from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract import report
from enkash_contract.config import waivers
from enkash_contract.config.waiver import Waiver
from enkash_contract.contract.contract import bundled
from enkash_contract.judging.result import Result, add
from enkash_contract.place import Place
from enkash_contract.report import About
from enkash_contract.report.addition import added
from enkash_contract.report.build import build
from enkash_contract.report.causes import causes
from enkash_contract.report.read import from_data
from enkash_contract.report.seen import coverage_of, operations_of
from enkash_contract.report.sum_lines import sum_lines
from enkash_contract.report.text import summary
from enkash_contract.report.words import verdict
from enkash_contract.traffic import check_traffic, entries, judge
from enkash_contract.traffic.check import Check
from enkash_contract.traffic.judging import Judge
from tests.support.recorded import entry, log, written
from tests.support.typed_commands import typed

if TYPE_CHECKING:
    from pathlib import Path

CONTRACT = bundled()
OPERATION = CONTRACT.pick()
WAIVERS = [
    Waiver(rule, "", "agreed", dt.date(2130, 1, 1), Place("c.toml", 1))
    for rule in ("request/b2bIds/*", "response.200/*")
]


def sent(*path: str) -> dict[str, Any]:
    """Return a request of which the members at `path` are not there."""
    body = json.loads(json.dumps(OPERATION.request.example))
    for name in path:
        del body["b2bIds"][name]
    return {"postData": {"text": json.dumps(body)}}


KINDS = [
    entry(),
    entry(sent("buyerB2BId")),
    entry(sent("buyerB2BId", "supplierB2BId")),
    entry({}, {"status": 500}),
    entry(sent("supplierB2BId"), {"content": {"text": '{"response_code": "0"}'}}),
    entry({"postData": {"text": "[]"}}, {"status": 404}),
]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a recording that holds each kind of interaction ten times."""
    return written(tmp_path_factory.mktemp("many"), log(*KINDS * 10))


def whole(file: Path, *, waive: bool = False) -> Result:
    """Return what a recording shows, with all its findings."""
    parts = (judge(each, [OPERATION]) for each in entries(file))
    result = add(part for part in parts if part is not None)
    return waivers.waived(result, WAIVERS) if waive else result


def kept(file: Path, *, waive: bool = False) -> Result:
    """Return the same with three samples of each kind."""
    waiving = functools.partial(waivers.waived, waivers=WAIVERS) if waive else None
    return Check(Judge((OPERATION,), waive=waiving)).of([file])


def about() -> About:
    """Return what reports are told beside a result."""
    return About(CONTRACT, OPERATION, "many.har")


@pytest.mark.parametrize("waive", [False, True])
def test_everything_that_is_told_is_exact(file: Path, *, waive: bool) -> None:
    """Verdicts, causes, rules and coverage are those of all findings."""
    every, few = whole(file, waive=waive), kept(file, waive=waive)

    assert len(few.findings) < len(every.findings) / 3
    assert summary(few, about()) == summary(every, about())
    assert operations_of(few, about()) == operations_of(every, about())
    assert coverage_of(few, about()) == coverage_of(every, about())
    assert [
        (cause.sentence, cause.severity, cause.count, cause.members)
        for cause in causes(few, CONTRACT)
    ] == [
        (cause.sentence, cause.severity, len(cause.findings), cause.members)
        for cause in causes(every, CONTRACT)
    ]
    assert [few.number(each) for each in ("violation", "waived", "assumption")] == [
        len(every.violations),
        len(every.waived),
        len(every.assumptions),
    ]
    assert not waive or waivers.apply(few, WAIVERS, OPERATION) == few


def test_several_operations_keep_their_verdicts(file: Path) -> None:
    """What was waived is counted by its operation as well."""
    few = kept(file, waive=True)
    (one,) = operations_of(few, about())
    ours = {way: tally for way, tally in few.exercises.items() if not way.rule}

    assert sum(tally.exercised + tally.inconclusive for tally in ours.values()) == few.total
    assert {way.family for way in ours} == set(one.verdicts)


@pytest.mark.parametrize("form", [name for name in report.FORMATS if name != "har"])
def test_each_format_counts_all(form: str, file: Path, tmp_path: Path) -> None:
    """The number of violations is that of all, wherever it stands."""
    few = kept(file)
    number = f"{few.number('violation')} violations"
    stream = io.StringIO()
    report.write(form, build(few, about()), stream)
    text = stream.getvalue()
    expected = {"json": '"count": ', "github": "10 violations (server)", "pytest": "violations"}

    assert few.number("violation") == len(whole(file).violations) == 110
    assert expected.get(form, number) in text
    assert tmp_path.is_dir()


def test_reports_add_up(file: Path) -> None:
    """Of two runs, twice as much; what is read back is what was written."""
    stream = io.StringIO()
    report.write("json", build(kept(file), about()), stream)
    data = json.loads(stream.getvalue())
    one = from_data(data)
    other = from_data({**data, "runs": [{**data["runs"][0], "id": "0" * 16}]})
    both = added([("one", one), ("other", other)])

    assert data["recordings"] == {"files": 1, "read": 60, "ours": 60, "judged": 60, "left": {}}
    assert sum(each.get("count", 1) for each in data["findings"]) == len(whole(file).findings)
    assert (
        "recordings: 2 files, 120 interactions read, 120 of our operations, 120 judged"
        in sum_lines(both)
    )
    assert [cause.count for cause in both.causes] == [2 * cause.count for cause in one.causes]
    assert both.number("violation") == 2 * one.number("violation")
    assert verdict(both).endswith(
        f"{2 * one.number('violation')} violations, {len(one.causes)} causes."
    )


def test_new_waivers_are_of_all(file: Path, tmp_path: Path) -> None:
    """They say how many violations they are for, and waive each of them."""
    new = tmp_path / "waivers.toml"
    written_ = typed(
        "traffic", file, "--write-waivers", new, "--reason", "x", "--until", "2130-01-01"
    )
    again = typed("traffic", file, "--config", new)

    assert "of 110 violations to" in written_.stderr
    assert "(+19 more)" in new.read_text()
    assert again.exit_code == 0
    assert "110 violations waived, --full lists them\n" in again.stdout


def test_findings_one_by_one(file: Path) -> None:
    """Three of a kind are listed, and the last says how many more there are."""
    lines = typed("traffic", file, "--full").stdout.splitlines()
    crashes = [line for line in lines if line.startswith("violation not_a_server_error")]
    after = lines[lines.index(crashes[-1]) + 1]

    assert len(crashes) == 3
    assert after == "    and 7 more like it"


def test_a_cause_names_three_places(file: Path) -> None:
    """And how many there are beside them."""
    stdout = typed("traffic", file).stdout
    block = [*itertools.dropwhile(lambda line: not line.startswith("1. "), stdout.splitlines())]

    assert (
        block[0]
        == "1. requests end in a server error, or without a response: 10 violations (server)"
    )
    assert block[1].endswith(f"{file}:log.entries[15], +7 more")
    assert check_traffic(file).number("violation") == 110
