"""What is not known of the API: operations known by their titles alone, and open questions."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from enkash_contract.contract import answers
from enkash_contract.contract.schema_rules import QUESTIONS
from enkash_contract.contract.subschemas import subschemas
from enkash_contract.wire.pointer import pointer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from enkash_contract.contract.answers import Answer
    from enkash_contract.contract.document import Document
    from enkash_contract.contract.operation import Direction, Operation
    from enkash_contract.contract.yaml_nodes import Tokens


@dataclass(frozen=True)
class Unknown:
    """An operation of which only the title is known; `page` is its page, where that is known."""

    title: str
    group: str
    direction: Direction
    page: str | None = None


@dataclass(frozen=True)
class Question:
    """A question that nobody has published an answer to.

    `operation` is empty for a question about all of them, and `side` for one about a whole
    operation; `pointer` leads to the member. `probe` says which requests would answer it, and
    `answer` what was learned already.
    """

    id: str
    asks: str
    matters: str = ""
    operation: str = ""
    side: str = ""
    pointer: str = ""
    probe: Mapping[str, Any] | None = field(default=None, compare=False)
    answer: Answer | None = field(default=None, compare=False)

    @property
    def kind(self) -> str:
        """The kind of its probe, "" where it has none."""
        return "" if self.probe is None else str(self.probe["kind"])


def unknown(document: Document) -> tuple[Unknown, ...]:
    """Return the operations that the document knows by their titles alone."""
    listed = document.part.get("x-unknown-operations", ())
    names = ("title", "group", "direction", "page")
    return tuple(Unknown(*map(each.get, names)) for each in listed)


def general(document: Document) -> Iterator[Question]:
    """Yield the questions about all operations."""
    yield from _made(document.part.get(QUESTIONS, {}))


def answered(operation: Operation, question: Question) -> Question:
    """Return a question with the answer that was learned of `operation`, if there is one."""
    about = answers.key(question.side, question.pointer)
    return replace(question, answer=operation.answers.get((question.id, about)))


def of(operation: Operation) -> Iterator[Question]:
    """Yield the questions about an operation and about its members."""
    for asked in _of(operation):
        yield answered(operation, asked)


def _of(operation: Operation) -> Iterator[Question]:
    yield from _made(operation.asked, operation=operation.id)
    for side in operation.sides.values():
        for where, schema in _schemas(side.schema, ()):
            asked = schema.get(QUESTIONS, {})
            yield from _made(asked, operation=operation.id, side=side.name, pointer=pointer(where))


def _schemas(
    schema: Mapping[str, Any], where: Tokens
) -> Iterator[tuple[Tokens, Mapping[str, Any]]]:
    yield where, schema
    for keyword, value in schema.items():
        for inner in subschemas(keyword, value):
            yield from _schemas(inner.schema, (*where, *inner.members))


def _made(asked: Mapping[str, Any], **about: Any) -> Iterator[Question]:
    for name, each in asked.items():
        matters, probe = each.get("matters", ""), each.get("probe")
        yield Question(name, each["asks"], matters, probe=probe, **about)
