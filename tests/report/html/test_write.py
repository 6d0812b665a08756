"""The report as one HTML file."""

from __future__ import annotations

import io
import json
import re
import time
from dataclasses import replace

import pytest

from enkash_contract.judging.result import Result
from enkash_contract.report.document import Report
from enkash_contract.report.html.write import write
from tests.support.pages import HOSTILE, Reader, hostile, report_of, usual
from tests.support.results import RESULT, finding

LINKS = ("#", "https://docs.enkash.com/")
"""The places that a page links to: its own, and the pages that evidence is from."""


def page_of(report: Report) -> str:
    """Return the page of a report."""
    stream = io.StringIO()
    write(report, stream)
    return stream.getvalue()


@pytest.fixture(scope="module")
def page() -> str:
    """The page of a run with all kinds of findings."""
    return page_of(usual())


def test_the_essential_needs_no_script(page: str) -> None:
    """The verdict, the causes with all that belongs to them, and the facts are in the text."""
    text = Reader(page).text

    assert "Not all could be read of http://h [x]: 64 violations, 2 causes in the rest." in text
    assert "Of 87 rules: 12 held" in text
    assert "Requests without a required member are accepted" in text
    assert "because agreed with them" in text
    assert "3 responses: half within 1.5 ms, 95 % within 1.5 ms, all within 1.5 ms" in text
    assert "enkash-contract 0.1.0, Python 3." in text
    assert "request/* until 2027-01-31 agreed c.toml:3" in text
    assert "check --only request/*" in text
    assert "none: nothing was drawn" in text


def test_findings_are_listed_by_the_script(page: str) -> None:
    """They are embedded once, by cause."""
    data = json.loads(re.findall(r'id="data">(.*?)</script>', page)[0])

    assert sum(map(len, data["causes"])) == len(usual().findings)
    assert len(data["texts"]) == len(set(data["texts"]))


def test_nothing_is_asked_for(page: str) -> None:
    """No element names an address, nothing has a style or a handler of its own."""
    elements = Reader(page).elements
    names = {name for _, attributes in elements for name in attributes}

    assert {name for name in names if name in ("src", "style") or name.startswith("on")} == set()
    assert [attributes for tag, attributes in elements if tag in ("link", "img", "iframe")] == []
    places = {str(attributes["href"]) for _, attributes in elements if "href" in attributes}
    assert [place for place in places if not place.startswith(LINKS)] == []


def test_ids_lead_somewhere(page: str) -> None:
    """No id stands twice, and every link within the page has its target."""
    elements = Reader(page).elements
    ids = [attributes["id"] for _, attributes in elements if "id" in attributes]
    used = ("href", "aria-labelledby")
    wanted = {
        str(value).removeprefix("#")
        for _, attributes in elements
        for name, value in attributes.items()
        if name in used and str(value).startswith("#") == (name == "href")
    }

    assert len(ids) == len(set(ids))
    assert wanted - set(ids) == set()


@pytest.mark.parametrize("size", [1, 10_000])
def test_hostile_texts_are_shown(size: int) -> None:
    """They are text like any other, bounded, with an escape for each character that hides."""
    report = hostile(size)
    page = page_of(report)
    reader = Reader(page)

    assert len(HOSTILE * 10_000) > 1_000_000
    assert len(page) < 400_000
    assert len(reader.named("script")) == 2
    assert reader.named("img") == []
    assert page.replace("\n", "").isprintable()
    assert page.encode("utf-8")
    assert "<script>alert(1)</script><!--<img src=x onerror=alert(1)>]]>{{ 7 * 7 }}" in reader.text
    assert "\\u202egnihton\\u2066 \\x1b[31mred\\x07 \\u2028\\u2029 \\ud800" in reader.text
    places = [str(link.get("href")) for link in reader.named("a")]
    assert [place for place in places if not place.startswith(LINKS)] == []


def test_several_runs_and_none() -> None:
    """Each run has its facts; a report without rules, findings and times is a page too."""
    run = usual().runs[0]
    both = replace(usual(), runs=(run, replace(run, seed=7, seconds=None, started="", command="")))
    nothing = Report((run,), (), (), ())

    assert "Facts of the runs Run 1 target" in Reader(page_of(both)).text
    assert "Run 2 target" in Reader(page_of(both)).text
    assert "seed 7" in Reader(page_of(both)).text
    assert "Of 0 rules" in Reader(page_of(nothing)).text


def test_five_thousand_findings() -> None:
    """They fit in three megabytes, and are written within a second."""
    many = tuple(
        finding(
            source=f"log.har:log.entries[{number}]",
            message=f"accepted, although it is {number}",
            interaction=None,
            rule=f"request/b2bIds/{number}#required",
        )
        for number in range(5_000)
    )
    report = report_of(replace(RESULT, findings=many))
    page_of(report_of(Result()))
    begun = time.process_time()
    page = page_of(report)

    assert time.process_time() - begun < 1
    assert len(page) < 3_000_000
