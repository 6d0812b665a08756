"""What the whole of a request breaks: method, path, labels, bytes and payload, in this order."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract.contract.routing import is_whole_path
from enkash_contract.validation.request import (
    addressed_violations,
    demand,
    request_violations,
    sentence,
)
from enkash_contract.wire import strict_json
from enkash_contract.wire.message import Headers, Request
from tests.support.small_documents import small

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.contract.operation import Operation

JSON = "application/json"
LABEL = (("Content-Type", JSON),)


def labelled(*labels: str) -> Headers:
    """Return headers with these labels among others."""
    return (("Accept", "*/*"), *(("content-type", label) for label in labels))


def broken(operation: Operation, request: Request) -> list[str]:
    """Return the ids of the rules that a request breaks, in order."""
    return [violation.rule.id for violation in request_violations(operation, request)]


@pytest.fixture
def right(operation: Operation) -> Request:
    """Return a right request to the bundled document's operation."""
    body = json.dumps(operation.request.example).encode()
    return Request(operation.method, f"https://h{operation.path}?key=1", LABEL, body)


def test_a_right_request_breaks_nothing(operation: Operation, right: Request) -> None:
    """The document's example by its method, to its path, under its label, is right."""
    assert request_violations(operation, right) == []


PATH = "/api/v0/invoice/req-status-change-invoice"


@pytest.mark.parametrize(
    ("path", "mistyped"),
    [
        (PATH, False),
        (f"https://h/base{PATH}?a=/", False),
        (PATH.replace("-", "%2D"), False),
        (f"{PATH}/", True),
        (PATH.upper(), True),
        (f"https://h{PATH.replace('/v0', '//v0')}/", True),
        # Any other path is somebody else's, or the target's own mount.
        ("/anything/", False),
        (f"{PATH}/more/", False),
    ],
)
def test_a_mistyped_path_breaks_its_rule(
    operation: Operation, right: Request, path: str, mistyped: object
) -> None:
    """Slashes and capitals that the document lacks break the rule; another path breaks nothing."""
    request = Request(right.method, path, right.headers, right.body)

    assert broken(operation, request) == (["request#path"] if mistyped else [])
    # Where it is known that this operation was meant, any other path is the wrong one.
    addressed = addressed_violations(operation, request)
    own = is_whole_path(operation, request)
    assert [one.rule.id for one in addressed] == ([] if own else ["request#path"])
    assert {one.actual for one in addressed} <= {f"it is sent to {request.path}"}


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ([], ["request#content-type-present"]),
        ([JSON], []),
        (["Application/JSON ; charset=iso-8859-1"], []),
        (["text/plain"], ["request#content-type"]),
        ([""], ["request#content-type"]),
        (["application/json-seq"], ["request#content-type"]),
        ([JSON, JSON], ["request#content-type-single"]),
        # Two fields as a proxy joins them; a comma within quotes joins nothing.
        ([f"{JSON}, {JSON}"], ["request#content-type-single"]),
        ([f"{JSON}; x=1,{JSON}"], ["request#content-type-single"]),
        ([f'{JSON}; profile="a,b"'], []),
        ([f"{JSON},"], []),
        ([f"text/plain, {JSON}"], ["request#content-type", "request#content-type-single"]),
        ([JSON, "text/plain", JSON], ["request#content-type-single"]),
        # The first of them is judged, whatever follows.
        (["text/plain", JSON], ["request#content-type", "request#content-type-single"]),
    ],
)
def test_how_labels_are_judged(
    operation: Operation, right: Request, labels: list[str], expected: list[str]
) -> None:
    """There must be one label, and the first must be right, whatever its parameters."""
    request = Request(right.method, right.url, labelled(*labels), right.body)

    assert broken(operation, request) == expected


WRONG: Any = {"device": 1}
WRONG_BODY = json.dumps(WRONG).encode()
PAYLOAD_RULES = [
    "request/b2bIds#required",
    "request/invoiceStatus#required",
    "request/device#type",
]


@pytest.mark.parametrize(
    ("method", "path", "labels", "expected"),
    [
        ("POST", PATH, [JSON], PAYLOAD_RULES),
        ("POST", f"{PATH}/", [], ["request#path", "request#content-type-present", *PAYLOAD_RULES]),
        ("POST", PATH, [JSON, "a/b"], ["request#content-type-single", *PAYLOAD_RULES]),
        # A body by another method or under another label is not claimed to be a payload.
        ("PUT", PATH, [JSON], ["request#method"]),
        ("post", PATH, [JSON], ["request#method"]),
        ("POST", PATH, ["a/b"], ["request#content-type"]),
        (
            "GET",
            f"{PATH}/",
            ["a/b", JSON],
            [
                "request#method",
                "request#path",
                "request#content-type",
                "request#content-type-single",
            ],
        ),
    ],
)
def test_all_that_is_broken_is_told_in_order(
    operation: Operation, method: str, path: str, labels: list[str], expected: list[str]
) -> None:
    """Method, path and labels come first, and then the payload, unless it is claimed to be none."""
    request = Request(method, path, labelled(*labels), WRONG_BODY)
    found = broken(operation, request)

    # The order among the payload's own violations is the engine's.
    assert sorted(found[-3:]) == sorted(expected[-3:])
    assert found[:-3] == expected[:-3]
    assert len(found) == len(expected)


