"""The judge looks at the pair: the same answer means one thing to a right request, another else."""

from __future__ import annotations

import copy
import itertools
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, get_args

import pytest

from enkash_contract.contract.contract import bundled
from enkash_contract.contract.evidence import Evidence, Level
from enkash_contract.generation import suite
from enkash_contract.judging import checks
from enkash_contract.judging.case import Polarity
from enkash_contract.judging.finding import Finding
from enkash_contract.judging.judge import CONCLUSIONS, judge_case, judge_record, judge_request
from enkash_contract.judging.result import RECORDED, Exercise, Result, Tally
from enkash_contract.secrets.redaction import Secrets
from enkash_contract.validation.outcome import Outcome, outcome_of
from enkash_contract.validation.request import request_violations
from enkash_contract.wire.message import Interaction, Request, Response
from tests.support.small_documents import small

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from enkash_contract.contract.operation import Operation

OPERATION = bundled().pick()
URL = "http://h" + OPERATION.path
CASES = {case.id: case for case in suite.cases()}

Told = tuple[str, str, str, str]
"""What a test looks at of a finding: check, rule, severity and message."""


def told(findings: tuple[Finding, ...]) -> list[Told]:
    """Return what is to be looked at of each finding."""
    return [(one.check, one.rule, one.severity, one.message) for one in findings]


# Answers


def answer(status: int, body: Any, label: str | None = "application/json") -> Response:
    """Return an answer; a body that is no bytes is written as JSON."""
    raw = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    return Response(status, () if label is None else (("content-type", label),), raw)


OK = {"payload": "SUCCESS", "response_code": 0, "response_message": "SUCCESS"}
NO = {"payload": "no such invoice", "response_code": 4, "response_message": "FAILED"}
SAID = f"; the response was {json.dumps(NO, separators=(',', ':'))[:59]}…"

ANSWERS: dict[str, Response | None] = {
    "accepted": answer(200, OK),
    "accepted, with more members": answer(
        200, {**OK, "more": [1]}, "application/json; charset=UTF-8"
    ),
    "accepted, unlabelled": answer(200, OK, None),
    "accepted, payload null": answer(200, {**OK, "payload": None}),
    "refused": answer(400, NO),
    "refused by 412": answer(412, NO),
    "refused by 422": answer(422, NO),
    "refused in a 200": answer(200, NO),
    "refused in HTML": answer(400, b"<p>", "text/html"),
    "refused in silence": answer(400, b"", None),
    "refused, not recorded": answer(400, None),
    "refused in other words": answer(400, {"error": "x"}),
    "failed": answer(500, b"Internal Server Error", "text/plain"),
    "failed in HTML": answer(502, b"<p>", "text/html"),
    "failed in silence": answer(503, b"", "text/plain"),
    "not implemented": answer(501, b"no such method", "text/plain"),
    "not found": answer(404, b"<p>", "text/html"),
    "silent": None,
    "unauthorised": answer(401, NO),
    "unauthorised in HTML": answer(401, b"<p>", "text/html"),
    "sent elsewhere": answer(302, b"", None),
    "code as string": answer(200, {**OK, "response_code": "0"}),
    "a page": answer(200, b"<p>", "text/html"),
    "nothing": answer(200, b""),
    "nothing recorded": answer(200, None),
    "a list": answer(200, ["the payload"]),
}
SILENCE = "no whole response came within 10 s"
CRASHED = 'answered 500 ("Internal Server Error")'


def answered(request: Request, name: str) -> Interaction:
    """Return an interaction with one of the answers above."""
    if name == "aborted":
        return Interaction(request, None, "gone", aborted=True, source="http://h")
    error = SILENCE if ANSWERS[name] is None else None
    return Interaction(request, ANSWERS[name], error, source="http://h")


UNLABELLED: Told = (
    "content_type_conformance",
    "response.200#content-type",
    "violation",
    "the response must be labelled application/json, but it is not labelled",
)
NULL_PAYLOAD: Told = (
    "response_schema_conformance",
    "response.200/payload#type",
    "assumption",
    "in the response, /payload must be a string or an object, but it is null",
)
REFUSED_IN_HTML: Told = (
    "content_type_conformance",
    "response.4XX#content-type",
    "assumption",
    "the response must be labelled application/json, but it is labelled text/html",
)
IN_SILENCE: list[Told] = [
    (
        "content_type_conformance",
        "response.4XX#content-type",
        "assumption",
        "the response must be labelled application/json, but it is not labelled",
    ),
    (
        "response_schema_conformance",
        "response.4XX#json",
        "assumption",
        "the response must be JSON as RFC 8259 defines it, but the body is empty",
    ),
]
IN_OTHER_WORDS: list[Told] = [
    (
        "response_schema_conformance",
        f"response.4XX/{name}#required",
        "assumption",
        f"in the response, /{name} is required, but missing",
    )
    for name in ("payload", "response_code", "response_message")
]
ELSEWHERE: Told = (
    "status_code_conformance",
    "response#status",
    "violation",
    "the response must have one of the documented statuses 200, 4XX, but it is 302",
)
CODE_AS_STRING: Told = (
    "response_schema_conformance",
    "response.200/response_code#type",
    "violation",
    'in the response, /response_code must be an integer, but it is "0"',
)
A_PAGE: Told = (
    "content_type_conformance",
    "response.200#content-type",
    "violation",
    "the response must be labelled application/json, but it is labelled text/html",
)
NOTHING: Told = (
    "response_schema_conformance",
    "response.200#json",
    "violation",
    "the response must be JSON as RFC 8259 defines it, but the body is empty",
)
A_LIST: Told = (
    "response_schema_conformance",
    "response.200#type",
    "violation",
    'in the response, the body must be an object, but it is ["the payload"]',
)

