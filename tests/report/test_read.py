"""Reports read back from JSON, and what is none."""

from __future__ import annotations

import datetime as dt
import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from enkash_contract.config.waiver import Waiver
from enkash_contract.contract.contract import bundled
from enkash_contract.errors import UsageError
from enkash_contract.judging.result import Result, Tally
from enkash_contract.judging.stability import Stability
from enkash_contract.place import Place
from enkash_contract.report import Facts, json_report
from enkash_contract.report.build import build
from enkash_contract.report.read import problem_of, read, schema_text
from enkash_contract.wire.message import Interaction, Request, Response
from tests.support.pages import found
from tests.support.results import RESULT, WEAK, about, finding

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.report.document import Report

SURE = bundled().pick().rules["request/b2bIds/buyerB2BId#pattern"].evidence


CASE = "request/b2bIds#type/null"


def whole() -> Report:
    """Return a report with something in every member."""
    request = Request("POST", "http://h/x", (("A", "b"),), b"\xff")
    response = Response(500, (("X-Request-Id", "7"),), None)
    found = (
        finding(evidence=SURE, interaction=Interaction(request, response, at=1.0, seconds=0.5)),
        finding(evidence=SURE, interaction=Interaction(request, None, "gone")),
        finding("waived", evidence=SURE, reason="agreed", interaction=None),
        replace(WEAK, interaction=None),
    )
    result = replace(
        RESULT,
        findings=found,
        stability=Stability(9, 2, contradicted=1),
        waivers=("c.toml:3: expired",),
        promises=("request#json lacks reject",),
        fuzzed="--fuzz 9 --seed 4",
        requests={"accept": Tally(1, 1)},
    )
    waiver = Waiver("request/*", "", "agreed", dt.date(2027, 1, 31), Place("c.toml", 3))
    facts = Facts("check", "assumed", 1.0, 2.0, (("--only", "request/*"),), (waiver,))
    return build(result, about(facts=facts, seconds=1.0))


def written(report: Report) -> str:
    """Return a report as it is written."""
    stream = io.StringIO()
    json_report.write(report, stream)
    return stream.getvalue()


@pytest.mark.parametrize("report", [whole(), build(Result(), about()), found(CASE)])
def test_what_is_written_is_read_back(report: Report, tmp_path: Path) -> None:
    """Every member, and so the same text again."""
    file = tmp_path / "a.json"
    file.write_text(written(report), encoding="utf-8")
    again = read(str(file))

    assert again == report
    assert written(again) == written(report)


@pytest.mark.parametrize("report", [whole(), build(Result(), about()), found(CASE)])
def test_what_is_written_keeps_the_schema(report: Report) -> None:
    """By a second judge of schemas; the schema itself is one, and closed at every level."""
    schema = json.loads(schema_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    errors = jsonschema.Draft202012Validator(schema).iter_errors(json.loads(written(report)))

    assert [error.message for error in errors] == []
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == "urn:enkash-contract:report:2"
    assert [*_open(schema)] == []


def _open(schema: Any) -> Any:
    if isinstance(schema, dict):
        if "properties" in schema and schema.get("additionalProperties") is not False:
            yield schema
        for value in schema.values():
            yield from _open(value)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"version": 1}, "is a report of version 1, and 2 is read; write it anew with"),
        ({"version": 3}, "is a report of version 3, and 2 is read; update this package"),
        ({"target": 1}, 'is no whole report: at /target, 1 is not of type "string"'),
        ({"more": 1}, "is no whole report: at its top, Additional properties are not allowed"),
        ({"findings": []}, "is no whole report: the samples of cause "),
    ],
)
def test_what_is_no_report_is_one_error(changes: dict[str, Any], problem: str) -> None:
    """It says what is wrong, and what to do."""
    data = json.loads(written(whole())) | changes
    assert problem_of(data).startswith(problem)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[]", "is no report; give a file of --report json=PATH"),
        ('{"version": "1.0.0", "runs": []}', "is no report; give a file of --report json=PATH"),
        ("{", "is not JSON: Expecting property name"),
        ("[" * 100_000, "is not JSON: "),
        ("\ud800", "is not JSON: "),
    ],
)
def test_a_file_that_is_none(text: str, problem: str, tmp_path: Path) -> None:
    """Another JSON, and what is no JSON at all."""
    file = tmp_path / "a.json"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(UsageError) as caught:
        read(str(file))
    assert str(caught.value).startswith(f"{file} {problem}")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """As everywhere, with the reason."""
    for path, why in ((tmp_path / "no", "No such file or directory"), (tmp_path, "Is a directory")):
        with pytest.raises(UsageError, match=f"{path} cannot be read: {why}"):
            read(str(path))
