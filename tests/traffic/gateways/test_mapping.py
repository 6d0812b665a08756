"""Logs of any JSON: members are found by paths, and what is not found was not recorded."""

from __future__ import annotations

import json
from typing import Any

import pytest

from enkash_contract.errors import UsageError
from enkash_contract.traffic.formats import interaction
from enkash_contract.traffic.gateways.mapping import (
    TARGETS,
    LogMapping,
    format_of,
    overlaid,
    pairs,
    parsed,
)
from enkash_contract.wire.message import Request, Response
from tests.support.recorded import OPERATION, URL

TEXT = json.dumps(OPERATION.request.example)
LOG = {
    "req": {
        "verb": "POST",
        "to": OPERATION.path,
        "host": "api.example",
        "type": "application/json",
        "payload": OPERATION.request.example,
        "length": str(len(TEXT)),
        "tags": ["a", "b"],
    },
    "res": {"code": "200", "fields": {"content-type": "application/json"}, "text": "{}"},
    "took": 0.5,
    "when": "2026-11-27T10:00:00Z",
    "a.b": 1,
}
MAPS = (
    "request.method=$.req.verb",
    "request.url=$.req.to",
    "request.host=$.req.host",
    "request.headers.Content-Type=$.req.type",
    "request.body=$.req.payload",
    "response.status=$.res.code",
    "response.headers=$.res.fields",
    "response.body=$.res.text",
    "at=$.when",
    "seconds=$.took",
)


@pytest.mark.parametrize(
    ("maps", "problem"),
    [
        (["request.body"], "--map 'request.body' names no path; write it as"),
        (["request.body="], "--map 'request.body=' names no path; write it as"),
        (["request.bdoy=$.a"], "--map knows no member 'request.bdoy' of an interaction; did you"),
        (["request.headers.=$.a"], "--map knows no member 'request.headers.' of an interaction;"),
        (["zzz=$.a"], "--map knows no member 'zzz' of an interaction; there is request.method, "),
        (["at=$.a", "at=$.b"], "--map names 'at' twice; keep one of them"),
        (
            ["request.body=req.payload"],
            "--map request.body: 'req.payload' is no JSONPath: it must begin with $, such as",
        ),
        (["request.body=$.a["], "--map request.body: '$.a[' is no JSONPath: unexpected end"),
    ],
)
def test_a_wrong_map_is_one_error(maps: list[str], problem: str) -> None:
    """It says what is wrong, and how it is written."""
    with pytest.raises(UsageError) as raised:
        parsed(pairs(maps))
    assert str(raised.value).startswith(problem)
    assert "\n" not in str(raised.value)


def logged(maps: tuple[str, ...] = MAPS, record: Any = LOG, **changes: Any) -> Any:
    """Return what is read of a record of a log."""
    form = format_of(overlaid(LogMapping({}, **changes), parsed(pairs(maps))), "a log")
    return form.entry(record, "x.log:1")


def test_every_member_can_be_mapped() -> None:
    """A log is read as if it were written in our shape."""
    found = logged()
    label = (("Content-Type", "application/json"),)

    assert found.problems == ()
    assert found.interaction.request == Request("POST", URL, label, TEXT.encode())
    assert found.interaction.response == Response(
        200, (("content-type", "application/json"),), b"{}"
    )
    assert (found.interaction.at, found.interaction.seconds) == (1_795_773_600.0, 0.5)
    assert parsed(dict.fromkeys(TARGETS, "$")).keys() == TARGETS.keys()


def test_lists_of_headers_and_single_ones_add_up() -> None:
    """Whatever is no header is left out."""
    fields = ["a: 1", ["b", "2"], {"name": "c", "value": 3}, 7]
    record = {"url": URL, "fields": fields, "more": "4"}
    maps = ("request.url=$.url", "request.headers=$.fields", "request.headers.d=$.more")
    headers = logged(maps, record, whole=True).interaction.request.headers
    single = logged(maps, {**record, "fields": "a: 1"}, whole=True).interaction.request.headers

    assert headers == (("a", "1"), ("b", "2"), ("c", "3"), ("d", "4"))
    assert single == (("d", "4"),)