# Cases: one that is right, one that breaks a rule known from a sibling page, one that breaks a
# rule which is only assumed.

RIGHT = "request#json/pretty-printed"
STRONG = "request/b2bIds/buyerB2BId#required/removed"
WEAK = "request/invoiceStatus/objectVersion/currentVersion#minimum/one-under"
METHOD = "request#method/GET"
STRONG_RULE, WEAK_RULE = (case_id.rpartition("/")[0] for case_id in (STRONG, WEAK))
STRONG_SAYS = "/b2bIds/buyerB2BId is required, but missing"
METHOD_CASE_SAYS = "the request must be sent by POST, but it is sent by GET"
WEAK_SAYS = "/invoiceStatus/objectVersion/currentVersion must be at least 1, but it is 0"


def refused(said: str = SAID) -> Told:
    """Return what is told of a right request that was refused."""
    message = f"rejected, although it keeps every rule: the baseline, pretty printed{said}"
    return "positive_data_acceptance", "request#json", "violation", message


def accepted(rule: str, severity: str, says: str) -> Told:
    """Return what is told of a wrong request that was accepted."""
    return "negative_data_rejection", rule, severity, f"accepted, although {says}"


def failed(rule: str, says: str, what: str = CRASHED) -> Told:
    """Return what is told of a server that fails on a case."""
    return "not_a_server_error", rule, "violation", f"{what}: {says}"


STRONG_IN, WEAK_IN = (
    accepted(STRONG_RULE, "violation", STRONG_SAYS),
    accepted(WEAK_RULE, "assumption", WEAK_SAYS),
)
HELD, MISSED, NONE = Tally(1, 1), Tally(1, 0), Tally(inconclusive=1)

