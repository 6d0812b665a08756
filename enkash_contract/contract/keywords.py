"""The keywords of JSON Schema that a document may use, and the rules that no schema can say.

A keyword that nothing here enforces would be a promise nobody keeps, so it is an error with its
place and a remedy. One record holds all that is known of a keyword: the check of its value, the
rules it makes, and their words. The tables at the end are the place to look when a page needs one
more.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from enkash_contract.contract.keyword_values import (
    condition,
    count,
    default,
    known_format,
    pattern,
    positive,
    reference,
    required,
    types,
)
from enkash_contract.contract.shapes import (
    BOOLEAN,
    EVIDENCE,
    NUMBER,
    QUESTIONS,
    STRING,
    an_object,
    anything,
    map_of,
    some_of,
)
from enkash_contract.contract.wording import a_type, as_json, at_least, at_most

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from enkash_contract.contract.document import Document
    from enkash_contract.contract.shapes import Check
    from enkash_contract.contract.yaml_nodes import Tokens
    from enkash_contract.errors import Problem


def a_schema(document: Document, at: Tokens) -> Iterator[Problem]:
    """Check a schema, with every schema in it."""
    yield from an_object("a schema", _CHECKS, (), document, at)


def _schema_or_flag(document: Document, at: Tokens) -> Iterator[Problem]:
    if not isinstance(document.at(at), bool):
        yield from a_schema(document, at)


def _schema_or_false(document: Document, at: Tokens) -> Iterator[Problem]:
    if document.at(at) is not False:
        yield from a_schema(document, at)


class Demand(NamedTuple):
    """One demand of a keyword, which is one rule.

    `within` leads to it from the keyword, and `members` to what it speaks of, from what the schema
    speaks of.
    """

    value: Any
    within: Tokens = ()
    members: tuple[str, ...] = ()


def _one(value: Any) -> Iterator[Demand]:
    """Make one rule of the whole value."""
    yield Demand(value)


def _one_of_a_flag(value: Any) -> Iterator[Demand]:
    """Make one rule of a flag; where further members have a schema, the rules are in it."""
    if isinstance(value, bool):
        yield Demand(value)


def _one_each(value: Any) -> Iterator[Demand]:
    """Make one rule for each member that is listed."""
    for index, member in enumerate(value):
        yield Demand(member, (index,), (member,))


def _none(_value: Any) -> Iterator[Demand]:
    """Make no rule: the keyword describes, or holds schemas with rules of their own."""
    yield from ()


@dataclass(frozen=True)
class Keyword:
    """A keyword of a schema: the check of its value, the phrase of a rule, the rules it makes.

    `phrase` words a demand so that it can be read after the place it speaks of. A keyword without
    one makes no rules, and needs no evidence.
    """

    check: Check
    phrase: Callable[[Any], str] | None = None
    demands: Callable[[Any], Iterator[Demand]] = _none


@dataclass(frozen=True)
class WireKeyword:
    """A rule of requests or responses that no schema can say: its phrase, and where it stands.

    `sides` names the sides whose media types carry it; the others are rules of an operation. On
    the sides in `unstated` it is assumed where the document does not mention it.
    """

    phrase: Callable[[Any], str]
    sides: tuple[str, ...] = ()
    unstated: tuple[str, ...] = ()


KEYWORDS: dict[str, Keyword] = {
    "$comment": Keyword(STRING),
    "$ref": Keyword(reference),
    "additionalProperties": Keyword(
        _schema_or_flag,
        lambda value: (
            "may have members the document does not describe"
            if value
            else "must have no other members"
        ),
        _one_of_a_flag,
    ),
    "allOf": Keyword(partial(some_of, a_schema)),
    "anyOf": Keyword(
        partial(some_of, a_schema),
        lambda value: f"must match at least one of {len(value)} schemas",
        _one,
    ),
    "const": Keyword(anything, lambda value: f"must be {as_json(value)}", _one),
    "default": Keyword(default),
    "deprecated": Keyword(BOOLEAN),
    "description": Keyword(STRING),
    "enum": Keyword(
        partial(some_of, anything),
        lambda value: f"must be one of {', '.join(map(as_json, value))}",
        _one,
    ),
    "examples": Keyword(partial(some_of, anything)),
    "exclusiveMaximum": Keyword(NUMBER, lambda value: f"must be less than {value}", _one),
    "exclusiveMinimum": Keyword(NUMBER, lambda value: f"must be more than {value}", _one),
    "format": Keyword(known_format, lambda value: f"must have the format {value}", _one),
    "if": Keyword(
        condition,
        lambda value: f"must match `then` wherever it matches {as_json(value)}",
        _one,
    ),
    "items": Keyword(a_schema),
    "maxItems": Keyword(count, partial(at_most, "item"), _one),
    "maxLength": Keyword(count, partial(at_most, "character"), _one),
    "maximum": Keyword(NUMBER, lambda value: f"must be at most {value}", _one),
    "maxProperties": Keyword(count, partial(at_most, "member"), _one),
    "minItems": Keyword(count, partial(at_least, "item"), _one),
    "minLength": Keyword(count, partial(at_least, "character"), _one),
    "minProperties": Keyword(count, partial(at_least, "member"), _one),
    "minimum": Keyword(NUMBER, lambda value: f"must be at least {value}", _one),
    "multipleOf": Keyword(positive, lambda value: f"must be a multiple of {value}", _one),
    "oneOf": Keyword(
        partial(some_of, a_schema),
        lambda value: f"must match exactly one of {len(value)} schemas",
        _one,
    ),
    "pattern": Keyword(pattern, lambda value: f"must match {value}", _one),
    "properties": Keyword(partial(map_of, a_schema, "(?s).*")),
    "required": Keyword(required, lambda _: "is required", _one_each),
    "then": Keyword(condition),
    "title": Keyword(STRING),
    "type": Keyword(types, lambda value: f"must be {a_type(value)}", _one),
    "uniqueItems": Keyword(BOOLEAN, lambda _: "must have no two equal items", _one),
    "x-evidence": Keyword(EVIDENCE["x-evidence"]),
    "x-open-questions": Keyword(QUESTIONS["x-open-questions"]),
    "x-known-good": Keyword(_schema_or_false),
}
"""Every keyword that a schema may hold."""

WIRE_KEYWORDS: dict[str, WireKeyword] = {
    "method": WireKeyword(lambda value: f"must be sent by {value}"),
    "path": WireKeyword(lambda value: f"must be sent to exactly {value}"),
    "status": WireKeyword(
        lambda value: (
            "may have any status"
            if "default" in value
            else f"must have one of the documented statuses {', '.join(value)}"
        )
    ),
    "content-type": WireKeyword(lambda value: f"must be labelled {value}", ("request", "response")),
    "content-type-present": WireKeyword(lambda _: "must state its media type", ("request",)),
    "content-type-single": WireKeyword(
        lambda _: "must state one media type", ("request", "response"), ("response",)
    ),
    "encoding": WireKeyword(lambda _: "must be UTF-8", ("request",)),
    "json": WireKeyword(lambda _: "must be JSON as RFC 8259 defines it", ("request", "response")),
    "duplicate-names": WireKeyword(lambda _: "must not repeat a member's name", ("request",)),
}
"""Every rule that no schema can say; each needs evidence in the document."""

CONSTRAINTS = frozenset(name for name, keyword in KEYWORDS.items() if keyword.phrase)
"""Keywords that make rules, and so need evidence."""

PHRASES: dict[str, Callable[[Any], str]] = {
    **{name: keyword.phrase for name, keyword in KEYWORDS.items() if keyword.phrase},
    **{name: keyword.phrase for name, keyword in WIRE_KEYWORDS.items()},
}
"""The words of every rule, by its keyword."""

_CHECKS: dict[str, Check] = {name: keyword.check for name, keyword in KEYWORDS.items()}
