"""The executable contract of EnKash's invoice operations on Bharat Connect.

Importing this package imports nothing else: every public name is found when it is first used,
because the pytest entry point imports this module in every test run of everyone who installed it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__all__ = [
    "Answer",
    "Case",
    "ConfigError",
    "Contract",
    "ContractViolated",
    "Defect",
    "DeliveryCheck",
    "DocumentError",
    "EnkashContractError",
    "Evidence",
    "Finding",
    "Interaction",
    "InvalidPayload",
    "Level",
    "Operation",
    "PayloadFileError",
    "Probed",
    "RecordingError",
    "Reply",
    "Request",
    "Response",
    "ResponseCheck",
    "Result",
    "Rule",
    "RuleViolated",
    "Sandbox",
    "ScriptedSandbox",
    "TargetError",
    "UsageError",
    "Violation",
    "answers",
    "cases",
    "check_target",
    "check_traffic",
    "defects",
    "deliver",
    "guard",
    "invalid_payloads",
    "is_valid",
    "iter_violations",
    "json_schema_validator",
    "load",
    "payloads",
    "probe",
    "requests",
    "responses",
    "unguard",
    "validate",
    "validate_json",
    "validate_request",
]

_HOMES = {
    "Answer": "generation.responses",
    "Case": "judging.case",
    "ConfigError": "errors",
    "Contract": "contract.contract",
    "ContractViolated": "errors",
    "Defect": "sandbox.defects",
    "DeliveryCheck": "pytest_plugin.deliveries",
    "DocumentError": "errors",
    "EnkashContractError": "errors",
    "Evidence": "contract.evidence",
    "Finding": "judging.finding",
    "Interaction": "wire.message",
    "InvalidPayload": "generation.strategies.invalid",
    "Level": "contract.evidence",
    "Operation": "contract.operation",
    "PayloadFileError": "errors",
    "Probed": "engine.probing.probed",
    "RecordingError": "errors",
    "Reply": "wire.message",
    "Request": "wire.message",
    "Response": "wire.message",
    "ResponseCheck": "pytest_plugin.responses",
    "Result": "judging.result",
    "Rule": "contract.rules",
    "RuleViolated": "validation.rule_errors",
    "Sandbox": "sandbox.app",
    "ScriptedSandbox": "pytest_plugin.scripted_sandbox",
    "TargetError": "errors",
    "UsageError": "errors",
    "Violation": "validation.violation",
    "answers": "generation.responses",
    "cases": "generation.suite",
    "check_target": "engine.check",
    "check_traffic": "traffic",
    "defects": "sandbox.defects",
    "deliver": "engine.deliver",
    "guard": "validation.client_guards",
    "invalid_payloads": "generation.strategies.operation",
    "is_valid": "validation.validate",
    "iter_violations": "validation.validate",
    "json_schema_validator": "validation.rule_errors",
    "load": "contract.contract",
    "payloads": "generation.strategies.operation",
    "probe": "engine.probing.run",
    "requests": "generation.strategies.operation",
    "responses": "generation.strategies.operation",
    "unguard": "validation.client_guards",
    "validate": "validation.validate",
    "validate_json": "validation.validate",
    "validate_request": "validation.guards",
}
"""The public names, each with the module that defines it."""

# A type checker reads imports and no table, and with a `__getattr__` in sight it would take every
# misspelt name for one that is there.
if TYPE_CHECKING:
    from enkash_contract.contract.contract import Contract as Contract
    from enkash_contract.contract.contract import load as load
    from enkash_contract.contract.evidence import Evidence as Evidence
    from enkash_contract.contract.evidence import Level as Level
    from enkash_contract.contract.operation import Operation as Operation
    from enkash_contract.contract.rules import Rule as Rule
    from enkash_contract.engine.check import check_target as check_target
    from enkash_contract.engine.deliver import deliver as deliver
    from enkash_contract.engine.probing.probed import Probed as Probed
    from enkash_contract.engine.probing.run import probe as probe
    from enkash_contract.errors import ConfigError as ConfigError
    from enkash_contract.errors import ContractViolated as ContractViolated
    from enkash_contract.errors import DocumentError as DocumentError
    from enkash_contract.errors import EnkashContractError as EnkashContractError
    from enkash_contract.errors import PayloadFileError as PayloadFileError
    from enkash_contract.errors import RecordingError as RecordingError
    from enkash_contract.errors import TargetError as TargetError
    from enkash_contract.errors import UsageError as UsageError
    from enkash_contract.generation.responses import Answer as Answer
    from enkash_contract.generation.responses import answers as answers
    from enkash_contract.generation.strategies.invalid import InvalidPayload as InvalidPayload
    from enkash_contract.generation.strategies.operation import invalid_payloads as invalid_payloads
    from enkash_contract.generation.strategies.operation import payloads as payloads
    from enkash_contract.generation.strategies.operation import requests as requests
    from enkash_contract.generation.strategies.operation import responses as responses
    from enkash_contract.generation.suite import cases as cases
    from enkash_contract.judging.case import Case as Case
    from enkash_contract.judging.finding import Finding as Finding
    from enkash_contract.judging.result import Result as Result
    from enkash_contract.pytest_plugin.deliveries import DeliveryCheck as DeliveryCheck
    from enkash_contract.pytest_plugin.responses import ResponseCheck as ResponseCheck
    from enkash_contract.pytest_plugin.scripted_sandbox import ScriptedSandbox as ScriptedSandbox
    from enkash_contract.sandbox.app import Sandbox as Sandbox
    from enkash_contract.sandbox.defects import Defect as Defect
    from enkash_contract.sandbox.defects import defects as defects
    from enkash_contract.traffic import check_traffic as check_traffic
    from enkash_contract.validation.client_guards import guard as guard
    from enkash_contract.validation.client_guards import unguard as unguard
    from enkash_contract.validation.guards import validate_request as validate_request
    from enkash_contract.validation.rule_errors import RuleViolated as RuleViolated
    from enkash_contract.validation.rule_errors import (
        json_schema_validator as json_schema_validator,
    )
    from enkash_contract.validation.validate import is_valid as is_valid
    from enkash_contract.validation.validate import iter_violations as iter_violations
    from enkash_contract.validation.validate import validate as validate
    from enkash_contract.validation.validate import validate_json as validate_json
    from enkash_contract.validation.violation import Violation as Violation
    from enkash_contract.wire.message import Interaction as Interaction
    from enkash_contract.wire.message import Reply as Reply
    from enkash_contract.wire.message import Request as Request
    from enkash_contract.wire.message import Response as Response

    __version__: str
else:

    def __getattr__(name: str) -> Any:
        if name == "__version__":
            value = _version()
        elif name in _HOMES:
            try:
                value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
            except ModuleNotFoundError as problem:
                needed = f"{__name__}.{name} needs {problem.name}"
                extra = "jsonschema" if problem.name in ("attrs", "jsonschema") else "pytest"
                raise ImportError(f"{needed}: pip install 'enkash-contract[{extra}]'") from None
        else:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        return __all__


def _version() -> str:
    """Return the version of the installed package, or of the clone that this file lies in."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("enkash-contract")
    except PackageNotFoundError:
        import tomllib
        from pathlib import Path

        project = Path(__file__).parent.parent / "pyproject.toml"
        return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])
