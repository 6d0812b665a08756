"""Recordings as pytest items, and the cassettes that tests use."""

from __future__ import annotations

import io
import json
import shutil
from typing import Any

import pytest
import vcr  # type: ignore[import-untyped]  # it says nothing of its types

from enkash_contract.contract import contract
from enkash_contract.pytest_plugin import cassettes
from enkash_contract.traffic import cassette
from enkash_contract.wire.message import Request
from tests.support.inner_runs import run, section
from tests.support.paths import RECORDINGS

OPERATION = contract.bundled().pick()
PLACE = OPERATION.rules["request/b2bIds/buyerB2BId#required"].place
URL = f"https://api.example{OPERATION.path}"


def taped(*bodies: Any, status: int = 200, code: int = 0) -> str:
    """Return a cassette in which each of `bodies` was sent, and answered."""
    word = "FAILED" if code else "SUCCESS"
    answer = {"payload": word, "response_code": code, "response_message": word}
    label = {"Content-Type": ["application/json"]}
    return json.dumps(
        {
            "version": 1,
            "interactions": [
                {
                    "request": {"method": "POST", "uri": URL, "headers": label, "body": body},
                    "response": {
                        "status": {"code": status, "message": ""},
                        "headers": label,
                        "body": {"string": json.dumps(answer)},
                    },
                }
                for body in bodies
            ],
        }
    )


def without_buyer() -> Any:
    """Return a payload in which one member is missing."""
    made = json.loads(json.dumps(OPERATION.request.example))
    del made["b2bIds"]["buyerB2BId"]
    return made


WRONG = json.dumps(without_buyer(), separators=(",", ":"))
RIGHT = json.dumps(OPERATION.request.example)
WEAK = json.dumps({**OPERATION.request.example, "device": {"tag": {"name": "", "value": "x"}}})

SHOWN = f"""\
/b2bIds/buyerB2BId is required, but missing
  rule         request/b2bIds/buyerB2BId#required (request_schema_conformance)
  evidence     sibling (api-10664764, read 2026-11-22)
  payload      /b2bIds/buyerB2BId
  document     {PLACE}
  recorded     tape.yaml:interactions[1]
  reproduce    curl -sS -i -X POST {URL} -H 'Content-Type: application/json' --data-binary '{WRONG}'
  fingerprint  0c125e2fb0a2"""


def test_a_named_recording_is_an_item_for_each_interaction(pytester: pytest.Pytester) -> None:
    """A browser's recording, judged as the traffic command judges it; the id names one again."""
    shutil.copy(RECORDINGS / "chromium.har", pytester.path)
    result = run(pytester, "chromium.har", "--enkash-report=json=result.json")
    again = run(pytester, "chromium.har", "--lf", "--co", "-q", cache=True)
    one = run(pytester, "-q", "chromium.har::log.entries[5]")
    report = json.loads((pytester.path / "result.json").read_text())

    result.assert_outcomes(passed=5, failed=5, skipped=1)
    one.assert_outcomes(failed=1)
    assert again.outlines[0] == "chromium.har::log.entries[3]"
    assert (report["target"], report["exit"], report["cases"]["total"]) == ("chromium.har", 1, 11)
    assert "$ENKASH_AUTHORIZATION" in report["findings"][0]["reproduce"]
    assert (
        "chromium.har: violates the contract; 11 checked: 5 held, 5 violations, 0 assumptions, "
        "1 inconclusive; 64 rules exercised by right requests, 3 by wrong ones" in result.outlines
    )


def test_recordings_are_found_by_the_ini_option(pytester: pytest.Pytester) -> None:
    """Globs from the root folder; what they do not match is left alone."""
    pytester.makeini("[pytest]\nenkash_recordings = tapes/**/*.yaml *.har")
    for name in ("tapes/a.yaml", "tapes/deep/b.yaml", "tapes/c.json", "d.yaml"):
        file = pytester.path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(taped(RIGHT))
    result = run(pytester, "-q", "--co")
    assert result.outlines[:2] == [
        "tapes/a.yaml::interactions[0]",
        "tapes/deep/b.yaml::interactions[0]",
    ]


