"""The sandbox refuses what is known to be wrong, answers as documented, and says what it is."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

from enkash_contract.contract.contract import bundled
from enkash_contract.errors import UsageError
from enkash_contract.generation import suite
from enkash_contract.sandbox.app import Sandbox
from enkash_contract.wire.message import Request
from tests.support.asgi_client import send
from tests.support.second_document import second
from tests.support.small_documents import ANSWER, PATH, small

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

    from enkash_contract.judging.case import Case

HOME = bundled().pick().path
GOOD = json.dumps(bundled().pick().request.example).encode()
JSON = {"Content-Type": "application/json"}
SUCCESS = {"payload": "SUCCESS", "response_code": 0, "response_message": "SUCCESS"}
NOTE = ("x-enkash-sandbox", "stateless stub, not EnKash")


def post(app: Sandbox, payload: Any, path: str = HOME) -> httpx.Response:
    """Send one payload as it should be sent."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return send(app, ("POST", path, body, JSON))[0]


def refused(reason: str) -> dict[str, Any]:
    """Return the document's refusal with that reason."""
    return {"payload": reason, "response_code": 400, "response_message": "FAILED"}


def test_a_right_request_is_accepted(payload: Any) -> None:
    """A right request gets the document's own example, the same one twice as well."""
    app = Sandbox()
    answers = [post(app, payload), post(app, payload)]

    assert [(one.status_code, one.json()) for one in answers] == [(200, SUCCESS)] * 2
    assert {one.headers["content-type"] for one in answers} == {"application/json"}


METHOD = "the request must be sent by POST, but it is sent by {} [request#method]"
LABEL = (
    "the request must be labelled application/json, but it is labelled text/plain "
    "[request#content-type]"
)
ABSENT = "the request must state its media type, but it does not [request#content-type-present]"
EMPTY = "the request must be JSON as RFC 8259 defines it, but the body is empty [request#json]"
BYTES = "the request must be UTF-8, but byte 0xff at offset 0 is not UTF-8 [request#encoding]"
TWICE = "/device must not repeat a member's name, but the name 'device' is repeated in one object"
MANY = [
    f"{TWICE} [request#duplicate-names]",
    "/device/tag is required, but missing [request/device/tag#required]",
    "/b2bIds must be an object, but it is [] [request/b2bIds#type]",
    "/invoiceStatus is required, but missing [request/invoiceStatus#required]",
]


@pytest.mark.parametrize(
    ("method", "headers", "body", "status", "reasons"),
    [
        ("GET", JSON, b"{}", 405, [METHOD.format("GET")]),
        ("TRACE", JSON, b"", 405, [METHOD.format("TRACE")]),
        ("POST", {"Content-Type": "text/plain"}, b"{}", 415, [LABEL]),
        ("POST", {}, GOOD, 415, [ABSENT]),
        (
            "POST",
            {},
            b"[]",
            415,
            [ABSENT, "the payload must be an object, but it is [] [request#type]"],
        ),
        ("POST", JSON, b"", 400, [EMPTY]),
        ("POST", JSON, b"\xff", 400, [BYTES]),
        ("POST", JSON, b'{"device":{},"device":{},"b2bIds":[]}', 400, MANY),
    ],
)
def test_a_wrong_request_is_refused(
    method: str, headers: dict[str, str], body: bytes, status: int, reasons: list[str]
) -> None:
    """A refusal has the status HTTP has for it, and names every rule that was broken."""
    (answer,) = send(Sandbox(fail_on="assumed"), (method, HOME, body, headers))
    said = answer.json()["payload"]

    assert (answer.status_code, answer.json()) == (status, refused(said))
    assert sorted(said.split("; ")) == sorted(reasons)
    assert answer.headers.get("allow") == ("POST" if status == 405 else None)


def test_a_refusal_quotes_what_has_no_utf_8() -> None:
    """A name that is a lone surrogate comes back as the escape it was sent as."""
    answer = post(Sandbox(), b'{"b2bIds":{"\\ud800":{"x":"\\udfff"}}}')

    assert answer.status_code == 400
    assert answer.json()["payload"].startswith("/b2bIds must be UTF-8, but a member's name holds")
    assert "/b2bIds/\ud800/x must be UTF-8" in answer.json()["payload"]


def test_every_answer_says_that_it_is_a_stub(payload: Any) -> None:
    """Accepted, refused or nowhere: a header says that EnKash's behaviour is not proven by it."""
    right = json.dumps(payload).encode()
    answers = send(
        Sandbox(),
        ("POST", HOME, right, JSON),
        ("POST", HOME, b"[]", JSON),
        ("PUT", HOME, right, JSON),
        ("HEAD", HOME, None, {}),
        ("POST", "/elsewhere", right, JSON),
        ("POST", HOME + "/", right, JSON),
    )

    assert [one.status_code for one in answers] == [200, 400, 405, 405, 404, 404]
    assert [NOTE in one.headers.items() for one in answers] == [True] * 6
    assert answers[-1].text == f"only POST {HOME} is served here"


