"""Operations that are found by the path and the method of a request."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import enkash_contract as ec
from enkash_contract.contract.contract import bundled
from enkash_contract.contract.routes import Routes
from tests.support.several import PAY, REFUND, three
from tests.support.small_documents import document as small_document

if TYPE_CHECKING:
    from pathlib import Path


def posted(path: str, method: str = "POST") -> ec.Request:
    """Return a request to `path`."""
    return ec.Request(method, f"http://bank.example{path}", (), b"{}")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/small/refund", REFUND),
        ("/v1/small/refund", REFUND),
        ("/small/Refund/", REFUND),
        ("/sm%61ll/refund", REFUND),
        ("/other/refund", None),
        ("/small/pay/more", None),
        ("/", None),
    ],
)
def test_a_request_speaks_to_the_operation_at_its_path(path: str, name: str | None) -> None:
    """In any spelling, and below any other path."""
    contract = three()
    for routes in (Routes(contract), Routes(contract, contract.values())):
        found = routes.of(posted(path))
        assert (found and found.id) == name
        assert (routes.at(path, lambda: "POST") or None) is found


def test_what_is_served_is_known_by_number_and_by_name() -> None:
    """All that is sent to EnKash, or what was named."""
    contract = three()
    pay, refund, _ = contract.values()
    whole, some = Routes(contract), Routes(contract, [refund])
    assert (len(whole), len(some)) == (3, 1)
    assert (whole.within(some), some.within(whole), some.within(some)) == (False, True, True)
    assert (whole.within(Routes(contract)), whole.within(Routes(bundled()))) == (True, False)
    assert (whole.first, some.first) == (pay, refund)
    assert (whole.operations, some.operations) == ((*contract.values(),), (refund,))
    assert (whole.has(pay), some.has(pay)) == (True, False)
    assert whole.methods(posted("/small/pay", "GET")) == ("POST",)
    assert whole.methods(posted("/v1/small/pay")) == ()
    assert pay.id == PAY


def test_several_operations_at_one_path_are_told_apart_by_the_method(tmp_path: Path) -> None:
    """Another method speaks to the first of them."""
    data = of_several(tmp_path)
    routes = Routes(data)
    path = next(iter(data.values())).path
    first, second = data.values()
    assert routes.at(path, lambda: second.method) is second
    assert routes.at(path, lambda: "PATCH") is first


def of_several(folder: Path) -> ec.Contract:
    """Return a contract of two operations at one path."""
    document = small_document({"type": "object", "properties": {"a": {"type": "integer"}}})
    item = next(iter(document["paths"].values()))
    item["put"] = {**item["post"], "operationId": "replace"}
    file = folder / "two.json"
    file.write_text(json.dumps(document))
    return ec.load(document=file)
