"""The result for people, on one screen: causes, a table, and the verdict."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console

import enkash_contract as ec
from enkash_contract.contract.contract import bundled
from enkash_contract.judging.result import Result, Tally
from enkash_contract.judging.stability import Stability
from enkash_contract.report import About, text
from enkash_contract.report.text import View
from tests.support.results import NOTE, RESULT, WEAK, about, finding

PRINTED = """\
http://h [x]: violates the contract, and not all could be read; 11 checked: 5 held, 3 violations, \
1 assumption, 2 inconclusive

1. requests without a required member are accepted: 1 member, 3 violations (server)
   members   /b2bIds/buyerB2BId
   evidence  sibling (api-10664764, read 2026-11-22)
   expected  rejected, because /b2bIds/buyerB2BId is required, but missing
   actual    accepted with status 200
   repeat    curl -sS -i -X POST http://h/x -H 'Content-Type: application/json' --data-binary '{}'
   +2 more

where               rules  valid accepted           invalid rejected
/b2bIds/buyerB2BId      3             2/2  7/10, 1 short, 2 masked

""".replace("           invalid", "         invalid")

REST = f"""\
note: {NOTE}
note: x.har is not HAR
accepted 5 of 6 valid requests, rejected 7 of 9 invalid requests (2 masked)
coverage: 1 of 64 rules both ways
1 assumed rule not enforced, --assumptions lists them
"""

REQUESTS = {"accept": Tally(6, 5), "reject": Tally(9, 7, 2)}


def printed(result: Result, beside: About, view: View | None = None, **options: Any) -> str:
    """Return what is printed for people."""
    stream = io.StringIO()
    settings = {"file": stream, "width": 100, "force_terminal": False, **options}
    text.show(result, beside, Console(**settings), view)
    return stream.getvalue()


def with_requests(result: Result) -> Result:
    """Return `result` with what came of its requests."""
    return result + Result(requests=REQUESTS)


def test_the_text_as_a_whole() -> None:
    """The verdict first where something was found, then causes, table, notes and counts."""
    assert printed(with_requests(RESULT), about()) == PRINTED + REST


def test_where_nothing_was_found_the_verdict_is_the_end() -> None:
    """With what was sent before it, and what to try next behind it."""
    beside = about(seconds=1.25, next_command=lambda _: "try this\n")
    held = Result(verdicts={"held": 3}, stability=Stability(4), baseline="accepted")

    assert printed(held, beside) == (
        "changeInvoiceStatus of http://h [x]: 4 requests in 1.2 s\n"
        "http://h [x]: conforms; 3 checked: 3 held, 0 violations, 0 assumptions, 0 inconclusive\n"
        "next: try this\\n\n"
    )
    assert printed(Result(verdicts={"held": 1}), about()) == (
        "changeInvoiceStatus of http://h [x]: 1 interaction\n"
        "http://h [x]: conforms; 1 checked: 1 held, 0 violations, 0 assumptions, 0 inconclusive\n"
    )


@pytest.mark.unmeasured
@pytest.mark.parametrize("width", [60, 80, 100])
def test_a_run_that_holds_fits_one_screen(width: int) -> None:
    """At most 24 lines, none wider than the screen, whatever was assumed."""
    result = ec.check_target()
    contract = bundled()
    beside = About(contract, contract.pick(), "the embedded sandbox", seconds=0.5)
    lines = [*text.screen(result, beside, View(width=width))]

    assert len(lines) <= 24
    assert max(map(len, lines)) <= width


@pytest.mark.unmeasured
def test_a_server_that_accepts_all_fits_sixty_lines() -> None:
    """Each cause is told in a sentence, and the table makes room for them."""
    from tests.support.implementations.wsgi_app import all_success  # noqa: PLC0415 - slow to load

    contract = bundled()
    beside = About(contract, contract.pick(), "all_success")
    lines = [*text.screen(ec.check_target(all_success), beside, View(width=80))]
    heads = [line for line in lines if line.partition(". ")[0].isdigit()]

    assert len(lines) <= 60
    assert len(heads) > 5
    assert not any("more cause" in line for line in lines)


def test_causes_take_the_place_of_the_table() -> None:
    """Where there are too many of them for both."""
    rules = [
        f"request/b2bIds/buyerB2BId#{name}" for name in ("minLength", "pattern", "type", "enum")
    ]
    found = [
        finding(rule=rule, family="", case="", message=f"accepted, although {rule}")
        for rule in rules
        for _ in range(20)
    ]
    notes = tuple(map(str, range(55)))
    lines = [*text.screen(Result((*found,), notes=notes) + RESULT, about(), View(width=80))]

    assert not any("where " in line for line in lines)
    assert "+4 more causes" in lines


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
        (
            Result(verdicts={"held": 9}, stability=Stability(9, 5, limit=1.0)),
            "too unstable to conclude",
        ),
        (
            Result(verdicts={"held": 9}, stability=Stability(9, ended=True)),
            "busy for too long to conclude",
        ),
    ],
)
def test_the_verdict_in_words(result: Result, verdict: str) -> None:
    """Each way a run can end has its words."""
    assert text.summary(result, about()).partition("; ")[0] == f"http://h [x]: {verdict}"


def test_a_remark_stands_behind_the_counts() -> None:
    """As the plugin's number of rules does."""
    assert text.summary(Result(), about(remark="and so on")).endswith("inconclusive; and so on")


