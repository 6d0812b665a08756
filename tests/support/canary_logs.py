"""Logs of gateways and interactions with a canary in every place that their programs have."""

from __future__ import annotations

import json
from typing import Any

from enkash_contract.contract.contract import bundled
from tests.support.planting import MARK

OPERATION = bundled().pick()
HEADERS = {
    "content-type": "application/json",
    "authorization": f"Bearer {MARK}",
    "cookie": f"session={MARK}",
    "x-api-key": MARK,
}
ANSWERED = {"content-type": "application/json", "set-cookie": f"session={MARK}", "x-token": MARK}
URL = f"https://me:{MARK}@api.example{OPERATION.path}?key={MARK}"
QUERY = f"key={MARK}"


def _without(example: Any, name: str) -> str:
    kept = {member: value for member, value in example.items() if member != name}
    return json.dumps({**kept, "accessToken": MARK, "meta": {"password": [MARK]}})


# Something is found on both sides, so that both are shown.
SENT = _without(OPERATION.request.example, "device")
RECEIVED = _without(OPERATION.sides["response.200"].example, "response_code")

KONG = {
    "request": {
        "method": "POST",
        "uri": f"{OPERATION.path}?{QUERY}",
        "url": URL,
        "querystring": {"key": MARK},
        "headers": HEADERS,
        "body": SENT,
        "tls": {"client": MARK},
    },
    "response": {"status": 200, "headers": ANSWERED, "body": RECEIVED},
    "consumer": {"username": MARK, "custom_id": MARK},
    "authenticated_entity": {"id": MARK},
    "route": {"name": MARK, "tags": [MARK]},
    "service": {"host": MARK},
    "tries": [{"ip": MARK}],
    "client_ip": MARK,
    "started_at": 1_795_773_600_000,
}
NGINX = {
    "time_iso8601": "2026-11-27T10:00:00+00:00",
    "request_method": "POST",
    "request_uri": f"{OPERATION.path}?{QUERY}",
    "scheme": "https",
    "http_host": "api.example",
    "content_type": "application/json",
    "http_authorization": MARK,
    "http_cookie": MARK,
    "http_referer": f"https://h/?{QUERY}",
    "remote_user": MARK,
    "remote_addr": MARK,
    "args": QUERY,
    "cookie_session": MARK,
    "request_body": SENT,
    "status": "200",
    "sent_http_content_type": "application/json",
    "sent_http_set_cookie": MARK,
    "response_body": RECEIVED,
    "comment": MARK,
}
AWS = {
    "event": {
        "version": "2.0",
        "rawPath": OPERATION.path,
        "rawQueryString": QUERY,
        "queryStringParameters": {"key": MARK},
        "cookies": [MARK],
        "headers": HEADERS,
        "stageVariables": {"secret": MARK},
        "requestContext": {
            "http": {"method": "POST", "sourceIp": MARK, "userAgent": MARK},
            "domainName": "api.example",
            "identity": {"apiKey": MARK, "caller": MARK},
            "authorizer": {"jwt": {"claims": {"sub": MARK}}},
        },
        "body": SENT,
        "isBase64Encoded": False,
    },
    "response": {"statusCode": 200, "headers": ANSWERED, "cookies": [MARK], "body": RECEIVED},
    "requestId": MARK,
}


def _attributes(**values: Any) -> list[dict[str, Any]]:
    return [
        {"key": name.replace("__", "."), "value": {"stringValue": str(value)}}
        for name, value in values.items()
    ]


OTLP = {
    "resourceLogs": [
        {
            "resource": {"attributes": _attributes(service__name=MARK)},
            "scopeLogs": [
                {
                    "scope": {"name": MARK},
                    "logRecords": [
                        {
                            "body": {"stringValue": MARK},
                            "severityText": MARK,
                            "traceId": MARK,
                            "attributes": _attributes(
                                http__request__method="POST",
                                url__full=URL,
                                url__query=QUERY,
                                enduser__id=MARK,
                                http__request__header__authorization=MARK,
                                http__request__body=SENT,
                                http__response__status_code=200,
                                http__response__body=RECEIVED,
                            ),
                        }
                    ],
                }
            ],
        }
    ]
}
INTERACTION = {
    "at": "2026-11-27T10:00:00Z",
    "request": {"method": "POST", "url": URL, "headers": HEADERS, "body": SENT, "comment": MARK},
    "response": {"status": 200, "headers": ANSWERED, "body": RECEIVED, "comment": MARK},
    "comment": MARK,
}
PHP_VCR = {
    "request": {"method": "POST", "url": URL, "headers": HEADERS, "body": SENT},
    "response": {
        "status": {"http_version": "1.1", "code": "200", "message": MARK},
        "headers": ANSWERED,
        "body": RECEIVED,
        "curl_info": {"url": URL, "primary_ip": MARK},
    },
    "index": MARK,
}
GO_VCR = {
    "id": 0,
    "request": {
        "proto": MARK,
        "content_length": len(SENT),
        "host": "api.example",
        "remote_addr": MARK,
        "request_uri": MARK,
        "body": SENT,
        "form": {"key": [MARK]},
        "headers": {name: [value] for name, value in HEADERS.items()},
        "trailer": {"X": [MARK]},
        "url": URL,
        "method": "POST",
    },
    "response": {
        "proto": MARK,
        "body": RECEIVED,
        "headers": {name: [value] for name, value in ANSWERED.items()},
        "status": f"200 {MARK}",
        "code": 200,
        "duration": MARK,
    },
}

LOGS: dict[str, tuple[tuple[str, ...], Any]] = {
    "kong": (("--profile", "kong"), KONG),
    "nginx": (("--profile", "nginx"), NGINX),
    "aws": (("--profile", "aws-api-gateway"), AWS),
    "opentelemetry": (("--profile", "opentelemetry"), OTLP),
    "interaction": ((), INTERACTION),
    "php-vcr": ((), [PHP_VCR]),
    "go-vcr": ((), {"version": 2, "interactions": [GO_VCR]}),
}
"""What a file holds, by a name, with the options that it is read with."""
