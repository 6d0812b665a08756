"""The logs of gateways: each profile reads what its gateway documents."""

from __future__ import annotations

import base64
import json
import pickle
from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract.errors import UsageError
from enkash_contract.traffic import check_traffic
from enkash_contract.traffic.formats.table import FORMATS
from enkash_contract.traffic.gateways import mapping
from enkash_contract.traffic.gateways.profiles import PROFILES, chosen, mapped
from enkash_contract.wire.message import Request, Response
from tests.support.recorded import OPERATION, URL, written

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.traffic.formats.format import Format

TEXT = json.dumps(OPERATION.request.example)
REPLY = json.dumps(OPERATION.sides["response.200"].example)
AT = 1_795_773_600

KONG: dict[str, Any] = {
    "request": {
        "method": "POST",
        "uri": OPERATION.path,
        "url": URL,
        "size": "720",
        "querystring": {},
        "headers": {"content-type": "application/json", "host": "api.example"},
        "body": TEXT,
    },
    "upstream_uri": OPERATION.path,
    "response": {
        "status": 200,
        "size": "434",
        "headers": {"content-type": "application/json"},
        "body": REPLY,
    },
    "latencies": {"request": 515, "kong": 58, "proxy": 457},
    "started_at": AT * 1000,
    "client_ip": "127.0.0.1",
}
NGINX = {
    "time_iso8601": "2026-11-27T10:00:00+00:00",
    "scheme": "https",
    "host": "api.example",
    "request_method": "POST",
    "request_uri": OPERATION.path,
    "content_type": "application/json",
    "content_length": str(len(TEXT)),
    "request_body": TEXT,
    "status": "200",
    "sent_http_content_type": "application/json",
    "response_body": REPLY,
    "request_time": "0.012",
}
AWS_EVENT = {
    "event": {
        "version": "2.0",
        "rawPath": OPERATION.path,
        "rawQueryString": "",
        "headers": {"content-type": "application/json"},
        "requestContext": {
            "http": {"method": "POST"},
            "domainName": "api.example",
            "timeEpoch": AT * 1000,
        },
        "body": base64.b64encode(TEXT.encode()).decode(),
        "isBase64Encoded": True,
    },
    "response": {
        "statusCode": 200,
        "headers": {"content-type": "application/json"},
        "body": REPLY,
        "isBase64Encoded": False,
    },
}


def text(value: str) -> dict[str, str]:
    """Return a value of an attribute."""
    return {"stringValue": value}


def attribute(name: str, value: Any) -> dict[str, Any]:
    """Return an attribute as OTLP writes it."""
    return {"key": name, "value": value}


JSON_VALUES = {"arrayValue": {"values": [text("application/json")]}}
BEGINNING = [
    attribute("http.request.method", text("POST")),
    attribute("url.scheme", text("https")),
    attribute("server.address", text("api.example")),
    attribute("url.path", text(OPERATION.path)),
]
RECORD = {
    "timeUnixNano": str(AT * 10**9),
    "attributes": [
        *BEGINNING,
        attribute("http.request.header.content-type", JSON_VALUES),
        attribute("http.request.body", text(TEXT)),
        attribute("http.response.status_code", {"intValue": "200"}),
        attribute("http.response.header.content-type", JSON_VALUES),
        attribute("http.response.body", text(REPLY)),
    ],
}
OTHER = {"body": text("started"), "attributes": []}
OTLP = {"resourceLogs": [{"scopeLogs": [{"logRecords": [OTHER, RECORD]}, 7]}, {}]}
OTLP_PLACE = "resourceLogs[0].scopeLogs[0].logRecords[1]"

LOGS: list[tuple[str, Any, str]] = [
    ("kong", KONG, ""),
    ("kong", [KONG], "[0]"),
    ("kong", {"log": json.dumps(KONG), "stream": "stdout"}, ""),
    ("nginx", NGINX, ""),
    ("nginx", {**NGINX, "request_method": None, "method": "POST"}, ""),
    ("aws-api-gateway", AWS_EVENT, ""),
    ("aws-api-gateway", {"events": [{"message": json.dumps(AWS_EVENT)}, {}]}, "events[0]"),
    ("opentelemetry", OTLP, OTLP_PLACE),
    ("opentelemetry", RECORD, ""),
]


