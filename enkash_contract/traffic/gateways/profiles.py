"""The logs of gateways that many use: where each holds the members of an interaction.

A profile is data, found through the table `PROFILES`. The paths are those of the fields that the
gateway writes or documents; docs/recordings.md shows how to let it log bodies.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from enkash_contract.errors import UsageError, did_you_mean
from enkash_contract.traffic.formats.table import FORMATS
from enkash_contract.traffic.gateways.lines import ABSENT, lines, nginx_lines
from enkash_contract.traffic.gateways.mapping import (
    LogMapping,
    format_of,
    is_object,
    overlaid,
    parsed,
)
from enkash_contract.traffic.gateways.paths import path_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from enkash_contract.traffic.formats.format import Format

UNANSWERED = frozenset({"499", "444", "000"})
"""The statuses that nginx, and so Kong, logs if the client had left or nothing was sent."""

NO_PATHS: Mapping[str, str] = MappingProxyType({})


def chosen(
    form: str | None, profile: str | None, mapping: Mapping[str, str] | None
) -> tuple[Format, ...] | None:
    """Return the formats that recordings may be in, as a user insists; None for all.

    Raises:
        UsageError: there is no such format or profile, or the mapping is wrong.

    """
    if profile is not None or mapping:
        if form is not None:
            raise UsageError("a log has no format beside its profile and mapping; leave one out")
        return (mapped(profile, mapping or {}),)
    if form is None:
        return None
    if form not in FORMATS:
        hint = did_you_mean(form, FORMATS, f"there is {', '.join(FORMATS)}")
        raise UsageError(f"no format is called {form!r}; {hint}")
    return (FORMATS[form],)


def mapped(profile: str | None, mapping: Mapping[str, str] = NO_PATHS) -> Format:
    """Return the format of a log by the name of its profile and by paths that replace its own.

    Raises:
        UsageError: there is no such profile, or a path or its target is none.

    """
    given = parsed(mapping)
    if profile is None:
        if "request.url" not in given:
            raise UsageError("--map needs request.url too, such as --map request.url=$.request.uri")
        return format_of(
            overlaid(LogMapping({}, records=lines), given), "a log with a JSON object a line"
        )
    if profile not in PROFILES:
        hint = did_you_mean(profile, PROFILES, f"there is {', '.join(PROFILES)}")
        raise UsageError(f"no profile is called {profile!r}; {hint}")
    return format_of(
        overlaid(PROFILES[profile], given), f"a log of {profile} with a JSON object a line"
    )


def _paths(members: Mapping[str, str]) -> dict[str, tuple[Any, ...]]:
    """Return the paths of each target, which are separated by blanks."""
    return {
        target: tuple(path_of(path) for path in paths.split()) for target, paths in members.items()
    }


def _nginx(record: Any) -> Any:
    """Return a record with the parts of `$request`, the line that a request begins with."""
    line = record.get("request") if isinstance(record, dict) else None
    parts = line.split(" ") if isinstance(line, str) else []
    whole = 3
    if len(parts) != whole:
        return record
    return {"request_method": parts[0], "request_uri": parts[1], **record}


def _aws(record: Any) -> Any:
    """Return a record in which a query belongs to its path, and the label of base64 is our own."""
    if not isinstance(record, dict):
        return record
    event = next(
        (record[name] for name in ("event", "request") if is_object(record.get(name))), record
    )
    response = record.get("response")
    received = _encoded(response) if isinstance(response, dict) else {}
    opened = {**record, **event, "response": received}
    query = event.get("rawQueryString")
    if isinstance(event.get("rawPath"), str) and isinstance(query, str) and query:
        opened["rawPath"] = f"{event['rawPath']}?{query}"
    return _encoded(opened)


def _encoded(message: dict[str, Any]) -> dict[str, Any]:
    return {**message, "encoding": "base64"} if message.get("isBase64Encoded") is True else message


def _otlp(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield the log records of OTLP JSON, each as one object of its attributes."""
    if not isinstance(value, dict) or not isinstance(value.get("resourceLogs"), list):
        yield from lines(value)
        return
    for first, resource in enumerate(value["resourceLogs"]):
        for second, scope in enumerate(_listed(resource, "scopeLogs")):
            for third, record in enumerate(_listed(scope, "logRecords")):
                yield f"resourceLogs[{first}].scopeLogs[{second}].logRecords[{third}]", record


def _listed(owner: Any, name: str) -> list[Any]:
    found = owner.get(name) if isinstance(owner, dict) else None
    return found if isinstance(found, list) else []


HEADERS = ("http.request.header.", "http.response.header.")


def _attributed(record: Any) -> Any:
    """Return the attributes of a log record as plain values, with its headers together."""
    if not isinstance(record, dict):
        return record
    listed = record.get("attributes")
    attributes = listed if isinstance(listed, dict) else {}
    if isinstance(listed, list):
        pairs = [each for each in listed if isinstance(each, dict)]
        attributes = {str(each.get("key")): _plain(each.get("value")) for each in pairs}
    opened = {**record, "attributes": attributes}
    for prefix, name in zip(HEADERS, ("sent", "received"), strict=True):
        found = {
            key[len(prefix) :]: value for key, value in attributes.items() if key.startswith(prefix)
        }
        if found:
            opened[name] = found
    path, query = attributes.get("url.path"), attributes.get("url.query")
    if isinstance(path, str):
        opened["target"] = f"{path}?{query}" if isinstance(query, str) and query else path
    host, port = attributes.get("server.address"), attributes.get("server.port")
    if isinstance(host, str):
        opened["host"] = f"{host}:{port}" if port else host
    return opened


