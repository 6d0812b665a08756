"""The loaded document: a `Contract` is a mapping from operation id to `Operation`.

All of it is read once, and every problem of the document is reported together.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Mapping
from fnmatch import fnmatchcase
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from enkash_contract.contract import openapi, reading
from enkash_contract.contract.document import load as load_document
from enkash_contract.contract.evidence import FAIL_ON, Level
from enkash_contract.contract.files import GROUPS
from enkash_contract.contract.operation import TO_ENKASH, TO_PARTNER, Direction, Operation
from enkash_contract.contract.rules import Reader
from enkash_contract.errors import DocumentError, Problem, UsageError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from schemathesis import BaseSchema

    from enkash_contract.contract.document import Document
    from enkash_contract.contract.questions import Question, Unknown
    from enkash_contract.contract.yaml_nodes import Tokens

BUNDLED = "openapi/enkash.yaml"
"""The name of the bundled document in messages, wherever it is installed."""

DEFAULT = "x-default-operation"

TAG = "tag:"
"""What a name begins with that means every operation with a tag."""

_WAYS = {"paths": TO_ENKASH, "webhooks": TO_PARTNER}

_OPENING = threading.RLock()
"""Held while files are read: several threads may ask for operations at once."""


class Contract(Mapping[str, Operation]):
    """The operations of a document, by operation id.

    Their files are read when they are needed: an operation that is asked for by its id, mostly its
    own alone; whoever goes through all of them, every file.
    """

    def __init__(self, document: Document, operations: Mapping[str, Operation]) -> None:
        self.document = document
        self._operations = dict(operations)
        self._later = dict.fromkeys(document.unread)

    def __getitem__(self, operation_id: str) -> Operation:
        if operation_id not in self._operations:
            self._read(self._later_at(operation_id))
        return self._operations[operation_id]

    def __iter__(self) -> Iterator[str]:
        self._read([*self._later])
        return iter(self._operations)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    # Two contracts are the same only when they are one: rules are compared by identity too.
    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def _read(self, spots: list[Tokens]) -> None:
        """Read the operations of the path items at `spots`.

        Raises:
            DocumentError: listing every problem of their files.

        """
        if not spots:
            return
        with _OPENING:
            found, problems = _read(self.document, spots, self._operations)
            if problems:
                raise DocumentError(problems)
            for at in spots:
                self._later.pop(at, None)
            self._operations = _in_order(self.document, {**self._operations, **found})

    @functools.cached_property
    def default(self) -> Operation | None:
        """The operation meant where none is named: the document says which, or it is the only one.

        Raises:
            DocumentError: the document names one that it does not have.

        """
        named = self.document.part.get(DEFAULT)
        if named is None:
            return next(iter(self.values())) if len(self) == 1 else None
        if named not in self:
            message, remedy = _unknown_operation(named, self)
            raise DocumentError([self.document.problem((DEFAULT,), message, remedy)])
        return self[named]

    @property
    def unknown(self) -> tuple[Unknown, ...]:
        """The operations of which only the title is known."""
        from enkash_contract.contract import questions

        return questions.unknown(self.document)

    @property
    def questions(self) -> tuple[Question, ...]:
        """What nobody has published, about each operation and member; each about all only once."""
        from enkash_contract.contract import questions

        about_all = questions.general(self.document)
        return (*about_all, *(asked for each in self.values() for asked in questions.of(each)))

    def pick(self, operation: str | None = None) -> Operation:
        """Return the operation with that id; without an id, the one that is the default.

        Raises:
            UsageError: there is no such operation, or there are several to choose from.

        """
        if operation is None:
            if self.default is None:
                raise UsageError(f"name an operation; the document has {', '.join(self)}")
            return self.default
        if operation not in self:
            raise UsageError("; ".join(_unknown_operation(operation, self)))
        return self[operation]

    def find(self, *patterns: str) -> list[Operation]:
        """Return the operations that ids, globs over ids, or `tag:NAME` name, each of them once.

        They are in the order of the patterns, and those of one pattern in that of the document.

        Raises:
            UsageError: a pattern names none.

        """
        found: dict[str, Operation] = {}
        for pattern in patterns:
            named = self._named(pattern)
            if not named:
                raise UsageError("; ".join(_unknown_operation(pattern, self)))
            found |= {operation.id: operation for operation in named}
        return [*found.values()]

    def _named(self, pattern: str) -> list[Operation]:
        if pattern.startswith(TAG):
            tag = pattern.removeprefix(TAG).casefold()
            return [
                each
                for each in self.values()
                if any(fnmatchcase(own.casefold(), tag) for own in each.tags)
            ]
        # A whole id needs one file, a glob all of them.
        if not _is_glob(pattern):
            return [self[pattern]] if pattern in self else []
        self._read(self._later_at(pattern))
        return [each for each in [*self._operations.values()] if fnmatchcase(each.id, pattern)]

    def _later_at(self, pattern: str) -> list[Tokens]:
        """Return the path items not read yet with an operation that an id or a glob may mean."""
        ids = {at: self.document.ids(at) for at in self._later}
        named = [at for at in ids if any(fnmatchcase(each, pattern) for each in ids[at] or ())]
        # An id that was found is that of one operation, wherever the others are.
        if named and not _is_glob(pattern):
            return named
        return [at for at in ids if at in named or ids[at] is None]

    @property
    def first(self) -> Operation:
        """The operation that the document begins with."""
        spots = [(group, name) for group in GROUPS for name in self.document.part.get(group, {})]
        self._read([at for at in spots[:1] if at in self._later])
        first = next(iter(self._operations.values()), None)
        return first if first and first.at[:2] == spots[0] else next(iter(self.values()))

    def at(self, url: str, direction: Direction | None = TO_ENKASH) -> list[Operation]:
        """Return the operations of that direction whose path a URL may end with, or nearly.

        Without a direction, they are those of both.

        Raises:
            ValueError: the URL cannot be read.

        """
        from enkash_contract.contract.routing import match_path, match_paths

        for at in [*self._later]:
            # Most files need not be read to know the path.
            path = self.document.path(at) if direction in (None, _WAYS[str(at[0])]) else ""
            if path is None or match_paths(path, url) != "other":
                self._read([at])
        return [
            each
            for each in [*self._operations.values()]
            if direction in (None, each.direction) and match_path(each, url) != "other"
        ]

    def schemathesis(
        self,
        *,
        app: Any = None,
        url: str | None = None,
        fail_on: Level | str = FAIL_ON,
        operation: str | None = None,
    ) -> BaseSchema:
        """Return the schema object for `@schema.parametrize()`; its checks and payloads are ours.

        Args:
            app: the ASGI or WSGI application to call, where nothing is to go over a network.
            url: the base URL to send to; without both, say it in each `case.call(base_url=…)`.
            fail_on: the weakest evidence on which something found fails a test.
            operation: the operations to test, as an id, a glob or `tag:NAME`; without it, the
                default one, or all where there is none.

        Raises:
            ImportError: Schemathesis is not installed.
            UsageError: there is no such level of evidence, or no such operation.

        """
        default = [*self] if self.default is None else [self.default.id]
        wanted = default if operation is None else [each.id for each in self.find(operation)]
        try:
            # By name, as `enkash_contract` finds its own: nothing below the doors imports one.
            hooks = import_module("enkash_contract.schemathesis_hooks")
        except ModuleNotFoundError as problem:
            message = f"Contract.schemathesis() needs {problem.name}"
            raise ImportError(f"{message}: pip install 'enkash-contract[fuzz]'") from None
        schema: BaseSchema = hooks.schema_of(self, app=app, url=url, fail_on=fail_on, wanted=wanted)
        return schema

    def __repr__(self) -> str:
        overlays = "".join(f" + {name}" for name in self.document.layers[1:])
        named, count = self.document.part.get(DEFAULT), len(self._operations) + len(self._later)
        more = f" and {count - 1} more" if count > 1 else ""
        listed = f"{named}{more}" if named else ", ".join(self)
        return f"<Contract {self.document.layers[0]}{overlays}: {listed}>"


def load(*overlays: str | Path, document: str | Path | None = None) -> Contract:
    """Load the bundled document, or another one, with `overlays` laid on it in order.

    Raises:
        DocumentError: listing every problem of the document and its overlays.

    """
    return _load(tuple(str(path) for path in overlays), None if document is None else str(document))


@functools.lru_cache(maxsize=1)
def bundled() -> Contract:
    """Return the bundled document's contract, read once for the whole process."""
    return _load((), None)


