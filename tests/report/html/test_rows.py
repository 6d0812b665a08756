"""What both pages say in the same way."""

from __future__ import annotations

from enkash_contract.contract.evidence import Evidence, Level, Source
from enkash_contract.report.html.rows import evident, side_of


def test_evidence() -> None:
    """Its level with all sources; only what is a page on the web is a link."""
    pages = [Source("a", "x", "2026-11-22", url) for url in ("https://h/", "javascript:a", "")]
    shown = evident(Evidence(Level.DISPUTED, pages[0], tuple(pages[1:])))

    assert shown == {
        "level": "disputed",
        "sources": [
            {"id": "a", "read": "2026-11-22", "shows": "x", "url": url}
            for url in ("https://h/", "", "")
        ],
    }


def test_sides() -> None:
    """A rule is one of the request, or of a response of any status."""
    ids = ("request/a#type", "request#json", "response#status", "response.200/a#type")
    assert [side_of(each) for each in ids] == ["request", "request", "response", "response"]
