"""From a path item to its operations: sides, rules, and evidence that replaces that of parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from enkash_contract.contract.contract import load
from enkash_contract.contract.operation import REQUEST
from enkash_contract.contract.rules import expectation
from enkash_contract.errors import DocumentError
from tests.support.many_files import OPERATION, ROOT, WEBHOOK, many_files


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder, so that messages name files as a person would type them."""
    monkeypatch.chdir(tmp_path)


def evidence(operation: str, **changed: str) -> dict[str, str]:
    """Return the evidence of each rule of an operation."""
    rules = load(document=many_files(Path(), **changed))[operation].rules
    return {rule.id: str(rule.evidence).partition(",")[0] for rule in rules.values()}


def test_an_operation_has_a_direction_and_its_own_page() -> None:
    """Webhooks are what EnKash sends to the partner."""
    contract = load(document=many_files(Path()))
    assert [
        (each.id, each.direction, each.path, each.title, each.page, each.tags)
        for each in contract.values()
    ] == [
        ("payInvoice", "to-enkash", "/pay", "Pay Invoice", "api-1", ("Payment",)),
        ("invoicePaid", "to-partner", "/pay", "invoicePaid", "api-2", ("Payment",)),
    ]


def test_evidence_beside_a_reference_replaces_that_of_the_component() -> None:
    """Constraint by constraint, and for that use alone: what is not named stays."""
    shared = {
        "request/buyer#type": "sibling (shared",
        "request/buyer#required": "sibling (shared",
        "request/buyer#pattern": "sibling (shared",
    }
    assert evidence("invoicePaid").items() >= shared.items()
    replaced = {
        "request/ids#type": "documented (api-1",
        "request/ids/buyer#type": "sibling (shared",
        "request/ids/buyer#required": "sibling (shared",
        "request/ids/buyer#pattern": "documented (api-1",
        "response.200#content-type": "assumed",
        "response.200#json": "documented (api-1",
        "response.200#type": "documented (api-1",
    }
    assert evidence("payInvoice").items() >= replaced.items()


def test_the_outermost_of_several_replacements_is_taken() -> None:
    """It is the nearest to the use; an overlay that wrote another comes later, and wins."""
    root = ROOT.replace(
        "buyer: {$ref: '#/components/schemas/Id'}",
        "buyer: {$ref: '#/components/schemas/Id', x-evidence: {type: assumed, pattern: assumed}}",
    )
    rules = evidence("payInvoice", enkash=root)
    assert rules["request/ids/buyer#type"] == "assumed"
    assert rules["request/ids/buyer#pattern"] == "documented (api-1"
    Path("ours.yaml").write_text(
        "overlay: 1.0.0\ninfo: {title: Ours, version: '1'}\nactions:\n"
        "  - target: $.components.schemas.Id\n"
        "    update: {pattern: '^A', x-evidence: {pattern: confirmed}}\n",
        encoding="utf-8",
    )
    rule = load("ours.yaml", document="enkash.yaml").pick().rules["request/ids/buyer#pattern"]
    assert (rule.value, str(rule.evidence)) == ("^A", "confirmed (ours.yaml)")


def test_evidence_of_an_outcome_is_replaced_too() -> None:
    """The schemas of the component are those of the outcome."""
    operation = load(document=many_files(Path()))["invoicePaid"]
    assert operation.outcomes["accepted"] == {"properties": {"status": {"const": 200}}}
    assert {name: str(known) for name, known in operation.outcome_evidence.items()} == {
        "accepted": "sibling (shared, read 2026-01-02)",
        "rejected": "assumed",
        "error": "assumed",
    }


def test_a_default_response_documents_every_status() -> None:
    """The rule of the status forbids nothing then, and the response is that of any other."""
    answer = "default: {$ref: '../parts/responses.yaml#/Answer'}"
    text = WEBHOOK.replace("default: {description: Anything.}", answer)
    operation = load(document=many_files(Path(), invoice_paid=text))["invoicePaid"]
    rule = operation.rules["response#status"]
    assert (expectation(rule), str(rule.evidence)) == ("may have any status", "assumed")
    assert operation.response(500) is operation.side("response.default")


def test_headers_are_described_and_make_no_rules(tmp_path: Path) -> None:
    """An overlay may say which one a request must have; whoever sends it adds it."""
    (tmp_path / "ours.yaml").write_text(
        "overlay: 1.0.0\ninfo: {title: Ours, version: '1'}\nactions:\n"
        "  - target: $.paths['/pay'].post\n"
        "    update:\n"
        "      parameters:\n"
        "        - {name: Authorization, in: header, required: true, schema: {type: string}}\n"
        "        - {name: X-Trace, in: header, schema: {type: string}}\n",
        encoding="utf-8",
    )
    document = many_files(tmp_path)
    with_headers = load(tmp_path / "ours.yaml", document=document).pick()
    assert with_headers.headers == ("Authorization",)
    assert [*with_headers.rules] == [*load(document=document).pick().rules]


