"""The executable contract of EnKash's invoice operations on Bharat Connect.

Importing this package imports nothing else: every public name is found when it is first used,
because the pytest entry point imports this module in every test run of everyone who installed it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from enkash_contract.answering import Answer, answers
    from enkash_contract.contract import Contract, load
    from enkash_contract.errors import (
        ConfigError,
        ContractViolated,
        DocumentError,
        EnkashContractError,
        PayloadFileError,
        RecordingError,
        TargetError,
        UsageError,
    )
    from enkash_contract.evidence import Evidence, Level
    from enkash_contract.guards import guard, unguard, validate_request
    from enkash_contract.operation import Operation
    from enkash_contract.result import Finding, Result
    from enkash_contract.rules import Rule
    from enkash_contract.runner import check_target
    from enkash_contract.sandbox import Sandbox
    from enkash_contract.seeded import Defect, defects
    from enkash_contract.strategies import (
        InvalidPayload,
        invalid_payloads,
        payloads,
        requests,
        responses,
    )
    from enkash_contract.suite import Case, cases
    from enkash_contract.traffic import check_traffic
    from enkash_contract.validation import is_valid, iter_violations, validate, validate_json
    from enkash_contract.violation import Violation

__all__ = [
    "Answer",
    "Case",
    "ConfigError",
    "Contract",
    "ContractViolated",
    "Defect",
    "DocumentError",
    "EnkashContractError",
    "Evidence",
    "Finding",
    "InvalidPayload",
    "Level",
    "Operation",
    "PayloadFileError",
    "RecordingError",
    "Result",
    "Rule",
    "Sandbox",
    "TargetError",
    "UsageError",
    "Violation",
    "answers",
    "cases",
    "check_target",
    "check_traffic",
    "defects",
    "guard",
    "invalid_payloads",
    "is_valid",
    "iter_violations",
    "load",
    "payloads",
    "requests",
    "responses",
    "unguard",
    "validate",
    "validate_json",
    "validate_request",
]

_HOMES = {
    "answering": ("Answer", "answers"),
    "contract": ("Contract", "load"),
    "errors": (
        "ConfigError",
        "ContractViolated",
        "DocumentError",
        "EnkashContractError",
        "PayloadFileError",
        "RecordingError",
        "TargetError",
        "UsageError",
    ),
    "evidence": ("Evidence", "Level"),
    "guards": ("guard", "unguard", "validate_request"),
    "operation": ("Operation",),
    "result": ("Finding", "Result"),
    "rules": ("Rule",),
    "runner": ("check_target",),
    "sandbox": ("Sandbox",),
    "seeded": ("Defect", "defects"),
    "strategies": ("InvalidPayload", "invalid_payloads", "payloads", "requests", "responses"),
    "suite": ("Case", "cases"),
    "traffic": ("check_traffic",),
    "validation": ("is_valid", "iter_violations", "validate", "validate_json"),
    "violation": ("Violation",),
}


def __getattr__(name: str) -> Any:
    for module, names in _HOMES.items():
        if name in names:
            try:
                value = getattr(import_module(f"{__name__}.{module}"), name)
            except ModuleNotFoundError as problem:
                what = f"{__name__}.{name} needs {problem.name}"
                raise ImportError(f"{what}: pip install 'enkash-contract[pytest]'") from None
            globals()[name] = value
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
