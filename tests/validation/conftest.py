"""Payloads and a transport for tests of guards, and contracts for those of engines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract.contract.contract import bundled, load
from tests.support.keeping_clients import Sent
from tests.support.second_document import second, written
from tests.validation.test_validate import CONFIRMED, EVERYTHING, RIGHT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from enkash_contract.contract.contract import Contract

    Headers = Mapping[str, str]


@pytest.fixture
def wrong(payload: Any) -> Any:
    """Return a payload that breaks a rule of a sibling page, and one of our own reading."""
    payload["b2bIds"]["buyerB2BId"] = 'SECRET"'
    payload["invoiceStatus"]["objectVersion"]["newVersion"] = 0
    return payload


@pytest.fixture
def weak(payload: Any) -> Any:
    """Return a payload that breaks nothing but a rule of our own reading."""
    payload["invoiceStatus"]["objectVersion"]["newVersion"] = 0
    return payload


@pytest.fixture
def sent() -> Sent:
    """Return a transport that nothing has reached yet."""
    return Sent()


@pytest.fixture(scope="session")
def judges(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Contract, Any]]:
    """Return contracts with a valid payload of each: bundled, confirmed by an overlay, second."""
    folder = tmp_path_factory.mktemp("judges")
    return [
        (bundled(), RIGHT),
        (load(written(folder, "confirmed.yaml", CONFIRMED)), RIGHT),
        (second(folder), EVERYTHING),
    ]
