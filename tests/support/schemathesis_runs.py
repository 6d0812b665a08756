"""Our operation as Schemathesis has it, and the failures of a request that it sends."""

from __future__ import annotations

from typing import Any

from schemathesis.core.failures import FailureGroup

import enkash_contract as ec
from enkash_contract.contract import contract
from enkash_contract.schemathesis_hooks import cases

PATH = "/api/v0/invoice/req-status-change-invoice"


def asked(app: Any, **options: Any) -> Any:
    """Return the one operation of a schema whose requests go to `app`."""
    return contract.bundled().schemathesis(app=app, **options)[PATH]["POST"]


def judged(case: Any, **options: Any) -> list[str]:
    """Send `case` and return the failures, sentence first."""
    try:
        case.call_and_validate(**options)
    except FailureGroup as found:
        return [f"{one.title}: {one.message.splitlines()[0]}" for one in found.exceptions]
    return []


def ours(operation: Any, case_id: str) -> Any:
    """Return the case of the suite with that id, as Schemathesis sends it."""
    found = contract.bundled().pick()
    (case,) = (one for one in ec.cases() if one.id == case_id)
    return cases.put(found, case, operation.Case())
