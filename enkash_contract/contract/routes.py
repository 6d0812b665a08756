"""The operations of a sandbox or a guard, found by the method and the path of a request.

Of a whole contract only those are read that a request is sent to: whoever uses one operation does
not wait for the others. None is looked at closely unless its path ends as that of the request.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from enkash_contract.contract.operation import TO_ENKASH
from enkash_contract.contract.routing import (
    is_whole_path,
    match_path,
    operation_of,
    plainest,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.operation import Operation
    from enkash_contract.wire.message import Request


class Routes:
    """Operations by the ends of their paths: those given, or all of a contract sent to EnKash."""

    def __init__(self, contract: Contract, operations: Iterable[Operation] = ()) -> None:
        self._contract = contract
        self._given = tuple(operations)
        # Of two paths of which one ends with the other, the longer says more.
        given = sorted(self._given, key=lambda each: -len(each.path))
        self._by_end: dict[str, list[Operation]] = {}
        for operation in given:
            self._by_end.setdefault(_end(operation.path), []).append(operation)
        self._unread: dict[str, list[str]] = {}
        for path in () if self._given else sorted(_paths(contract), key=lambda path: -len(path)):
            self._unread.setdefault(_end(path), []).append(path)

    @functools.cached_property
    def operations(self) -> tuple[Operation, ...]:
        """All the operations."""
        if self._given:
            return self._given
        return tuple(each for each in self._contract.values() if each.direction == TO_ENKASH)

    @property
    def first(self) -> Operation:
        """The default of the contract, or the first of them where that is not among them."""
        default = self._contract.default
        return default if default is not None and self.has(default) else self.operations[0]

    def has(self, operation: Operation) -> bool:
        """Whether an operation is among them, or another of its name."""
        if self._given:
            return operation.id in [each.id for each in self._given]
        return operation.direction == TO_ENKASH and operation.id in self._contract

    def within(self, others: Routes) -> bool:
        """Whether all of them are among `others`; no file is read to know it."""
        if self._given:
            return all(map(others.has, self._given))
        return not others._given and self._contract is others._contract

    def __len__(self) -> int:
        return len(self._given) or len(_paths(self._contract))

    def near(self, path: str) -> Sequence[Operation]:
        """Return the operations whose paths end as this one, the longest first."""
        end = _end(path)
        if end in self._unread:
            found = [each for known in self._unread.pop(end) for each in self._contract.at(known)]
            self._by_end[end] = [*dict.fromkeys(found)]
        return self._by_end.get(end, ())

    def of(self, request: Request) -> Operation | None:
        """Return the operation that `request` speaks to, None if there is none.

        Raises:
            ValueError: the URL of the request cannot be read.

        """
        near = self.near(request.path)
        return operation_of(near, request) if near else None

    def at(self, path: str, method: Callable[[], str]) -> Operation | None:
        """Return the operation at `path`; its `method` is asked for only where there are several.

        What is at the path of an operation and has another method is meant for it all the same.

        Raises:
            ValueError: the path is a URL that cannot be read.

        """
        path = urlsplit(path).path
        found = [each for each in self.near(path) if match_path(each, path) != "other"]
        if len(found) < 2:  # noqa: PLR2004 - one needs no choice
            return found[0] if found else None
        sent = method()
        return next((each for each in found if each.method == sent), found[0])

    def mentions(self, url: str) -> bool:
        """Whether the end of a path stands anywhere in a URL that cannot be read."""
        lower = url.lower()
        return any(end in lower for end in (*self._by_end, *self._unread))

    def methods(self, request: Request) -> tuple[str, ...]:
        """Return the methods of all operations at the path of `request`, and nothing before it."""
        found = [each.method for each in self.near(request.path) if is_whole_path(each, request)]
        return tuple(dict.fromkeys(found))


def _paths(contract: Contract) -> list[str]:
    """Return the paths that are sent to EnKash; no file but the root is needed to know them."""
    return [path for path in contract.document.part["paths"] if not path.startswith("x-")]


def _end(path: str) -> str:
    """Return the last part of a path, as all spellings of it have it in common."""
    return plainest(path).rpartition("/")[2]
