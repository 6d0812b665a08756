"""Reports to make pages of: one of a run with all kinds of findings, one of hostile texts."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from enkash_contract.config.waiver import Waiver
from enkash_contract.contract.contract import bundled
from enkash_contract.contract.evidence import Evidence, Level, Source
from enkash_contract.generation import suite
from enkash_contract.place import Place
from enkash_contract.report import Facts
from enkash_contract.report.build import build
from enkash_contract.wire.message import Interaction, Request, Response
from tests.support.results import RESULT, WEAK, about, finding

if TYPE_CHECKING:
    from enkash_contract.judging.result import Result
    from enkash_contract.report.document import Report

OPERATION = bundled().pick()

WAIVER = Waiver("request/*", "", "agreed", dt.date(2027, 1, 31), Place("c.toml", 3), "")

FACTS = Facts("check", "assumed", 1.0, 2.5, (("--only", "request/*"),), (WAIVER,))

HOSTILE = (
    "</script><script>alert(1)</script><!--<img src=x onerror=alert(1)>]]>{{ 7 * 7 }}"
    "\u202egnihton\u2066 \x1b[31mred\x07 \u2028\u2029 \ud800 '\" & ß"
)
"""A text that would do harm, or hide something, where it is written down as it stands."""

PAGE = Source("api", HOSTILE, "2026-11-22", "javascript:alert(1)")


def report_of(result: Result, facts: Facts = FACTS) -> Report:
    """Return the report of a run of the bundled suite."""
    return build(result, about(facts=facts, seconds=1.5, cases=lambda: suite.build(OPERATION)))


def found(case_id: str) -> Report:
    """Return the report of one finding: the request of this case was accepted, or else was not."""
    case = next(case for case in suite.build(OPERATION) if case.id == case_id)
    sent = case.request()
    sent = replace(sent, url=f"http://h{sent.url}")
    check = {"reject": "negative_data_rejection", "accept": "positive_data_acceptance"}
    found = finding(
        check=check[case.polarity],
        rule=case.rule.id,
        family=case.family,
        case=case.id,
        pointer=case.rule.pointer,
        evidence=case.rule.receiver,
        document=case.rule.place,
        message="accepted, although it is so",
        interaction=Interaction(sent, Response(200, (), b'{"a": 1}'), at=3.0, seconds=0.25),
    )
    return report_of(replace(RESULT, findings=(found,)))


def usual() -> Report:
    """Return the report of a run with findings of each severity, waivers, notes and times."""
    waived = finding("waived", rule="request/device#required", reason="agreed with them")
    lost = finding(
        check="not_a_server_error",
        interaction=Interaction(Request("POST", "http://h/x", (), None), None, "timed out"),
    )
    many = [finding(family=f"required/{number}", case="") for number in range(60)]
    return report_of(replace(RESULT, findings=(*RESULT.findings, waived, lost, *many)))


def hostile(size: int = 1) -> Report:
    """Return a report in which every text that comes from outside is hostile, and so long."""
    text = HOSTILE * size
    request = Request("POST", f"http://h/{text}", ((text, text),), text.encode(errors="replace"))
    response = Response(200, (("X-Request-Id", text),), text.encode(errors="replace"))
    page = Evidence(Level.SIBLING, PAGE)
    bad = finding(
        message=text,
        family=text.replace("\ud800", ""),
        pointer=f"/{text}",
        case=text,
        source=text,
        evidence=page,
        interaction=Interaction(request, response),
    )
    weak = replace(WEAK, interaction=Interaction(request, None, text), message=text)
    waiver = replace(WAIVER, reason=text, rule=text)
    result = replace(RESULT, findings=(bad, weak), notes=(text,), unread=(text,), waivers=(text,))
    whole = report_of(result, replace(FACTS, waivers=(waiver,), options=((text, text),)))
    return replace(whole, runs=tuple(replace(run, target=text) for run in whole.runs))


class Reader(HTMLParser):
    """What a page holds: its elements with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        """All text, with blanks between words alone."""
        return " ".join(" ".join(self.texts).split())

    def named(self, name: str) -> list[dict[str, str | None]]:
        """Return the attributes of the elements of that name."""
        return [attributes for tag, attributes in self.elements if tag == name]
