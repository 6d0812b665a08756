"""What is written down of a result: for machines in one shape, for people line by line."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from enkash_contract import report
from enkash_contract.contract.contract import Contract, bundled, load
from enkash_contract.contract.evidence import Evidence, Level, Source
from enkash_contract.judging.result import Finding, Result, Tally
from enkash_contract.place import Place
from enkash_contract.report import About, json_report, text
from enkash_contract.report.reproduction import Reproduction
from enkash_contract.wire.message import Interaction, Request, Response

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.judging.result import Severity

PLACE = Place("openapi/enkash.yaml", 227)
NOTE = "a [note] longer than the terminal is wide" + ", which is not broken" * 4
PAGE = Source("api-10664764", "what", "2026-11-22")


def finding(severity: Severity = "violation", **changes: Any) -> Finding:
    """Return a finding on a case, with some members changed."""
    request = Request("POST", "http://h/x", (("Content-Type", "application/json"),), b"{}")
    members: dict[str, Any] = {
        "check": "negative_data_rejection",
        "operation": "changeInvoiceStatus",
        "rule": "request/b2bIds/buyerB2BId#required",
        "evidence": Evidence(Level.SIBLING, PAGE),
        "severity": severity,
        "message": "accepted, although it is not there",
        "document": PLACE,
        "pointer": "/b2bIds/buyerB2BId",
        "family": "required/removed",
        "case": "request/b2bIds/buyerB2BId#required/removed",
        "source": "http://h",
        "interaction": Interaction(request, Response(200), source="http://h"),
    }
    return Finding(**(members | changes))


WEAK = finding(
    "assumption",
    evidence=Evidence(Level.ASSUMED),
    rule="response.4XX/payload#required",
    case="",
    family="",
    source="log.har:log.entries[3]",
    message="in the response,\n\x1b[1m it is \ud800",
)
RESULT = Result(
    (WEAK, finding(), finding(), finding(case="request#json/empty", message="[bold]other[/bold]")),
    {"held": 5, "violation": 3, "assumption": 1, "inconclusive": 2},
    {
        ("request/b2bIds/buyerB2BId#required", "reject"): Tally(4, 3),
        ("request/b2bIds/buyerB2BId#pattern", "reject"): Tally(6, 6),
        ("request/b2bIds/buyerB2BId#pattern", "accept"): Tally(2, 2),
        ("response.4XX/payload#required", "accept"): Tally(0, 0),
    },
    "accepted",
    (NOTE,),
    ("x.har is not HAR",),
)
PRINTED = """\
violation negative_data_rejection request/b2bIds/buyerB2BId#required/removed accepted, although it \
is not there [sibling (api-10664764, read 2026-11-22); openapi/enkash.yaml:227; {0}]
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
│ request/b2bIds/buyerB2BId │ example, sibling │     3 │            2/2 │             9/10 │
└───────────────────────────┴──────────────────┴───────┴────────────────┴──────────────────┘
http://h [x]: violates the contract; 11 checked: 5 held, 3 violations, 1 assumption, \
2 inconclusive (assumptions rest on weak evidence and never fail)
"""


def about(contract: Contract | None = None, **more: Any) -> About:
    """Return what is said beside the result."""
    whole = contract or bundled()
    return About(whole, whole.pick(), "http://h [x]", **more)


def printed(result: Result, beside: About, **options: Any) -> str:
    """Return what is printed for people; the blanks a table's title is filled up with are cut."""
    stream = io.StringIO()
    settings = {"file": stream, "width": 100, "force_terminal": False, **options}
    text.show(result, beside, Console(**settings))
    return "".join(f"{line.rstrip()}\n" for line in stream.getvalue().splitlines())


# For machines


