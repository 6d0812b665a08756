"""Checks of values that any part of a document may hold: texts, flags, lists, mappings, objects.

Each takes the document and the path of a value, and yields the problems of that value. `keywords`
and `openapi` build theirs from these.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from enkash_contract.errors import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from enkash_contract.contract.document import Document
    from enkash_contract.contract.yaml_nodes import Tokens
    from enkash_contract.errors import Problem

    Check = Callable[[Document, Tokens], Iterator[Problem]]

SEE = "see OpenAPI 3.1"


def anything(_document: Document, _at: Tokens) -> Iterator[Problem]:
    """Accept every value."""
    yield from ()


def called(at: Tokens) -> str:
    """Name the value at `at` as a reader of the document would."""
    return f"item {at[-1] + 1} of {at[-2]}" if isinstance(at[-1], int) else at[-1]


def _is(kinds: tuple[type, ...], kind: str, document: Document, at: Tokens) -> Iterator[Problem]:
    value = document.at(at)
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        yield document.problem(at, f"{called(at)} is not {kind}", f"write {kind}")


STRING = partial(_is, (str,), "a string")
BOOLEAN = partial(_is, (bool,), "true or false")
NUMBER = partial(_is, (int, float), "a number")


def list_of(check: Check, document: Document, at: Tokens) -> Iterator[Problem]:
    """Check that the value is a list, and each item of it."""
    value = document.at(at)
    if not isinstance(value, list):
        yield document.problem(at, f"{called(at)} is not a list", "write a list")
        return
    for index in range(len(value)):
        yield from check(document, (*at, index))


def some_of(check: Check, document: Document, at: Tokens) -> Iterator[Problem]:
    """Check that the value is a list of at least one item, and each item of it."""
    if document.at(at) == []:
        yield document.problem(at, f"{at[-1]} is empty", "list at least one, or remove it")
    yield from list_of(check, document, at)


def map_of(check: Check, keys: str, document: Document, at: Tokens) -> Iterator[Problem]:
    """Check that the value is a mapping whose keys match `keys`, and each member of it."""
    value = document.at(at)
    if not isinstance(value, dict):
        yield document.problem(at, f"{called(at)} is not a mapping", f"write a mapping; {SEE}")
        return
    for key in value:
        if re.fullmatch(keys, key):
            yield from check(document, (*at, key))
        elif key == "x-evidence":
            yield from evidence(document, (*at, key))
        elif not key.startswith("x-"):
            yield document.problem((*at, key), f"{key!r} is no key of {at[-1]}", SEE)


def an_object(
    name: str, members: dict[str, Check], required: tuple[str, ...], document: Document, at: Tokens
) -> Iterator[Problem]:
    """Check that the value is one of the specification's objects, called `name` in messages."""
    value = document.at(at)
    if not isinstance(value, dict):
        yield document.problem(at, f"this is not {name}", f"write a mapping; {SEE}")
        return
    for key in value:
        if key in members:
            yield from members[key](document, (*at, key))
        elif not key.startswith("x-"):
            remedy = did_you_mean(key, members, "remove it, or say it another way")
            message = f"{name} with the keyword {key!r} is not honoured here"
            yield document.problem((*at, key), message, remedy)
    for key in required:
        if key not in value:
            yield document.problem(at, f"{name} has no {key!r}", f"add it; {SEE}")


def evidence(document: Document, at: Tokens) -> Iterator[Problem]:
    """Check that the value of `x-evidence` is a mapping."""
    value = document.at(at)
    if not isinstance(value, dict):
        message = "x-evidence is not a mapping of constraints to evidence"
        yield document.problem(at, message, "write e.g. {type: assumed}")


PROBES: dict[str, tuple[str, ...]] = {
    "answer": (),
    "error": (),
    "unknown-members": (),
    "lengths": (),
    "versions": ("current", "new"),
    "values": ("guesses",),
    "transitions": ("from", "to", "guesses"),
    "twice": (),
}
"""The kinds of probes, each with the members that it needs, in the order in which they are sent."""


def _probe(document: Document, at: Tokens) -> Iterator[Problem]:
    """Check that a probe is of a known kind, with exactly the members that this kind needs."""
    value = document.at(at)
    kind = value.get("kind") if isinstance(value, dict) else None
    if not isinstance(kind, str) or kind not in PROBES:
        remedy = did_you_mean(str(kind), PROBES, f"write one of {', '.join(PROBES)}")
        yield document.problem(at, f"there is no probe of the kind {kind!r}", remedy)
        return
    members: dict[str, Check] = dict.fromkeys(PROBES[kind], STRING)
    if "guesses" in members:
        members["guesses"] = partial(some_of, anything)
    checks: dict[str, Check] = {"kind": anything, **members}
    yield from an_object(f"a probe of the kind {kind}", checks, PROBES[kind], document, at)


_QUESTION: dict[str, Check] = {
    **dict.fromkeys(("asks", "matters"), STRING),
    "probe": _probe,
}

QUESTIONS: dict[str, Check] = {
    "x-open-questions": partial(
        map_of, partial(an_object, "a question", _QUESTION, ("asks",)), r"[\w.-]+"
    )
}
"""The member that holds what is not known of what it stands in."""

EVIDENCE: dict[str, Check] = {"x-evidence": evidence}
"""The member that holds the evidence of what stands beside it."""

ABOUT = r"operation|(?:request|response\.\w+)(?:/.*)?"
"""What an answer may be about: the operation, or a side of it or a member of that."""

_ANSWER: dict[str, Check] = {
    **dict.fromkeys(("says", "evidence"), STRING),
    "examples": partial(some_of, anything),
    "exchanges": partial(list_of, STRING),
}

ANSWERS: dict[str, Check] = {
    "x-answers": partial(
        map_of,
        partial(map_of, partial(an_object, "an answer", _ANSWER, ("says", "evidence")), ABOUT),
        r"[\w.-]+",
    )
}
"""The member that holds what somebody has learned: answers by the question and what it is about."""
