"""A partner's repository: three clients with three mistakes each, found and named; mended, green.

Each client is written once, as it should be; a mistake is a piece of it in another wording.
"""

from __future__ import annotations

import re

import pytest

from enkash_contract.contract.contract import bundled
from enkash_contract.generation import responses
from tests.support.inner_runs import failure_texts, run

OPERATION = bundled().pick()

PARTNER = '''
"""What the three clients share."""

from dataclasses import dataclass

PATH = "/api/v0/invoice/req-status-change-invoice"


class Unclear(Exception):
    """Nobody knows what became of the request; it has to be enquired."""


@dataclass
class Order:
    invoice: str
    number: str
    version: int
    reason: str


def outcome(status, answer):
    """Read what the API says: accepted or rejected."""
    code = answer.get("response_code") if isinstance(answer, dict) else None
    if status == 200 and type(code) is int:
        return "rejected" if code else "accepted"
    if status in (400, 412, 422):
        return "rejected"
    raise Unclear(status)
'''

PAYLOAD = """

def payload(order):
    return {
        "device": {"tag": {"name": "GEOCODE", "value": "string"}},
        "b2bIds": {"buyerB2BId": "BUYER-0001", "supplierB2BId": "SUPPLIER-0001"},
        "invoiceStatus": {
            "objectId": order.invoice,
            "supplierInvoiceNumber": order.number,
            "objectVersion": {"currentVersion": order.version, "newVersion": order.version + 1},
            "supplierAction": "CANCEL",
            "supplierRemarks": f"Cancelled: {order.reason}",
            "statusTransition": {"currentStatus": "CREATED", "newStatus": "CREATED"},
        },
    }
"""

CLIENTS = {
    "by_httpx": """
import json

import httpx

from partner import PATH, Unclear, outcome

CLIENT = httpx.Client(timeout=0.5, verify=False)


def cancel(url, order):
    try:
        answer = CLIENT.post(url + PATH, json=payload(order))
        if answer.status_code != 200:
            return outcome(answer.status_code, None)
        return outcome(200, json.loads(answer.content))
    except (httpx.HTTPError, ValueError, RecursionError) as problem:
        raise Unclear from problem
""",
    "by_requests": """
import json

import requests

from partner import PATH, Unclear, outcome

SESSION = requests.Session()


def cancel(url, order):
    try:
        answer = SESSION.post(url + PATH, json=payload(order), timeout=0.5)
        if answer.status_code != 200:
            return outcome(answer.status_code, None)
        return outcome(200, json.loads(answer.content))
    except (requests.RequestException, ValueError, RecursionError) as problem:
        raise Unclear from problem
""",
    "by_urllib": """
import http.client
import json
import urllib.error
import urllib.request

from partner import PATH, Unclear, outcome

LABEL = {"Content-Type": "application/json"}


def cancel(url, order):
    body = json.dumps(payload(order)).encode()
    request = urllib.request.Request(url + PATH, body, LABEL, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=0.5) as answer:
            return outcome(answer.status, json.loads(answer.read()))
    except urllib.error.HTTPError as refusal:
        with refusal:
            return outcome(refusal.code, None)
    except (OSError, http.client.HTTPException, ValueError, RecursionError) as problem:
        raise Unclear from problem
""",
}

MISTAKES = {
    "by_httpx": {
        '"supplierInvoiceNumber"': '"supplierInvoiceNo"',
        '"newVersion": order.version + 1': '"newVersion": f"{order.version + 1}"',
        "return outcome(200, json.loads(answer.content))": 'return "accepted"',
    },
    "by_requests": {
        '"objectId": order.invoice': '"objectId": order.invoice.lower()',
        'f"Cancelled: {order.reason}"': "f'Cancelled: \"{order.reason}\"'",
        "(requests.RequestException, ValueError, RecursionError)": "requests.Timeout",
    },
    "by_urllib": {
        "body, LABEL, method": "body, method",
        """    except urllib.error.HTTPError as refusal:
        with refusal:
            return outcome(refusal.code, None)
""": "",
        "(OSError, http.client.HTTPException": "(http.client.HTTPException",
    },
}
"""For each client, what is in it when it is right, and the mistake in its place."""

TESTS = """
import by_httpx
import by_requests
import by_urllib
import pytest
from partner import Order, Unclear

clients = pytest.mark.parametrize(
    "client", [by_httpx, by_requests, by_urllib], ids=["httpx", "requests", "urllib"]
)
ORDER = Order("INV0123456789ABCDEF0123456789abcdef", "INV-2026-0001", 1, "Sold out")


@clients
def test_cancelling(client, enkash_sandbox):
    assert client.cancel(enkash_sandbox.url, ORDER) == "accepted"


@clients
%s
def test_surviving(client, enkash_sandbox, enkash_answer):
    try:
        said = client.cancel(enkash_sandbox.url, ORDER)
    except Unclear:
        assert enkash_answer.polarity == "wrong" or enkash_answer.delay
    else:
        expected = {"right": "accepted", "wrong": "rejected"}[enkash_answer.to]
        assert enkash_answer.polarity == "wrong" or said == expected
"""

TOLD = "conforming/refusing-by-200 conforming/answering-400 failing/cut failing/never".split()


def write(pytester: pytest.Pytester, *, mistaken: bool, mark: str = "") -> None:
    """Write the repository, with its mistakes or without."""
    pytester.makepyfile(partner=PARTNER, test_orders=TESTS % mark)
    for name, client in CLIENTS.items():
        text = client + PAYLOAD
        for right, wrong in MISTAKES[name].items() if mistaken else ():
            assert text.count(right) == 1
            text = text.replace(right, wrong)
        pytester.makepyfile(**{name: text})


