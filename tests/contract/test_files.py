"""The files of a document: which are read, when, and what is said of those that cannot be."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from enkash_contract.contract.contract import load
from enkash_contract.contract.files import Files
from enkash_contract.errors import DocumentError
from tests.support.many_files import FILES, OPERATION, PAYMENT, ROOT, many_files

if TYPE_CHECKING:
    from enkash_contract.contract.yaml_nodes import Tokens

PAY: Tokens = ("paths", "/pay")


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder, so that messages name files as a person would type them."""
    monkeypatch.chdir(tmp_path)


def told(**changed: str | None) -> list[str]:
    """Return what is said of the document with other files."""
    with pytest.raises(DocumentError) as raised:
        load(document=many_files(Path(), **changed))
    return [*map(str, raised.value.problems)]


def test_only_files_that_are_needed_are_read() -> None:
    """The file of a path item is read when it is joined, with those that it names."""
    root = many_files(Path())
    Path("webhooks/invoice_paid.yaml").unlink()
    files = Files(root, "enkash.yaml")
    assert files.unread == {
        PAY: "operations/pay_invoice.yaml",
        ("webhooks", "paid"): "webhooks/invoice_paid.yaml",
    }
    assert files.join(PAY) == [
        ("components", "schemas", "Amount"),
        ("x-sources", "letter"),
        ("components", "schemas", "Payment"),
        ("components", "responses", "Answer"),
        PAY,
    ]
    assert [*files.unread] == [("webhooks", "paid")]


def test_all_files_together_are_one_openapi_document() -> None:
    """No reference leads out of it, and OpenAPI's own validator finds nothing wrong."""
    data = load(document=many_files(Path())).document.data
    assert list(OpenAPIV31SpecValidator(data).iter_errors()) == []
    assert list(data["components"]["schemas"]) == ["Ids", "Id", "Amount", "Payment"]
    properties = data["paths"]["/pay"]["post"]["requestBody"]["content"]["application/json"][
        "schema"
    ]["properties"]
    assert properties["payment"] == {"$ref": "#/components/schemas/Payment"}


def test_a_rule_names_the_file_that_it_stands_in() -> None:
    """What is shared is named where it is shared, and all else in the file of the operation."""
    rules = load(document=many_files(Path())).pick().rules
    assert [
        str(rules[f"request{name}"].place) for name in ("#type", "/ids#type", "/payment#type")
    ] == [
        "operations/pay_invoice.yaml:22",
        "enkash.yaml:18",
        "parts/payment.yaml:5",
    ]


def test_the_digest_is_that_of_all_files() -> None:
    """A change of any of them, read or not, is a change of the document."""
    root = many_files(Path())
    files = Files(root, "enkash.yaml")
    before = hashlib.sha256(files.everything()).hexdigest()
    assert all(text.encode() in files.everything() for text in FILES.values())
    Path("parts/payment.yaml").write_text(f"{PAYMENT}# more\n", encoding="utf-8")
    assert hashlib.sha256(files.everything()).hexdigest() != before