def only(form: Format, log: Any) -> tuple[str, Any]:
    """Return the place of the only exchange in what a log holds, and what is read of it."""
    assert form.within is not None
    ((place, record),) = form.within(log) or ()
    assert form.url_of(record) is not None
    return place, form.entry(record, "x.log")


@pytest.mark.parametrize(("profile", "log", "place"), LOGS)
def test_each_gateway_is_read(profile: str, log: Any, place: str) -> None:
    """The same exchange, however it was logged."""
    where, found = only(mapped(profile), log)
    request, response = found.interaction.request, found.interaction.response

    assert (where, found.problems) == (place, ())
    assert (request.method, request.url, request.body) == ("POST", URL, TEXT.encode())
    assert (response.status, response.body) == (200, REPLY.encode())
    assert ("content-type", "application/json") in [(k.lower(), v) for k, v in request.headers]
    assert found.interaction.at == AT


def test_every_profile_is_tried() -> None:
    """One that is added is added here."""
    assert {profile for profile, *_ in LOGS} == PROFILES.keys()


ACCESS = {
    "requestId": "1",
    "httpMethod": "POST",
    "path": OPERATION.path,
    "status": "200",
    "responseLength": "73",
    "requestTime": "27/Nov/2026:10:00:00 +0000",
}
BARE: list[tuple[str, Any]] = [
    ("kong", {**KONG, "request": {"method": "POST", "url": URL}, "response": {"status": 200}}),
    ("nginx", {"request": f"POST {OPERATION.path} HTTP/1.1", "status": "200", "request_body": "-"}),
    ("aws-api-gateway", ACCESS),
    (
        "opentelemetry",
        {"attributes": {"http.method": "POST", "http.target": "/", "http.status_code": 200}},
    ),
]


@pytest.mark.parametrize(("profile", "log"), BARE)
def test_what_a_log_does_not_hold_was_not_recorded(profile: str, log: Any) -> None:
    """It is never taken for empty, and the remedy is that of the gateway."""
    _, found = only(mapped(profile), log)
    request, response = found.interaction.request, found.interaction.response

    assert (request.method, request.headers, request.body) == ("POST", (), None)
    assert (response.status, response.headers, response.body) == (200, (), None)
    assert [*map(str, found.problems)] == [
        "the request body was not recorded",
        "the response body was not recorded",
    ]
    assert {problem.remedy for problem in found.problems} == {PROFILES[profile].remedy}


def test_a_body_that_was_empty_was_recorded() -> None:
    """Its size says so, where the log keeps bodies."""
    _, found = only(mapped("nginx"), {**NGINX, "request_body": "", "content_length": "0"})

    assert (found.interaction.request.body, found.problems) == (b"", ())


def test_integers_of_otlp_are_numbers() -> None:
    """They are spelled as texts, and a body may be made of such values."""
    parts = {"is": {"intValue": "-9007199254740993"}, "isn't": {"intValue": "1.0"}, "one": {}}
    pairs = [{"key": name, "value": value} for name, value in parts.items()]
    body = {"key": "http.request.body", "value": {"kvlistValue": {"values": pairs}}}
    _, found = only(mapped("opentelemetry"), RECORD | {"attributes": [*BEGINNING, body]})

    assert json.loads(found.interaction.request.body) == {
        "is": -9007199254740993,
        "isn't": "1.0",
        "one": None,
    }


@pytest.mark.parametrize(
    ("profile", "log"),
    [
        ("nginx", {**NGINX, "status": 499, "response_body": ""}),
        ("nginx", {**NGINX, "status": "000"}),
        ("kong", {**KONG, "response": {"status": 499}}),
    ],
)
def test_a_client_that_left_got_no_response(profile: str, log: Any) -> None:
    """What a gateway logs as the status then was never sent."""
    _, found = only(mapped(profile), log)

    assert (found.interaction.response, found.interaction.aborted) == (None, True)
    assert [*map(str, found.problems)] == ["the response was not recorded"]


