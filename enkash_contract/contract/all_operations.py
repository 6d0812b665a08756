"""All operations of a contract, of which no more are read than are looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, overload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.operation import Operation


class AllOperations(Sequence["Operation"]):
    """The operations in the order of the document; whoever goes through them reads every file."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract

    @overload
    def __getitem__(self, index: int) -> Operation: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Operation, ...]: ...
    def __getitem__(self, index: Any) -> Any:
        return self.contract.first if index == 0 else tuple(self)[index]

    def __len__(self) -> int:
        return len(self.contract)

    def __iter__(self) -> Iterator[Operation]:
        return iter(self.contract.values())

    def __reduce__(self) -> tuple[Any, ...]:
        """Hand over to other processes what is read, and nothing that is open."""
        return tuple, (tuple(self),)

    def at(self, url: str) -> list[Operation]:
        """Return those of either direction whose path a URL may end with, or nearly.

        Raises:
            ValueError: the URL cannot be read.

        """
        return self.contract.at(url, None)
