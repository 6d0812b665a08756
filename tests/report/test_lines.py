"""Findings line by line, for grep and for editors."""

from __future__ import annotations

from enkash_contract.judging.result import Result
from enkash_contract.report.lines import finding_lines, line
from enkash_contract.report.reproduction import Reproduction
from enkash_contract.wire.message import Interaction, Request
from tests.support.results import RESULT, WEAK, about, finding

CURL = "curl -sS -i -X POST http://h/x -H 'Content-Type: application/json' --data-binary '{}'"
SURE = "[sibling (api-10664764, read 2026-11-22); openapi/enkash.yaml:227;"


def test_each_finding_is_a_line() -> None:
    """Violations first, each told once with how to repeat it."""
    assert list(finding_lines(RESULT, about())) == [
        "violation negative_data_rejection request/b2bIds/buyerB2BId#required/removed accepted, "
        f"although /b2bIds/buyerB2BId is required, but missing {SURE} {finding().fingerprint}]",
        "    and 1 more like it",
        f"    reproduce: {CURL}",
        "violation negative_data_rejection request#json/empty [bold]other[/bold] "
        f"{SURE} {finding().fingerprint}]",
        f"    reproduce: {CURL}",
        "assumption negative_data_rejection response.4XX/payload#required "
        "log.har:log.entries[3]: in the response,\\n\\x1b[1m it is \\ud800 "
        f"[assumed; openapi/enkash.yaml:227; {WEAK.fingerprint}]",
    ]


def test_waived_findings_have_their_reason() -> None:
    """They stand between violations and assumptions."""
    waived = finding("waived", interaction=None, reason="known,\n\x1b ticket 7")
    other = finding(interaction=None, rule="request#json")

    assert list(finding_lines(Result((WEAK, waived, other)), about())) == [
        line(other),
        line(waived),
        "    because: known,\\n\\x1b ticket 7",
        line(WEAK),
    ]
    assert line(waived).startswith("waived negative_data_rejection ")


def test_an_own_command_repeats_a_case() -> None:
    """For a target that curl cannot reach the command that repeats the case is shown."""
    again = "enkash-contract check app:app"
    beside = about(reproduction=Reproduction(again, in_process=True))

    assert list(finding_lines(Result((finding(),)), beside)) == [
        line(finding()),
        f"    reproduce: {again} --case 'request/b2bIds/buyerB2BId#required/removed'",
    ]


def test_recorded_findings_are_printed_one_by_one() -> None:
    """The same finding at two places of a recording is two lines; at one place it is one."""
    found = [finding(case="", source=source, interaction=None) for source in ("a:1", "a:2", "a:1")]
    lines = list(finding_lines(Result(tuple(found)), about()))

    assert lines == [line(found[0]), "    and 1 more like it", line(found[1])]


def test_control_characters_are_escaped() -> None:
    """A message, a source or a command with control characters is printed as escapes."""
    request = Request("POST", "http://h/\x9b", (("content-type", "a\x1b[1m"),), None)
    found = finding(case="", source="a\x07", interaction=Interaction(request, None))
    lines = list(finding_lines(Result((found,)), about()))

    assert [line for line in lines if not line.isprintable()] == []
    assert lines[1] == (
        r"    reproduce: curl -sS -i -X POST 'http://h/\x9b' -H 'Content-Type: a\x1b[1m'"
    )
