"""The loaded document: a `Contract` is a mapping from operation id to `Operation`.

All of it is read once, and every problem of the document is reported together.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from enkash_contract.contract import openapi
from enkash_contract.contract.document import load as load_document
from enkash_contract.contract.evidence import FAIL_ON, Claims, Evidence, Level
from enkash_contract.contract.keywords import WIRE_KEYWORDS
from enkash_contract.contract.operation import REQUEST, RESPONSE, Operation, Side
from enkash_contract.contract.rules import EVIDENCE, Reader, Rule
from enkash_contract.errors import DocumentError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemathesis import BaseSchema

    from enkash_contract.contract.document import Document
    from enkash_contract.contract.yaml_nodes import Tokens

BUNDLED = "openapi/enkash.yaml"
"""The name of the bundled document in messages, wherever it is installed."""

WIRE = {
    side: tuple(name for name, keyword in WIRE_KEYWORDS.items() if side in keyword.sides)
    for side in (REQUEST, RESPONSE)
}
"""The rules of a media type that no schema can say; each needs evidence in the document."""


class Contract(Mapping[str, Operation]):
    """The operations of a document, by operation id."""

    def __init__(self, document: Document, operations: Mapping[str, Operation]) -> None:
        self.document = document
        self._operations = operations

    def __getitem__(self, operation_id: str) -> Operation:
        return self._operations[operation_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._operations)

    def __len__(self) -> int:
        return len(self._operations)

    # Two contracts are the same only when they are one: rules are compared by identity too.
    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def pick(self, operation: str | None = None) -> Operation:
        """Return the operation with that id; without an id, the only one there is.

        Raises:
            UsageError: there is no such operation, or there are several to choose from.

        """
        if operation is None and len(self) == 1:
            return next(iter(self.values()))
        if operation is None or operation not in self:
            message = (
                "name an operation" if operation is None else f"there is no operation {operation!r}"
            )
            raise UsageError(f"{message}; the document has {', '.join(self)}")
        return self[operation]

    def schemathesis(
        self, *, app: Any = None, url: str | None = None, fail_on: Level | str = FAIL_ON
    ) -> BaseSchema:
        """Return the schema object for `@schema.parametrize()`; its checks and payloads are ours.

        Args:
            app: the ASGI or WSGI application to call, where nothing is to go over a network.
            url: the base URL to send to; without both, say it in each `case.call(base_url=…)`.
            fail_on: the weakest evidence on which something found fails a test.

        Raises:
            ImportError: Schemathesis is not installed.
            UsageError: there is no such level of evidence.

        """
        try:
            # By name, as `enkash_contract` finds its own: nothing below the doors imports one.
            hooks = import_module("enkash_contract.schemathesis_hooks")
        except ModuleNotFoundError as problem:
            message = f"Contract.schemathesis() needs {problem.name}"
            raise ImportError(f"{message}: pip install 'enkash-contract[fuzz]'") from None
        schema: BaseSchema = hooks.schema_of(self, app=app, url=url, fail_on=fail_on)
        return schema

    def __repr__(self) -> str:
        overlays = "".join(f" + {name}" for name in self.document.layers[1:])
        return f"<Contract {self.document.layers[0]}{overlays}: {', '.join(self)}>"


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
        document = load_document(_bundled_path(), BUNDLED, overlays)
    else:
        document = load_document(Path(path), path, overlays)
    problems = list(openapi.problems(document))
    if problems:
        raise DocumentError(problems)
    reader = Reader(document)
    operations: dict[str, Operation] = {}
    for route, methods in document.data["paths"].items():
        for method in () if route.startswith("x-") else methods:
            if method in openapi.METHODS:
                operation = _operation(reader, ("paths", route, method))
                if operation.id in operations:
                    at = ("paths", route, method, "operationId")
                    reader.problem(
                        at, f"the operation {operation.id!r} is there twice", "rename one"
                    )
                operations[operation.id] = operation
    reader.leftovers()
    if reader.problems:
        raise DocumentError(reader.problems)
    return Contract(document, operations)


def _bundled_path() -> Path:
    """Find the document beside the package (a checkout) or inside it (a wheel)."""
    package = Path(__file__).parent.parent
    inside = package / BUNDLED
    return inside if inside.exists() else package.parent / BUNDLED


def _operation(reader: Reader, at: Tokens) -> Operation:
    node = reader.document.at(at)
    method = str(at[-1]).upper()
    sides = {REQUEST: _side(reader, (*at, "requestBody"), REQUEST)}
    rules = [
        _wire_rule(reader, REQUEST, "method", method, at, at),
        _wire_rule(reader, REQUEST, "path", str(at[-2]), at, at),
        *sides[REQUEST].rules,
    ]
    responses = (*at, "responses")
    statuses = [key for key in node["responses"] if not key.startswith("x-")]
    rules.append(_wire_rule(reader, RESPONSE, "status", statuses, responses, responses))
    for status in statuses:
        if "content" in node["responses"][status]:
            name = f"{RESPONSE}.{status}"
            sides[name] = _side(reader, (*responses, status), name)
            rules += sides[name].rules
    return Operation(
        id=node["operationId"],
        method=method,
        path=str(at[-2]),
        summary=node.get("summary", node["operationId"]),
        sides=sides,
        rules=_unique(reader, rules, at),
        outcomes={name: node["x-outcome"][name] for name in openapi.OUTCOMES},
        outcome_evidence={name: _outcome_evidence(reader, at, name) for name in openapi.OUTCOMES},
    )


def _outcome_evidence(reader: Reader, at: Tokens, name: str) -> Evidence:
    owner = (*at, "x-outcome")
    claims = reader.claims(owner, name, subject=(*owner, name))
    if claims.receiver is not None:
        spot = (*owner, EVIDENCE, name)
        reader.problem(spot, f"the outcome {name} demands nothing of a receiver", "remove that")
    return claims.sender


def _unique(reader: Reader, rules: list[Rule], at: Tokens) -> dict[str, Rule]:
    by_id: dict[str, Rule] = {}
    for rule in rules:
        if rule.id in by_id:
            message = f"two rules are both called {rule.id}"
            reader.problem(at, message, "merge them: an id must lead to one rule")
        by_id[rule.id] = rule
    return by_id


def _side(reader: Reader, at: Tokens, name: str) -> Side:
    node = reader.document.at(at)
    media_type, media = next(iter(node["content"].items()), ("", dict[str, Any]()))
    spot: Tokens = (*at, "content", media_type)
    if media_type != "application/json" or len(node["content"]) > 1:
        reader.problem((*at, "content"), "the content is not application/json alone", "write that")
        return Side(name, {}, media_type, ())
    origins: dict[Tokens, Tokens] = {}
    schema = reader.inline((*spot, "schema"), origins)
    kind = REQUEST if name == REQUEST else RESPONSE
    wire = [_wire_rule(reader, name, keyword, media_type, spot, spot) for keyword in WIRE[kind]]
    if "type" not in schema:
        reader.problem((*spot, "schema"), f"the {name} has no type at its root", "say `type`")
    rules = (*wire, *reader.rules(name, schema, origins))
    return Side(name, schema, media_type, rules, media.get("example"), reader.document.place(spot))


def _wire_rule(
    reader: Reader, side: str, keyword: str, value: object, owner: Tokens, at: Tokens
) -> Rule:
    unstated = side.partition(".")[0] in WIRE_KEYWORDS[keyword].unstated
    if unstated and not reader.states(owner, keyword):
        claims = Claims(Evidence(Level.ASSUMED))
    else:
        claims = reader.claims(owner, keyword, subject=None)
    return Rule(
        id=f"{side}#{keyword}",
        side=side,
        pointer="",
        keyword=keyword,
        value=value,
        evidence=claims.sender,
        place=reader.document.place(at),
        stated=claims.receiver,
    )
