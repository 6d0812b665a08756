"""Pages: what a person sees of them, and nothing of all else."""

from __future__ import annotations

import html
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.wire.message import labelled
from enkash_contract.wire.page import visible_text

WORDS = st.lists(st.text("abc<&é \n", min_size=1, max_size=8), min_size=1, max_size=5)


@given(WORDS)
def test_the_text_of_elements_is_seen_and_no_markup(words: list[str]) -> None:
    """Each element is its words, and blanks are one."""
    body = "".join(f"<p class='x'>{html.escape(word)}</p>" for word in words)
    seen = visible_text(labelled(403, "Text/HTML; charset=utf-8", body.encode()))
    assert seen == " ".join(" ".join(words).split())


@pytest.mark.parametrize(
    ("label", "body", "seen"),
    [
        ("text/plain", b" Access\r\n denied <1> ", "Access denied <1>"),
        ("text/html", b"<title>403</title><script>if (a<b) {}</script><h1>No</h1>", "No"),
        ("text/html", b"<TITLE>403 Forbidden</TITLE><style>p{}</style>", "403 Forbidden"),
        ("application/xhtml+xml", b"<p>1 &lt; 2 < 3</p>", "1 < 2 < 3"),
        ("text/html", b"", ""),
        ("application/json", b'"Access denied"', ""),
        (None, b"Access denied", ""),
    ],
)
def test_what_is_seen(label: str | None, body: bytes, seen: str) -> None:
    """Scripts, styles and comments are not; a title is where there is nothing else."""
    assert visible_text(labelled(403, label, body)) == seen


@pytest.mark.parametrize("piece", [b"<script", b"<", b"<!--", b"<title>", b"&", b"<p "])
def test_a_page_without_an_end_takes_no_time(piece: bytes) -> None:
    """Only its beginning is looked at."""
    started = time.process_time()
    visible_text(labelled(403, "text/html", piece * 1_000_000))
    # The beginning takes half a second at most, and all of it would take hours.
    assert time.process_time() - started < 20