Row = tuple[str, str, list[Told], str, Tally]
PAIRS: list[Row] = [
    # valid, accepted: holds
    (RIGHT, "accepted", [], "held", HELD),
    (RIGHT, "accepted, with more members", [], "held", HELD),
    (RIGHT, "accepted, unlabelled", [UNLABELLED], "violation", HELD),
    (RIGHT, "accepted, payload null", [NULL_PAYLOAD], "assumption", HELD),
    # valid, rejected: positive_data_acceptance
    (RIGHT, "refused", [refused()], "violation", MISSED),
    (RIGHT, "refused by 422", [refused()], "violation", MISSED),
    (RIGHT, "refused in a 200", [refused()], "violation", MISSED),
    (RIGHT, "refused in HTML", [REFUSED_IN_HTML, refused("")], "violation", MISSED),
    (RIGHT, "refused in silence", [*IN_SILENCE, refused("")], "violation", MISSED),
    (
        RIGHT,
        "refused in other words",
        [*IN_OTHER_WORDS, refused('; the response was {"error":"x"}')],
        "violation",
        MISSED,
    ),
    # invalid, rejected: holds
    (STRONG, "refused", [], "held", HELD),
    (STRONG, "refused by 412", [], "held", HELD),
    (STRONG, "refused by 422", [], "held", HELD),
    (STRONG, "refused in a 200", [], "held", HELD),
    (RIGHT, "refused, not recorded", [refused("")], "violation", MISSED),
    (STRONG, "refused in HTML", [REFUSED_IN_HTML], "assumption", HELD),
    (STRONG, "refused in silence", IN_SILENCE, "assumption", HELD),
    (STRONG, "refused in other words", IN_OTHER_WORDS, "assumption", HELD),
    (WEAK, "refused", [], "held", HELD),
    # invalid, accepted: negative_data_rejection, as strong as the rule
    (STRONG, "accepted", [STRONG_IN], "violation", MISSED),
    (STRONG, "accepted, with more members", [STRONG_IN], "violation", MISSED),
    (STRONG, "accepted, unlabelled", [UNLABELLED, STRONG_IN], "violation", MISSED),
    (WEAK, "accepted", [WEAK_IN], "assumption", MISSED),
    (WEAK, "accepted, payload null", [NULL_PAYLOAD, WEAK_IN], "assumption", MISSED),
    (WEAK, "accepted, unlabelled", [UNLABELLED, WEAK_IN], "violation", MISSED),
    # any, error: not_a_server_error, however weak the rule
    (
        RIGHT,
        "failed",
        [failed("request#json", "the baseline, pretty printed")],
        "violation",
        MISSED,
    ),
    (STRONG, "failed", [failed(STRONG_RULE, STRONG_SAYS)], "violation", MISSED),
    (WEAK, "failed", [failed(WEAK_RULE, WEAK_SAYS)], "violation", MISSED),
    (WEAK, "silent", [failed(WEAK_RULE, WEAK_SAYS, SILENCE)], "violation", MISSED),
    (WEAK, "failed in HTML", [failed(WEAK_RULE, WEAK_SAYS, "answered 502")], "violation", MISSED),
    (
        WEAK,
        "failed in silence",
        [failed(WEAK_RULE, WEAK_SAYS, "answered 503")],
        "violation",
        MISSED,
    ),
    (
        WEAK,
        "not implemented",
        [failed(WEAK_RULE, WEAK_SAYS, 'answered 501 ("no such method")')],
        "violation",
        MISSED,
    ),
    # another method: whatever is no acceptance and no crash says that it is not served
    *(
        (METHOD, name, list[Told](), "held", HELD)
        for name in ("refused", "not found", "not implemented", "sent elsewhere", "a page")
    ),
    (
        METHOD,
        "accepted",
        [accepted("request#method", "violation", METHOD_CASE_SAYS)],
        "violation",
        MISSED,
    ),
    (
        METHOD,
        "accepted, unlabelled",
        [accepted("request#method", "violation", METHOD_CASE_SAYS)],
        "violation",
        MISSED,
    ),
    (METHOD, "failed", [failed("request#method", METHOD_CASE_SAYS)], "violation", MISSED),
    (METHOD, "silent", [failed("request#method", METHOD_CASE_SAYS, SILENCE)], "violation", MISSED),
    (METHOD, "aborted", [], "inconclusive", NONE),
    # any, unknown: what is wrong with the answer, if anything is
    *((case, "unauthorised", list[Told](), "inconclusive", NONE) for case in (RIGHT, STRONG)),
    *(
        (case, "unauthorised in HTML", [REFUSED_IN_HTML], "inconclusive", NONE)
        for case in (RIGHT, STRONG)
    ),
    *((case, "aborted", list[Told](), "inconclusive", NONE) for case in (RIGHT, STRONG)),
    *((case, "nothing recorded", list[Told](), "inconclusive", NONE) for case in (RIGHT, STRONG)),
    *((case, "sent elsewhere", [ELSEWHERE], "violation", NONE) for case in (RIGHT, STRONG, WEAK)),
    *(
        (case, "code as string", [CODE_AS_STRING], "violation", NONE)
        for case in (RIGHT, STRONG, WEAK)
    ),
    *((case, "a page", [A_PAGE], "violation", NONE) for case in (RIGHT, STRONG, WEAK)),
    *((case, "nothing", [NOTHING], "violation", NONE) for case in (RIGHT, STRONG, WEAK)),
    *((case, "a list", [A_LIST], "violation", NONE) for case in (RIGHT, STRONG, WEAK)),
]


def judged(case_id: str, name: str, **options: Any) -> Result:
    """Judge one of the answers to one of the cases."""
    case = CASES[case_id]
    return judge_case(OPERATION, case, answered(case.request(URL), name), **options)


@pytest.mark.parametrize(("case_id", "name", "findings", "verdict", "tally"), PAIRS)
def test_the_pair_in_a_check_run(
    case_id: str, name: str, findings: list[Told], verdict: str, tally: Tally
) -> None:
    """Each row of the pair table: what is found, what it comes to, and what it counts for."""
    result = judged(case_id, name)
    case = CASES[case_id]
    tallies = {(case.rule.id, case.polarity): tally}

    assert told(result.findings) == findings
    assert (result.verdicts, result.tallies) == ({verdict: 1}, tallies)


@pytest.mark.parametrize(
    ("case_id", "name", "findings", "verdict", "tally"),
    [
        (RIGHT, "accepted", [], "held", HELD),
        (RIGHT, "refused", [], "inconclusive", NONE),
        (STRONG, "refused", [], "inconclusive", NONE),
        (STRONG, "refused in silence", IN_SILENCE, "inconclusive", NONE),
        (STRONG, "accepted", [STRONG_IN], "violation", MISSED),
        (WEAK, "accepted", [WEAK_IN], "assumption", MISSED),
        (WEAK, "failed", [failed(WEAK_RULE, WEAK_SAYS)], "violation", MISSED),
        (RIGHT, "code as string", [CODE_AS_STRING], "violation", NONE),
        (STRONG, "unauthorised", [], "inconclusive", NONE),
    ],
)
def test_the_pair_without_an_accepted_baseline(
    case_id: str, name: str, findings: list[Told], verdict: str, tally: Tally
) -> None:
    """While nobody knows whether anything is accepted, a refusal proves nothing; all else does."""
    result = judged(case_id, name, trusted=False)
    case = CASES[case_id]
    tallies = {(case.rule.id, case.polarity): tally}

    assert told(result.findings) == findings
    assert (result.verdicts, result.tallies) == ({verdict: 1}, tallies)


