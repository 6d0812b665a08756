"""The contract of a pytest run: loaded once, when something first uses it."""

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
        DocumentError: an overlay cannot be read or applied.

    """
    if _CONTRACT not in config.stash:
        config.stash[_CONTRACT] = layered(*config.getoption("enkash_overlay"))
    return config.stash[_CONTRACT]


def operation_of(config: pytest.Config) -> Operation:
    """Return the operation that tests of clients are about.

    Raises:
        DocumentError: an overlay cannot be read or applied.

    """
    return contract_of(config).pick()