def test_the_shape_for_machines() -> None:
    """Every member of the report, with its value; nothing more and nothing less."""
    made = json_report.as_data(RESULT, about())
    rules = {one["id"]: one for one in made.pop("rules")}
    command = (
        "curl -sS -i -X POST http://h/x -H 'Content-Type: application/json' --data-binary '{}'"
    )
    told = {
        "fingerprint": finding().fingerprint,
        "check": "negative_data_rejection",
        "rule": "request/b2bIds/buyerB2BId#required",
        "family": "required/removed",
        "case": "request/b2bIds/buyerB2BId#required/removed",
        "pointer": "/b2bIds/buyerB2BId",
        "evidence": {"level": "sibling", "source": "api-10664764"},
        "severity": "violation",
        "waived": None,
        "message": "accepted, although it is not there",
        "document": "openapi/enkash.yaml:227",
        "source": "http://h",
        "reproduce": command,
    }
    weak = {
        "fingerprint": WEAK.fingerprint,
        "rule": "response.4XX/payload#required",
        "family": "",
        "case": "",
        "evidence": {"level": "assumed", "source": None},
        "severity": "assumption",
        "message": "in the response,\n\x1b[1m it is \ud800",
        "source": "log.har:log.entries[3]",
    }
    other = {"case": "request#json/empty", "message": "[bold]other[/bold]"}

    assert made == {
        "version": 1,
        "document": {"sha256": bundled().document.sha256, "overlays": []},
        "target": "http://h [x]",
        "exit": 1,
        "baseline": {"outcome": "accepted"},
        "cases": {
            "total": 11,
            "held": 5,
            "violations": 3,
            "assumptions": 1,
            "inconclusive": 2,
            "waived": 0,
        },
        "waivers": [],
        "findings": [told | weak, told, told, told | other],
        "notes": [NOTE, "x.har is not HAR"],
    }
    assert list(rules) == list(bundled().pick().rules)
    assert rules["request/b2bIds/buyerB2BId#pattern"] == {
        "id": "request/b2bIds/buyerB2BId#pattern",
        "evidence": {"level": "sibling", "source": "api-10664764"},
        "accept": {"exercised": 2, "held": 2},
        "reject": {"exercised": 6, "held": 6},
    }
    assert rules["request/device#required"]["accept"] == {"exercised": 0, "held": 0}


def test_the_order_of_the_members() -> None:
    """People read the file too: what decides stands first."""
    made = json_report.as_data(RESULT, about())

    assert list(made) == (
        "version document target exit baseline cases rules findings waivers notes".split()
    )
    assert list(made["findings"][0]) == (
        "fingerprint check rule family case pointer evidence severity waived message document "
        "source reproduce".split()
    )


def test_the_report_is_written_as_plain_ascii() -> None:
    """One JSON object and a line's end; what is no text survives as an escape."""
    stream = io.StringIO()
    report.write("json", RESULT, about(), stream)
    content = stream.getvalue()

    assert json.loads(content) == json_report.as_data(RESULT, about())
    assert content.isascii()
    assert content.endswith("}\n")


def test_overlays_are_named(tmp_path: Path) -> None:
    """A report says which overlays lay on the document when it was made."""
    overlay = tmp_path / "mine.yaml"
    overlay.write_text(
        "overlay: 1.0.0\n"
        "info: {title: mine, version: '1'}\n"
        "actions:\n"
        "  - target: $.info\n"
        "    update: {summary: mine}\n",
        encoding="utf-8",
    )

    assert json_report.as_data(Result(), about(load(overlay)))["document"] == {
        "sha256": bundled().document.sha256,
        "overlays": [str(overlay)],
    }


def test_every_format_is_written() -> None:
    """Each format in the table writes something, and one that is not there is none."""
    streams = {form: io.StringIO() for form in report.FORMATS}
    for form, stream in streams.items():
        report.write(form, Result(), about(), stream)

    assert [form for form, stream in streams.items() if not stream.getvalue()] == []
    with pytest.raises(KeyError):
        report.write("xml", Result(), about(), io.StringIO())


# For people


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
        (Result(waivers=("x",)), "waivers are out of date"),
        (Result((finding(),), {"violation": 1}, waivers=("x",)), "violates the contract"),
        (Result((finding(),), {"violation": 1}, interrupted=True), "interrupted"),
    ],
)
def test_the_verdict_in_words(result: Result, verdict: str) -> None:
    """Each way a run can end has its words."""
    assert text.summary(result, about()).partition("; ")[0] == f"http://h [x]: {verdict}"


def test_what_is_waived_is_told_and_counted() -> None:
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


def test_what_was_recorded_is_told_one_by_one() -> None:
    """The same finding at two places of a recording is two lines; at one place it is one."""
    found = [finding(case="", source=source, interaction=None) for source in ("a:1", "a:2", "a:1")]
    lines = list(text.finding_lines(Result(tuple(found)), about()))

    assert lines == [text.line(found[0]), "    and 1 more like it", text.line(found[1])]


def test_what_controls_a_terminal_is_escaped() -> None:
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