@pytest.mark.parametrize(("status", "unread"), [(413, False), (413, True), (400, True)])
def test_a_request_that_was_not_read_shows_nothing_of_its_payload(
    status: int,
    unread: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """A server may reject a valid request for its size; an invalid one it rejects all the same."""
    seen = {}
    for name in (RIGHT, STRONG):
        case = CASES[name]
        interaction = Interaction(case.request(URL), answer(status, NO), unread=unread)
        result = judge_case(OPERATION, case, interaction)
        seen[case.polarity] = (result.findings, result.verdicts)
    assert seen == {"accept": ((), {"inconclusive": 1}), "reject": ((), {"held": 1})}


Conclusion = tuple[list[str], str, Tally]
"""What a case leads to: the checks that found something, the verdict, and what is counted."""

EXPECTED: dict[tuple[str, str, bool], Conclusion] = {
    ("accept", "accepted", True): ([], "held", HELD),
    ("accept", "accepted", False): ([], "held", HELD),
    ("accept", "rejected", True): ([checks.POSITIVE], "violation", MISSED),
    ("accept", "rejected", False): ([], "inconclusive", NONE),
    ("accept", "error", True): ([checks.SERVER_ERROR], "violation", MISSED),
    ("accept", "error", False): ([checks.SERVER_ERROR], "violation", MISSED),
    ("accept", "unknown", True): ([], "inconclusive", NONE),
    ("accept", "unknown", False): ([], "inconclusive", NONE),
    ("reject", "accepted", True): ([checks.NEGATIVE], "violation", MISSED),
    ("reject", "accepted", False): ([checks.NEGATIVE], "violation", MISSED),
    ("reject", "rejected", True): ([], "held", HELD),
    ("reject", "rejected", False): ([], "inconclusive", NONE),
    ("reject", "error", True): ([checks.SERVER_ERROR], "violation", MISSED),
    ("reject", "error", False): ([checks.SERVER_ERROR], "violation", MISSED),
    ("reject", "unknown", True): ([], "inconclusive", NONE),
    ("reject", "unknown", False): ([], "inconclusive", NONE),
}
OF_OUTCOME = {
    "accepted": "accepted",
    "rejected": "refused",
    "error": "failed",
    "unknown": "unauthorised",
}


@pytest.mark.parametrize(
    ("polarity", "outcome", "trusted"),
    [*itertools.product(get_args(Polarity), get_args(Outcome), (True, False))],
)
def test_every_combination_of_a_case(polarity: str, outcome: str, *, trusted: bool) -> None:
    """Each polarity with each outcome, with and without a trusted baseline, has one conclusion."""
    case = CASES[RIGHT if polarity == "accept" else STRONG]
    result = judged(case.id, OF_OUTCOME[outcome], trusted=trusted)
    found, verdict, tally = EXPECTED[polarity, outcome, trusted]

    assert outcome_of(OPERATION, answered(case.request(URL), OF_OUTCOME[outcome])) == outcome
    assert [finding.check for finding in result.findings] == found
    assert result.verdicts == {verdict: 1}
    table = {(str(sent), str(did), trust): name for (sent, did, trust), name in CONCLUSIONS.items()}
    assert table[polarity, outcome, trusted] == (found or [verdict])[0]
    assert result.tallies == {(case.rule.id, polarity): tally}


@pytest.mark.parametrize("level", list(Level))
def test_severity_follows_the_level_asked_for(level: Level) -> None:
    """Each finding weighs as much as its own evidence does at the level that fails a build."""
    found = [
        *judged(STRONG, "accepted, payload null", fail_on=level).findings,
        *judged(WEAK, "accepted, unlabelled", fail_on=level).findings,
        *judged(WEAK, "failed", fail_on=level).findings,
    ]
    basis = [one.evidence.level for one in found]
    weights = [one.severity for one in found]

    assert basis == [
        Level.DISPUTED,
        Level.SIBLING,
        Level.DOCUMENTED,
        Level.ASSUMED,
        # A crash rests on the evidence of what an error is, whatever the rule behind the request.
        Level.SIBLING,
    ]
    assert weights == ["violation" if one.at_least(level) else "assumption" for one in basis]


def test_a_finding_says_where_everything_is() -> None:
    """A finding leads to the rule, the place in the document, the case and the interaction."""
    case = CASES[STRONG]
    interaction = answered(case.request(URL), "accepted")
    (found,) = judge_case(OPERATION, case, interaction).findings

    assert found == Finding(
        check="negative_data_rejection",
        operation="changeInvoiceStatus",
        rule=STRONG_RULE,
        evidence=case.rule.evidence,
        severity="violation",
        message=f"accepted, although {STRONG_SAYS}",
        document=case.rule.place,
        pointer="/b2bIds/buyerB2BId",
        family="required/removed",
        case=STRONG,
        source="http://h",
    )
    assert found.interaction == interaction


@pytest.mark.parametrize(
    ("name", "pointer"),
    [
        ("code as string", "/response_code"),
        ("a page", ""),
        ("nothing", ""),
        ("a list", ""),
        ("sent elsewhere", ""),
    ],
)
def test_a_finding_on_an_answer_belongs_to_no_family(name: str, pointer: str) -> None:
    """The same wrong answer to every case is one finding, by its fingerprint."""
    found = [judged(case_id, name).findings[0] for case_id in (RIGHT, STRONG, WEAK)]

    assert [one.family for one in found] == ["", "", ""]
    assert [one.case for one in found] == [RIGHT, STRONG, WEAK]
    assert [one.pointer for one in found] == [pointer] * 3
    assert len({one.fingerprint for one in found}) == 1


# Records


def change(how: Callable[[Any], object]) -> bytes:
    """Return the right payload, changed."""
    payload = copy.deepcopy(OPERATION.request.example)
    how(payload)
    return json.dumps(payload).encode()


def no_buyer(payload: Any) -> None:
    """Take the buyer's id away."""
    del payload["b2bIds"]["buyerB2BId"]


def version_zero(payload: Any) -> None:
    """Set a version that is only assumed to be wrong."""
    payload["invoiceStatus"]["objectVersion"]["currentVersion"] = 0


def both(payload: Any) -> None:
    """Break a weak rule and a strong one."""
    version_zero(payload)
    no_buyer(payload)


JSON = (("Content-Type", "application/json"),)
TEXT = (("content-type", "text/plain"),)
GOOD = change(lambda payload: payload)
REQUESTS = {
    "right": Request("POST", URL, JSON, GOOD),
    "right, by another label": Request(
        "POST", URL, (("content-type", "Application/JSON ;x=y"),), GOOD
    ),
    "right, with more members": Request("POST", URL, JSON, change(lambda one: one.update(more=1))),
    "no buyer": Request("POST", URL, JSON, change(no_buyer)),
    "version 0": Request("POST", URL, JSON, change(version_zero)),
    "both": Request("POST", URL, JSON, change(both)),
    "not recorded": Request("POST", URL, JSON, None),
    "text": Request("POST", URL, TEXT, change(no_buyer)),
    "unlabelled": Request("POST", URL, (), GOOD),
    "unlabelled, no buyer": Request("POST", URL, (), change(no_buyer)),
    "unlabelled, not recorded": Request("POST", URL, (), None),
    "GET, not recorded": Request("GET", URL, TEXT, None),
    "a brace": Request("POST", URL, JSON, b"{"),
    "a list": Request("POST", URL, JSON, b"[]"),
}


def client(rule: str, severity: str, says: str) -> Told:
    """Return what is told of a client's own fault."""
    return "request_schema_conformance", rule, severity, says


NO_BUYER = client(STRONG_RULE, "violation", STRONG_SAYS)
VERSION_ZERO = client(WEAK_RULE, "assumption", WEAK_SAYS)
LABEL_SAYS = "the request must be labelled application/json, but it is labelled text/plain"
METHOD_SAYS = "the request must be sent by POST, but it is sent by GET"
PRESENT_SAYS = "the request must state its media type, but it does not"
LIST_SAYS = "the payload must be an object, but it is []"
BRACE_SAYS = (
    "the request must be JSON as RFC 8259 defines it, but it is not JSON: "
    "expecting property name enclosed in double quotes at line 1 column 2"
)
CRASH: Told = ("not_a_server_error", "response#status", "violation", CRASHED)
EVERY_RULE = {(one.id, "accept") for one in OPERATION.rules.values() if one.side == "request"}

RECORDS: list[tuple[str, str, list[Told], str, dict[str, Tally] | Tally]] = [
    ("right", "accepted", [], "held", HELD),
    ("right, by another label", "accepted", [], "held", HELD),
    ("right, with more members", "accepted, with more members", [], "held", HELD),
    # There are business reasons to refuse what is right: it holds, and says nothing of any rule.
    ("right", "refused", [], "held", {}),
    ("right", "refused in a 200", [], "held", {}),
    ("right", "failed", [CRASH], "violation", MISSED),
    ("right", "aborted", [], "inconclusive", {}),
    ("right", "unauthorised", [], "inconclusive", {}),
    ("right", "code as string", [CODE_AS_STRING], "violation", {}),
    ("right", "sent elsewhere", [ELSEWHERE], "violation", {}),
    ("no buyer", "refused", [NO_BUYER], "violation", {STRONG_RULE: HELD}),
    ("no buyer", "accepted", [NO_BUYER, STRONG_IN], "violation", {STRONG_RULE: MISSED}),
    ("no buyer", "failed", [CRASH, NO_BUYER], "violation", {STRONG_RULE: MISSED}),
    ("no buyer", "aborted", [NO_BUYER], "violation", {}),
    ("no buyer", "unauthorised", [NO_BUYER], "violation", {}),
    ("no buyer", "code as string", [CODE_AS_STRING, NO_BUYER], "violation", {}),
    ("version 0", "refused", [VERSION_ZERO], "assumption", {WEAK_RULE: HELD}),
    ("version 0", "accepted", [VERSION_ZERO, WEAK_IN], "assumption", {WEAK_RULE: MISSED}),
    ("version 0", "unauthorised", [VERSION_ZERO], "inconclusive", {}),
    (
        "both",
        "accepted",
        [NO_BUYER, VERSION_ZERO, STRONG_IN],
        "violation",
        {STRONG_RULE: MISSED, WEAK_RULE: MISSED},
    ),
    ("not recorded", "accepted", [], "inconclusive", {}),
    ("not recorded", "failed", [CRASH], "violation", {}),
    (
        "text",
        "refused",
        [client("request#content-type", "violation", LABEL_SAYS)],
        "violation",
        {"request#content-type": HELD},
    ),
    (
        "unlabelled",
        "accepted",
        [
            client("request#content-type-present", "assumption", PRESENT_SAYS),
            accepted("request#content-type-present", "assumption", PRESENT_SAYS),
        ],
        "assumption",
        {"request#content-type-present": MISSED},
    ),
    (
        "GET, not recorded",
        "not found",
        [
            client("request#method", "violation", METHOD_SAYS),
            client("request#content-type", "violation", LABEL_SAYS),
        ],
        "violation",
        {"request#method": HELD, "request#content-type": HELD},
    ),
    (
        "a brace",
        "refused",
        [client("request#json", "violation", BRACE_SAYS)],
        "violation",
        {"request#json": HELD},
    ),
    (
        "a list",
        "accepted",
        [
            client("request#type", "violation", LIST_SAYS),
            accepted("request#type", "violation", LIST_SAYS),
        ],
        "violation",
        {"request#type": MISSED},
    ),
]


@pytest.mark.parametrize(("asked", "name", "findings", "verdict", "tallies"), RECORDS)
def test_the_pair_in_recorded_traffic(
    asked: str, name: str, findings: list[Told], verdict: str, tallies: dict[str, Tally] | Tally
) -> None:
    """Each row of the pair table for records: the client's side is judged as the server's is."""
    result = judge_record(OPERATION, answered(REQUESTS[asked], name))
    if isinstance(tallies, Tally):
        counted = dict.fromkeys(EVERY_RULE, tallies)
    else:
        counted = {(rule, "reject"): tally for rule, tally in tallies.items()}

    assert told(result.findings) == findings
    assert (result.verdicts, result.tallies) == ({verdict: 1}, counted)


def test_a_record_weighs_by_the_level_asked_for() -> None:
    """A stricter build fails on what is assumed, a laxer one lets what a sibling page says pass."""

    def weights(level: Level) -> list[str]:
        interaction = answered(REQUESTS["both"], "accepted")
        found = judge_record(OPERATION, interaction, fail_on=level).findings
        return [one.severity for one in found]

    assert weights(Level.ASSUMED) == ["violation", "violation", "violation"]
    assert weights(Level.SIBLING) == ["violation", "assumption", "violation"]
    assert weights(Level.EXAMPLE) == ["assumption", "assumption", "assumption"]


def test_a_record_s_finding_belongs_to_no_case(operation: Operation) -> None:
    """What was recorded has a source and a pointer, and neither case nor family."""
    interaction = answered(REQUESTS["no buyer"], "refused")
    (found,) = judge_record(operation, interaction).findings

    assert (found.case, found.family, found.source) == ("", "", "http://h")
    assert found.pointer == "/b2bIds/buyerB2BId"
    assert found.interaction == interaction


def test_a_finding_points_at_the_value(operation: Operation) -> None:
    """A rule of the whole request that is broken at one place is found at that place."""
    body = change(lambda payload: payload["b2bIds"].update(buyerB2BId="\ud800"))
    interaction = answered(Request("POST", URL, JSON, body), "accepted")
    found = judge_record(operation, interaction).findings

    assert [(one.rule, one.pointer) for one in found] == [
        ("request#encoding", "/b2bIds/buyerB2BId")
    ] * 2


def test_what_a_request_breaks(operation: Operation) -> None:
    """A body under another label is no payload of ours; one not recorded breaks nothing known."""

    def broken(name: str) -> list[str]:
        violations = request_violations(operation, REQUESTS[name])
        return [violation.rule.id for violation in violations]

    assert {name: broken(name) for name in REQUESTS} == {
        "right": [],
        "right, by another label": [],
        "right, with more members": [],
        "no buyer": [STRONG_RULE],
        "version 0": [WEAK_RULE],
        "both": [STRONG_RULE, WEAK_RULE],
        "not recorded": [],
        "text": ["request#content-type"],
        "unlabelled": ["request#content-type-present"],
        "unlabelled, no buyer": ["request#content-type-present", STRONG_RULE],
        "unlabelled, not recorded": ["request#content-type-present"],
        "GET, not recorded": ["request#method", "request#content-type"],
        "a brace": ["request#json"],
        "a list": ["request#type"],
    }


# What a client sent, whatever the response


def sent(name: str, response: str = "accepted", **options: Any) -> Result:
    """Judge one of the requests as a client's own."""
    interaction = answered(REQUESTS[name], response)
    violations = request_violations(OPERATION, interaction.request)
    return judge_request(OPERATION, interaction, violations, **options)


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        ("request/a#type", []),
        ("request/a#enum", ["request/a#type"]),
        ("request#duplicate-names", ["request/a#type", "request/a#enum"]),
    ],
)
def test_another_type_on_purpose_is_no_listed_value_on_purpose(
    tmp_path: Path, expected: str, found: list[str]
) -> None:
    """Null breaks an enum along with the type; whoever means the one means the other."""
    schema = {"type": "object", "properties": {"a": {"type": "string", "enum": ["x"]}}}
    operation = small(tmp_path, schema).pick()
    label = (("Content-Type", "application/json"),)
    request = Request("POST", operation.path, label, b'{"a":null}')
    violations = request_violations(operation, request)
    result = judge_request(operation, Interaction(request, None), violations, expected={expected})

    assert [finding.rule for finding in result.findings] == found


