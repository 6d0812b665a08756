"""Markdown: what a ticket shows, and that nothing in it is more than a text."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from enkash_contract.contract.evidence import Evidence, Level, Source
from enkash_contract.judging.result import Result
from enkash_contract.report.build import build
from enkash_contract.report.document import ReportWaiver
from enkash_contract.report.markdown import MOST, code, fenced, head, link, worded
from enkash_contract.wire.message import Interaction, Request
from tests.support.hostile import hostile, leaky, written
from tests.support.results import RESULT, about, finding

if TYPE_CHECKING:
    from markdown_it.token import Token

PAGE = Source("api-1", "the pattern of ids", "2026-11-22", "https://docs.example/api-1?a=(b)")

TICKET = """\
## 1. requests without a required member are accepted

1 member, 1 violation; to be mended by the server.

- members: `/b2bIds/buyerB2BId`
- evidence: documented, [`api-1`](<https://docs.example/api-1?a=%28b%29>), read 2026-11-22: \
the pattern of ids
- rule: `request/b2bIds/buyerB2BId#required`
- expected: `rejected, because /b2bIds/buyerB2BId is required, but missing`
- actual: `accepted with status 200`
- at: `http://h`
- case: `request/b2bIds/buyerB2BId#required/removed`
- fingerprint: `{fingerprint}`

Sent:

```http
POST http://h/x
Content-Type: application/json

{{}}
```

Received:

```http
200 OK
```

How to repeat:

```sh
curl -sS -i -X POST http://h/x -H 'Content-Type: application/json' --data-binary '{{}}'
```
"""


def tokens(text: str) -> list[Token]:
    """Return what a reader makes of a text, with tables and links that nobody marked."""
    reader = MarkdownIt("gfm-like", {"linkify": False}).enable("table")
    return [each for token in reader.parse(text) for each in (token, *(token.children or ()))]


def test_what_one_pastes_into_a_ticket() -> None:
    """The cause, its page with the link, the exchange, and how to repeat it."""
    known = finding(evidence=Evidence(Level.DOCUMENTED, PAGE))
    whole = written("markdown", build(Result((known,), {"held": 1, "violation": 2}), about()))

    assert whole.endswith(f"\n{TICKET.format(fingerprint=known.fingerprint)}\n")
    assert whole.splitlines()[:8] == [
        "# `http://h [x] violates the contract: 1 violation, 1 cause.`",
        "",
        "3 checks: 1 held, 2 violations.",
        "87 rules: 1 broken, 86 not exercised; coverage: 0 of 64 rules both ways.",
        "",
        "| operation | rules | accepted on the bound | rejected past it | both |",
        "| --- | ---: | ---: | ---: | ---: |",
        "| `POST /api/v0/invoice/req-status-change-invoice` | 64 | 0 | 0 | 0 |",
    ]


@pytest.mark.parametrize("whole", [hostile, leaky])
def test_no_text_breaks_out(whole: object) -> None:
    """No HTML, no image, no link but those of pages, and no mention outside of code."""
    assert callable(whole)
    found = tokens(written("markdown", whole()))
    texts = "".join(token.content for token in found if token.type == "text")

    assert [token for token in found if "html" in token.type or token.type == "image"] == []
    assert [token.tag for token in found if token.type == "heading_open"].count("h1") == 1
    assert re.findall(r"[@#]\w|\w+://", texts) == []
    assert {token.attrs["href"] for token in found if token.type == "link_open"} <= {
        source.url for source in whole().sources.values()
    }


@given(st.text(max_size=20) | st.text("`| ", max_size=8))
def test_code_is_read_as_it_was_written(text: str) -> None:
    """Whatever marks are in it, it is one piece of code."""
    (cell,) = [token for token in tokens(f"x {code(text)} y") if token.type == "inline"]
    kinds = [child.type for child in cell.children or ()]
    assert kinds == ["text", "code_inline", "text"]
    rows = tokens(f"| a | b |\n| - | - |\n| {code(text, cell=True)} | c |")
    assert sum(token.type == "td_open" for token in rows) == 2


@given(st.lists(st.text("`~a ", max_size=9), max_size=4))
def test_a_fence_holds_what_is_in_it(lines: list[str]) -> None:
    """No line ends it."""
    (block,) = tokens("\n".join(fenced(lines, "http")))
    assert block.type == "fence"
    assert block.content == "".join(f"{line}\n" for line in lines)


@given(st.text(max_size=30) | st.from_regex(r"https?://[!-~]{1,20}", fullmatch=True))
def test_a_link_leads_to_a_page(url: str) -> None:
    """An address of the web is one link; anything else is none, and the name is shown."""
    found = [token for token in tokens(link("page", url)) if token.type == "link_open"]
    assert len(found) == int(bool(re.fullmatch(r"https?://[!-~]+", url)))


def test_words_are_words() -> None:
    """What holds nothing but words needs no marks."""
    assert worded("numbers (as texts) are accepted, at 3/4") == (
        "numbers (as texts) are accepted, at 3/4"
    )
    marked = ("a_b_ c", "_a", "www.x", "http://x", "*a*", "@a", "<b>", "a\nb")
    assert [text for text in marked if not worded(text).startswith("`")] == []


def test_what_is_not_known_is_not_told() -> None:
    """A finding without an exchange, without evidence, and with nothing to repeat it."""
    bare = finding(evidence=Evidence(Level.ASSUMED), interaction=None, case="", pointer="")
    told = written("markdown", build(Result((bare,)), about())).partition("## 1")[2]
    assert "Sent" not in told
    assert "members" not in told
    assert "- evidence: assumed: our own reading; nothing published supports it" in told


def test_a_payload_has_no_response() -> None:
    """It was never sent, and nothing came back."""
    judged = Interaction(Request("POST", "/x"), None)
    told = written("markdown", build(Result((finding(interaction=judged),)), about()))
    assert "Sent" in told
    assert "Received" not in told


def test_many_causes_are_told_in_a_sentence_each() -> None:
    """So are more members, notes and waivers than anyone reads."""
    whole = build(RESULT, about())
    cause = replace(whole.causes[0], members=tuple(f"/{at}" for at in range(12)))
    many = replace(whole, causes=(cause,) * (MOST + 1), notes=("n",) * 13)
    told = written("markdown", many)

    assert told.count("How to repeat") == MOST
    assert f"## {MOST + 1}. " in told
    assert "`/9` and 2 more" in told
    assert "- and 4 more" in told
    assert written("markdown", replace(many, causes=(replace(cause, samples=()),)))


def test_the_facts_of_a_run() -> None:
    """Its document, its options, and its waivers with their reasons."""
    whole = build(RESULT, about())
    waiver = ReportWaiver("request/*", "", "", "agreed", "2027-01-31", "c.toml:3")
    run = replace(whole.runs[0], seed=7, waivers=(waiver,), sha256="a" * 64)
    lines = [*head(replace(whole, runs=(run,)))]

    assert lines[-3:] == [
        f"- run: document `{'a' * 12}`, fail-on `sibling`, seed `7`, enkash-contract `0.1.0`",
        "- waived until 2027-01-31: `request/*`, because `agreed`",
        "",
    ]
