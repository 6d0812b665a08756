"""The contract of a pytest run: one for everything that uses it, loaded when something does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from enkash_contract.contract.contract import Contract, layered

if TYPE_CHECKING:
    from enkash_contract.contract.operation import Operation

_CONTRACT = pytest.StashKey[Contract]()


def contract_of(config: pytest.Config) -> Contract:
    """Return the contract, with the overlays named by --enkash-overlay.

    Raises:
        DocumentError: one of them is wrong.

    """
    if _CONTRACT not in config.stash:
        config.stash[_CONTRACT] = layered(*config.getoption("enkash_overlay"))
    return config.stash[_CONTRACT]


def operation_of(config: pytest.Config) -> Operation:
    """Return the operation that tests of clients are about.

    Raises:
        DocumentError: an overlay is wrong.

    """
    return contract_of(config).pick()
