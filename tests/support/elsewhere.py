"""Files that are not on a disk, but at addresses in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import fsspec

from enkash_contract.traffic.reading.address import Address

if TYPE_CHECKING:
    from typing import Self


class Elsewhere:
    """A file system in memory, which is empty before and after."""

    def __init__(self) -> None:
        self.system: Any = fsspec.filesystem("memory")

    def __enter__(self) -> Self:
        self.__exit__()
        return self

    def __exit__(self, *_: object) -> None:
        self.system.store.clear()
        self.system.pseudo_dirs[:] = [""]

    def at(self, path: str) -> Address:
        """Return the address of a file."""
        return Address(f"memory:///{path}")

    def put(self, path: str, content: bytes) -> Address:
        """Write a file; return its address."""
        self.system.pipe(f"/{path}", content)
        return self.at(path)