def test_a_recording_fails_as_a_person_reads_it(pytester: pytest.Pytester) -> None:
    """The sentence, what it rests on, and where it was recorded; weak evidence is expected."""
    (pytester.path / "tape.yaml").write_text(taped(RIGHT, WRONG, WEAK, status=400, code=1))
    result = run(pytester, "tape.yaml", "-rx")

    result.assert_outcomes(passed=1, failed=1, xfailed=1)
    assert (
        section(result, "_ tape.yaml::interactions[1] _", "= enkash contract") == SHOWN.splitlines()
    )
    result.stdout.fnmatch_lines(
        ["XFAIL tape.yaml::interactions[[]2[]] - */device/tag/name must have at least 1 char*"]
    )


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        (
            "a.yaml",
            "interactions: [",
            "a.yaml:2 cannot be read as YAML: did not find expected node",
        ),
        (
            "a.json",
            '{"interactions": 1}',
            "a.json is no cassette of vcrpy: it has no list of inter",
        ),
        ("a.har", "", "a.har:1 is not JSON: Expecting value"),
        (
            "a.json",
            '{"log": {"entries": [7]}}',
            "SKIPPED [1] a.json: a.json:log.entries[0] cannot be read: what should hold 'request'",
        ),
        # What may be for another plugin is none of ours.
        ("a.yaml", "test_name: other", "not found: "),
    ],
)
def test_a_file_that_is_no_recording(
    name: str, content: str, told: str, pytester: pytest.Pytester
) -> None:
    """One line says what is wrong with it."""
    (pytester.path / name).write_text(content)
    result = run(pytester, name, "-rs")
    assert [line for line in (*result.outlines, *result.errlines) if told in line]


# Cassettes of tests


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
    """However a test came to its cassette, what it holds is judged when the test is over."""
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
    """A file or an iterator that was sent is read, whatever the library made of it."""
    request = vcr.request.Request("POST", URL, body, {"Content-Type": "application/json"})
    response = json.loads(taped(""))["interactions"][0]["response"]
    found = cassette.entry(cassettes._written(request, response), "here").interaction
    assert found is not None
    assert found.request == Request("POST", URL, (("Content-Type", "application/json"),), b"{}")


def test_cassettes_need_their_library(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without vcrpy there is nothing to judge, and a line says so."""
    monkeypatch.setitem(__import__("sys").modules, "vcr.cassette", None)
    assert run(pytester, "--enkash-cassettes").errlines[0] == (
        "ERROR: --enkash-cassettes needs vcrpy: pip install vcrpy"
    )


@pytest.mark.parametrize(
    ("word", "told"),
    [
        (
            "xml=a",
            "ERROR: --enkash-report 'xml=a' is not of the form FORMAT=PATH; write json=PATH,",
        ),
        ("json=no/a", "ERROR: --enkash-report 'json=no/a': no/a cannot be written: No such file"),
    ],
)
def test_a_report_that_cannot_be_written(word: str, told: str, pytester: pytest.Pytester) -> None:
    """It is told before anything runs."""
    result = run(pytester, f"--enkash-report={word}")
    assert result.errlines[0].startswith(told)


def test_many_recordings_are_not_all_named(pytester: pytest.Pytester) -> None:
    """The summary names three; the report does the same."""
    names = [f"{name}.yaml" for name in "abcde"]
    for name in names:
        (pytester.path / name).write_text(taped(RIGHT))
    result = run(pytester, *names, "--enkash-report=json=result.json")
    result.assert_outcomes(passed=5)
    result.stdout.fnmatch_lines(["a.yaml, b.yaml, c.yaml and 2 more: conforms; 5 checked: *"])
    report = json.loads((pytester.path / "result.json").read_text())
    assert (report["target"], report["exit"]) == ("a.yaml, b.yaml, c.yaml and 2 more", 0)


def test_a_report_that_cannot_be_written_in_the_end(pytester: pytest.Pytester) -> None:
    """What was there at the beginning may be gone, and a line says so."""
    pytester.mkdir("kept")
    pytester.makepyfile(
        "import shutil\ndef test_own(): shutil.rmtree('kept')\n"
        "def test_other():\n    import pathlib\n    pathlib.Path('kept').write_text('')\n"
    )
    result = run(pytester, "--enkash-report=json=kept/a.json")
    assert result.errlines[0] == (
        "ERROR: --enkash-report 'json=kept/a.json': kept/a.json cannot be written: Not a directory"
    )


def test_a_report_of_nothing(pytester: pytest.Pytester) -> None:
    """A run without anything of ours writes that nothing was concluded."""
    pytester.makepyfile("def test_own(): pass")
    run(pytester, "--enkash-report=json=a.json").assert_outcomes(passed=1)
    report = json.loads((pytester.path / "a.json").read_text())
    assert (report["target"], report["exit"]) == ("nothing", 3)