def expected_status(case: Case, level: str) -> int:
    """Return how the sandbox has to answer a case."""
    if case.rule.keyword == "path":
        return 404 if case.polarity == "reject" else 200
    if case.polarity == "accept" or not case.rule.evidence.at_least(Sandbox(fail_on=level).level):
        return 200
    return {"method": 405, "content-type": 415, "content-type-present": 415}.get(
        case.rule.keyword, 400
    )


@pytest.mark.unmeasured
@pytest.mark.parametrize("level", ["assumed", "sibling", "example", "documented", "confirmed"])
def test_the_whole_suite_is_answered_as_it_expects(level: str) -> None:
    """Rules at or above the level are enforced, one by one; those below it are not."""
    cases = suite.cases()
    asked = [(one, one.request("http://h" + HOME)) for one in cases]
    answers = send(
        Sandbox(fail_on=level),
        *((one.method, one.path, one.body, list(one.headers)) for _, one in asked),
    )
    statuses = {case.id: answer.status_code for case, answer in zip(cases, answers, strict=True)}
    reasons = {
        case.id: answer.json()["payload"]
        for case, answer in zip(cases, answers, strict=True)
        if answer.status_code not in (200, 404) and case.wire.method != "HEAD"
    }

    assert statuses == {case.id: expected_status(case, level) for case in cases}
    assert [
        one.id for one in cases if f"[{one.rule.id}]" not in reasons.get(one.id, f"[{one.rule.id}]")
    ] == []


def test_a_level_that_is_none() -> None:
    """A level of evidence that does not exist is refused when the sandbox is made."""
    with pytest.raises(UsageError, match="'loud' is not a level of evidence"):
        Sandbox(fail_on="loud")


def test_it_says_which_operation_it_is_a_sandbox_of() -> None:
    """A sandbox is told apart by its operation."""
    assert repr(Sandbox(operation="changeInvoiceStatus")) == "<Sandbox of changeInvoiceStatus>"


def test_a_sandbox_answers_without_http() -> None:
    """What is sent over HTTP can be asked for directly."""
    right = Request("POST", HOME, (("Content-Type", "application/json"),), GOOD)
    reply = Sandbox().answer(right)

    assert reply.response is not None
    assert (reply.response.status, json.loads(reply.response.body or b"")) == (200, SUCCESS)
    assert (reply.delay, reply.cut) == (0.0, False)


def test_a_body_that_cannot_be_decoded_is_not_accepted() -> None:
    """The response names the codings that would be, and nothing is said of the contract."""
    with TestClient(Sandbox()) as client:
        label = {"Content-Type": "application/json", "Content-Encoding": "compress"}
        response = client.post(HOME, content=GOOD, headers=label)
    assert (response.status_code, response.headers["accept-encoding"]) == (415, "gzip, deflate")


def test_a_plain_sandbox_pays_nothing_for_defects() -> None:
    """Nothing about defects is imported unless one is asked for, and then no more than it needs."""
    code = (
        "import sys\n"
        "from enkash_contract.sandbox.app import Sandbox\n"
        "for defect in (None, 'failing/never', 'request#type/null-taken'):\n"
        "    Sandbox(defect=defect)\n"
        "    print(*(name for name in ('sandbox.defects', 'sandbox.misreadings.keywords',"
        " 'sandbox.misreadings.wire', 'generation.families.reject')"
        " if f'enkash_contract.{name}' in sys.modules))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.splitlines() == [
        "",
        "sandbox.defects",
        "sandbox.defects sandbox.misreadings.keywords",
    ]


def test_with_a_defect_every_rule_is_enforced() -> None:
    """Of whatever evidence, so that the defect is all that is wrong."""
    payload = json.loads(GOOD)
    payload["device"]["tag"]["name"] = ""
    defect = "request/b2bIds/buyerB2BId#pattern/unenforced"

    assert post(Sandbox(), payload).status_code == 200
    assert post(Sandbox(defect=defect), payload).status_code == 400
    payload["device"]["tag"]["name"] = "GEOCODE"
    payload["b2bIds"]["buyerB2BId"] = ""
    assert post(Sandbox(defect=defect), payload).status_code == 200


# Documents that say less


NEEDY: dict[str, Any] = {"type": "object", "required": ["n"], "properties": {"n": {"type": "null"}}}
REASON = "/n is required, but missing [request/n#required]"