def test_a_query_belongs_to_its_path() -> None:
    """Gateways log the two apart."""
    event = {
        "rawPath": "/a",
        "rawQueryString": "b=1",
        "requestContext": {"http": {"method": "GET"}},
    }
    queried = [attribute("url.path", text("/a")), attribute("url.query", text("b=1"))]
    hosted = [
        *queried,
        attribute("server.address", text("h")),
        attribute("server.port", {"intValue": "8"}),
    ]

    assert mapped("aws-api-gateway").url_of(event) == "/a?b=1"
    assert mapped("opentelemetry").url_of({"attributes": queried}) == "/a?b=1"
    assert mapped("opentelemetry").url_of({"attributes": hosted}) == "https://h:8/a?b=1"


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(
    "log",
    [
        7,
        None,
        "x",
        [],
        [7],
        {"request": 7, "response": 7, "attributes": 7, "events": [7]},
        {"event": {}, "response": {"isBase64Encoded": True}},
        {"resourceLogs": [7, {"scopeLogs": [7, {"logRecords": 7}]}]},
        {"attributes": [7, {"key": 1, "value": {"kvlistValue": {"values": [7, {"key": "a"}]}}}]},
        {
            "attributes": [
                {"key": "url.path", "value": {"kvlistValue": {}}},
                {"key": "a", "value": {}},
            ]
        },
    ],
)
def test_anything_else_breaks_no_profile(profile: str, log: Any) -> None:
    """What is no exchange has no address."""
    form = mapped(profile)
    assert form.within is not None
    for place, record in form.within(log) or ():
        assert form.url_of(record) is None
        assert form.entry(record, place).interaction is None


def test_a_record_without_an_address_names_where_it_would_be() -> None:
    """Most likely it is in a log of another gateway."""
    found = mapped("kong").entry(NGINX, "x.log:1")
    assert found.problem == "the address was unreadable (nothing at $.request.url or $.request.uri)"


def test_a_value_nested_without_end_has_one() -> None:
    """No attribute is nested so deep."""
    deep: Any = text("a")
    for _ in range(100):
        deep = {"arrayValue": {"values": [deep]}}
    assert mapped("opentelemetry").url_of({"attributes": [attribute("url.path", deep)]}) is None


def test_paths_replace_those_of_a_profile() -> None:
    """The others stay."""
    form = mapped("kong", {"request.body": "$.sent", "at": "$.when"})
    log = {**KONG, "sent": TEXT, "request": {**KONG["request"], "body": "other"}}
    _, found = only(form, log)

    assert form.title == "a log of kong with a JSON object a line"
    assert found.interaction.request == Request(
        "POST",
        URL,
        (("content-type", "application/json"), ("host", "api.example")),
        TEXT.encode(),
    )
    assert isinstance(found.interaction.response, Response)
    assert [*map(str, found.problems)] == ["the time was not found by --map at=$.when"]


@pytest.mark.parametrize("profile", PROFILES)
def test_other_processes_are_told_of_a_log(profile: str) -> None:
    """However they are started, they read it in the same way."""
    form = mapped(profile, {"request.url": "$.to", "at": "$..at", "seconds": "$..nope"})
    copied = pickle.loads(pickle.dumps(form))  # noqa: S301 - made here
    log = {"to": URL, "at": [AT]}

    assert copied.entry(log, "x") == form.entry(log, "x")
    assert form.within is not None
    assert [*copied.within(log)] == [*(form.within(log) or ())]


