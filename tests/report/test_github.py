"""Annotations of GitHub Actions, as its runner reads them, and the summary of a step."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.judging.result import Result
from enkash_contract.place import Place
from enkash_contract.report.build import build
from enkash_contract.report.github import Annotation, summarised
from tests.support.hostile import hostile, leaky, written
from tests.support.results import RESULT, about, finding
from tests.support.workflow_commands import Command, commands

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.report.document import Report

KINDS = {"error", "warning", "notice"}


def annotated(whole: Report) -> list[Command]:
    """Return the annotations of a report, as a runner reads them."""
    return [*commands(written("github", whole))]


@given(st.text(), st.text(), st.integers(1))
def test_an_annotation_is_read_as_it_was_written(title: str, message: str, line: int) -> None:
    """One command, whatever its texts hold."""
    written = str(Annotation("error", title, message, Place("a,b:c%0A.har", line)))
    (read,) = commands(written)

    assert read.message == message
    assert read.properties == {"file": "a,b:c%0A.har", "line": str(line), "title": title}


def test_a_cause_is_an_annotation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its first place; a server has none."""
    monkeypatch.chdir(tmp_path)
    entries: dict[str, Any] = {"log": {"entries": [{}, {}]}}
    (tmp_path / "a.har").write_text(json.dumps(entries, indent=1), encoding="utf-8")
    members: dict[str, Any] = {"case": "", "check": "request_schema_conformance", "fault": "client"}
    found = [
        finding(source=source, **members)
        for source in ("a.har:log.entries[1]", "a.har:log.entries[0]", "a.har:log.entries[1]")
    ]
    whole = build(Result((finding("waived", reason="until May"), *found)), about())
    first, waived, second = annotated(whole)

    assert first == Command(
        "error",
        {
            "file": "a.har",
            "line": "5",
            "title": "the client sends requests without a required member",
        },
        "1 member, 3 violations (client), here at /b2bIds/buyerB2BId\n"
        "expected: accepted, although /b2bIds/buyerB2BId is required\n"
        "actual: missing\n"
        "evidence: sibling: api-10664764, read 2026-11-22\n"
        f"repeat: {whole.findings[1].reproduce}",
    )
    assert (second.properties["line"], second.message.splitlines()[0]) == (
        "4",
        "1 member, 3 violations (client), here at /b2bIds/buyerB2BId",
    )
    assert waived.name == "warning"
    assert "file" not in waived.properties
    assert "waived: until May" in waived.message.splitlines()


def test_the_message_says_what_is_known() -> None:
    """Counts, what was expected and what there was, evidence, and how to repeat it."""
    known = build(Result((finding(),), {"violation": 1}), about())
    (only,) = annotated(known)
    assert only.message.splitlines() == [
        "1 member, 1 violation (server), here at /b2bIds/buyerB2BId",
        "expected: rejected, because /b2bIds/buyerB2BId is required, but missing",
        "actual: accepted with status 200",
        "evidence: sibling: api-10664764, read 2026-11-22",
        f"repeat: {known.findings[0].reproduce}",
    ]
    (bare,) = annotated(build(Result((finding(interaction=None, case=""),)), about()))
    assert "repeat" not in bare.message


def test_ten_of_a_kind_are_shown() -> None:
    """The first of each cause, the worst before all; what the run fails for comes first."""
    whole = build(RESULT, about())
    cause, weak = whole.causes
    many = replace(whole, causes=(cause,) * 12 + (weak,) * 12, unread=("x.har",))
    found = annotated(many)

    assert Counter(command.name for command in found) == {"error": 10, "notice": 10}
    assert found[0].properties == {"title": "enkash-contract: could not be read"}
    assert [command.name for command in found] == ["error"] * 10 + ["notice"] * 10


def test_a_run_that_is_no_success_is_annotated() -> None:
    """Also where nothing was found."""
    result = Result((), {"held": 1}, waivers=("w",), promises=("p",))
    titles = [command.properties["title"] for command in annotated(build(result, about()))]
    (unclear,) = annotated(build(Result(notes=("a note",)), about()))

    assert titles == [
        "enkash-contract: waivers are out of date",
        "enkash-contract: coverage is not as promised",
    ]
    assert (unclear.name, unclear.message.splitlines()) == (
        "warning",
        ["Nothing could be concluded about http://h [x].", "a note"],
    )
    assert annotated(build(Result((), {"held": 1}), about())) == []


@pytest.mark.parametrize("whole", [hostile, leaky])
def test_no_payload_is_a_command(whole: object) -> None:
    """Each line is one of ours, and has an end."""
    assert callable(whole)
    text = written("github", whole())
    assert {command.name for command in commands(text)} <= KINDS
    assert len([*commands(text)]) == len(text.splitlines())
    assert max(map(len, text.splitlines())) < 10_000


def test_a_file_outside_of_the_repository_is_not_named(tmp_path: Path) -> None:
    """GitHub has no such file."""
    assert str(Annotation("error", "a", "b", Place(str(tmp_path / "a.har"), 1))) == (
        "::error title=a::b"
    )


def test_the_summary_is_the_report_in_markdown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind what others have written there; a file that cannot be written costs no run."""
    summary = tmp_path / "summary.md"
    summary.write_text("# Others\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    whole = build(RESULT, about())
    written("github", whole)

    assert summary.read_text(encoding="utf-8") == f"# Others\n{written('markdown', whole)}"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path))
    assert written("github", whole)


def test_a_summary_has_room_for_whole_causes_alone() -> None:
    """GitHub takes none of a summary that is too large."""
    whole = build(RESULT, about())
    full = summarised(whole, 100_000)
    size = len(full.encode())

    assert summarised(whole, size + 200) == full
    cut = summarised(whole, size + 199)
    assert cut.endswith("\nand 1 more cause; there is no room for more here.\n")
    assert len(cut) < size
    assert summarised(whole, 300).strip() == "and 2 more causes; there is no room for more here."
    assert summarised(whole, 0) == ""
