"""An exchange as text: all that a person needs to see of it, and nothing that is secret."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.generation import suite
from enkash_contract.report import exchange
from enkash_contract.report.progress import LIMIT, watching
from enkash_contract.wire.message import Interaction, Request, Response

BASELINE, OTHER = suite.cases()[:2]
HEAD = "--- request#type/baseline [accept] the payload every other case is derived from"


def shown(
    request: Request, response: Response | None, limit: int | None = None, **more: Any
) -> list[str]:
    """Return the lines of an exchange."""
    return [*exchange.lines(BASELINE, Interaction(request, response, **more), limit)]


def of_body(body: bytes, limit: int | None = None) -> list[str]:
    """Return the lines of a body alone."""
    return shown(Request("POST", "http://h/x", (), body), Response(204, (), b""), limit)[4:-2]


def test_an_exchange_as_a_whole() -> None:
    """Request and answer, their headers and bodies, as they were, but for what may be secret."""
    request = Request(
        "POST",
        "https://me:canary@h/x?key=canary#canary",
        (("Content-Type", "application/json"), ("Authorization", "Bearer canary")),
        b'{"a":[1],"b":"\xc3\xa9"}',
    )
    headers = (
        ("Content-Type", "text/html; charset=utf-8"),
        ("Set-Cookie", "id=canary"),
        ("X-Unknown", "canary"),
        ("Allow", "GET, POST"),
        ("Date", "not canary"),
    )
    body = b"<p>\r\n\tno\x1b[2J</p>\n"

    assert shown(request, Response(405, headers, body)) == [
        HEAD,
        "> POST https://h/x",
        "> Content-Type: application/json",
        "> Authorization: ***",
        "> Content-Length: 18",
        ">",
        "> {",
        '>   "a": [',
        ">     1",
        ">   ],",
        '>   "b": "é"',
        "> }",
        "< 405 Method Not Allowed",
        "< Content-Type: text/html; charset=utf-8",
        "< Set-Cookie: ***",
        "< X-Unknown: ***",
        "< Allow: GET, POST",
        "< Date: ***",
        "<",
        "< <p>\\r",
        "< \\tno\\x1b[2J</p>",
        "<",
    ]


def test_what_was_not_said_is_not_shown() -> None:
    """Without a length none is shown, and a status that HTTP does not name has no name."""
    assert shown(Request("TRACE", "http://h/x", sized=False), Response(599)) == [
        HEAD,
        "> TRACE http://h/x",
        ">",
        "< 599",
        "<",
    ]


def test_a_length_that_was_recorded_is_not_said_twice() -> None:
    """A recorded request has its own."""
    request = Request("POST", "http://h/x", (("content-length", "2"),), b"{}")
    assert shown(request, Response(204))[1:5] == [
        "> POST http://h/x",
        "> content-length: 2",
        ">",
        "> {}",
    ]


def test_missing_parts_are_named() -> None:
    """A body that was not recorded, and an answer that never came, are told in our own words."""
    request = Request("POST", "http://h/x\x9b", (), None)
    assert shown(request, None, error="no whole response came within 1 s") == [
        HEAD,
        "> POST http://h/x\\x9b",
        ">",
        "--- the body was not recorded",
        "--- no response: no whole response came within 1 s",
    ]


@pytest.mark.parametrize(
    "body",
    [b'{"a": 1e0}', b'{ "a":1}', b'{"a":1,"a":1}', b'{"a":"\\u0061"}', b"[", b"[1]" + b" " * 4000],
)
def test_a_spelling_of_its_own_is_shown_as_it_is(body: bytes) -> None:
    """Laid out anew, the very thing that is tested might be gone."""
    assert of_body(body) == [f"> {body.decode()}".rstrip()]


@pytest.mark.parametrize("body", [b'{"a":"\xc3\xa9"}', b'{"a": "\\u00e9"}'])
def test_plain_json_is_laid_out(body: bytes) -> None:
    """What compact or default writers write says nothing by its spelling."""
    assert of_body(body) == ["> {", '>   "a": "é"', "> }"]


def test_long_json_is_not_laid_out() -> None:
    """It would take a screen for each kilobyte."""
    body = json.dumps(["x" * 4000]).encode()
    assert of_body(body) == [f"> {body.decode()}"]


@pytest.mark.parametrize(
    ("body", "limit", "lines"),
    [
        (b"abcdef", 6, ["> abcdef"]),
        (b"abcdefg", 6, ["> abcdef", "--- and 1 more bytes"]),
        ("abcdeé".encode(), 6, ["> abcde", "--- and 2 more bytes"]),
        ("ab🧾".encode(), 5, ["> ab", "--- and 4 more bytes"]),
        (b"\x80" * 9, 5, ["> \\x80\\x80", "--- and 7 more bytes"]),
        (b"\xffa", None, ["> \\xffa"]),
        (b"", 5, []),
        (b"x" * 1_000_000, 3, ["> xxx", "--- and 999,997 more bytes"]),
    ],
)
def test_a_long_body_is_cut(body: bytes, limit: int | None, lines: list[str]) -> None:
    """The rest is counted, and no character is cut in two."""
    assert of_body(body, limit) == lines


@given(st.text(st.characters(codec=None)), st.binary(), st.binary())
def test_no_line_can_be_taken_for_another(text: str, body: bytes, answer: bytes) -> None:
    """Whatever comes back, each line says whose it is, and none controls a terminal."""
    headers = (("Content-Type", text),)
    found = shown(Request("POST", text, headers, body), Response(200, headers, answer))
    start = found.index("< 200 OK")

    assert [line for line in found if not line.isprintable()] == []
    assert {line[0] for line in found[1:start]} == {">"}
    assert {line[0] for line in found[start:]} == {"<"}


INTERACTION = Interaction(Request("POST", "http://h/x", (), b"x" * 3000), Response(204))


def test_one_case_is_told_once_and_in_full() -> None:
    """The baseline that is sent again after the case is not shown again."""
    told: list[str] = []
    with watching(1, one=told.append) as hooks:
        for case in (BASELINE, OTHER, BASELINE):
            hooks["exchanged"](case, INTERACTION)

    assert told == [*exchange.lines(BASELINE, INTERACTION), *exchange.lines(OTHER, INTERACTION)]


def test_every_exchange_is_told_and_cut() -> None:
    """All that is sent is shown, in its order."""
    told: list[str] = []
    with watching(1, every=told.append) as hooks:
        for case in (BASELINE, OTHER, BASELINE):
            hooks["exchanged"](case, INTERACTION)

    assert told == [
        line
        for case in (BASELINE, OTHER, BASELINE)
        for line in exchange.lines(case, INTERACTION, LIMIT)
    ]


def test_without_exchanges_the_progress_is_told() -> None:
    """A run is then watched by how far it came."""
    with watching(1) as hooks:
        assert set(hooks) == {"progress", "judged"}