@pytest.mark.parametrize("response", ["accepted", "refused", "failed", "silent", "a page"])
def test_a_valid_request_holds_whatever_the_response(response: str) -> None:
    """A scripted response says nothing about the client; the request exercises every rule."""
    assert sent("right", response) == Result(
        (),
        {"held": 1},
        dict.fromkeys(EVERY_RULE, Tally(1, 1)),
        requests={"accept": Tally(1, 1)},
        exercises={
            Exercise(OPERATION.id, "", "accept", "held"): Tally(1, 1),
            Exercise(OPERATION.id, "request", "accept", RECORDED): Tally(1, 1),
        },
    )


@pytest.mark.parametrize("response", ["accepted", "refused", "failed", "silent", "a page"])
def test_each_violation_of_a_client_is_a_finding(response: str) -> None:
    """Whatever the server made of it, with the severity of each rule."""
    result = sent("both", response)

    assert told(result.findings) == [NO_BUYER, VERSION_ZERO]
    assert [one.pointer for one in result.findings] == [
        "/b2bIds/buyerB2BId",
        "/invoiceStatus/objectVersion/currentVersion",
    ]
    assert result.verdicts == {"violation": 1}
    assert result.tallies == {(STRONG_RULE, "reject"): MISSED, (WEAK_RULE, "reject"): MISSED}