def _plain(value: Any, depth: int = 16) -> Any:
    """Return the value that an `AnyValue` of OTLP stands for."""
    if not isinstance(value, dict) or not depth:
        return value
    if is_object(value.get("arrayValue")):
        return [_plain(each, depth - 1) for each in _listed(value["arrayValue"], "values")]
    if is_object(value.get("kvlistValue")):
        pairs = [each for each in _listed(value["kvlistValue"], "values") if is_object(each)]
        return {str(each.get("key")): _plain(each.get("value"), depth - 1) for each in pairs}
    number = value.get("intValue")
    if isinstance(number, str) and re.fullmatch(r"-?\d{1,19}", number, re.ASCII):
        # JSON of protocol buffers spells integers of 64 bits as texts.
        return int(number)
    names = ("stringValue", "intValue", "doubleValue", "boolValue", "bytesValue")
    return next((value[name] for name in names if name in value), None)


PROFILES: dict[str, LogMapping] = {
    "kong": LogMapping(
        _paths(
            {
                "request.method": "$.request.method",
                "request.url": "$.request.url $.request.uri",
                "request.headers": "$.request.headers",
                "request.body": "$.request.body $['request.body']",
                "response.status": "$.response.status",
                "response.headers": "$.response.headers",
                "response.body": "$.response.body $['response.body']",
                "at": "$.started_at",
            }
        ),
        unanswered=UNANSWERED,
        records=lines,
        whole=True,
        remedy="add bodies to the log by custom_fields_by_lua",
    ),
    "nginx": LogMapping(
        _paths(
            {
                "request.method": "$.request_method $.method",
                "request.url": "$.request_uri $.uri",
                "request.scheme": "$.scheme",
                "request.host": "$.http_host $.host $.server_name",
                "request.headers.Content-Type": "$.content_type $.http_content_type",
                "request.headers.Content-Encoding": "$.http_content_encoding",
                "request.body": "$.request_body",
                "request.size": "$.content_length $.http_content_length",
                "response.status": "$.status",
                "response.headers.Content-Type": "$.sent_http_content_type",
                "response.headers.Content-Encoding": "$.sent_http_content_encoding",
                "response.body": "$.response_body $.resp_body",
                "at": "$.msec $.time_iso8601 $.time_local $.time",
                "seconds": "$.request_time",
            }
        ),
        absent=ABSENT,
        unanswered=UNANSWERED,
        records=nginx_lines,
        opened=_nginx,
        remedy="log $request_body, and let njs or Lua log the response body",
    ),
    "aws-api-gateway": LogMapping(
        _paths(
            {
                "request.method": "$.httpMethod $.requestContext.http.method $.method",
                "request.url": "$.path $.rawPath $.requestContext.path $.resourcePath",
                "request.host": "$.domainName $.requestContext.domainName",
                "request.headers": "$.headers $.multiValueHeaders",
                "request.body": "$.body $.requestBody",
                "request.encoding": "$.encoding",
                "response.status": "$.status $.statusCode $.response.statusCode",
                "response.headers": "$.response.headers $.response.multiValueHeaders",
                "response.body": "$.response.body $.responseBody",
                "response.encoding": "$.response.encoding",
                "at": "$.requestTimeEpoch $.requestTime $.requestContext.requestTimeEpoch "
                "$.requestContext.timeEpoch",
            }
        ),
        absent=frozenset({"-"}),
        records=lines,
        opened=_aws,
        whole=True,
        mixed=True,
        remedy="access logs hold no bodies: log the event and the response of the integration",
    ),
    "opentelemetry": LogMapping(
        _paths(
            {
                "request.method": "$.attributes['http.request.method'] $.attributes['http.method']",
                "request.url": "$.attributes['url.full'] $.attributes['http.url'] $.target "
                "$.attributes['http.target']",
                "request.scheme": "$.attributes['url.scheme'] $.attributes['http.scheme']",
                "request.host": "$.host $.attributes['http.host']",
                "request.headers": "$.sent",
                "request.body": "$.attributes['http.request.body'] "
                "$.attributes['http.request.body.content']",
                "request.size": "$.attributes['http.request.body.size']",
                "response.status": "$.attributes['http.response.status_code'] "
                "$.attributes['http.status_code']",
                "response.headers": "$.received",
                "response.body": "$.attributes['http.response.body'] "
                "$.attributes['http.response.body.content']",
                "response.size": "$.attributes['http.response.body.size']",
                "at": "$.timeUnixNano $.observedTimeUnixNano",
            }
        ),
        records=_otlp,
        opened=_attributed,
        mixed=True,
        remedy="set the attributes http.request.body and http.response.body",
    ),
}
"""The mapping of each gateway's log, by the name that `--profile` takes."""
