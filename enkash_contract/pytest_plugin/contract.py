"""The contract of a pytest run: loaded once, when something first uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from enkash_contract.contract.choice import choose
from enkash_contract.contract.contract import Contract, layered

if TYPE_CHECKING:
    from enkash_contract.contract.operation import Operation

_CONTRACT = pytest.StashKey[Contract]()


def contract_of(config: pytest.Config) -> Contract:
    """Return the contract, with the overlays named by --enkash-overlay.

    Raises:
        DocumentError: an overlay cannot be read or applied.

    """
    if _CONTRACT not in config.stash:
        config.stash[_CONTRACT] = layered(*config.getoption("enkash_overlay"))
    return config.stash[_CONTRACT]


def operations_of(config: pytest.Config, *ids: str) -> tuple[Operation, ...]:
    """Return the operations that are checked: those of --enkash-operation, or of qualified `ids`.

    Without any it is that of the address, or the default.

    Raises:
        DocumentError: an overlay cannot be read or applied.
        UsageError: there is no such operation.

    """
    case = config.getoption("enkash_case")
    return choose(
        contract_of(config),
        config.getoption("enkash_operation"),
        ids=[*ids, *([case] if case else [])],
        target=config.getoption("enkash_url"),
    )


def operation_of(config: pytest.Config, named: str | None = None) -> Operation:
    """Return the operation that a test of clients is about: the `named` one, or else the default.

    Raises:
        DocumentError: an overlay cannot be read or applied.
        UsageError: there is no such operation.

    """
    contract = contract_of(config)
    if named is None and len(config.getoption("enkash_operation")) == 1:
        return operations_of(config)[0]
    return contract.pick(named)