def test_only_headers_are_parameters() -> None:
    """A path has no parts to fill in, and an address no query."""
    text = OPERATION.replace(
        "  responses:", "  parameters: [{name: q, in: query}]\n  responses:", 1
    )
    with pytest.raises(DocumentError) as raised:
        load(document=many_files(Path(), pay_invoice=text))
    assert [*map(str, raised.value.problems)] == [
        "operations/pay_invoice.yaml:33: in is 'query'; write header",
        "operations/pay_invoice.yaml:33: a parameter has no 'schema'; add it; see OpenAPI 3.1",
    ]


def test_the_first_example_is_the_one_that_is_sent() -> None:
    """All of them are known by their names."""
    contract = load(document=many_files(Path()))
    assert contract["invoicePaid"].request.example == {"buyer": "AB"}
    assert dict(contract["invoicePaid"].request.examples) == {
        "first": {"buyer": "AB"},
        "second": {"buyer": "CD"},
    }
    assert dict(contract["payInvoice"].request.examples) == {"example": {"ids": {"buyer": "AB"}}}


def test_a_webhook_may_have_no_path() -> None:
    """Then there is no rule of the path, and no address that it could be known by."""
    text = WEBHOOK.replace("x-path: /pay\n", "").replace(", path: assumed", "")
    contract = load(document=many_files(Path(), invoice_paid=text))
    assert contract["invoicePaid"].path == ""
    assert "request#path" not in contract["invoicePaid"].rules
    assert contract.at("https://partner.example/pay", "to-partner") == []


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (
            "pay_invoice",
            "x-page: api-1",
            "x-page: api-2",
            "operations/pay_invoice.yaml:8: the page 'api-2' is no source; add it to x-sources",
        ),
        (
            "pay_invoice",
            "'200': {json:",
            "'404': {json:",
            "operations/pay_invoice.yaml:36: evidence for '404', but no such constraint stands "
            "beside it; correct the name, or remove the line",
        ),
        (
            "pay_invoice",
            "{buyer: {pattern:",
            "{seller: {pattern:",
            "operations/pay_invoice.yaml:29: evidence for 'properties/seller', but no such "
            "constraint stands beside it; correct the name, or remove the line",
        ),
        (
            "pay_invoice",
            "/x-outcomes/Status",
            "/x-outcomes/State",
            "operations/pay_invoice.yaml:38: the reference '../enkash.yaml#/components/x-outcomes/"
            "State' leads to nothing; there is no '/components/x-outcomes/State' in enkash.yaml",
        ),
        (
            "pay_invoice",
            "/x-outcomes/Status",
            "/schemas/Id",
            "operations/pay_invoice.yaml:38: the reference '#/components/schemas/Id' points at "
            "nothing in #/components/x-outcomes; there are Status",
        ),
        (
            "invoice_paid",
            "x-path: /pay",
            "x-path: pay",
            "webhooks/invoice_paid.yaml:1: x-path is not a path; "
            "begin it with a slash, or leave it out",
        ),
        (
            "enkash",
            "direction: to-partner",
            "direction: outwards",
            "enkash.yaml:12: direction is 'outwards'; write to-enkash or to-partner",
        ),
    ],
)
def test_what_is_wrong_with_an_operation_is_told(
    file: str, old: str, new: str, message: str
) -> None:
    """The message names the file and line, and says what to write."""
    text = {"enkash": ROOT, "pay_invoice": OPERATION, "invoice_paid": WEBHOOK}[file]
    assert text.count(old) == 1
    with pytest.raises(DocumentError) as raised:
        load(document=many_files(Path(), **{file: text.replace(old, new)}))
    assert [*map(str, raised.value.problems)] == [message]


def test_the_request_comes_first() -> None:
    """Sides are in the order of an exchange."""
    assert list(load(document=many_files(Path())).pick().sides) == [REQUEST, "response.200"]


def test_of_a_webhook_nothing_is_for_a_receiver_to_refuse_unless_stated() -> None:
    """No page obliges a partner to refuse; what a sender must keep is not touched by that."""
    own = "json: documented api-2"
    for text, level in ((own, "assumed"), (f"{own}; receiver documented api-2", "documented")):
        files = many_files(Path(), invoice_paid=WEBHOOK.replace(own, text))
        operation = load(document=files)["invoicePaid"]
        json = operation.rules["request#json"]
        others = [rule for rule in operation.rules.values() if rule is not json]
        assert (json.evidence.level.value, json.receiver.level.value) == ("documented", level)
        assert {rule.receiver.level.value for rule in others} == {"assumed"}
        assert operation.rules["request/buyer#pattern"].evidence.level.value == "sibling"