def test_a_component_may_be_a_whole_file() -> None:
    """Its name is that of the file; an entry of the components may be the reference itself."""
    note = "type: string\nx-evidence: {type: assumed}\n"
    root = many_files(
        Path(),
        enkash=ROOT.replace("  schemas:\n", "  schemas:\n    note: {$ref: parts/note.yaml}\n"),
        pay_invoice=OPERATION.replace("parts/payment.yaml#/Payment", "parts/note.yaml"),
    )
    Path("parts/note.yaml").write_text(note, encoding="utf-8")
    contract = load(document=root)
    assert list(contract.document.data["components"]["schemas"]) == ["note", "Ids", "Id"]
    assert str(contract.pick().rules["request/payment#type"].place) == "parts/note.yaml:1"


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (
            "pay_invoice",
            "../parts/payment.yaml#/Payment",
            "../parts/payments.yaml#/Payment",
            "operations/pay_invoice.yaml:30: parts/payments.yaml, which the reference "
            "'../parts/payments.yaml#/Payment' names, cannot be read: No such file or directory; "
            "name a file that is there",
        ),
        (
            "pay_invoice",
            "../parts/payment.yaml#/Payment",
            "../parts/payment.yaml#/Paymnt",
            "operations/pay_invoice.yaml:30: the reference '../parts/payment.yaml#/Paymnt' leads to"
            " nothing; there is no '/Paymnt' in parts/payment.yaml",
        ),
        (
            "pay_invoice",
            "../parts/payment.yaml#/Payment",
            "../parts/payment.yaml#Payment",
            "operations/pay_invoice.yaml:30: the reference '../parts/payment.yaml#Payment' leads to"
            " nothing; there is no 'Payment' in parts/payment.yaml",
        ),
        (
            "pay_invoice",
            "../parts/payment.yaml#/Payment",
            "../../payment.yaml#/Payment",
            "operations/pay_invoice.yaml:30: the reference '../../payment.yaml#/Payment' leads "
            "outside the folder of the document; keep what it names beside the document",
        ),
        (
            "pay_invoice",
            "../parts/payment.yaml#/Payment",
            "https://example.com/payment.yaml#/Payment",
            "operations/pay_invoice.yaml:30: the reference "
            "'https://example.com/payment.yaml#/Payment' points at no schema; "
            "the schemas in #/components/schemas are Ids, Id",
        ),
        (
            "payment",
            "Amount: {type: number,",
            "Amount: {type: number, type: number,",
            "parts/payment.yaml:9: the key 'type' is repeated; keep one of them",
        ),
        (
            "payment",
            "'2026-01-02'",
            "'2026-01-09'",
            "parts/payment.yaml:2: the source shared is another one than that at enkash.yaml:5; "
            "give both the same url and read",
        ),
        (
            "enkash",
            "    Ids:\n",
            "    Payment: {type: string, x-evidence: {type: assumed}}\n    Ids:\n",
            "operations/pay_invoice.yaml:30: ../parts/payment.yaml#/Payment would be the component "
            "Payment, which enkash.yaml:17 is; give one of them another name",
        ),
        (
            "enkash",
            "webhooks/invoice_paid.yaml",
            "operations/pay_invoice.yaml",
            "enkash.yaml:9: operations/pay_invoice.yaml is named twice; name it once",
        ),
        (
            "enkash",
            "{$ref: operations/pay_invoice.yaml}",
            "{$ref: operations/pay_invoice.yaml, post: {}}",
            "enkash.yaml:7: beside the reference to a path item, 'post' is not honoured; "
            "write it in that file",
        ),
        (
            "enkash",
            "x-default-operation: payInvoice",
            "x-default-operation: payInvoices",
            "enkash.yaml:3: there is no operation 'payInvoices'; did you mean payInvoice? "
            "the document has payInvoice, invoicePaid",
        ),
    ],
)
def test_what_is_wrong_with_files_is_told(file: str, old: str, new: str, message: str) -> None:
    """The message names the file and line of the reference, and says what to do."""
    name = next(name for name in FILES if Path(name).stem == file)
    assert FILES[name].count(old) == 1
    assert told(**{file: FILES[name].replace(old, new)}) == [message]


def test_every_problem_of_every_file_is_told() -> None:
    """One file hides none of another."""
    webhook = FILES["webhooks/invoice_paid.yaml"].replace("x-page: api-2", "x-pages: [api-2]")
    lines = told(
        pay_invoice=OPERATION.replace("tags: [Payment]", "tag: [Payment]"),
        invoice_paid=webhook.replace("description: Anything.", ""),
    )
    assert lines == [
        "operations/pay_invoice.yaml:5: an operation with the keyword 'tag' is not honoured here; "
        "did you mean tags?",
        "webhooks/invoice_paid.yaml:24: a response has no 'description'; add it; see OpenAPI 3.1",
    ]


def test_a_link_leads_no_further_than_the_folder(tmp_path: Path) -> None:
    """What a link of the file system hides is outside as well."""
    folder = tmp_path / "inside"
    root = many_files(folder, payment=None)
    outside = tmp_path / "payment.yaml"
    outside.write_text(PAYMENT, encoding="utf-8")
    (folder / "parts" / "payment.yaml").symlink_to(outside)
    with pytest.raises(DocumentError, match="leads outside the folder of the document"):
        load(document=root)


def test_a_path_item_may_be_a_part_of_a_file() -> None:
    """Then the sources of that file are those of the document."""
    webhook = FILES["webhooks/invoice_paid.yaml"]
    body = "".join(f"  {line}\n" for line in webhook.splitlines() if "api-2:" not in line)
    body = body.replace("  x-sources:\n", "")
    sources = "x-sources:\n  api-2: {read: '2026-01-03', shows: Invoice Paid.}\n"
    reference = "webhooks/invoice_paid.yaml#/paid"
    contract = load(
        document=many_files(
            Path(),
            enkash=ROOT.replace("webhooks/invoice_paid.yaml", reference),
            invoice_paid=f"{sources}paid:\n{body}",
        )
    )
    assert contract["invoicePaid"].page == "api-2"
    assert list(contract.document.data["x-sources"]) == ["shared", "letter", "api-2"]
