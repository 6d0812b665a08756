"""The loaded document: a `Contract` is a mapping from operation id to `Operation`.

All of it is read once, and every problem of the document is reported together.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from fnmatch import fnmatchcase
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from enkash_contract.contract import openapi
from enkash_contract.contract.document import load as load_document
from enkash_contract.contract.evidence import FAIL_ON, Level
from enkash_contract.contract.operation import TO_ENKASH, TO_PARTNER, Direction, Operation
from enkash_contract.contract.path_items import PathItems, is_glob
from enkash_contract.errors import DocumentError, UsageError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemathesis import BaseSchema

    from enkash_contract.contract.questions import Question, Unknown

BUNDLED = "openapi/enkash.yaml"
"""The name of the bundled document in messages, wherever it is installed."""

DEFAULT = "x-default-operation"

TAG = "tag:"
"""What a name begins with that means every operation with a tag."""

_WAYS = {"paths": TO_ENKASH, "webhooks": TO_PARTNER}


class Contract(Mapping[str, Operation]):
    """The operations of a document, by operation id.

    Their files are read when they are needed: an operation that is asked for by its id, mostly its
    own alone; whoever goes through all of them, every file.
    """

    def __init__(self, items: PathItems) -> None:
        self.document = items.document
        self._items = items

    def __getitem__(self, operation_id: str) -> Operation:
        if operation_id not in self._items.operations:
            self._items.read(self._items.naming(operation_id))
        return self._items.operations[operation_id]

    def __iter__(self) -> Iterator[str]:
        self._items.read(self._items.later)
        return iter(self._items.operations)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    # Two contracts are the same only when they are one: rules are compared by identity too.
    __eq__ = object.__eq__
    __hash__ = object.__hash__

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
        if not is_glob(pattern):
            return [self[pattern]] if pattern in self else []
        self._items.read(self._items.naming(pattern))
        return [each for each in self._items.operations.values() if fnmatchcase(each.id, pattern)]

    @property
    def first(self) -> Operation:
        """The operation that the document begins with."""
        spots = self._items.spots
        self._items.read(at for at in spots[:1] if at in self._items.later)
        first = next(iter(self._items.operations.values()), None)
        return first if first and first.at[:2] == spots[0] else next(iter(self.values()))

    def at(self, url: str, direction: Direction | None = TO_ENKASH) -> list[Operation]:
        """Return the operations of that direction whose path a URL may end with, or nearly.

        Without a direction, they are those of both.

        Raises:
            ValueError: the URL cannot be read.

        """
        from enkash_contract.contract.routing import match_path, match_paths, plainest

        # Most URLs of a long recording are nobody's, and all paths together are looked for at once.
        ends = self._items.ends
        if ends and not plainest(urlsplit(url).path).endswith(ends):
            return []
        for at in [*self._items.later]:
            # Most files need not be read to know the path.
            path = self.document.path(at) if direction in (None, _WAYS[str(at[0])]) else ""
            if path is None or match_paths(path, url) != "other":
                self._items.read([at])
        return [
            each
            for each in self._items.operations.values()
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
        items, named = self._items, self.document.part.get(DEFAULT)
        count = len(items.operations) + len(items.later)
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
    items = PathItems(document)
    # What an overlay does not change is read when it is needed.
    whole = () if path is None else document.unread
    items.read([*items.ready, *whole])
    contract = Contract(items)
    if path is not None:
        # A name that leads nowhere is told at once.
        _ = contract.default
    return contract


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