@pytest.mark.parametrize(
    ("method", "labels", "expected"),
    [
        ("POST", [JSON], []),
        ("POST", [], ["request#content-type-present"]),
        ("PUT", [JSON], ["request#method"]),
    ],
)
def test_a_body_that_was_not_recorded(
    operation: Operation, method: str, labels: list[str], expected: list[str]
) -> None:
    """Nothing is found in a body that was not recorded; the rest of the request is judged."""
    request = Request(method, PATH, labelled(*labels), None)

    assert broken(operation, request) == expected


def test_what_is_wrong_is_said_in_a_sentence(operation: Operation, right: Request) -> None:
    """What no schema can say is said of the request, all else of the place in the payload."""

    def said(request: Request) -> list[str]:
        return [sentence(one) for one in request_violations(operation, request)]

    url = f"{PATH}/"
    bad = b'{"device":{"tag":{"name":"\\ud800","value":"x"}},"b2bIds":1,"b2bIds":1}'
    many = said(Request("POST", PATH, LABEL, bad))

    assert said(Request("PUT", url, labelled("a/b", "c/d"), b"")) == [
        "the request must be sent by POST, but it is sent by PUT",
        f"the request must be sent to exactly {PATH}, but it is sent to {PATH}/",
        "the request must be labelled application/json, but it is labelled a/b",
        "the request must state one media type, but it states a/b and c/d",
    ]
    assert said(Request("POST", PATH, (), b"")) == [
        "the request must state its media type, but it does not",
        "the request must be JSON as RFC 8259 defines it, but the body is empty",
    ]
    assert said(Request("POST", PATH, labelled(""), b"")) == [
        "the request must be labelled application/json, but it is labelled with nothing",
    ]
    assert said(Request("POST", PATH, LABEL, b"[]")) == [
        "the payload must be an object, but it is []"
    ]
    assert sorted(many) == [
        "/b2bIds must be an object, but it is 1",
        "/b2bIds must not repeat a member's name, but the name 'b2bIds' is repeated in one object",
        "/device/tag/name must be UTF-8, but the string holds the lone surrogate U+D800",
        "/invoiceStatus is required, but missing",
    ]


def test_the_operation_s_own_media_type_and_method_count(tmp_path: Path) -> None:
    """What is right is what the document says, which may be a short path."""
    operation = small(tmp_path, {"type": "object"}).pick()

    assert broken(operation, Request("POST", "/change", LABEL, b"{}")) == []
    assert broken(operation, Request("POST", "http://h/change/", LABEL, b"{}")) == ["request#path"]
    # A slash before all of it is the server's own.
    assert broken(operation, Request("POST", "http://h//change", LABEL, b"{}")) == []


def test_a_body_is_decoded_once(
    operation: Operation, right: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A caller that has decoded the body hands that over, and gets the same violations."""
    bodies = [b"{", b"[]", b'{"device":1,"device":1}', right.body or b""]
    requests = [replace(right, body=body) for body in bodies]
    expected = [request_violations(operation, request) for request in requests]
    decoded = [strict_json.decode(body) for body in bodies]
    monkeypatch.setattr(strict_json, "decode", None)

    assert expected == [
        request_violations(operation, request, of_body)
        for request, of_body in zip(requests, decoded, strict=True)
    ]


def test_a_demand_holds_nothing_that_was_sent(operation: Operation) -> None:
    """Only the document speaks: of the request, the payload or a place in it."""

    def demanded(request: Request) -> list[str]:
        return [demand(one) for one in request_violations(operation, request)]

    assert demanded(Request("PUT", PATH, LABEL, b"")) == ["the request must be sent by POST"]
    assert demanded(Request("POST", PATH, LABEL, b"[]")) == ["the payload must be an object"]
    assert demanded(Request("POST", PATH, LABEL, b"[")) == [
        "the request must be JSON as RFC 8259 defines it"
    ]
    assert demanded(Request("POST", PATH, LABEL, b'{"device":{"tag":7}}')) == [
        "/b2bIds is required",
        "/invoiceStatus is required",
        "/device/tag must be an object",
    ]
