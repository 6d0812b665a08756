"""One entry: whether it is ours, what follows from it, and what is said of the rest."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from enkash_contract.contract.contract import bundled
from enkash_contract.judging.result import Result
from enkash_contract.traffic.counting.reduction import HOST, PATH, Reduction
from enkash_contract.traffic.entries.entry import Entry, Missing
from enkash_contract.traffic.formats import table
from enkash_contract.traffic.judging import ADDRESSES, Judge, judge, operation_of, without_query
from enkash_contract.wire.message import Interaction, Request, Response
from tests.support.recorded import anything, damaged, entry

OPERATION = bundled().pick()
URL = f"https://api.example:8443{OPERATION.path}"
OURS = Entry("a.har:1", Interaction(Request("POST", URL, body=None), Response(200)))


@pytest.mark.parametrize(
    ("url", "host", "other"),
    [
        (URL, None, ""),
        (URL, "api.example", ""),
        (URL, "*:8443", ""),
        (URL, "api", HOST),
        ("https://api.example/health", "api.example", PATH),
        (f"https://[{OPERATION.path}", "api.example", ""),
        ("https://[", None, PATH),
    ],
)
def test_the_address_decides_first(url: str, host: str | None, other: str) -> None:
    """Of another path or host, nothing else is looked at; what cannot be read may be ours."""
    total, by = Reduction(), Judge((OPERATION,), host)
    entry = Entry("a.har:1", Interaction(Request("GET", url), None, "unanswered"))

    assert [by.other(entry, total), by.other(entry, total)] == [other, other]
    assert by.other(Entry("a.har:2", None), total) == ""
    assert total.hosts == (["api.example:8443"] if other == HOST else [])


def test_few_addresses_are_remembered() -> None:
    """A recording with an id in each address costs no more memory, and is judged the same."""
    by = Judge((OPERATION,))
    found = [
        by.operation_of(Request("POST", f"https://api.example/{number}{OPERATION.path}"))
        for number in range(ADDRESSES + 1)
    ]

    assert set(found) == {OPERATION}
    assert repr(by) == repr(Judge((OPERATION,)))


@pytest.mark.parametrize(
    ("url", "place"),
    [
        (f"{URL}?a=1#b", URL),
        (f"{URL}#b?a=1", URL),
        ("?a", ""),
        (f"https://[?{OPERATION.path}", f"https://[?{OPERATION.path}"),
    ],
)
def test_queries_decide_nothing(url: str, place: str) -> None:
    """Only in what is no URL, the path of an operation may stand there too."""
    assert without_query(url) == place
    by, request = Judge((OPERATION,)), Request("POST", url)
    assert by.operation_of(request) == (PATH if url == "?a" else OPERATION)
    assert [*by._known] == [("POST", place)]


def test_what_is_judged_by_itself() -> None:
    """An item of a test run has no counts of files; what is not ours has no result."""
    elsewhere = Request("GET", "https://api.example/health")
    result = judge(OURS, [OPERATION])

    assert result is not None
    assert (result.total, result.recordings.read) == (1, 0)
    assert judge(Entry("a.har:1", Interaction(elsewhere, None)), [OPERATION]) is None
    assert operation_of(elsewhere, [OPERATION]) is None
    assert operation_of(Request("POST", URL), [OPERATION]) is OPERATION


def test_every_inconclusive_result_has_a_note() -> None:
    """Also where all was recorded, and the document does not say what the response means."""
    label, body = (("Content-Type", "application/json"),), json.dumps(OPERATION.request.example)
    request, response = Request("POST", URL, label, body.encode()), Response(404, label, b"{}")
    result = judge(Entry("a.har:1", Interaction(request, response)), [OPERATION])

    assert result is not None
    assert result.verdicts == {"inconclusive": 1}
    assert result.notes == (
        "1 response was neither an acceptance nor a rejection by the document (status 404); "
        "at a.har:1",
    )


def test_a_result_is_waived_by_itself() -> None:
    """Once results are added up, nobody knows which findings belong together."""
    total = Reduction()
    nothing = Result(notes=("waived",))
    Judge((OPERATION,), waive=lambda _: nothing).add(OURS, total)

    assert total.result().notes[:1] == nothing.notes


def test_the_detail_of_a_problem_quotes_no_secret() -> None:
    """A recorder may quote what was sent."""
    total = Reduction()
    headers = (("Authorization", "Bearer hunter2-7f"),)
    problem = Missing("response", "broken off", detail="(no hunter2-7f here)")
    request = Request("POST", URL, headers)
    Judge((OPERATION,)).add(Entry("a.har:1", Interaction(request, None), (problem,)), total)

    assert total.result().notes == ("1 response was broken off (no *** here); at a.har:1",)


@pytest.mark.parametrize(
    "body",
    [b"{}", b"{", b'{"device": 7, "b2bIds": {"buyerB2BId": "\\ud800"}}', b'{"a": 1, "a": 2}'],
)
@pytest.mark.parametrize("response", [Response(200, (), b'{"response_code": "x"}'), Response(500)])
def test_what_is_only_counted_is_judged_the_same(body: bytes, response: Response) -> None:
    """From the fourth on, no text of a finding is worked out; its kind and number stay the same."""
    label = (("Content-Type", "application/json"), ("Authorization", "Bearer hunter2-7f"))
    total, by = Reduction(), Judge((OPERATION,))
    for number in range(7):
        entry = Entry(f"a.har:{number}", Interaction(Request("POST", URL, label, body), response))
        by.add(entry, total)
    result, alone = total.result(), judge(entry, [OPERATION])

    assert alone is not None
    assert result.number("violation") == 7 * alone.number("violation") > 0
    assert result.number("assumption") == 7 * alone.number("assumption")
    assert {each.message for each in result.findings} == {each.message for each in alone.findings}
    assert "***" not in {each.message for each in result.findings}


def test_a_response_without_any_header_was_not_recorded_whole() -> None:
    """A log of bodies is judged by them; a status without a documented body needs no label."""
    label = (("Content-Type", "application/json"),)
    sides = [json.dumps(OPERATION.sides[name].example) for name in ("request", "response.200")]
    body, reply = (side.encode() for side in sides)
    told = []
    for status in (200, 500):
        sent, received = Request("POST", URL, label, body), Response(status, (), reply)
        result = judge(Entry("a.log:1", Interaction(sent, received)), [OPERATION])
        assert result is not None
        told.append(([finding.check for finding in result.findings], result.notes))

    note = "1 response header section was not recorded: record headers as well; at a.log:1"
    assert told == [([], (note,)), (["not_a_server_error"], ())]


@given(damaged(entry, anything("request response url status headers text POST 200")))
def test_nothing_is_inconclusive_without_a_reason(recorded: Any) -> None:
    """A note says what is not known, or that it cannot be read."""
    result = judge(table.listed(recorded, "log.entries").entry(recorded, "a.har:1"), [OPERATION])

    if result is not None:
        assert result.total == 1
        assert bool(result.count("inconclusive")) <= bool(result.notes or result.unread)
        assert all("; at a.har:1" in note for note in result.notes)
