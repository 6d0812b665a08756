"""Recordings as pytest items, and the cassettes that tests use."""

from __future__ import annotations

import gzip
import json
import shutil

import pytest

from tests.support.both_ways import BANK, OTHER, exchange
from tests.support.inner_runs import run, section
from tests.support.paths import RECORDINGS
from tests.support.tapes import OPERATION, RIGHT, WEAK, WRONG, taped

HOOK = f"https://hooks.bank.example{OTHER.path}"
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


def test_a_named_recording_is_an_item_for_each_interaction(pytester: pytest.Pytester) -> None:
    """A browser's recording is judged as by the traffic command; an id runs one item again."""
    shutil.copy(RECORDINGS / "chromium.har", pytester.path)
    result = run(pytester, "chromium.har", "--enkash-report=json=result.json")
    again = run(pytester, "chromium.har", "--lf", "--co", "-q", cache=True)
    one = run(pytester, "-q", "chromium.har::log.entries[5]")
    report = json.loads((pytester.path / "result.json").read_text())

    result.assert_outcomes(passed=5, failed=5, skipped=1)
    one.assert_outcomes(failed=1)
    assert again.outlines[0] == "chromium.har::log.entries[3]"
    assert (report["target"], report["exit"], report["cases"]["total"]) == ("chromium.har", 1, 11)
    of_server = [one for one in report["findings"] if one["fault"] == "server"]
    assert all("$ENKASH_AUTHORIZATION" in one["reproduce"] for one in of_server)
    assert (
        "chromium.har: violates the contract; 11 checked: 5 held, 6 violations, 0 assumptions, "
        "1 inconclusive; 64 rules exercised by valid requests, 3 by invalid ones" in result.outlines
    )


def test_recordings_are_found_by_the_ini_option(pytester: pytest.Pytester) -> None:
    """Its globs start at the root folder; files that they do not match are left alone."""
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
    """The failure has the sentence, its evidence and its place; a weak one is expected."""
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
    ("name", "content", "message"),
    [
        (
            "a.yaml",
            "interactions: [",
            "a.yaml:2 cannot be read as YAML: did not find expected node",
        ),
        (
            "a.json",
            '{"interactions": 1}',
            "a.json is no recording that is read here; those are HAR",
        ),
        ("a.har", "", "a.har is empty"),
        (
            "a.json",
            '{"log": {"entries": [7]}}',
            "a.json:log.entries[0]: the address was "
            "unreadable (what should hold 'request' is not an object)",
        ),
        # What may be for another plugin is none of ours.
        ("a.yaml", "test_name: other", "not found: "),
    ],
)
def test_a_file_that_is_no_recording(
    name: str, content: str, message: str, pytester: pytest.Pytester
) -> None:
    """It is an error in one line, which says why."""
    (pytester.path / name).write_text(content)
    result = run(pytester, name, "-rs")
    assert [line for line in (*result.outlines, *result.errlines) if message in line]


def test_recordings_under_other_names(pytester: pytest.Pytester) -> None:
    """Packed ones and those of one interaction a line are named, or matched, like all others."""
    interactions = json.loads(taped(RIGHT, WRONG))["interactions"]
    lines = "".join(json.dumps(interaction) + "\n" for interaction in interactions)
    (pytester.path / "a.jsonl").write_text(lines)
    (pytester.path / "b.yaml.gz").write_bytes(gzip.compress(taped(RIGHT).encode()))
    (pytester.path / "c.yaml.gz").write_bytes(gzip.compress(b"a: 1"))
    named = run(pytester, "-q", "--co", "a.jsonl", "b.yaml.gz")

    assert named.outlines[:3] == ["a.jsonl::1", "a.jsonl::2", "b.yaml.gz::interactions[0]"]
    run(pytester, "a.jsonl", "b.yaml.gz").assert_outcomes(passed=2, failed=1)
    assert "not found: " in str(run(pytester, "c.yaml.gz").errlines)


def test_an_interaction_without_an_address_fails(pytester: pytest.Pytester) -> None:
    """It may have been one of ours, and nothing of it can be judged."""
    tape = json.loads(taped(RIGHT, RIGHT))
    del tape["interactions"][0]["request"]["uri"]
    (pytester.path / "tape.json").write_text(json.dumps(tape))
    result = run(pytester, "tape.json")

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        ["tape.json:interactions[[]0[]]: the address was unreadable ('uri' is missing)"]
    )


def test_nobody_is_accused_by_a_guess(pytester: pytest.Pytester) -> None:
    """Of a path known in both directions, the hosts of the partner decide, as in `traffic`."""
    odd = exchange(BANK, answer={"response_code": "none"})
    (pytester.path / "odd.ndjson").write_text(json.dumps(odd))
    webhook = exchange(HOOK, OTHER.request.example)
    (pytester.path / "hooks.ndjson").write_text(json.dumps(webhook))
    both = ("odd.ndjson", "hooks.ndjson", "-oenkash_recordings=*.ndjson")
    alone = run(pytester, *both[:1], *both[2:])
    guessed = run(pytester, *both, "-rs")
    told = run(pytester, *both, "--enkash-partner-host=hooks.*")

    alone.assert_outcomes(failed=1)
    guessed.assert_outcomes(skipped=2)
    assert "which have one path: name the hosts of the partner by --enkash-partner-host; at" in (
        guessed.stdout.str()
    )
    told.assert_outcomes(skipped=1, xfailed=1)
