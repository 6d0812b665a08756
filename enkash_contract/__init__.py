"""The executable contract of EnKash's invoice operations on Bharat Connect.

Importing this package imports nothing else: every public name is found when it is first used,
because the package's pytest entry point imports this module in every test run of everyone who
installed it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from enkash_contract.contract import Contract as Contract
    from enkash_contract.contract import Operation as Operation
    from enkash_contract.contract import load as load
    from enkash_contract.validation import is_valid as is_valid

_HOMES = {
    "Contract": "contract",
    "ContractViolated": "errors",
    "DocumentError": "errors",
    "EnkashContractError": "errors",
    "Evidence": "evidence",
    "Level": "evidence",
    "Operation": "contract",
    "Rule": "rules",
    "Violation": "validation",
    "is_valid": "validation",
    "iter_violations": "validation",
    "load": "contract",
    "validate": "validation",
    "validate_json": "validation",
}

__all__ = [*_HOMES]  # noqa: PLE0604 - the table is the one list of public names


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