INVALID = json.dumps({"device": {}})
MANY: dict[str, Any] = {
    "kong": [
        KONG,
        KONG,
        {**KONG, "request": {**KONG["request"], "body": INVALID}},
        {**KONG, "request": {**KONG["request"], "url": "http://h/x"}},
        {**KONG, "response": {"status": 500}},
        {**KONG, "response": {**KONG["response"], "body": {"payload": "SUCCESS"}}},
        {**KONG, "response": {**KONG["response"], "headers": {"a": ["1", "2"]}}},
        {"started_at": 7},
    ],
    "nginx": [NGINX, NGINX, {**NGINX, "status": "499"}, {**NGINX, "request_time": "?"}],
    "aws-api-gateway": [AWS_EVENT, {"event": {}}],
    "opentelemetry": [OTLP, RECORD, RECORD],
}


@pytest.mark.parametrize("profile", PROFILES)
def test_the_quick_way_decides_alike(
    profile: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is rewritten is judged as if it had not been."""
    lines = "".join(f"{json.dumps(line)}\n" for line in MANY[profile])
    file = written(tmp_path, f"{lines}{{torn\n", "gateway.log")
    quick = [
        check_traffic(file, profile=profile),
        check_traffic(file, profile=profile, until="2026-11-27T09:00:00Z"),
        check_traffic(file, profile=profile, mapping={"response.body": "$.nope"}),
    ]
    monkeypatch.setattr(mapping, "_rewritten", lambda _: None)
    slow = [
        check_traffic(file, profile=profile),
        check_traffic(file, profile=profile, until="2026-11-27T09:00:00Z"),
        check_traffic(file, profile=profile, mapping={"response.body": "$.nope"}),
    ]
    assert quick == slow
    assert slow[0].total > 0


def test_what_cannot_be_rewritten() -> None:
    """It has more to say than our shape, or it is not all there."""
    form = mapped("kong")
    assert form.rewritten is not None
    messages: list[dict[str, Any]] = [
        {"body": None},
        {"headers": {}},
        {"headers": [["a", "1"], ["A", "2"]]},
        {"body": {"a": b""}},
        {"headers": {"a": "\ud800"}},
    ]
    for message in messages:
        assert form.rewritten({**KONG, "request": KONG["request"] | message}) is None
    assert form.rewritten([KONG, KONG]) is None
    assert form.rewritten(KONG) is not None


def test_paths_alone_are_a_mapping() -> None:
    """The address is what it cannot be without."""
    form = mapped(None, {"request.url": "$.to"})
    _, found = only(form, {"to": URL})

    assert (form.title, found.interaction.request.url) == ("a log with a JSON object a line", URL)


@pytest.mark.parametrize(
    ("profile", "maps", "problem"),
    [
        (None, {}, "--map needs request.url too, such as --map request.url=$.request.uri"),
        (None, {"at": "$.a"}, "--map needs request.url too, such as"),
        ("ngnix", {}, "no profile is called 'ngnix'; did you mean nginx?"),
        (
            "?",
            {},
            "no profile is called '?'; there is kong, nginx, aws-api-gateway, opentelemetry",
        ),
        ("kong", {"a": "$"}, "--map knows no member 'a' of an interaction; "),
    ],
)
def test_a_wrong_profile_is_one_error(profile: str | None, maps: Any, problem: str) -> None:
    """It says what there is."""
    with pytest.raises(UsageError) as raised:
        mapped(profile, maps)
    assert str(raised.value).startswith(problem)


def test_a_user_insists_on_a_format() -> None:
    """By its name; a log has none beside its profile and mapping."""
    assert chosen(None, None, None) is None
    assert chosen(None, None, {}) is None
    assert chosen("har", None, None) == (FORMATS["har"],)
    assert [form.title for form in chosen(None, "kong", {"at": "$"}) or ()] == [
        "a log of kong with a JSON object a line"
    ]
    for form, profile, problem in (
        ("hra", None, "no format is called 'hra'; did you mean har?"),
        ("?", None, "no format is called '?'; there is interaction, vcrpy, "),
        ("har", "kong", "a log has no format beside its profile and mapping; leave one out"),
    ):
        with pytest.raises(UsageError) as raised:
            chosen(form, profile, None)
        assert str(raised.value).startswith(problem)
