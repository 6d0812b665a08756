"""The bundled documents say no more than the pages do, and name the page beside each fact."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

import enkash_contract as ec
from enkash_contract.contract.contract import BUNDLED, bundled
from enkash_contract.contract.evidence import FAIL_ON, Level

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parent.parent.parent / BUNDLED
FOLDER = FOLDER.parent
FILES = {str(path.relative_to(FOLDER)): path for path in sorted(FOLDER.rglob("*.yaml"))}
READ = {name: yaml.safe_load(path.read_bytes()) for name, path in FILES.items()}
ROOT = READ["enkash.yaml"]
ITEMS = {
    item["post"]["operationId"]: item
    for name, item in READ.items()
    if name.startswith(("operations/", "webhooks/"))
}
PORTAL = {
    "to-enkash": {
        "Business Onboarding": (
            "Initiate Entity Check",
            "Register Entity",
            "Bharat Connect B2B ID Registration",
            "Search Entity",
        ),
        "Invoice": ("Create Invoice", "Confirm Invoice", "Change Invoice Status", "Edit Invoice"),
        "Payment": ("Pay Invoice", "Payment Confirmation"),
        "Purchase Order": (
            "Send Purchase Order Request",
            "Confirm Purchase Order",
            "Edit Purchase Order",
            "Change Purchase Order Status",
        ),
        "Credit Note": ("Send C/N Request", "Confirm C/N Request", "Status Change C/N Request"),
        "Financing": ("Request Financing", "Share Bid", "Respond To Bid"),
    },
    "to-partner": {
        "Business Onboarding": (
            "Check Entity Webhook",
            "Entity Registration Response Webhook",
            "Search Entity Response Webhook",
            "Registration ID Response Webhook",
        ),
        "Invoice": (
            "Create Invoice Request Webhook",
            "Create Invoice Response Webhook",
            "Confirm Invoice Request Webhook",
            "Confirm Invoice Response Webhook",
            "Status Change Invoice Request",
            "Status Change Invoice Response Webhook",
            "Edit Invoice Request Webhook",
            "Edit Invoice Response Webhook",
        ),
        "Payment": (
            "Payment Response Webhook",
            "Payment Confirmation Response Webhook",
            "Payment Request Webhook",
            "Payment Confirmation Request Webhook",
        ),
        "Credit Note": (
            "Send C/N RequestWebhook",
            "Send C/N Response Webhook",
            "Confirm C/N Request Webhook",
            "Confirm C/N Response Webhook",
            "Status Change C/N Request Webhook",
            "Status Change C/N Response Webhook",
        ),
        "Purchase Order": (
            "Send Purchase Order Request Webhook",
            "Send Purchase Order Response Webhook",
            "Confirm Purchase Order Request Webhook",
            "Confirm Purchase Order Response Webhook",
            "Edit Purchase Order Request Webhook",
            "Edit Purchase Order Response Webhook",
            "Status Change Purchase Order Request Webhook",
            "Status Change Purchase Order Response Webhook",
        ),
        "Financing": (
            "Financing Response Webhook",
            "Respond Bid Response Webhook",
            "Share Bid Request Webhook",
        ),
    },
}
"""What the sidebar of the portal lists, as it spells it."""


def test_each_title_of_the_portal_is_there_once_with_its_group_and_its_direction() -> None:
    """Ten operations and fifteen webhooks are described, and 28 are known by title alone."""
    directions = dict.fromkeys(ROOT["webhooks"], "to-partner")
    described = [
        (directions.get(name, "to-enkash"), *item["post"]["tags"], item["post"]["x-title"])
        for name, item in ITEMS.items()
    ]
    unknown = [
        (entry["direction"], entry["group"], entry["title"])
        for entry in ROOT["x-unknown-operations"]
    ]
    expected = [
        (direction, group, title)
        for direction, groups in PORTAL.items()
        for group, titles in groups.items()
        for title in titles
    ]

    assert sorted(described + unknown) == sorted(expected)
    assert (len(ROOT["paths"]), len(ROOT["webhooks"]), len(unknown)) == (10, 15, 28)
    assert {tag["name"] for tag in ROOT["tags"]} == {*PORTAL["to-enkash"]}


def test_a_title_without_a_page_has_neither_a_path_nor_a_member() -> None:
    """Of what no page describes, nothing is guessed."""
    members = {member for entry in ROOT["x-unknown-operations"] for member in entry}
    assert members == {"title", "group", "direction", "page"}


def test_a_file_is_named_for_the_operation_in_it() -> None:
    """So a command that needs one operation reads one file."""
    named = {
        **{item["$ref"]: item["$ref"] for item in ROOT["paths"].values()},
        **{item["$ref"]: name for name, item in ROOT["webhooks"].items()},
    }
    for reference, name in named.items():
        operation = READ[reference]["post"]["operationId"]
        assert Path(reference).stem.replace("_", "") == operation.lower()
        assert name in (reference, operation)


def _rows() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for name, document in READ.items():
        for page, row in document["x-sources"].items():
            yield name, page, row


def test_every_row_of_sources_is_used_in_its_file_and_every_page_has_a_row_there() -> None:
    """Nobody has to look elsewhere for the page behind a fact, and no row is a leftover."""
    for name, document in READ.items():
        assert {*_cited(document)} == {*document["x-sources"]}, name


def test_a_page_is_described_alike_wherever_it_is_used() -> None:
    """A row names the page's address, the day on which it was read, and what it shows."""
    rows = {page: row for _, page, row in _rows()}

    assert [page for _, page, row in _rows() if row != rows[page]] == []
    assert [page for page, row in rows.items() if {*row} != {"read", "url", "shows"}] == []
    assert {str(row["read"]) for row in rows.values()} == {"2026-11-22"}
    addresses = {page: row["url"].rpartition("docs.enkash.com/")[2] for page, row in rows.items()}
    assert addresses.pop("change-invoice-status") == "api-10664765"
    assert {page: page for page in addresses} == addresses


