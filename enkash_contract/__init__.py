"""The executable contract of EnKash's invoice operations on Bharat Connect.

Importing this package imports nothing else: every public name is found when it is first used,
because the pytest entry point imports this module in every test run of everyone who installed it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from enkash_contract.contract.contract import Contract, load
    from enkash_contract.contract.evidence import Evidence, Level
    from enkash_contract.contract.operation import Operation
    from enkash_contract.contract.rules import Rule
    from enkash_contract.engine.run import check_target
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
    from enkash_contract.generation.responses import Answer, answers
    from enkash_contract.generation.strategies.operation import (
        InvalidPayload,
        invalid_payloads,
        payloads,
        requests,
        responses,
    )
    from enkash_contract.generation.suite import cases
    from enkash_contract.judging.case import Case
    from enkash_contract.judging.result import Finding, Result
    from enkash_contract.sandbox.app import Sandbox
    from enkash_contract.sandbox.defects import Defect, defects
    from enkash_contract.traffic import check_traffic
    from enkash_contract.validation.guards import guard, unguard, validate_request
    from enkash_contract.validation.validate import (
        is_valid,
        iter_violations,
        validate,
        validate_json,
    )
    from enkash_contract.validation.violation import Violation

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
    "generation.responses": ("Answer", "answers"),
    "contract.contract": ("Contract", "load"),
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
    "contract.evidence": ("Evidence", "Level"),
    "validation.guards": ("guard", "unguard", "validate_request"),
    "contract.operation": ("Operation",),
    "judging.result": ("Finding", "Result"),
    "contract.rules": ("Rule",),
    "engine.run": ("check_target",),
    "sandbox.app": ("Sandbox",),
    "sandbox.defects": ("Defect", "defects"),
    "generation.strategies.operation": (
        "InvalidPayload",
        "invalid_payloads",
        "payloads",
        "requests",
        "responses",
    ),
    "generation.suite": ("cases",),
    "judging.case": ("Case",),
    "traffic": ("check_traffic",),
    "validation.validate": ("is_valid", "iter_violations", "validate", "validate_json"),
    "validation.violation": ("Violation",),
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