@pytest.mark.parametrize(
    ("answers", "accepted", "refused"),
    [
        # Without an example the plainest right answer is made.
        (
            {"200": {"schema": ANSWER}, "4XX": {"schema": ANSWER}},
            {"code": 1, "reason": "string"},
            {"code": 1, "reason": REASON},
        ),
        # Nothing is said of either answer.
        ({"500": {"schema": ANSWER}}, {}, {"reason": REASON}),
        # No member of a refusal is a text.
        (
            {"4XX": {"schema": {"type": "object"}, "example": {"code": 7}}},
            {},
            {"code": 7, "reason": REASON},
        ),
        # A refusal is a text, or can say nothing at all.
        ({"4XX": {"schema": {"type": "string"}}}, {}, REASON),
        ({"4XX": {"schema": {"type": "array"}, "example": [1]}}, {}, [1]),
    ],
)
def test_answers_are_as_much_as_the_document_says(
    tmp_path: Path, answers: dict[str, Any], accepted: Any, refused: Any
) -> None:
    """Whatever a document leaves out of its answers, the sandbox answers something that fits."""
    app = Sandbox(contract=small(tmp_path, NEEDY, answers=answers))
    found = [post(app, {"n": None}, PATH), post(app, {}, PATH)]

    assert [(one.status_code, one.json()) for one in found] == [(200, accepted), (400, refused)]


def test_acceptance_without_content(tmp_path: Path) -> None:
    """Where the document accepts by 204 the sandbox does, too."""
    contract = second(tmp_path)
    app = Sandbox(contract=contract, operation="openThing")
    body = json.dumps({"word": "ab", "closed": {}}).encode()
    (answer,) = send(app, ("PUT", "/things", body, JSON))
    assert (answer.status_code, answer.content) == (204, b"")


# A second opinion


SECOND = """
import json, sys
from collections import Counter

import schemathesis
from schemathesis import engine
from schemathesis.engine import events

import enkash_contract as ec
from enkash_contract.contract.contract import bundled

def judged(level):
    schema = schemathesis.openapi.from_dict(bundled().document.data)
    schema = schema.include(operation_id="changeInvoiceStatus")
    schema.app = ec.Sandbox(fail_on=level)
    generation = schema.config.generation
    generation.max_examples, generation.deterministic, generation.database = 20, True, "none"
    done = list(engine.from_schema(schema).execute())
    checks = [
        check
        for event in done
        if isinstance(event, events.ScenarioFinished)
        for listed in event.recorder.checks.values()
        for check in listed
    ]
    return {
        "found": sorted({one.name for one in checks if one.failure_info is not None}),
        "errors": [
            str(one) for one in done if isinstance(one, (events.NonFatalError, events.FatalError))
        ],
        "counts": Counter(one.name for one in checks),
    }

print(json.dumps({level: judged(level) for level in sys.argv[1:]}))
"""
"""In a process of its own: whoever has loaded our hooks there has no independent judge any more."""


@pytest.mark.slow
@pytest.mark.unmeasured
def test_what_schemathesis_finds(tmp_path: Path) -> None:
    """An independent judge of the same document finds nothing that is a defect."""
    expected = {
        "assumed": [],
        # Schemathesis knows nothing of evidence and holds every rule for one that is enforced; a
        # sandbox that leaves the assumed ones alone accepts what it calls negative data.
        "sibling": ["negative_data_rejection"],
    }
    words = [sys.executable, "-c", SECOND, *expected]
    done = subprocess.run(words, capture_output=True, check=True, text=True, cwd=tmp_path)
    seen = json.loads(done.stdout)
    assert {level: (one["found"], one["errors"]) for level, one in seen.items()} == {
        level: (names, []) for level, names in expected.items()
    }
    for counts in (one["counts"] for one in seen.values()):
        assert counts["positive_data_acceptance"] == counts["negative_data_rejection"] > 10


def test_it_says_which_operations_it_serves() -> None:
    """Those of the contract that go to EnKash, by default."""
    served = [operation.id for operation in Sandbox().operations]
    assert "payInvoice" in served
    assert "paymentRequest" not in served


def test_whoever_wants_to_know_is_told_of_accepted_requests() -> None:
    """Of no other, and of none at another path."""
    told: list[str] = []
    app = Sandbox()
    app.accepted = lambda operation, _: told.append(operation.id)
    path, example = app.operation.path, app.operation.request.example
    with TestClient(app) as client:
        client.post(path, json={})
        client.post("/elsewhere", json=example)
        assert told == []
        client.post(path, json=example)
    assert told == [app.operation.id]