def place(rule: str) -> str:
    """Return where a rule stands in the document."""
    return str(OPERATION.rule(rule).place)


SENT = "    sent by    test_orders.py:15: assert client.cancel(enkash_sandbox.url, ORDER) == "
SENT += '"accepted"'
STATUS = '{"objectId":"INV0123456789ABCDEF0123456789abcdef","supplier…'

VIOLATIONS = {
    "httpx": f"""\
/invoiceStatus/supplierInvoiceNumber is required, but missing
    rule       request/invoiceStatus/supplierInvoiceNumber#required
    evidence   sibling (api-18788163, read 2026-11-22)
    payload    /invoiceStatus/supplierInvoiceNumber, not in /invoiceStatus: {STATUS}
    document   {place("request/invoiceStatus/supplierInvoiceNumber#required")}
    example    "INV-2026-0001"
{SENT}

/invoiceStatus/objectVersion/newVersion must be an integer, but it is "2"
    rule       request/invoiceStatus/objectVersion/newVersion#type
    evidence   example (change-invoice-status, read 2026-11-22)
    payload    /invoiceStatus/objectVersion/newVersion: "2"
    document   {place("request/invoiceStatus/objectVersion/newVersion#type")}
    example    1
{SENT}
    reproduce  BODY""",
    "requests": f"""\
/invoiceStatus/objectId must match ^[INV]{{3}}[A-Za-z0-9]{{32}}$, but it is \
"inv0123456789abcdef0123456789abcdef"
    rule       request/invoiceStatus/objectId#pattern
    evidence   sibling (api-10664764, read 2026-11-22)
    payload    /invoiceStatus/objectId: "inv0123456789abcdef0123456789abcdef"
    document   {place("request/invoiceStatus/objectId#pattern")}
    example    "INV0123456789ABCDEF0123456789abcdef"
{SENT}

/invoiceStatus/supplierRemarks must match ^[^\\\\"]{{1,100}}$, but it is "Cancelled: \\"Sold out\\""
    rule       request/invoiceStatus/supplierRemarks#pattern
    evidence   sibling (api-18788128, read 2026-11-22)
    payload    /invoiceStatus/supplierRemarks: "Cancelled: \\"Sold out\\""
    document   {place("request/invoiceStatus/supplierRemarks#pattern")}
    example    "Order withdrawn by the buyer"
{SENT}
    reproduce  BODY""",
    "urllib": f"""\
the request must be labelled application/json, but it is labelled application/x-www-form-urlencoded
    rule       request#content-type
    evidence   documented (change-invoice-status, read 2026-11-22)
    request    POST {OPERATION.path}, labelled application/x-www-form-urlencoded
    document   {place("request#content-type")}
{SENT}
    reproduce  pytest 'test_orders.py::test_cancelling[urllib]'""",
}
"""What is told of the requests of each client."""

CRASHES = {
    "conforming/refusing-by-200-httpx": "AssertionError: assert ('right' == 'wrong'",
    "failing/cut-requests": "requests.exceptions.ChunkedEncodingError: ",
    "conforming/answering-400-urllib": "urllib.error.HTTPError: HTTP Error 400: Bad Request",
    "failing/never-urllib": "TimeoutError: timed out",
}
"""What is told of the answers that a client does not survive: its test's name, and the error."""


def test_the_nine_mistakes_are_found_and_named(pytester: pytest.Pytester) -> None:
    """Five break the contract of requests, four mistake an answer; nothing else is told."""
    write(pytester, mistaken=True, mark=f"@pytest.mark.enkash(answers={TOLD})")
    found = failure_texts(run(pytester))
    errors = {name.removeprefix(ENDED): text for name, text in found.items() if ENDED in name}
    sent = {one: errors[f"test_cancelling[{one}]"] for one in VIOLATIONS}
    assert {one: re.sub(r"printf .* -$", "BODY", text) for one, text in sent.items()} == VIOLATIONS
    tests = {f"test_surviving[{answer}-{one}]" for one in VIOLATIONS for answer in TOLD}
    assert set(errors) == tests | {f"test_cancelling[{one}]" for one in VIOLATIONS}
    failures = {name: text for name, text in found.items() if ENDED not in name}
    for one in VIOLATIONS:
        # The sandbox refused what was wrong.
        del failures[f"test_cancelling[{one}]"]
    assert {name[len("test_surviving[") : -1] for name in failures} == set(CRASHES)
    for name, error in CRASHES.items():
        text = failures[f"test_surviving[{name}]"]
        assert re.search(f"^E +{re.escape(error)}", text, re.MULTILINE)
        assert "pytest_sandbox" not in text


ENDED = "ERROR at teardown of "


@pytest.mark.parametrize(
    "step",
    # Some answers last until a client gives up.
    [pytest.param(1, marks=pytest.mark.slow), 5],
)
def test_with_the_mistakes_mended_all_is_green(pytester: pytest.Pytester, step: int) -> None:
    """Every client survives every answer."""
    answers = [answer.id for answer in responses.of_operation(OPERATION)][::step]
    write(pytester, mistaken=False, mark=f"@pytest.mark.enkash(answers={answers})")
    run(pytester, "-Werror").assert_outcomes(passed=3 + 3 * len(answers))