def test_a_weak_rule_of_a_client_is_an_assumption() -> None:
    """Unless weaker evidence is to fail a build too."""
    assert sent("version 0").verdicts == {"assumption": 1}
    assert sent("version 0", fail_on=Level.ASSUMED).verdicts == {"violation": 1}


def test_a_rule_that_is_broken_on_purpose_is_no_finding() -> None:
    """It is exercised all the same, and every other violation is found."""
    result = sent("both", expected=[STRONG_RULE])

    assert told(result.findings) == [VERSION_ZERO]
    assert result.verdicts == {"assumption": 1}
    assert result.tallies == {(STRONG_RULE, "reject"): MISSED, (WEAK_RULE, "reject"): MISSED}
    assert sent("no buyer", expected=[STRONG_RULE]).verdicts == {"held": 1}


# Secrets

SECRET = "hunter2-of-the-run"
ECHO = {**NO, "payload": SECRET}


def run_secrets() -> Secrets:
    """Return the secrets of a run that knows one which is not in the request."""
    secrets = Secrets(OPERATION.described)
    secrets.add(SECRET, "token")
    return secrets


def messages(result: Result) -> str:
    """Return the messages of all findings."""
    return "\n".join(finding.message for finding in result.findings)


def echoed(request: Request, secrets: Secrets | None, status: int = 400) -> Interaction:
    """Return an interaction whose response quotes the secret."""
    return Interaction(request, answer(status, ECHO), secrets=secrets)


