"""The loaded document: what the bundled one claims, and how its parts are found."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from enkash_contract.contract import contract
from enkash_contract.contract.contract import bundled, load, pick
from enkash_contract.contract.evidence import OVERLAY_ONLY
from enkash_contract.contract.keywords import CONSTRAINTS
from enkash_contract.contract.reading import WIRE
from enkash_contract.errors import DocumentError, UsageError
from enkash_contract.validation.validate import iter_violations
from tests.support.many_files import many_files
from tests.support.paths import DOCUMENT
from tests.support.second_document import TEXT, second, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.contract.operation import Operation

PAGE = "change-invoice-status"
CLAIMS = {
    f"documented {PAGE}": """
        request#method request#content-type request#encoding request#json
        response.200#content-type response.200#json""",
    f"example {PAGE}": """
        request#type
        request/device#type request/device/tag#type
        request/device/tag/name#type request/device/tag/value#type
        request/b2bIds#type
        request/b2bIds/buyerB2BId#type request/b2bIds/supplierB2BId#type
        request/invoiceStatus#type
        request/invoiceStatus/objectId#type
        request/invoiceStatus/supplierInvoiceNumber#type
        request/invoiceStatus/objectVersion#type
        request/invoiceStatus/objectVersion/currentVersion#type
        request/invoiceStatus/objectVersion/newVersion#type
        request/invoiceStatus/supplierAction#type
        request/invoiceStatus/supplierRemarks#type
        request/invoiceStatus/statusTransition#type
        request/invoiceStatus/statusTransition/currentStatus#type
        request/invoiceStatus/statusTransition/newStatus#type
        response.200#type
        response.200/response_code#type response.200/response_message#type""",
    "sibling api-10664764": """
        request/device#required request/device/tag#required request/b2bIds#required
        request/b2bIds/buyerB2BId#required request/b2bIds/supplierB2BId#required
        request/b2bIds/buyerB2BId#pattern request/b2bIds/supplierB2BId#pattern
        request/invoiceStatus/objectId#pattern
        request/invoiceStatus/supplierInvoiceNumber#pattern""",
    "sibling api-18788163": """
        request/invoiceStatus#required
        request/invoiceStatus/objectId#required
        request/invoiceStatus/supplierInvoiceNumber#required
        request/invoiceStatus/objectVersion#required
        request/invoiceStatus/supplierAction#required
        request/invoiceStatus/supplierRemarks#required
        request/invoiceStatus/statusTransition#required""",
    "sibling api-18788128": "request/invoiceStatus/supplierRemarks#pattern",
    "sibling api-10664772": """
        response.200/payload#required
        response.200/response_code#required response.200/response_message#required""",
    "sibling folder-4244050": "response#status",
    f"disputed {PAGE}": "response.200/payload#type",
    "assumed": """
        request#path request#content-type-present request#content-type-single
        request#duplicate-names
        request/device/tag/name#required request/device/tag/value#required
        request/device/tag/name#minLength request/device/tag/value#minLength
        request/invoiceStatus/objectVersion/currentVersion#required
        request/invoiceStatus/objectVersion/newVersion#required
        request/invoiceStatus/objectVersion/currentVersion#minimum
        request/invoiceStatus/objectVersion/newVersion#minimum
        request/invoiceStatus/supplierAction#minLength
        request/invoiceStatus/statusTransition/currentStatus#required
        request/invoiceStatus/statusTransition/newStatus#required
        request/invoiceStatus/statusTransition/currentStatus#minLength
        request/invoiceStatus/statusTransition/newStatus#minLength
        request#additionalProperties
        request/device#additionalProperties request/device/tag#additionalProperties
        request/b2bIds#additionalProperties
        request/invoiceStatus#additionalProperties
        request/invoiceStatus/objectVersion#additionalProperties
        request/invoiceStatus/statusTransition#additionalProperties
        response.200#additionalProperties
        response.200#content-type-single response.4XX#content-type-single
        response.4XX#content-type response.4XX#json response.4XX#type
        response.4XX/payload#required response.4XX/payload#type
        response.4XX/response_code#required response.4XX/response_code#type
        response.4XX/response_message#required response.4XX/response_message#type
        response.4XX#additionalProperties""",
}
"""What is known of the operation, and how well: the evidence of each rule."""


def test_every_claim_of_the_bundled_document_is_as_well_known_as_it_says(
    operation: Operation,
) -> None:
    """Nothing is claimed that the evidence does not carry, and nothing known is left out."""
    found: dict[str, set[str]] = {}
    for rule in operation.rules.values():
        source = rule.evidence.source
        known = f"{rule.evidence.level} {source.id}" if source else str(rule.evidence.level)
        found.setdefault(known, set()).add(rule.id)
    assert found == {known: set(ids.split()) for known, ids in CLAIMS.items()}


