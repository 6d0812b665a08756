"""Three judges of JSON Schema: both engines, and ajv, which differ only where the table says so."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any, cast

import pytest

import enkash_contract as ec
from enkash_contract.contract.contract import bundled
from enkash_contract.contract.evidence import Level
from tests.journeys.test_document_tools import node
from tests.support.anything import JSON, near
from tests.support.draws import draws
from tests.support.paths import ROOT, TOOLS
from tests.support.small_documents import small

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.contract.contract import Contract

ENGINES = ("jsonschema-rs", "jsonschema")
RIGHT = bundled().pick().request.example
VALIDATOR = ec.json_schema_validator(fail_on="assumed")


def table() -> list[tuple[Any, str, list[str]]]:
    """Return the rows of the table: schema, JSON, and the verdicts of the three judges."""
    text = (ROOT / "docs" / "verdicts.md").read_text("utf-8")
    _, _, text = text.partition("| schema | JSON | jsonschema-rs | jsonschema | ajv |")
    rows = re.findall(
        r"^\| `(.+?)` \| `(.+)` \| (\w+) \| (\w+) \| (\w+) \| .+ \|$", text, re.MULTILINE
    )
    return [(json.loads(row[0]), _written_out(row[1]), list(row[2:])) for row in rows]


def _written_out(text: str) -> str:
    """Return JSON with every `deep(levels, item)` written out."""

    def deep(found: re.Match[str]) -> str:
        levels = int(found[1])
        return "[" * levels + found[2] + "]" * levels

    return re.sub(r"deep\((\d+), (\d)\)", deep, text)


def verdict(raw: str | bytes, engine: str, contract: Contract | None = None) -> str:
    """Return what one engine says of JSON."""
    try:
        ec.validate_json(raw, contract=contract, fail_on="assumed", engine=engine)
    except ec.ContractViolated:
        return "invalid"
    except ec.UsageError:
        return "unreadable"
    return "valid"


def by_ajv(question: dict[str, Any]) -> list[Any]:
    """Return what ajv says."""
    command = [shutil.which("node") or "node", str(TOOLS / "judge.mjs")]
    done = subprocess.run(
        command, input=json.dumps(question), capture_output=True, text=True, check=True
    )
    return cast("list[Any]", json.loads(done.stdout))


def test_the_engines_differ_where_the_table_says_so(tmp_path: Path) -> None:
    """In each of its rows, and all rows are read."""
    rows = table()
    for index, (schema, text, verdicts) in enumerate(rows):
        folder = tmp_path / str(index)
        folder.mkdir()
        contract = small(folder, schema)
        assert [verdict(text, engine, contract) for engine in ENGINES] == verdicts[:2], text[:50]
        assert len(set(verdicts)) > 1
    assert len(rows) == 16


@pytest.mark.parametrize("mark", [pytest.param("ajv", marks=node)])
def test_ajv_differs_where_the_table_says_so(mark: str) -> None:
    """In each of its rows."""
    rows = table()
    bodies = [(schema, base64.b64encode(text.encode()).decode()) for schema, text, _ in rows]
    said = by_ajv({"rows": [{"schema": schema, "body": body} for schema, body in bodies]})
    assert [{"right": "valid", "wrong": "invalid"}[word] for word in said] == [
        verdicts[2] for *_, verdicts in rows
    ]


def test_both_engines_agree_on_every_case() -> None:
    """With the same violations in the same order; ajv is compared with the first elsewhere."""
    for case in ec.cases():
        told = [_violations(case.wire.body, engine) for engine in ENGINES]
        assert told[0] == told[1], case.id


def _violations(raw: bytes, engine: str) -> list[str]:
    try:
        ec.validate_json(raw, fail_on="assumed", engine=engine)
    except ec.ContractViolated as error:
        return [f"{one.line}: {one}" for one in error.violations]
    return []


INVALID = ec.invalid_payloads(rule="request/*").map(lambda invalid: invalid.payload)
PAYLOADS = near(RIGHT, JSON) | ec.payloads() | INVALID
COUNTS = [200, pytest.param(10_000, marks=pytest.mark.slow)]


@pytest.mark.parametrize("count", COUNTS)
def test_both_engines_and_the_validator_agree_on_draws(count: int) -> None:
    """Of payloads that are valid, nearly so, and not at all."""
    for payload in draws(PAYLOADS, count):
        rust, python = (
            [*map(str, ec.iter_violations(payload, engine=engine))] for engine in ENGINES
        )
        assert python == rust
        assert [*map(str, VALIDATOR.iter_errors(payload))] == rust


@pytest.mark.parametrize(
    "count", [pytest.param(200, marks=node), pytest.param(10_000, marks=[*node, pytest.mark.slow])]
)
def test_ajv_agrees_on_draws(count: int) -> None:
    """No drawn payload shows a difference that is not in the table."""
    payloads = draws(PAYLOADS, count)
    schema = bundled().pick().json_schema(fail_on=Level.ASSUMED)
    said = by_ajv({"schema": schema, "payloads": payloads})
    assert said == [ec.is_valid(payload, fail_on="assumed") for payload in payloads]