def test_a_rejection_is_quoted_without_the_secrets_of_the_run() -> None:
    """A server may echo what another request of the run has sent to it."""
    case = CASES[RIGHT]
    request = case.request(URL)

    assert SECRET in messages(judge_case(OPERATION, case, echoed(request, None)))
    hidden = judge_case(OPERATION, case, echoed(request, run_secrets()))
    assert SECRET not in messages(hidden)
    assert "***" in messages(hidden)


def test_a_response_is_quoted_without_the_secrets_of_the_run() -> None:
    """In a recording too, where the finding quotes the member that is of another type."""
    response = answer(200, {**OK, "response_code": SECRET})
    plain = Interaction(REQUESTS["right"], response)
    interaction = replace(plain, secrets=run_secrets())

    assert SECRET in messages(judge_record(OPERATION, plain))
    assert messages(judge_record(OPERATION, interaction)) == (
        'in the response, /response_code must be an integer, but it is "***"'
    )


def test_a_request_is_quoted_without_the_secrets_of_the_run() -> None:
    """Both by the one who judges a recording, and by the one who has judged the request already."""
    body = change(lambda payload: payload["invoiceStatus"].update(objectVersion=SECRET))
    secrets = run_secrets()
    interaction = Interaction(Request("POST", URL, JSON, body), answer(400, NO), secrets=secrets)
    plain = request_violations(OPERATION, interaction.request)

    assert SECRET in plain[0].actual
    assert SECRET not in messages(judge_record(OPERATION, interaction))
    assert SECRET not in messages(judge_request(OPERATION, interaction, plain))
    assert "***" in messages(judge_request(OPERATION, interaction, plain))


