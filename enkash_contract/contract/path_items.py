"""The operations of a document's path items, whose files are read when they are needed.

Most commands need one operation of many, and reading all of their files takes longer than the rest
of such a command. Which path items may hold an operation is known here without reading them; which
operation is meant, only `contract` knows.
"""

from __future__ import annotations

import functools
import threading
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from enkash_contract.contract import openapi, reading
from enkash_contract.contract.references import GROUPS
from enkash_contract.contract.schema_rules import Reader
from enkash_contract.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from enkash_contract.contract.document import Document
    from enkash_contract.contract.operation import Operation
    from enkash_contract.contract.yaml_nodes import Tokens
    from enkash_contract.errors import Problem

_OPENING = threading.RLock()
"""Held while files are read: several threads may ask for operations at once."""


class PathItems:
    """The path items of a document: the operations of those read, and the places of the others.

    The `operations` are in the order of the document, whichever was read first; `later` are the
    places of the path items that were not read yet.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.operations: Mapping[str, Operation] = {}
        self.later = dict.fromkeys(document.unread)

    @property
    def spots(self) -> list[Tokens]:
        """The places of all of them, in the order of the document."""
        part = self.document.part
        return [(group, name) for group in GROUPS for name in part.get(group, {})]

    @property
    def ready(self) -> list[Tokens]:
        """The places of those whose operations can be read without opening a file."""
        spots = [at for at in self.spots if not str(at[1]).startswith("x-")]
        return [at for at in spots if at not in self.later]

    @functools.cached_property
    def ends(self) -> tuple[str, ...]:
        """The ends of all paths in their plainest spelling; none if one of them is not certain."""
        from enkash_contract.contract.routing import plainest

        unread = [self.document.path(at) for at in self.later]
        known = [each.path for each in self.operations.values() if each.path]
        plain = [path and plainest(path) for path in (*unread, *known)]
        return tuple(map(str, plain)) if all(plain) else ()

    def naming(self, pattern: str) -> list[Tokens]:
        """Return the path items not read yet with an operation that an id or a glob may mean."""
        ids = {at: self.document.ids(at) for at in self.later}
        named = [at for at in ids if any(fnmatchcase(each, pattern) for each in ids[at] or ())]
        # An id that was found is that of one operation, wherever the others are.
        if named and not is_glob(pattern):
            return named
        return [at for at in ids if at in named or ids[at] is None]

    def read(self, spots: Iterable[Tokens]) -> None:
        """Read the operations of the path items at `spots`.

        Raises:
            DocumentError: listing every problem of their files.

        """
        spots = [*spots]
        if not spots:
            return
        with _OPENING:
            found, problems = _read(self.document, spots, self.operations)
            if problems:
                raise DocumentError(problems)
            for at in spots:
                self.later.pop(at, None)
            self.__dict__.pop("ends", None)
            ranks = {at: rank for rank, at in enumerate(self.spots)}
            known = {**self.operations, **found}
            self.operations = dict(sorted(known.items(), key=lambda item: ranks[item[1].at[:2]]))


def is_glob(pattern: str) -> bool:
    """Return whether a pattern may mean several ids."""
    return any(char in pattern for char in "*?[")


def _read(
    document: Document, spots: Iterable[Tokens], known: Mapping[str, Operation]
) -> tuple[dict[str, Operation], list[Problem]]:
    """Return the operations of the path items at `spots`, and every problem of theirs."""
    problems: list[Problem] = []
    sound: list[Tokens] = []
    for at in spots:
        try:
            changed = document.open(at) if at in document.unread else [at]
        except DocumentError as error:
            problems += error.problems
            continue
        unsure = () if document.is_sound else changed
        found = [problem for spot in unsure for problem in openapi.problems_at(document, spot)]
        problems += found
        sound += [] if found else [at]
    reader = Reader(document)
    operations: dict[str, Operation] = {}
    for at in [] if problems else sound:
        for operation in reading.operations(reader, at):
            if operation.id in operations or operation.id in known:
                message = f"the operation {operation.id!r} is there twice"
                reader.problem((*operation.at, "operationId"), message, "rename one")
            operations[operation.id] = operation
    reader.leftovers()
    return operations, [*problems, *reader.problems]
