"""The result for people: findings line by line, a table, and the verdict."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console

from enkash_contract.judging.result import Result
from enkash_contract.judging.stability import Stability
from enkash_contract.report import About, text
from enkash_contract.report.reproduction import Reproduction
from enkash_contract.wire.message import Interaction, Request
from tests.support.results import NOTE, RESULT, WEAK, about, finding

PRINTED = """\
violation negative_data_rejection request/b2bIds/buyerB2BId#required/removed accepted, although \
/b2bIds/buyerB2BId is required, but missing [sibling (api-10664764, read 2026-11-22); \
openapi/enkash.yaml:227; {0}]
    and 1 more like it
    reproduce: curl -sS -i -X POST http://h/x -H 'Content-Type: application/json' \
--data-binary '{{}}'
violation negative_data_rejection request#json/empty [bold]other[/bold] \
[sibling (api-10664764, read 2026-11-22); openapi/enkash.yaml:227; {0}]
    reproduce: curl -sS -i -X POST http://h/x -H 'Content-Type: application/json' \
--data-binary '{{}}'
assumption negative_data_rejection response.4XX/payload#required log.har:log.entries[3]: \
in the response,\\n\\x1b[1m it is \\ud800 [assumed; openapi/enkash.yaml:227; {1}]
note: {2}
note: x.har is not HAR
changeInvoiceStatus of http://h [x]
┏━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━┳━━━━━━━┳━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━┓
┃ where                     ┃ evidence         ┃ rules ┃ valid accepted ┃ invalid rejected ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━╇━━━━━━━╇━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━┩
│ request/b2bIds/buyerB2BId │ example, sibling │     3 │            2/2 │   7/10, 2 masked │
└───────────────────────────┴──────────────────┴───────┴────────────────┴──────────────────┘
http://h [x]: violates the contract, and not all could be read; 11 checked: 5 held, \
3 violations, 1 assumption, 2 inconclusive (assumptions rest on weak evidence and never fail)
"""


def printed(result: Result, beside: About, **options: Any) -> str:
    """Return what is printed for people; the blanks a table's title is filled up with are cut."""
    stream = io.StringIO()
    settings = {"file": stream, "width": 100, "force_terminal": False, **options}
    text.show(result, beside, Console(**settings))
    return "".join(f"{line.rstrip()}\n" for line in stream.getvalue().splitlines())


def test_the_text_as_a_whole() -> None:
    """Violations first, each told once with how to repeat it; then notes, table and verdict."""
    expected = PRINTED.format(finding().fingerprint, WEAK.fingerprint, NOTE)

    assert printed(RESULT, about()) == expected


def test_nothing_found() -> None:
    """A result without findings and without anything exercised is its last line alone."""
    assert printed(Result(verdicts={"held": 3}), about()) == (
        "http://h [x]: conforms; 3 checked: 3 held, 0 violations, 0 assumptions, 0 inconclusive\n"
    )


@pytest.mark.parametrize(
    ("result", "verdict"),
    [
        (Result(verdicts={"held": 1}), "conforms"),
        (Result((finding(),), {"violation": 1}), "violates the contract"),
        (Result(unread=("x",)), "not all could be read"),
        (Result(), "nothing could be concluded"),
        (Result(verdicts={"held": 5, "inconclusive": 1, "masked": 1}), "conforms"),
        (
            Result(verdicts={"held": 4, "inconclusive": 2}),
            "conforms as far as it was tested: 2 of 6 inconclusive",
        ),
        (
            Result(verdicts={"held": 3, "inconclusive": 1, "masked": 1}),
            "conforms as far as it was tested: 1 of 5 inconclusive, 1 masked",
        ),
        (Result(waivers=("x",)), "waivers are out of date"),
        (Result((finding(),), {"violation": 1}, waivers=("x",)), "violates the contract"),
        (Result((finding(),), {"violation": 1}, interrupted=True), "interrupted"),
    ],
)
def test_the_verdict_in_words(result: Result, verdict: str) -> None:
    """Each way a run can end has its words."""
    assert text.summary(result, about()).partition("; ")[0] == f"http://h [x]: {verdict}"


def test_waived_findings_are_printed_and_counted() -> None:
    """After the violations, with the reason; what is wrong with a waiver follows the notes."""
    waived = finding("waived", interaction=None, reason="known,\n\x1b ticket 7")
    other = finding(interaction=None, rule="request#json")
    result = Result(
        (WEAK, waived, other),
        {"violation": 1, "assumption": 1, "waived": 1},
        notes=("n",),
        waivers=("c.toml:3: [the] waiver",),
    )
    lines = printed(result, about()).splitlines()

    assert lines == [
        text.line(other),
        text.line(waived),
        "    because: known,\\n\\x1b ticket 7",
        text.line(WEAK),
        "note: n",
        "waiver: c.toml:3: [the] waiver",
        "http://h [x]: violates the contract; 3 checked: 0 held, 1 violation, 1 assumption, "
        "0 inconclusive, 1 waived (assumptions rest on weak evidence and never fail)",
    ]
    assert lines[1].startswith("waived negative_data_rejection ")


def test_an_own_command_repeats_a_case() -> None:
    """For a target that curl cannot reach the command that repeats the case is shown."""
    again = "enkash-contract check app:app"
    lines = list(
        text.finding_lines(
            Result((finding(),)), about(reproduction=Reproduction(again, in_process=True))
        )
    )

    assert lines == [
        text.line(finding()),
        f"    reproduce: {again} --case 'request/b2bIds/buyerB2BId#required/removed'",
    ]


def test_recorded_findings_are_printed_one_by_one() -> None:
    """The same finding at two places of a recording is two lines; at one place it is one."""
    found = [finding(case="", source=source, interaction=None) for source in ("a:1", "a:2", "a:1")]
    lines = list(text.finding_lines(Result(tuple(found)), about()))

    assert lines == [text.line(found[0]), "    and 1 more like it", text.line(found[1])]


def test_control_characters_are_escaped() -> None:
    """A message, a source or a command with control characters is printed as escapes."""
    request = Request("POST", "http://h/\x9b", (("content-type", "a\x1b[1m"),), None)
    found = finding(case="", source="a\x07", interaction=Interaction(request, None))
    lines = list(text.finding_lines(Result((found,)), about()))

    assert [line for line in lines if not line.isprintable()] == []
    assert lines[1] == (
        r"    reproduce: curl -sS -i -X POST 'http://h/\x9b' -H 'Content-Type: a\x1b[1m'"
    )


def test_colours_are_for_terminals() -> None:
    """On a terminal a severity is coloured, and the words are the same."""
    plain = printed(RESULT, about())
    coloured = printed(RESULT, about(), force_terminal=True, color_system="standard")

    assert "\x1b[1;31mviolation\x1b[0m" in coloured
    assert "\x1b" not in plain


def test_a_run_that_a_busy_target_ended() -> None:
    """The last line says why nothing is concluded."""
    ended = Result(verdicts={"held": 3}, baseline="accepted", stability=Stability(ended=True))
    assert text.summary(ended, about()).startswith(
        "http://h [x]: busy for too long to conclude; 3 ch"
    )
