"""Our operation as Schemathesis has it, and the failures of a request that it sends."""

from __future__ import annotations

from typing import Any

from schemathesis.core.failures import FailureGroup

import enkash_contract as ec
from enkash_contract.contract import contract
from enkash_contract.schemathesis_hooks import cases

PATH = "/api/v0/invoice/req-status-change-invoice"


def theirs(app: Any, **options: Any) -> Any:
    """Return the one operation of a schema whose requests go to `app`."""
    return contract.bundled().schemathesis(app=app, **options)[PATH]["POST"]


def judged(case: Any, **options: Any) -> list[str]:
    """Send `case` and return the failures, sentence first."""
    try:
        case.call_and_validate(**options)
    except FailureGroup as group:
        return [
            f"{failure.title}: {failure.message.splitlines()[0]}" for failure in group.exceptions
        ]
    return []


def ours(operation: Any, case_id: str) -> Any:
    """Return the case of the suite with that id, as Schemathesis sends it."""
    (case,) = (case for case in ec.cases() if case.id == case_id)
    return cases.put(contract.bundled().pick(), case, operation.Case())
