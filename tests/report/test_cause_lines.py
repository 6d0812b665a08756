"""Causes as lines: one sentence each, an example where there is room, and no more than fits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.contract.evidence import Evidence, Level, Source
from enkash_contract.report.cause_lines import MOST, cause_lines, correlation, wrapped
from enkash_contract.report.causes import Cause
from enkash_contract.report.reproduction import Reproduction
from enkash_contract.wire.message import Interaction, Request, Response
from tests.support.results import about, finding

if TYPE_CHECKING:
    from enkash_contract.judging.finding import Finding

BESIDE = about(reproduction=Reproduction("enkash-contract check app:app", in_process=True))


def cause(*findings: Finding, sentence: str = "texts are accepted") -> Cause:
    """Return a cause of a server with these findings."""
    return Cause(sentence, "violation", "server", findings or (finding(),))


def lines(*known: Cause, width: int | None = 80, room: int = 60, beside: Any = BESIDE) -> list[str]:
    """Return causes as lines."""
    return cause_lines([*known], beside, width, room)


def test_a_cause_is_shown_with_an_example() -> None:
    """Its members, its evidence, what was expected and what there was, and a command."""
    names = ("/a", "/b", "/c", "/d", "/e")
    findings = [finding(pointer=name) for name in names]

    assert lines(cause(*findings)) == [
        "1. texts are accepted: 5 members, 5 violations (server)",
        "   members   /a, /b, /c, +2 more",
        "   evidence  sibling (api-10664764, read 2026-11-22)",
        "   expected  rejected, because /b2bIds/buyerB2BId is required, but missing",
        "   actual    accepted with status 200",
        "   repeat    enkash-contract check app:app --case "
        "'request/b2bIds/buyerB2BId#required/removed'",
        "   +4 more",
    ]


def test_a_cause_links_the_pages_of_its_evidence() -> None:
    """All of them, where several are named."""
    pages = [Source(name, url=f"https://docs.example/{name}") for name in ("a", "b")]
    evidence = Evidence(Level.DISPUTED, pages[0], (pages[1],))

    assert lines(cause(finding(evidence=evidence)))[2:4] == [
        "   evidence  disputed (a; b)",
        "   page      https://docs.example/a, https://docs.example/b",
    ]


def test_a_recorded_cause_names_its_places() -> None:
    """And no member where it is about the request as a whole; without a command there is none."""
    response = Response(200, (("X-Request-Id", "abc-1"), ("Server", "x")))
    places = [
        finding(
            case="",
            family="",
            pointer="",
            source=f"a.har:{number}",
            interaction=Interaction(Request("POST", "http://h/x", (), b"{}"), response),
            fault="client",
            rule="request#content-type",
        )
        for number in (1, 2, 2)
    ]

    assert lines(cause(*places), beside=about()) == [
        "1. texts are accepted: 3 violations (server)",
        "   at        a.har:1, a.har:2",
        "   evidence  sibling (api-10664764, read 2026-11-22)",
        "   expected  rejected, because /b2bIds/buyerB2BId is required, but missing",
        "   actual    accepted with status 200",
        "   response  x-request-id abc-1",
        "   +2 more",
    ]


def test_a_secret_in_a_correlation_id_is_hidden() -> None:
    """A server may echo what it was sent."""
    request = Request("POST", "http://h/x", (("Authorization", "Bearer canary-77"),), b"{}")
    response = Response(200, (("x-correlation-id", "canary-77"), ("cf-ray", "8")))
    found = finding(interaction=Interaction(request, response))

    assert "   response  x-correlation-id ***, cf-ray 8" in lines(cause(found))


def test_without_a_response_there_is_no_correlation_id() -> None:
    """Nothing was received, or nothing is known of what was."""
    lost = finding(interaction=Interaction(Request("POST", "http://h/x", (), b"{}"), None))

    assert correlation(lost) == ""
    assert correlation(finding(interaction=None)) == ""


def test_without_room_causes_are_sentences() -> None:
    """The worst are told whole; of the others there is one sentence each."""
    heads = [
        f"{number}. texts are accepted: 1 member, 1 violation (server)" for number in (1, 2, 3)
    ]
    known = [cause()] * 3

    assert lines(*known, room=3) == heads
    assert [line for line in lines(*known, room=9) if not line.startswith(" ")] == heads
    assert len(lines(*known, room=9)) == 8
    assert lines(*known, room=2) == [heads[0], "+2 more causes"]
    assert lines(*known, room=0) == [heads[0], "+2 more causes"]
    assert lines(*known, beside=None) == heads


def test_there_are_never_too_many() -> None:
    """However much room there is."""
    printed = lines(*[cause()] * (MOST + 1), room=10_000)

    assert printed[-1] == "+1 more cause"
    assert printed[-2] != printed[-1]
    assert sum(not line.startswith(" ") for line in printed) == MOST + 1


@given(st.integers(1, 60), st.integers(1, 80), st.integers(60, 120))
def test_the_room_is_kept(number: int, room: int, width: int) -> None:
    """Unless not even the first sentence and the number of the others fit."""
    printed = lines(*[cause()] * number, room=room, width=width)

    assert len(printed) <= max(room, 2)
    assert all(len(line) <= width for line in printed if "repeat" not in line)


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (None, ["one two-three four"]),
        (30, ["one two-three four"]),
        (10, ["one", "  two-three", "  four"]),
    ],
)
def test_wrapping(width: int | None, expected: list[str]) -> None:
    """At blanks only: what has none in it may be meant to be pasted."""
    assert wrapped("one two-three four", width, "  ") == expected