def test_an_interaction_is_kept_with_the_secrets_of_its_request() -> None:
    """If no run knows its secrets, they are those that the request holds."""
    headers = (*JSON, ("Authorization", f"Bearer {SECRET}"))
    interaction = echoed(Request("POST", URL, headers, change(no_buyer)), None)
    violations = request_violations(OPERATION, interaction.request)
    for result in (
        judge_record(OPERATION, interaction),
        judge_request(OPERATION, interaction, violations),
    ):
        (found,) = result.findings
        assert found.interaction is not None
        assert found.interaction.secrets is not None
        assert found.interaction.secrets.hide(SECRET) == "***"


def test_the_secrets_of_a_run_are_not_replaced() -> None:
    """A finding carries the secrets that its interaction came with."""
    secrets = run_secrets()
    result = judge_record(OPERATION, echoed(REQUESTS["no buyer"], secrets))

    assert [one.interaction.secrets is secrets for one in result.findings if one.interaction] == [
        True
    ]


def test_the_token_of_a_request_is_hidden_in_the_reason() -> None:
    """The server echoes the request's own token, and no run knows it."""
    case = CASES[RIGHT]
    request = replace(case.request(URL), headers=(*JSON, ("Authorization", f"Bearer {SECRET}")))

    assert "***" in messages(judge_case(OPERATION, case, echoed(request, None)))
    assert SECRET not in messages(judge_case(OPERATION, case, echoed(request, None)))


def test_a_secret_is_hidden_before_a_value_is_cut() -> None:
    """Of a long value only the beginning is quoted, and that may end amid a secret."""
    value = "x" * 48 + SECRET
    body = change(lambda payload: payload["invoiceStatus"].update(objectVersion=value))
    plain = Interaction(Request("POST", URL, JSON, body), answer(400, NO))
    hidden = replace(plain, secrets=run_secrets())

    assert SECRET[:4] in messages(judge_record(OPERATION, plain))
    assert SECRET[:4] not in messages(judge_record(OPERATION, hidden))


# What a finding rests on, and the reason of a rejection


@pytest.mark.parametrize(("case_id", "name"), [(RIGHT, "refused"), (STRONG, "accepted")])
def test_a_finding_rests_on_the_evidence_of_its_case(case_id: str, name: str) -> None:
    """It may be weaker than that of the rule, and then does not fail a build."""
    case = replace(CASES[case_id], evidence=Evidence(Level.OBSERVED))
    result = judge_case(OPERATION, case, answered(case.request(URL), name))
    (found,) = result.findings

    assert case.rule.evidence.at_least(Level.SIBLING)
    assert (found.evidence, found.severity) == (case.evidence, "assumption")
    assert result.verdicts == {"assumption": 1}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'"no"', '; the response was "no"'),
        (b"0", "; the response was 0"),
        (b"null", ""),
        (b'{"a":1,"a":2}', ""),
        (b"{", ""),
        (b"", ""),
    ],
)
def test_the_reason_of_a_rejection(body: bytes, reason: str) -> None:
    """It is quoted if it is one JSON value that is not null, and nothing is in doubt about it."""
    case = CASES[RIGHT]
    result = judge_case(OPERATION, case, Interaction(case.request(URL), answer(400, body)))
    (found,) = (one for one in result.findings if one.check == checks.POSITIVE)

    assert found.message == refused(reason)[-1]


# Other paths


ASSUMED = "assumption"
LONGER, ENCODED = "request#path/longer", "request#path/encoded-hyphens"


@pytest.mark.parametrize(
    ("case_id", "response", "verdict"),
    [
        (LONGER, "accepted", ASSUMED),
        (LONGER, "not found", "held"),
        (LONGER, "not implemented", "held"),
        (LONGER, "refused", "held"),
        (LONGER, "unauthorised", "held"),
        (LONGER, "failed", "violation"),
        (ENCODED, "accepted", "held"),
        (ENCODED, "refused", ASSUMED),
        (ENCODED, "not found", ASSUMED),
        (ENCODED, "not implemented", ASSUMED),
        (ENCODED, "unauthorised", "inconclusive"),
        (ENCODED, "failed", "violation"),
    ],
)
def test_a_case_of_the_path_is_judged_by_its_own_path(
    case_id: str, response: str, verdict: str
) -> None:
    """A longer path is somebody else's, an encoded one is ours; each may be served by nobody."""
    case = CASES[case_id]
    interaction = Interaction(case.request(URL), ANSWERS[response])
    result = judge_case(OPERATION, case, interaction)

    assert result.verdicts == {verdict: 1}
    assert {one.rule for one in result.findings} <= {"request#path"}
