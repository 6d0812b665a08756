"""Cassettes that tests use through vcrpy, judged when the test is over."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
import vcr  # type: ignore[import-untyped]  # it says nothing of its types

from enkash_contract.pytest_plugin import cassettes
from enkash_contract.traffic.formats import cassette
from enkash_contract.wire.message import Request
from tests.support.inner_runs import run, section
from tests.support.tapes import OPERATION, RIGHT, URL, WRONG, taped

PLACE = OPERATION.rules["request/b2bIds/buyerB2BId#required"].place
SHOWN = f"""\
/b2bIds/buyerB2BId is required, but missing
  rule         request/b2bIds/buyerB2BId#required (request_schema_conformance)
  evidence     sibling (api-10664764, read 2026-11-22)
  payload      /b2bIds/buyerB2BId
  document     {PLACE}
  recorded     tape.yaml:interactions[1]
  reproduce    printf %s '{WRONG}' | enkash-contract validate -
  fingerprint  0c125e2fb0a2"""


TESTS = """
import contextlib, urllib.error, urllib.request
import pytest, vcr

pytestmark = pytest.mark.filterwarnings("ignore")

def send(body):
    asked = urllib.request.Request(URL, body.encode(), {"Content-Type": "application/json"})
    with contextlib.suppress(urllib.error.HTTPError):
        urllib.request.urlopen(asked).read()

@pytest.mark.vcr("tape.yaml")
def test_marked():
    send(RIGHT)

def test_with_a_cassette():
    with vcr.use_cassette("tape.yaml", record_mode="none"):
        send(RIGHT)

@vcr.VCR(record_mode="none").use_cassette("tape.yaml")
def test_that_fails_by_itself():
    assert URL == ""

@vcr.use_cassette("right.yaml")
def test_right():
    send(RIGHT)

@vcr.use_cassette("other.yaml")
def test_other():
    pass
"""


def test_the_cassettes_of_tests_are_judged(pytester: pytest.Pytester) -> None:
    """However a test loads its cassette, all its interactions are judged when the test is over."""
    (pytester.path / "tape.yaml").write_text(taped(RIGHT, WRONG, status=400, code=1))
    (pytester.path / "right.yaml").write_text(taped(RIGHT))
    pytester.makepyfile(f"URL = {URL!r}\nRIGHT = {RIGHT!r}\n{TESTS}")
    pytester.makeconftest(
        f"import pytest\n@pytest.fixture(scope='module')\n"
        f"def vcr_cassette_dir(): return {str(pytester.path)!r}"
    )
    # The marker's own cassette stands where its extra one does.
    (pytester.path / "test_marked.yaml").write_text(taped())
    off = run(pytester)
    result = run(pytester, "--enkash-cassettes")

    off.assert_outcomes(passed=4, failed=1)
    result.assert_outcomes(passed=2, failed=3)
    failure = SHOWN.splitlines()
    assert section(result, "_ test_with_a_cassette _", "_ test_that_") == failure
    assert [*section(result, "- Captured enkash contract call -", "= enkash contract =")] == failure
    result.stdout.fnmatch_lines(
        ["cassettes: violates the contract; 7 checked: 4 held, 3 violations, *"]
    )


@pytest.mark.parametrize("body", [io.BytesIO(b"{}"), iter([b"{", "}"]), b"{}", "{}", {}])
def test_bodies_in_memory_are_read_as_those_in_a_file(body: Any) -> None:
    """A file or an iterator that was sent as a body is read."""
    request = vcr.request.Request("POST", URL, body, {"Content-Type": "application/json"})
    response = json.loads(taped(""))["interactions"][0]["response"]
    found = cassette.entry(cassettes._written(request, response), "here").interaction
    assert found is not None
    assert found.request == Request("POST", URL, (("Content-Type", "application/json"),), b"{}")


def test_cassettes_need_their_library(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without vcrpy the option is an error, which names the command that installs it."""
    monkeypatch.setitem(__import__("sys").modules, "vcr.cassette", None)
    assert run(pytester, "--enkash-cassettes").errlines[0] == (
        "ERROR: --enkash-cassettes needs vcrpy: pip install vcrpy"
    )