def _cited(value: Any, *, in_evidence: bool = False) -> Iterator[str]:
    """Yield the page of each evidence in `value`."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _cited(inner, in_evidence=in_evidence or key == "x-evidence")
    elif isinstance(value, list):
        for inner in value:
            yield from _cited(inner, in_evidence=in_evidence)
    elif in_evidence:
        levels = "|".join(level.value for level in Level)
        for part in str(value).split(";"):
            yield from re.sub(rf"^\s*(receiver )?({levels})", "", part).split()


@pytest.mark.parametrize("name", ITEMS)
def test_only_the_own_page_documents_a_fact_or_shows_it(name: str) -> None:
    """What any other page says is a sibling's, disputed or assumed."""
    own = ITEMS[name]["post"]["x-page"]
    rules = bundled()[name].rules.values()
    claims = [claim for rule in rules for claim in (rule.evidence, rule.receiver)]
    firm = [claim for claim in claims if claim.level in (Level.DOCUMENTED, Level.EXAMPLE)]

    assert {source.id for claim in firm for source in claim.sources} == {own}
    assert {claim.level for claim in claims}.isdisjoint({Level.CONFIRMED, Level.OBSERVED})


@pytest.mark.parametrize("name", ITEMS)
def test_every_example_keeps_its_schema(name: str) -> None:
    """The whole of it, with what is only assumed."""
    operation = bundled()[name]
    for side in operation.sides.values():
        if side.example is not None:
            broken = ec.iter_violations(side.example, operation=name, side=side.name)
            assert list(broken) == [], side.name


@pytest.mark.parametrize("name", ROOT["webhooks"])
def test_no_page_obliges_a_receiver_to_refuse_or_to_answer(name: str) -> None:
    """A tolerant receiver is no defect, whatever it answers."""
    rules = bundled()[name].rules.values()
    firm = [
        rule.id
        for rule in rules
        if rule.receiver.at_least(FAIL_ON)
        or (rule.side != "request" and rule.evidence.at_least(FAIL_ON))
    ]
    assert firm == []


