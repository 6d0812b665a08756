"""What files state that were not read: told only where it is certain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from enkash_contract.contract import contract
from enkash_contract.contract.contract import Contract, load
from enkash_contract.contract.unread import Unread, joined, texts
from tests.support.many_files import many_files

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.contract.yaml_nodes import Tokens

PAID: Tokens = ("webhooks", "paid")


def unread(text: str | None, reference: str = "paid.yaml") -> Unread:
    """Return what is known of a webhook whose file holds a text."""
    files = {} if text is None else {"paid.yaml": text.encode()}
    return Unread({PAID: reference}, "root.yaml", files.get)


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("x-path: /a/b-c\npost: {}\n", "/a/b-c"),
        ("x-path: '/a'\npost: {}\n", None),
        ("post:\n  x-path: /a\n", None),
        ("x-path: /a\npost: {x-path: /b}\n", None),
        ("x-path: /a\nx-path: /b\n", None),
        ("post: {}\n", None),
        (None, None),
    ],
)
def test_the_path_of_a_webhook(text: str | None, stated: str | None) -> None:
    """Stated as nearly all files do; otherwise the file has to be read."""
    assert unread(text).path_of(PAID) == stated


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("post:\n  operationId: paid\n", ["paid"]),
        ("post:\n  operationId: paid\nput:\n  operationId: more.paid\n", ["paid", "more.paid"]),
        ("post: {operationId: paid}\n", None),
        ("post:\n  operationId: 'paid'\n", None),
        ("post:\n  operationId: paid\nget: {operationId: got}\n", None),
        ("post: {}\n", None),
        (None, None),
    ],
)
def test_the_ids_of_a_path_item(text: str | None, stated: list[str] | None) -> None:
    """All of them, or none is certain."""
    assert unread(text).ids_of(PAID) == stated


def test_a_part_of_a_file_may_be_another_operation() -> None:
    """What the whole file says is not said of a part of it."""
    known = unread("x-path: /a\na:\n  operationId: paid\n", "paid.yaml#/a")
    assert known.ids_of(PAID) is None
    assert known.path_of(PAID) is None


def test_a_file_is_looked_into_once() -> None:
    """However often somebody asks."""
    files = {"paid.yaml": b"x-path: /a\n"}
    known = Unread({PAID: "paid.yaml"}, "root.yaml", files.get)
    assert known.ids_of(PAID) is None
    files.clear()
    assert known.path_of(PAID) == "/a"


def test_components_are_found_through_other_files() -> None:
    """Not those whose names only begin alike, and not through the root."""
    files = {
        "paid.yaml": b"a: {$ref: 'parts/more.yaml#/a'}\nb: {$ref: '../gone.yaml'}",
        "parts/more.yaml": b"a: {$ref: ../root.yaml#/components/schemas/Id}\nb: {$ref: paid.yaml}",
    }
    known = Unread({PAID: "paid.yaml"}, "root.yaml", files.get)
    assert known.naming(["#/components/schemas/Id"]) == {PAID}
    assert known.naming(["#/components/schemas/I", "#/components/schemas/d"]) == set()
    assert texts("paid.yaml", files.get) == files


@pytest.mark.parametrize(
    ("file", "name", "meant"),
    [
        ("root.yaml", "a/b.yaml", "a/b.yaml"),
        ("a/b.yaml", "../c%20d.yaml", "c d.yaml"),
        ("a/b.yaml", "./c.yaml", "a/c.yaml"),
    ],
)
def test_a_reference_is_read_from_its_own_file(file: str, name: str, meant: str) -> None:
    """As a URL is."""
    assert joined(file, name) == meant


@pytest.mark.parametrize(
    ("asked", "found", "left"),
    [
        ("payInvoice", ["payInvoice"], 1),
        ("pay*", ["payInvoice"], 1),
        ("*", ["payInvoice", "invoicePaid"], 0),
        ("invoicePai?", ["invoicePaid"], 1),
    ],
)
def test_only_what_a_name_may_mean_is_read(
    asked: str, found: list[str], left: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An id or a glob opens the files in which it may be."""
    known = lazy(tmp_path, monkeypatch)
    assert [each.id for each in known.find(asked)] == found
    assert len(known.document.unread) == left
    assert "payMore" not in known
    assert len(known.document.unread) == left


def test_a_file_that_may_hold_any_id_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But not before one that certainly does."""
    known = lazy(tmp_path, monkeypatch)
    webhook = tmp_path / "webhooks" / "invoice_paid.yaml"
    webhook.write_text(
        webhook.read_text().replace("operationId: invoicePaid", "operationId:  invoicePaid")
    )
    assert known["payInvoice"].id == "payInvoice"
    assert known.document.unread == (PAID,)
    assert [each.id for each in known.find("invoice*")] == ["invoicePaid"]


def test_whoever_read_all_of_the_document_hides_no_operation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its data, not its operations: these are read from it when somebody asks for them."""
    known = lazy(tmp_path, monkeypatch)
    assert known.document.data["webhooks"]
    assert known["invoicePaid"].path == "/pay"
    assert [each.id for each in known.find("pay*")] == ["payInvoice"]


def lazy(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Contract:
    """Return the contract of two files in the place of the bundled one."""
    root = many_files(folder)
    monkeypatch.setattr(contract, "_bundled_path", lambda: root)
    return load()
