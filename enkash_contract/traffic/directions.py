"""The direction of a recorded request, where EnKash and a partner serve one method and path.

The host tells it once the hosts of the partner are known. Otherwise a request counts as one to
EnKash, unless that is a guess which would accuse somebody: `doubts` keeps these apart.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from enkash_contract.contract import routing
from enkash_contract.contract.all_operations import AllOperations
from enkash_contract.contract.operation import TO_ENKASH, TO_PARTNER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from enkash_contract.contract.operation import Direction, Operation
    from enkash_contract.wire.message import Request


@dataclass(frozen=True)
class Directions:
    """Tells directions by the glob `partner` over the hosts of a partner, if there is one.

    `twins` are the operations of one method and path in both directions: by the id of each, the
    other one.
    """

    partner: str | None = None
    twins: Mapping[str, Operation] = field(default_factory=dict)

    def of(self, url: str) -> Direction | None:
        """Return the direction of a request to `url`, None if nothing tells it."""
        if self.partner is None:
            return None
        return TO_PARTNER if is_at(url, self.partner) else TO_ENKASH

    def operation_of(
        self, operations: Iterable[Operation], request: Request
    ) -> tuple[Operation | None, bool]:
        """Return which of `operations` a request speaks to, and whether that is its direction.

        Where a path is known in one direction only, it decides, wherever the request went.

        Raises:
            ValueError: the URL of the request cannot be read.

        """
        way = self.of(request.url)
        if isinstance(operations, AllOperations):
            operations = operations.at(request.url)
        known = tuple(operations)
        found = routing.operation_of(known, request, way) or routing.operation_of(known, request)
        if found is None or way in (None, found.direction):
            return found, True
        return found, found.id not in self.twins

    def other(self, operation: Operation) -> Operation | None:
        """Return the operation that may be meant as well, None if the direction is told."""
        return self.twins.get(operation.id) if self.partner is None else None


def directions(
    contract: Mapping[str, Operation], wanted: Iterable[Operation], partner: str | None
) -> Directions:
    """Return how directions are told among the `wanted` operations of a contract."""
    # A request to a partner is none of the operation that has been named, if both have one path.
    if isinstance(wanted, AllOperations):
        return Directions(partner, _Twins(wanted))
    known = tuple(wanted if partner is None else contract.values())
    by_way = {(each.method, each.path, each.direction): each for each in known if each.path}
    way: dict[str, Direction] = {TO_ENKASH: TO_PARTNER, TO_PARTNER: TO_ENKASH}
    twins = {each.id: by_way.get((each.method, each.path, way[each.direction])) for each in known}
    return Directions(partner, {name: twin for name, twin in twins.items() if twin is not None})


class _Twins(Mapping[str, "Operation"]):
    """The twins of all operations, each looked for when it is needed."""

    def __init__(self, operations: AllOperations) -> None:
        self._operations = operations
        self._known: dict[str, Operation | None] = {}

    def __getitem__(self, name: str) -> Operation:
        if name not in self._known:
            self._known[name] = self._twin(self._operations.contract[name])
        twin = self._known[name]
        if twin is None:
            raise KeyError(name)
        return twin

    def _twin(self, own: Operation) -> Operation | None:
        near = self._operations.at(own.path) if own.path else ()
        same = (each for each in near if (each.method, each.path) == (own.method, own.path))
        return next((each for each in same if each.direction != own.direction), None)

    def __iter__(self) -> Iterator[str]:
        return (each.id for each in self._operations if each.id in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __reduce__(self) -> tuple[Any, ...]:
        """Hand over to other processes what is read, and nothing that is open."""
        return dict, (dict(self),)


def host_of(url: str) -> str:
    """Return host and port of a URL."""
    return urlsplit(url).netloc.rpartition("@")[2]


def is_at(url: str, glob: str) -> bool:
    """Return whether the host of a URL matches a glob, with its port or without."""
    host = host_of(url).lower()
    name = host.partition("]")[0].removeprefix("[") if host.startswith("[") else ""
    names = (host, f"[{name}]", name) if name else (host, host.partition(":")[0])
    return any(fnmatch.fnmatchcase(each, glob.lower()) for each in names)