DISPUTED = {
    "changeInvoiceStatus": ["response.200/payload#type"],
    "confirmCreditNote": ["response.200/payload#type"],
    "checkEntityResponse": ["request/checkInstitute/value#pattern"],
    "editInvoiceResponse": [
        "request/additionalInfo#required",
        "request/additionalInfo#type",
        "request/additionalInfo/*#type",
        "request/additionalInfo/*/name#type",
        "request/additionalInfo/*/value#type",
        "request/invoice/transactionDetails/ecommerceGstin#type",
        *(f"request/resp/{name}#required" for name in ("errorCd", "errorDtl", "errorField")),
    ],
    "initiateEntityCheck": ["request/checkInstitute/value#pattern"],
    "payInvoice": ["response.200/payload#type"],
    "paymentConfirmationResponse": [
        "request/additionalInfo#type",
        "request/additionalInfo/*#type",
        "request/additionalInfo/*/name#type",
        "request/additionalInfo/*/value#type",
    ],
    "paymentResponse": [
        f"request/resp/{name}#required" for name in ("errorCd", "errorDtl", "errorField")
    ],
    "registerB2BId": ["response.200/payload#type"],
    "registerEntity": ["response.200/payload#type"],
    "requestFinancing": [
        "request/financeRequest/financingRequestAmount#type",
        "request/financeRequest/invoices/*/transactionDetails/ecommerceGstin#type",
        "response.200/payload#type",
    ],
    "sendCreditNote": [
        "request/cdNote/transactionDetails/eCommerceGstin#type",
        "response.200/payload#type",
    ],
    "sendCreditNoteResponse": [
        "request/cdNote/transactionDetails/eCommerceGstin#type",
        *(f"request/resp/{name}#required" for name in ("errorCd", "errorDtl", "errorField")),
    ],
    "sendPurchaseOrder": ["response.200/payload#type"],
    "sendPurchaseOrderResponse": [
        f"request/resp/{name}#required" for name in ("errorCd", "errorDtl", "errorField")
    ],
    "statusChangePurchaseOrderResponse": [
        f"request/resp/{name}#required" for name in ("errorCd", "errorDtl", "errorField")
    ],
}
"""What pages contradict each other about, or one of them itself."""


def test_what_pages_contradict_each_other_about_is_disputed_with_both_pages() -> None:
    """Nothing of it fails a build, because one of the two is wrong."""
    disputed = {
        name: [rule for rule in operation.rules.values() if rule.evidence.level is Level.DISPUTED]
        for name, operation in bundled().items()
    }
    found = {name: sorted(rule.id for rule in rules) for name, rules in disputed.items() if rules}

    assert found == {name: sorted(rules) for name, rules in DISPUTED.items()}
    assert {len(rule.evidence.sources) for rules in disputed.values() for rule in rules} == {2}


@pytest.mark.parametrize("name", ["initiateEntityCheck", "checkEntityResponse"])
def test_a_real_pan_passes(name: str) -> None:
    """The page's pattern wants 50 characters of what has 10."""
    payload = {
        "initiatorEntity": "string",
        "objectId": "ORG0123456789ABCDEF0123456789abcdef",
        "device": {"tag": {"name": "GEOCODE", "value": "string"}},
        "resp": {"reqMsgId": "string", "result": "string"},
        "instituteStatus": {"institutes": [{}]},
        "checkInstitute": {
            "docName": "PAN",
            "type": "SOLE PROP",
            "value": "ABCDE1234F",
            "registeredName": "string",
        },
    }
    broken = [violation.rule.id for violation in ec.iter_violations(payload, operation=name)]

    assert ec.is_valid(payload, operation=name)
    assert broken == ["request/checkInstitute/value#pattern"]


def test_a_rejection_is_only_for_a_payment_outside_the_platform() -> None:
    """The one rule between two members that a page states."""
    name = "paymentConfirmationResponse"
    payload = bundled()[name].request.example
    inside = payload["paymentConfirmation"] | {"type": "ONPLATFORM"}
    rejected = payload | {"paymentConfirmation": inside | {"supplierResponse": "REJECT"}}

    assert ec.is_valid(payload | {"paymentConfirmation": inside}, operation=name)
    assert not ec.is_valid(rejected, operation=name)


def test_a_question_is_asked_in_the_same_words_wherever_it_stands() -> None:
    """An id stands for one question, which says why it matters."""
    asked: dict[str, dict[str, str]] = {}
    for document in READ.values():
        for question, words in _questions(document):
            # The same question of another member may have other guesses.
            said = {name: words[name] for name in ("asks", "matters")}
            assert asked.setdefault(question, said) == said, question
    general = {"statuses", "actions", "transitions", "versions", "lengths", "errors"}
    assert asked.keys() >= general | {"unknown-members"}


def _questions(value: Any) -> Iterator[tuple[str, dict[str, str]]]:
    if isinstance(value, dict):
        yield from value.get("x-open-questions", {}).items()
        for inner in value.values():
            yield from _questions(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _questions(inner)
