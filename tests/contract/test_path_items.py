"""Path items are read when their operations are needed, and stand in the order of the document."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from enkash_contract.contract import contract
from enkash_contract.contract.contract import load
from enkash_contract.errors import DocumentError, UsageError
from tests.support.many_files import WEBHOOK, many_files

if TYPE_CHECKING:
    from pathlib import Path


def lazy(folder: Path, monkeypatch: pytest.MonkeyPatch, **changed: str | None) -> Path:
    """Put a document of several files in the place of the bundled one."""
    root = many_files(folder, **changed)
    monkeypatch.setattr(contract, "_bundled_path", lambda: root)
    return root


def test_a_command_for_one_operation_reads_its_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The default, and an operation whose file has its name: others may be missing."""
    lazy(tmp_path, monkeypatch, invoice_paid=None)
    assert load().pick().id == "payInvoice"
    assert load()["payInvoice"].id == "payInvoice"
    assert [each.id for each in load().find("payInvoice")] == ["payInvoice"]
    assert [each.id for each in load().at("https://a.example/pay")] == ["payInvoice"]
    assert load().at("https://a.example/paid") == []
    assert repr(load()) == "<Contract openapi/enkash.yaml: payInvoice and 1 more>"
    with pytest.raises(DocumentError, match="invoice_paid.yaml, which the reference"):
        list(load())


def test_whoever_goes_through_all_operations_reads_every_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are in the order of the document, whichever was read first."""
    lazy(tmp_path, monkeypatch)
    known = load()
    assert known["invoicePaid"].direction == "to-partner"
    assert ([*known], len(known)) == (["payInvoice", "invoicePaid"], 2)
    assert "payInvoices" not in known
    with pytest.raises(UsageError, match="there is no operation 'pay'; did you mean payInvoice"):
        load().pick("pay")
    known = load()
    assert list(known.document.data["webhooks"]["paid"]) == ["x-path", "x-sources", "post"]
    assert [*known] == ["payInvoice", "invoicePaid"]


def test_a_file_of_any_name_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name only says which is read first."""
    root = lazy(tmp_path, monkeypatch)
    text = root.read_text(encoding="utf-8").replace("operations/pay_invoice", "operations/it")
    root.write_text(text, encoding="utf-8")
    (tmp_path / "operations/pay_invoice.yaml").rename(tmp_path / "operations/it.yaml")
    assert load()["payInvoice"].path == "/pay"


def test_one_id_stands_in_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second one is a problem: at once where its file says so, or when that is read."""
    for spaces, is_known in ((" ", False), ("  ", True)):
        webhook = WEBHOOK.replace("operationId: invoicePaid", f"operationId:{spaces}payInvoice")
        lazy(tmp_path, monkeypatch, invoice_paid=webhook)
        known = load()
        if is_known:
            assert known["payInvoice"].direction == "to-enkash"
        with pytest.raises(DocumentError) as raised:
            _ = list(known) if is_known else known["payInvoice"]
        message = "openapi/webhooks/invoice_paid.yaml:5: the operation 'payInvoice' is there twice"
        assert str(raised.value) == f"{message}; rename one"


def test_operations_are_in_the_order_of_the_document(tmp_path: Path) -> None:
    """Whether they stand in the document itself or in a file that it names."""
    root = many_files(tmp_path)
    inline = "".join(f"    {line}\n" for line in WEBHOOK.splitlines()).replace("../", "")
    text = root.read_text(encoding="utf-8")
    reference = "  paid: {$ref: webhooks/invoice_paid.yaml}\n"
    assert text.count(reference) == 1
    root.write_text(text.replace(reference, f"  paid:\n{inline}"), encoding="utf-8")
    assert [*load(document=root)] == ["payInvoice", "invoicePaid"]