def test_headers_without_a_label_may_be_some_of_them() -> None:
    """A log of a few headers says nothing of the others, but the host is still the host."""
    maps = ("request.url=$.url", "request.headers=$.fields")
    record = {"url": "/a", "fields": {"Host": "h", "x": "1"}}
    labelled = {**record, "fields": {"content-type": "text/plain", "x": "1"}}
    found = logged(maps, record).interaction.request

    assert (found.url, found.headers) == ("https://h/a", ())
    assert logged(maps, labelled).interaction.request.headers == (
        ("content-type", "text/plain"),
        ("x", "1"),
    )


def test_a_path_that_finds_nothing_is_named() -> None:
    """The part is not known, and the remedy is to look at the log."""
    maps = (
        "request.url=$.req.to",
        "request.body=$.nope",
        "request.headers.x=$.nope",
        "response.status=$.nope",
        "at=$..nope",
    )
    found = logged(maps)

    assert [*map(str, found.problems)] == [
        "the request body was not found by --map request.body=$.nope",
        "the response was not found by --map response.status=$.nope",
        "the request header was not found by --map request.headers.x=$.nope",
        "the time was not found by --map at=$..nope",
    ]
    assert {problem.remedy for problem in found.problems} == {
        "compare the path with a line of the log"
    }


def test_an_address_that_is_not_found() -> None:
    """Nobody can tell what the record was."""
    (missing,) = logged(("request.url=$.nope",)).problems
    assert str(missing) == "the address was unreadable (nothing at $.nope)"


@pytest.mark.parametrize(
    ("record", "body", "problem"),
    [
        ({"body": ""}, None, "the request body was not recorded"),
        ({"body": "", "size": "0"}, b"", ""),
        ({"body": "", "size": 0}, b"", ""),
        ({"body": "", "size": "?"}, None, "the request body was not recorded"),
        ({"body": None}, None, "the request body was not found by --map request.body=$.body"),
        ({"body": "-"}, None, "the request body was not found by --map request.body=$.body"),
        ({"body": {}}, b"{}", ""),
        ({"body": "{", "size": "7"}, None, "the request body was cut off by the recorder after"),
    ],
)
def test_an_empty_body_is_as_good_as_none(record: Any, body: Any, problem: str) -> None:
    """Only a size of zero says that it was empty."""
    size = ("request.size=$.size",) if "size" in record else ()
    maps = ("request.url=$.url", "request.body=$.body", *size)
    record = {**record, "url": URL}
    found = logged((*maps, "response.status=$.url"), record, absent=frozenset("-"))

    assert found.interaction.request.body == body
    assert found.problem.partition("; ")[0].startswith(problem)


def test_remedies_are_those_of_the_log() -> None:
    """What helps with a browser does not help with a gateway."""
    found = logged(("request.url=$.req.to",), remedy="log bodies")
    assert [problem.remedy for problem in found.problems] == ["log bodies", ""]


def test_a_format_reads_the_address_alone() -> None:
    """It is found as all other members are."""
    form = format_of(overlaid(LogMapping({}), parsed(pairs(MAPS))), "a log")

    assert (form.title, form.url_of(LOG), form.url_of(7)) == ("a log", URL, None)
    assert (form.alone(LOG), form.alone(7)) == (True, False)
    assert form.within is not None
    assert [*(form.within(LOG) or ())] == [("", LOG)]
    assert interaction.alone({"request": {"url": URL, "body": ""}})


def test_what_is_no_exchange_is_left_out_of_a_mixed_log() -> None:
    """A collector keeps everything in one file."""
    mapping = overlaid(LogMapping({}, mixed=True), parsed(pairs(MAPS)))
    form = format_of(mapping, "a log")

    assert form.within is not None
    assert [*(form.within({"level": "info"}) or ())] == []
    assert [*(form.within(LOG) or ())] == [("", LOG)]
