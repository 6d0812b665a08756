"""Answers to open questions: what somebody has learned of one operation, by asking a server.

They stand with the operation, not beside the question: a component may be shared by operations of
which nobody has asked anything. Values that were accepted are known to be right for it from then
on; nothing that a page says is changed by them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from enkash_contract.contract.subschemas import subschemas
from enkash_contract.wire.pointer import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from enkash_contract.contract.evidence import Evidence
    from enkash_contract.contract.schema_rules import Reader
    from enkash_contract.contract.yaml_nodes import Tokens

ANSWERS = "x-answers"

WHOLE = "operation"
"""The key of an answer about the whole of an operation."""

_CERTAIN = ("allOf", "properties", "items", "additionalProperties")
"""The keywords whose schemas certainly speak of a value; of alternatives, one of them does."""


@dataclass(frozen=True)
class Answer:
    """An answer to a question, with the evidence for it and the values known to be right by it."""

    says: str
    evidence: Evidence
    examples: tuple[Any, ...] = ()


def key(side: str, pointer: str) -> str:
    """Return the key of the answer about a member, or about the whole of an operation."""
    return f"{side}{pointer}" or WHOLE


def read(reader: Reader, at: Tokens) -> dict[tuple[str, str], Answer]:
    """Return the answers of the operation at `at`, by their questions and keys."""
    node = reader.document.at(at)
    return {
        (question, about): Answer(
            given["says"],
            reader.evidence((*at, ANSWERS, question, about, "evidence")),
            tuple(given.get("examples", ())),
        )
        for question, each in node.get(ANSWERS, {}).items()
        for about, given in each.items()
    }


def show(schema: dict[str, Any], side: str, answers: Mapping[tuple[str, str], Answer]) -> None:
    """Add the values known by `answers` to the examples in the `schema` of a side."""
    for (_, about), answer in answers.items():
        if answer.examples and about.startswith(f"{side}/"):
            for there in _schemas(schema, tokens(about.removeprefix(side))):
                shown = there.get("examples")
                if shown is not None:
                    new = [value for value in answer.examples if value not in shown]
                    there["examples"] = [*shown, *new]


def _schemas(schema: dict[str, Any], at: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Yield each schema within `schema` that certainly speaks of the value at `at`."""
    if not at:
        yield schema
    for keyword in _CERTAIN:
        for inner in subschemas(keyword, schema[keyword]) if keyword in schema else ():
            if inner.members == at[: len(inner.members)]:
                yield from _schemas(inner.schema, at[len(inner.members) :])
