"""The document in the hands of other tools: it stays a normal OpenAPI file for all of them."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import re
import shutil
import subprocess
import threading
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import schemathesis
from openapi_spec_validator import validate

import enkash_contract as ec
from enkash_contract.contract import contract
from enkash_contract.contract.evidence import Level
from tests.support.paths import DOCUMENT, TOOLS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.contract.operation import Operation

BIN = TOOLS / "node_modules" / ".bin"

node = [
    pytest.mark.node,
    pytest.mark.skipif(
        not BIN.exists() and "CI" not in os.environ,
        reason="the tools of tests/tools/package.json are not installed; `.ci/run` installs them",
    ),
]


def test_openapi_spec_validator_finds_nothing() -> None:
    """The document is valid OpenAPI 3.1 by its specification's own schema."""
    validate(contract.bundled().document.data)


def test_schemathesis_loads_it(operation: Operation) -> None:
    """Schemathesis finds the operation, with its method and path."""
    schema = schemathesis.openapi.from_path(DOCUMENT)
    found = schema[operation.path][operation.method]
    assert (found.method.upper(), found.path) == (operation.method, operation.path)


@pytest.mark.parametrize("tool", [pytest.param("redocly", marks=node)])
def test_redocly_finds_no_error(tool: str) -> None:
    """Redocly's recommended rules hold without an error."""
    done = subprocess.run(
        [BIN / tool, "lint", "--format=json", DOCUMENT],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "REDOCLY_TELEMETRY": "off"},
    )
    report = json.loads(done.stdout)
    assert (done.returncode, report["totals"]["errors"]) == (0, 0)


@contextlib.contextmanager
def serving(tool: str) -> Iterator[str]:
    """Let Prism's mock server serve the document; yields its address."""
    command = [str(BIN / tool), "mock", "--port", "0", str(DOCUMENT)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            address = re.search(r"Prism is listening on (http://\S+)", line)
            if address is not None:
                break
        assert address is not None
        reading = threading.Thread(target=process.stdout.read)
        reading.start()
        try:
            yield address[1]
        finally:
            process.terminate()
            reading.join()


@pytest.mark.parametrize("tool", [pytest.param("prism", marks=node)])
def test_prism_serves_it(tool: str, operation: Operation, payload: Any) -> None:
    """Prism's mock server takes the document, and answers its example."""
    with serving(tool) as url:
        answer = httpx.post(url + operation.path, json=payload, trust_env=False)
    assert (answer.status_code, answer.json()) == (200, operation.sides["response.200"].example)


PRISM = {
    # Its parser of JSON hands an error to nobody, so that such a request is never answered.
    "request#json": "not_a_server_error",
}
"""What Prism does wrong with certainty, each seen by hand with curl."""

PRISM_SILENT = [
    f"request#json/{name}" for name in ("malformed", "truncated", "nan", "byte-order-mark")
]
"""Some of the two dozen cases that it never answers; each of them takes its time."""

PRISM_ANSWERS = ["request#[cdem]*", "request#json/nested-deeply", "request/b2bIds/*"]
"""What it does answer."""

PRISM_DEEP = "request#json/nested-deeply"
"""It answers this one with 500: its validator calls itself for each level."""

PRISM_LENIENT = {
    "request#content-type",
    "request#content-type-single",
    "request#encoding",
    "request#duplicate-names",
}
"""Where it takes what servers may lawfully take: other labels, what JSON.parse lets pass,
and U+FFFD for bytes that are not UTF-8."""


@pytest.mark.parametrize("tool", [pytest.param("prism", marks=node)])
def test_prism_is_found_wrong_where_it_is(tool: str) -> None:
    """Cases that are never answered do not end the run, and the other rules all hold."""
    with serving(tool) as url:
        result = ec.check_target(url, timeout=2, only=[*PRISM_SILENT, *PRISM_ANSWERS])
    silent = [one for one in result.violations if one.message.startswith("no whole response ")]
    assert {one.rule: one.check for one in result.violations} == PRISM
    assert {one.case for one in result.violations if one.message.startswith("answered")} == {
        PRISM_DEEP
    }
    assert {one.case for one in silent} == set(PRISM_SILENT)
    assert {one.rule for one in result.assumptions} == PRISM_LENIENT
    assert (result.count("inconclusive"), result.notes, result.exit_code) == (0, (), 1)


JUDGED = {
    "request#encoding": "not UTF-8",
    "request#json": "not JSON",
    # What is labelled or sent in another way, a judge of bodies cannot see.
    "request#method": None,
    "request#path": None,
    "request#content-type": None,
    "request#content-type-present": None,
    "request#content-type-single": None,
}
"""What a judge of bodies says of what breaks a rule of the wire; None where it is not asked."""

DIVERGENCES = {
    # To ECMAScript half a character is a character, once it is escaped.
    "request#encoding/lone-surrogate-high": "right",
    "request#encoding/lone-surrogate-low": "right",
    "request#encoding/lone-surrogate-swapped": "right",
    # Its reader has no limit of depth,
    "request#json/nested-deeply": "right",
    # and of two members with one name takes the last.
    "request#duplicate-names/same-value": "right",
    "request#duplicate-names/other-value-first": "right",
    "request#duplicate-names/other-value-last": "right",
    "request#duplicate-names/escaped-name": "right",
}
"""The cases in which the table of docs/verdicts.md shows, by which the judges differ."""


def expected_of(case: ec.Case) -> str | None:
    """Return what the judge in JavaScript has to say of a case's bytes."""
    if case.polarity == "accept":
        return "right"
    return DIVERGENCES.get(case.id, JUDGED.get(case.rule.id, "wrong"))


@pytest.mark.parametrize("program", [pytest.param("node", marks=node)])
def test_ajv_agrees_on_every_case(program: str, operation: Operation) -> None:
    """A judge with ECMAScript's own JSON and regular expressions says the same of all bytes."""
    expected = {case.id: expected_of(case) for case in ec.cases()}
    cases = [case for case in ec.cases() if expected[case.id] is not None]
    judged = json.dumps(
        {
            "schema": operation.json_schema(fail_on=Level.ASSUMED),
            "bodies": [base64.b64encode(case.wire.body).decode() for case in cases],
        }
    )
    command = [shutil.which(program) or program, str(TOOLS / "judge.mjs")]
    done = subprocess.run(command, input=judged, capture_output=True, text=True, check=True)
    said = dict(zip((case.id for case in cases), json.loads(done.stdout), strict=True))

    assert said == {case.id: expected[case.id] for case in cases}
    assert DIVERGENCES.keys() <= said.keys()
