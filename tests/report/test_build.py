"""From a result to the model of a report."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from enkash_contract.config.waiver import Waiver
from enkash_contract.contract.contract import bundled
from enkash_contract.generation import suite
from enkash_contract.judging.checks import SERVER_ERROR
from enkash_contract.judging.result import Result
from enkash_contract.place import Place
from enkash_contract.report import Facts
from enkash_contract.report.build import build, samples
from enkash_contract.report.causes import SENTENCES, causes
from enkash_contract.report.document import SAMPLES, ReportWaiver
from enkash_contract.wire.message import Interaction, Response
from tests.support.results import RESULT, WEAK, about, finding

OPERATION = bundled().pick()


def test_the_facts_of_a_run() -> None:
    """Its times, its options, its waivers with their reasons, and the seed of what was drawn."""
    waiver = Waiver("request/*", "", "agreed", dt.date(2027, 1, 31), Place("c.toml", 3), "pay")
    facts = Facts("check", "assumed", 1.0, 2.5, (("--only", "request/*"),), (waiver,))
    result = replace(RESULT, fuzzed="--fuzz 100 --seed -7")
    (run,) = build(result, about(facts=facts, seconds=1.5)).runs

    assert (run.command, run.fail_on, run.seed, run.seconds) == ("check", "assumed", -7, 1.5)
    assert run.started == "1970-01-01T00:00:01.000+00:00"
    assert run.finished == "1970-01-01T00:00:02.500+00:00"
    assert run.options == (("--only", "request/*"),)
    assert run.waivers == (
        ReportWaiver("request/*", "", "pay", "agreed", "2027-01-31", "c.toml:3"),
    )


def test_a_run_has_one_id() -> None:
    """The same whenever it is written down, and another for another run."""
    ids = [
        build(result, about(facts=Facts(started=started))).runs[0].id
        for result, started in ((RESULT, 1.0), (RESULT, 1.0), (RESULT, 2.0), (Result(), 1.0))
    ]
    assert [ids.index(each) for each in ids] == [0, 0, 2, 3]


def test_samples_are_of_different_rules() -> None:
    """The example first; where all are of one rule, others of it follow."""
    pattern = finding(rule="request/device#required", message="b")
    json = finding(rule="request/device/tag#required", message="c")
    many = [finding(message=str(number)) for number in range(5)]
    spread, alike = (
        causes(Result(tuple(found)), bundled())[0] for found in ([*many, pattern, json], many)
    )

    assert [each.message for each in samples(spread)] == ["0", "b", "c"]
    assert [each.message for each in samples(alike)] == ["0", "1", "2"]
    assert SAMPLES == 3


def test_a_finding_without_an_exchange() -> None:
    """What a client sent in a test is not always kept."""
    report = build(Result((replace(WEAK, interaction=None),)), about())
    assert report.findings[0].exchange is None


def test_a_server_error_is_told_apart_from_its_request() -> None:
    """The request that met it is in the message, and no part of what there was."""
    crash = finding(check="not_a_server_error", message='answered 500: /a is "00"')
    (found,) = build(Result((crash,)), about()).findings

    assert (found.expected, found.actual) == ("any response but a server error", "answered 500")
    assert found.message == 'answered 500: /a is "00"'


def test_every_check_has_both_parts_of_a_message() -> None:
    """What was expected, and what there was instead."""
    found = tuple(finding(check=check, message="it is, but it was: so") for check in SENTENCES)
    report = build(Result(found), about())
    assert {each.check for each in report.findings if each.actual} == {*SENTENCES}


def test_every_source_is_there_with_its_page() -> None:
    """The ids that evidence names lead to what each page shows."""
    sources = build(Result(), about()).sources
    rules = bundled().pick().rules.values()
    named = {source.id for rule in rules for source in rule.evidence.sources}
    assert list(sources) == sorted(named)
    assert sources["api-10664764"].read == "2026-11-22"


def test_what_was_expected_where_a_server_fails() -> None:
    """The message of a case says a third thing: what was sent."""
    crash = finding(check=SERVER_ERROR, message="answered 500: it is too long", family="x")
    (found,) = build(Result((crash,)), about()).findings
    assert (found.expected, found.actual) == ("any response but a server error", "answered 500")


def test_the_nearest_valid_request() -> None:
    """It is that of the suite, at the address of the one that was sent, and without its secrets."""
    case = next(case for case in suite.build(OPERATION) if case.id == "request#path/trailing-slash")

    def valid_of(url: str, case_id: str = case.id) -> str | None:
        sent = replace(case.request(), url=url)
        known = finding(case=case_id, interaction=Interaction(sent, Response(200)))
        whole = build(Result((known,)), about(cases=lambda: suite.build(OPERATION)))
        return whole.causes[0].valid.url if whole.causes[0].valid else None

    assert valid_of(f"http://u:p@h/pre{OPERATION.path}/?a=1") == f"http://h/pre{OPERATION.path}/"
    assert valid_of(f"http://u:p@h/pre{OPERATION.path}/") == f"http://h/pre{OPERATION.path}"
    assert valid_of("http://h/other") == "http://h/other"
    assert valid_of("http://h/other", "drawn") is None