@pytest.mark.parametrize(
    ("note", "lines"),
    [
        ("some words that are too long", ["note: some words", "that are too long"]),
        ("some words, give --pin /a=1", ["note: some words,", "give --pin /a=1"]),
        ("give --pin /a=1 --pin /b=2", ["note: give", "  --pin /a=1 --pin /b=2"]),
    ],
)
def test_options_to_paste_stay_in_one_line(note: str, lines: list[str]) -> None:
    """The words before them fit the width."""
    shown = printed(Result(notes=(note,)), about(), View(brief=True, width=20)).splitlines()
    first = next(number for number, line in enumerate(shown) if line.startswith("note: "))

    assert shown[first : first + 2] == lines


def test_waived_findings_are_counted_in_one_line() -> None:
    """The reasons are among the findings one by one."""
    waived = finding("waived", interaction=None, reason="known, ticket 7")
    result = Result((WEAK, waived), {"assumption": 1, "waived": 1}, waivers=("c.toml:3: [the] x",))
    full = printed(result, about(), View(full=True))

    assert printed(result, about()).splitlines()[1:] == [
        "waiver: c.toml:3: [the] x",
        "1 violation waived, --full lists them",
        "1 assumed rule not enforced, --assumptions lists them",
        "http://h [x]: waivers are out of date; 2 checked: 0 held, 0 violations, 1 assumption, "
        "0 inconclusive, 1 waived",
    ]
    assert "    because: known, ticket 7\n" in full
    assert "--full" not in full
    assert "--assumptions" not in full


def test_assumptions_are_shown_on_demand() -> None:
    """As causes behind those of violations; what a client assumed is not kept."""
    weak = finding("assumption", fault="client", check="request_schema_conformance")
    result = Result((weak,), {"assumption": 1})

    assert "\n1 assumed rule not kept, --assumptions lists them\n" in printed(result, about())
    shown = printed(result, about(), View(assumptions=True))
    assert (
        "\n1. the client sends requests without a required member: "
        "1 member, 1 assumption (client)\n" in shown
    )
    assert "--assumptions" not in shown


def test_findings_are_shown_one_by_one() -> None:
    """`--full` prints them with the table, and without causes."""
    shown = printed(with_requests(RESULT), about(), View(full=True))

    assert "\nviolation negative_data_rejection request#json/empty [bold]other[/bold] [" in shown
    assert "\nassumption negative_data_rejection response.4XX/payload#required log.har" in shown
    assert "\nwhere " in shown
    assert "1. " not in shown


def test_the_verdict_alone() -> None:
    """With the reasons of an exit code that no verdict explains."""
    result = Result(verdicts={"held": 3}, notes=("n",))
    verdict = (
        "http://h [x]: conforms; 3 checked: 3 held, 0 violations, 0 assumptions, 0 inconclusive\n"
    )

    assert printed(result, about(), View(quiet=True)) == verdict
    assert printed(result + Result(unread=("u",)), about(), View(quiet=True)).splitlines()[:2] == [
        "note: n",
        "note: u",
    ]
    stale = printed(result + Result(waivers=("w",)), about(), View(quiet=True))
    assert stale.startswith("waiver: w\nhttp://h [x]: waivers are out of date; ")


def test_a_brief_screen_has_sentences_only() -> None:
    """The plugin has shown each failure with its details before."""
    assert printed(with_requests(RESULT), about(), View(brief=True)).splitlines()[1:] == [
        "1. requests without a required member are accepted: 1 member, 3 violations (server)",
        f"note: {NOTE}",
        "note: x.har is not HAR",
        "accepted 5 of 6 valid requests, rejected 7 of 9 invalid requests (2 masked)",
        "1 assumed rule not enforced",
    ]


def test_colours_are_for_terminals() -> None:
    """On a terminal the verdict stands out, and the words are the same."""
    options: Any = {"force_terminal": True, "color_system": "standard"}
    full = printed(RESULT, about(), View(full=True), **options)
    violated = Result((finding(),), {"violation": 1})

    assert "\x1b[1;31mviolation\x1b[0m" in full
    assert printed(violated, about(), **options).startswith("\x1b[1;31mhttp://h [x]: violates")
    assert "\x1b[1m1. requests" in printed(violated, about(), **options)
    assert "\x1b[1;32mhttp" in printed(Result(verdicts={"held": 1}), about(), **options)
    assert "\x1b[1;33mhttp" in printed(Result(), about(), **options)
    assert "\x1b" not in printed(RESULT, about())
    short = printed(Result(verdicts={"held": 1}, promises=("a lacks b",)), about(), **options)
    assert "\x1b[1;31mcoverage:\x1b[0m a lacks b" in short
    assert "\ncoverage: " in printed(
        with_requests(Result(verdicts={"held": 1})), about(), **options
    )


def test_coverage_that_is_missing_is_named() -> None:
    """As much of it as there is room for; in full, all of it."""
    promises = tuple(f"rule-{number} lacks reject" for number in range(12))
    result = Result(verdicts={"held": 1}, promises=promises)
    brief, full = (printed(result, about(), View(full=wish)).splitlines() for wish in (False, True))

    assert [line for line in brief if line.startswith("coverage")] == [
        *(f"coverage: rule-{number} lacks reject" for number in range(10)),
        "coverage: +2 more rules, --full lists them",
    ]
    assert sum(line.startswith("coverage: rule-") for line in full) == 12
    assert brief[-1].startswith("http://h [x]: coverage that was required is missing; ")
