"""Payloads and a transport for tests of guards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping

    Headers = Mapping[str, str]

from tests.support.keeping_clients import Sent


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