def layered(*overlays: str) -> Contract:
    """Return the bundled document's contract, read anew only to lay `overlays` on it.

    Raises:
        DocumentError: listing every problem of the overlays.

    """
    return load(*overlays) if overlays else bundled()


def pick(contract: Contract | None, operation: str | None) -> Operation:
    """Return the operation meant by the two keywords that most public functions take."""
    return (contract if contract is not None else bundled()).pick(operation)


def _load(overlays: tuple[str, ...], path: str | None) -> Contract:
    if path is None:
        # Tests hold the bundled document to every check; an overlay may break it.
        document = load_document(_bundled_path(), BUNDLED, overlays, is_sound=not overlays)
    else:
        document = load_document(Path(path), path, overlays)
    problems = [] if document.is_sound else list(openapi.problems(document))
    if problems:
        raise DocumentError(problems)
    # What an overlay does not change is read when it is needed.
    whole = () if path is None else document.unread
    operations, problems = _read(document, [*_read_spots(document), *whole], {})
    if problems:
        raise DocumentError(problems)
    contract = Contract(document, operations)
    if path is not None:
        # A name that leads nowhere is told at once.
        _ = contract.default
    return contract


def _read_spots(document: Document) -> list[Tokens]:
    """Return the places of the path items that were read already."""
    spots: list[Tokens] = [
        (group, name)
        for group in GROUPS
        for name in document.part.get(group, {})
        if not name.startswith("x-")
    ]
    return [at for at in spots if at not in document.unread]


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


def _is_glob(pattern: str) -> bool:
    return any(char in pattern for char in "*?[")


def _in_order(document: Document, operations: Mapping[str, Operation]) -> dict[str, Operation]:
    """Return the operations in the order of the document, whichever was read first."""
    spots = [(group, name) for group in GROUPS for name in document.part.get(group, {})]
    ranks: dict[Tokens, int] = {at: rank for rank, at in enumerate(spots)}
    return dict(sorted(operations.items(), key=lambda item: ranks[item[1].at[:2]]))


def _unknown_operation(name: str, contract: Contract) -> tuple[str, str]:
    names, listed = [*contract], f"the document has {', '.join(contract)}"
    if name.startswith(TAG):
        tags = dict.fromkeys(tag for operation in contract.values() for tag in operation.tags)
        names, listed = [f"{TAG}{tag}" for tag in tags], f"the tags are {', '.join(tags) or 'none'}"
    near = did_you_mean(name, names, "", most=3)
    return f"there is no operation {name!r}", f"{near} {listed}" if near else listed


def _bundled_path() -> Path:
    """Find the document beside the package (a checkout) or inside it (a wheel)."""
    package = Path(__file__).parent.parent
    inside = package / BUNDLED
    return inside if inside.exists() else package.parent / BUNDLED
