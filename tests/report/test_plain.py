"""Exchanges and findings as lines."""

from __future__ import annotations

from enkash_contract.contract.evidence import Evidence, Level, Source
from enkash_contract.report import plain
from enkash_contract.report.document import Body, Exchange, ShownRequest, ShownResponse
from tests.support.hostile import HOSTILE, hostile

JSON = (("Content-Type", "application/json"),)
SENT = ShownRequest("POST", "http://h/x", JSON, Body('{"a":\r\n 1}', 9))


def lines(response: ShownResponse | None, error: str = "") -> list[str]:
    """Return the lines of a response."""
    return [*plain.response_lines(Exchange(SENT, response, error))]


def test_a_request() -> None:
    """Its first line, its headers and its body."""
    assert [*plain.request_lines(SENT)] == [
        "POST http://h/x",
        "Content-Type: application/json",
        "",
        '{"a":',
        " 1}",
    ]


def test_a_response() -> None:
    """So a response; the reason is that of the standard, where there is one."""
    assert lines(ShownResponse(404, (), Body("", 0))) == ["404 Not Found"]
    assert lines(ShownResponse(799, (), None)) == ["799", "", "(the body was not recorded)"]
    assert lines(None, "timed\nout") == [r"no response: timed\nout"]


def test_a_body_that_is_long_or_no_text() -> None:
    """Its beginning, and how long all of it is."""
    long = lines(ShownResponse(200, (), Body("x" * 3_000, 3_000)))
    cut = lines(ShownResponse(200, (), Body("AAEC", 70_000, "base64", cut=True)))

    assert long == ["200 OK", "", "x" * plain.SHORT, "(cut: the body has 3,000 bytes)"]
    assert cut == [
        *("200 OK", "", "AAEC", "(cut: the body has 70,000 bytes)"),
        "(in base64: the body is no text)",
    ]


def test_evidence_is_told_with_addresses() -> None:
    """Each page with its own; what rests on no page is our own reading."""
    pages = Source("a", "", "2026-01-01", "https://h/a"), Source("b")
    told = plain.evidence_line(Evidence(Level.DISPUTED, pages[0], pages[1:]))

    assert told == "disputed: a, read 2026-01-01 https://h/a; b"
    assert plain.evidence_line(Evidence(Level.ASSUMED)) == "assumed: our own reading"


def test_hostile_texts_are_harmless() -> None:
    """No line holds a control character, and each is short."""
    found = [line for each in hostile().findings for line in plain.finding_lines(each)]
    assert [line for line in found if not line.isprintable() or len(line) > 5_000] == []
    assert [plain.shortened(text, 20) for text in HOSTILE if len(plain.shortened(text)) > 505] == []
    assert plain.shortened("\0" * 10, 4) == "\\x00…"
