"""The answers that a test may script, by the names that people use for them.

A test names the next answer by a word ("timeout"), a status (503), an id of `ec.answers()`, or a
glob over these ids. An unknown name is one error that suggests the nearest known one.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from enkash_contract.contract.evidence import FAIL_ON
from enkash_contract.contract.rules import is_named
from enkash_contract.errors import UsageError, did_you_mean
from enkash_contract.generation import responses
from enkash_contract.generation.known_good import example_of
from enkash_contract.generation.responses import PAGE, REJECTIONS, Answer
from enkash_contract.judging.checks import judgement_of
from enkash_contract.sandbox.app import accepting
from enkash_contract.wire.message import Reply, json_response, labelled

if TYPE_CHECKING:
    from collections.abc import Callable

    from enkash_contract.contract.evidence import Level
    from enkash_contract.contract.operation import Operation

Word = str | int | Reply
"""Anything that names an answer: a word, an id, a glob, a status, or the answer itself."""

FINAL = range(200, 600)
"""The statuses that end an exchange."""

TOO_MANY = 429

POLARITIES = ("right", "wrong")


def scripted(
    operation: Operation,
    word: Word,
    *,
    after: float | None = None,
    level: Level = FAIL_ON,
    **refusal: Any,
) -> tuple[tuple[str, Reply], ...]:
    """Return the replies that `word` means, each with its name; a glob means several.

    Args:
        operation: the operation whose answers are meant.
        word: a name of `WORDS`, an id or a glob, a status, or the reply itself.
        after: how many seconds each of them takes, in place of its own delay.
        level: the weakest evidence on which a response is "wrong".
        refusal: the `code`, `message` and `status` of "rejected".

    Raises:
        UsageError: no answer has that name.

    """
    if after is not None and after < 0:
        raise UsageError(f"after={after:g} is in the past; give seconds, 0 or more")
    found = _meant(operation, word, level, **refusal)
    if after is None:
        return found
    return tuple((name, replace(reply, delay=float(after))) for name, reply in found)


def _meant(
    operation: Operation, word: Word, level: Level, **refusal: Any
) -> tuple[tuple[str, Reply], ...]:
    if isinstance(word, Answer):
        return ((word.id, word),)
    if isinstance(word, Reply):
        return ((repr(word), word),)
    if isinstance(word, int):
        return ((str(word), _status(operation, word)),)
    if word == "rejected":
        return ((word, rejecting(operation, **refusal)),)
    if word in WORDS:
        return ((word, WORDS[word](operation)),)
    return tuple((answer.id, answer) for answer in chosen(operation, word, level))


def chosen(operation: Operation, word: str, level: Level = FAIL_ON) -> tuple[Answer, ...]:
    """Return the answers that are "right" or "wrong", or whose id is `word` or matches the glob.

    "wrong" are failures, and what is invalid on evidence of `level` or stronger.

    Raises:
        UsageError: there is none; the message names the nearest.

    """
    every = responses.of_operation(operation)
    found = tuple(
        answer
        for answer in every
        if (
            answer.polarity == word and answer.counts(level)
            if word in POLARITIES
            else is_named(word, answer.id)
        )
    )
    if not found:
        known = [*WORDS, "rejected", *POLARITIES, *(answer.id for answer in every)]
        raise UsageError(f"no answer is called {word!r}; {did_you_mean(word, known, LISTED)}")
    return found


LISTED = "`ec.answers()` lists them, and a status is a number"


def _status(operation: Operation, status: int) -> Reply:
    """Return an answer of that status: a failing server's where there is one, or else a text."""
    if status not in FINAL:
        raise UsageError(f"{status} is no status of an answer; they go from 200 to 599")
    for answer in responses.failing(operation):
        if answer.response and answer.response.status == status and not answer.cut:
            return answer
    # A client that does what the header says repeats at once, and costs the test no time.
    again = (("Retry-After", "0"),) if status == TOO_MANY else ()
    side = operation.response(status)
    if side is None:
        return Reply(labelled(status, "text/plain", str(status).encode(), *again))
    return Reply(json_response(status, example_of(side), *again))


def rejecting(
    operation: Operation,
    *,
    code: int | None = None,
    message: str | None = None,
    status: int | None = None,
) -> Reply:
    """Return a rejection with that code and message, by default those of the document's example.

    Raises:
        UsageError: the document has no member for them, or does not call the response a rejection.

    """
    side = operation.response(REJECTIONS[0])
    payload = {} if side is None else example_of(side)
    for value, word in ((code, "code"), (message, "message")):
        if value is not None:
            name = _member(payload, type(value), word)
            payload = {**payload, name: value}
    response = json_response(status or REJECTIONS[0], payload)
    outcome = judgement_of(operation, response).outcome
    if outcome != "rejected":
        raise UsageError(
            f"status {response.status} with {json.dumps(payload)} is no rejection: by the document "
            f"its outcome is {outcome}"
        )
    return Reply(response)


def _member(payload: Any, kind: type, word: str) -> str:
    """Return the member of a rejection for a code or a message: by its name, or by its type."""
    members = payload.items() if isinstance(payload, dict) else ()
    names: list[str] = [name for name, value in members if type(value) is kind]
    if not names:
        raise UsageError(f"the document's rejection has no member for a {word}; leave it out")
    return next((name for name in names if word in name.lower()), names[0])


def _named(id_: str) -> Callable[[Operation], Reply]:
    return lambda operation: chosen(operation, id_)[0]


def _wrong_shape(operation: Operation) -> Reply:
    """Return an answer that accepts a valid request, but breaks the rule of one member."""
    for answer in responses.of_operation(operation):
        if answer.to == "right" and answer.rule is not None and answer.rule.pointer:
            return answer
    raise UsageError("the document says nothing of the members of an answer; name another one")


WORDS: dict[str, Callable[[Operation], Reply]] = {
    "accepted": accepting,
    "slow": _named("conforming/slow"),
    "error": _named("failing/500-text"),
    "timeout": _named("failing/never"),
    "cut": _named("failing/cut"),
    "html": lambda _: Reply(labelled(200, "text/html", PAGE)),
    "wrong-shape": _wrong_shape,
    "too-many-requests": lambda operation: _status(operation, TOO_MANY),
}
"""The answers with a name of their own, beside "rejected", which takes a code and a message."""