def test_nothing_published_obliges_a_receiver_to_reject_every_mistake(operation: Operation) -> None:
    """RFC 9110 allows to refuse other media types, and RFC 8259 to read more than it defines."""
    stated = {rule.id: str(rule.receiver) for rule in operation.rules.values() if rule.stated}
    assert stated == {"request#content-type": "assumed", "request#encoding": "assumed"}


def test_outcomes_are_known_from_a_sibling_page(operation: Operation) -> None:
    """What counts as accepted, rejected and error is a claim as well."""
    assert {
        name: str(known) for name, known in operation.outcome_evidence.items()
    } == dict.fromkeys(
        ("accepted", "rejected", "error"), "sibling (folder-4244050, read 2026-11-22)"
    )


def test_the_bundled_document_claims_nothing_only_a_partner_can() -> None:
    """Confirmed and observed are for overlays; the whole document holds neither."""
    levels = {rule.evidence.level for rule in bundled().pick().rules.values()}
    assert levels & OVERLAY_ONLY == set()


def test_the_bundled_document_is_sound() -> None:
    """It is not looked through again each time it is read, so it is here: every file of it."""
    assert list(load(document=DOCUMENT)) == list(bundled())


def test_the_bundled_document_is_openapi() -> None:
    """OpenAPI's own validator finds nothing wrong with it."""
    assert list(OpenAPIV31SpecValidator(bundled().document.data).iter_errors()) == []


def schemas(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every schema of a document's components."""
    yield value
    for inner in (*value.get("properties", {}).values(), *value.get("allOf", ())):
        yield from schemas(inner)


def test_every_constraint_of_the_bundled_document_has_evidence_beside_it() -> None:
    """Keyword by keyword, and for each required member: read from the file, not from the rules."""
    data = bundled().document.data
    named = data["components"]["schemas"].values()
    for schema in (one for name in named for one in schemas(name) if "$ref" not in one):
        evidence = schema.get("x-evidence", {})
        assert set(evidence) == schema.keys() & CONSTRAINTS
        assert list(evidence.get("required", {})) == schema.get("required", [])
    for item in data["paths"].values():
        operation = item["post"]
        assert {"method", "path"} == set(operation["x-evidence"])
        assert "status" in operation["responses"]["x-evidence"]
        assert set(WIRE["request"]) == set(
            operation["requestBody"]["content"]["application/json"]["x-evidence"]
        )


def test_every_pattern_of_the_bundled_document_means_the_same_everywhere() -> None:
    """Both judges compile them, and they hold a whole text between anchors."""
    patterns = {rule.value for rule in bundled().pick().rules.values() if rule.keyword == "pattern"}
    assert patterns == {
        r'^[^\\"]{1,100}$',
        r'^[^\\"]{1,50}$',
        "^[INV]{3}[A-Za-z0-9]{32}$",
    }
    for pattern in patterns:
        jsonschema_rs.Draft202012Validator({"pattern": pattern}, pattern_options=None)
        re.compile(pattern)


def test_every_example_of_the_bundled_document_is_right() -> None:
    """Bodies keep all rules of their side, and the values of a member keep its own."""
    for side in bundled().pick().sides.values():
        assert list(iter_violations(side.example, side=side.name)) == []
        for rule in side.rules:
            for value in rule.schema.get("examples", ()):
                engine = jsonschema_rs.Draft202012Validator(dict(rule.schema))
                assert engine.is_valid(value), rule


def test_a_contract_is_a_mapping_of_operations(tmp_path: Path) -> None:
    """It is read like a dictionary, in the order of the document, and shown as a sentence."""
    found = second(tmp_path)
    assert list(found.items()) == [(one.id, one) for one in found.values()]
    assert (len(found), "openThing" in found, "other" in found) == (2, True, False)
    assert repr(found) == f"<Contract {tmp_path}/things.yaml: openThing, closeThing>"
    assert repr(found["closeThing"]) == "<Operation closeThing: POST /things/closed, 16 rules>"


def test_the_bundled_contract_is_one_sentence_too() -> None:
    """The bundled document goes by the same name wherever it is installed."""
    assert [repr(bundled()), repr(bundled().pick())] == [
        "<Contract openapi/enkash.yaml: changeInvoiceStatus and 24 more>",
        "<Operation changeInvoiceStatus: POST /api/v0/invoice/req-status-change-invoice, 87 rules>",
    ]


def test_the_document_is_found_inside_the_package_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a wheel the document lies in the package, in a checkout beside it."""
    beside = contract._bundled_path()
    assert (beside.parent.name, beside.name) == ("openapi", "enkash.yaml")
    inside = written_in(tmp_path / "package" / "openapi", "enkash.yaml")
    monkeypatch.setattr(
        contract, "__file__", str(tmp_path / "package" / "contract" / "contract.py")
    )
    assert contract._bundled_path() == inside


def written_in(folder: Path, name: str) -> Path:
    """Make a folder with an empty file in it."""
    folder.mkdir(parents=True)
    return written(folder, name, "")


def test_the_bundled_document_is_read_once() -> None:
    """A process that never names a contract pays for one reading; `load` reads anew."""
    assert bundled() is bundled()
    assert load() is not load()
    assert {load(): 1, bundled(): 2}[bundled()] == 2


def test_a_single_operation_needs_no_name() -> None:
    """The contract of one operation is asked without saying which."""
    assert pick(None, None) is bundled().pick("changeInvoiceStatus")


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        (None, "name an operation; the document has openThing, closeThing"),
        (
            "open",
            "there is no operation 'open'; did you mean openThing? the document has openThing, "
            "closeThing",
        ),
    ],
)
def test_of_several_operations_one_is_named(
    tmp_path: Path, operation: str | None, message: str
) -> None:
    """Guessing would check the wrong one, so the message lists them."""
    found = second(tmp_path)
    with pytest.raises(UsageError) as raised:
        pick(found, operation)
    assert str(raised.value) == message
    assert pick(found, "closeThing").path == "/things/closed"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "application/json:\n              x-evidence: {content-type",
            "text/plain:\n              x-evidence: {content-type",
            "a.yaml:79: the content is not application/json alone; write that",
        ),
        (
            "required: true\n        content:\n",
            "required: true\n        content:\n          text/plain: {schema: {}}\n",
            "a.yaml:41: the content is not application/json alone; write that",
        ),
        (
            "schema: {type: 'null', x-evidence: {type: documented page}}",
            "schema: {}",
            "a.yaml:74: the request has no type at its root; say `type`",
        ),
    ],
)
def test_a_body_is_json_with_a_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, message: str
) -> None:
    """Other media types are not honoured, and a body of any type at all is no contract."""
    monkeypatch.chdir(tmp_path)
    assert TEXT.count(old) == 1
    with pytest.raises(DocumentError) as raised:
        load(document=written(Path(), "a.yaml", TEXT.replace(old, new)))
    assert str(raised.value) == message


ALL = "the document has payInvoice, invoicePaid"


@pytest.mark.parametrize(
    ("patterns", "ids"),
    [
        (("payInvoice",), ["payInvoice"]),
        (("*Invoice*",), ["payInvoice"]),
        (("invoice*", "*"), ["invoicePaid", "payInvoice"]),
        (("tag:Payment",), ["payInvoice", "invoicePaid"]),
        (("tag:pay*", "payInvoice"), ["payInvoice", "invoicePaid"]),
        ((), []),
    ],
)
def test_operations_are_found_by_ids_globs_and_tags(
    patterns: tuple[str, ...], ids: list[str], tmp_path: Path
) -> None:
    """Each once, in the order of the patterns and then of the document."""
    known = load(document=many_files(tmp_path))
    assert [each.id for each in known.find(*patterns)] == ids


@pytest.mark.parametrize(
    ("pattern", "hint"),
    [
        ("payinvoice", f"did you mean payInvoice or invoicePaid? {ALL}"),
        ("x*", ALL),
        ("tag:Paiment", "did you mean tag:Payment? the tags are Payment"),
    ],
)
def test_a_pattern_that_names_nothing_is_an_error(pattern: str, hint: str, tmp_path: Path) -> None:
    """Whoever mistypes it would believe that something was checked."""
    known = load(document=many_files(tmp_path))
    with pytest.raises(UsageError) as raised:
        known.find("payInvoice", pattern)
    assert str(raised.value) == f"there is no operation {pattern!r}; {hint}"


def test_an_address_leads_to_operations_of_one_direction(tmp_path: Path) -> None:
    """The same path may be that of an API and of a webhook."""
    known = load(document=many_files(tmp_path))
    assert [each.id for each in known.at("https://a.example/v1/pay")] == ["payInvoice"]
    assert [each.id for each in known.at("/pay/", "to-partner")] == ["invoicePaid"]
