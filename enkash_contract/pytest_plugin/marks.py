"""The marker of tests of clients: `@pytest.mark.enkash(answers=…, expect_violation=…)`.

Pytest takes any arguments for any marker, and a mistyped one would quietly change what is tested.
So the markers of the chosen tests are checked once, when all are collected, and each mistake is an
error of the collection.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract.contract.evidence import Level
from enkash_contract.contract.operation import REQUEST
from enkash_contract.errors import EnkashContractError, UsageError, did_you_mean
from enkash_contract.pytest_plugin.contract import contract_of, operation_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.contract.operation import Operation

NAME = "enkash"
ARGUMENTS = {"answers": "enkash_answer", "expect_violation": "enkash_sandbox"}
"""The arguments of the marker that name answers or rules, and the fixture that each is for."""

OPERATION = "operation"
"""The argument that names the operation which a test is about."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """The arguments of the markers of a test; the nearest marker wins."""

    answers: tuple[str, ...] = ()
    expect_violation: tuple[str, ...] = ()
    operation: str | None = None


def wishes(node: pytest.Item | Any) -> Wishes:
    """Return the arguments of the markers of a test, without those that have mistakes."""
    arguments: dict[str, Any] = {}
    for mark in node.iter_markers(NAME):
        arguments = {**mark.kwargs, **arguments}
    named = arguments.get(OPERATION)
    return Wishes(
        **{name: _texts(arguments.get(name)) or () for name in ARGUMENTS},
        operation=named if isinstance(named, str) else None,
    )


def _texts(value: Any) -> tuple[str, ...] | None:
    """Return one text or several as a tuple, or None for anything else."""
    texts = (value,) if isinstance(value, str) else value
    if not isinstance(texts, (tuple, list, set, frozenset)):
        return None
    return tuple(texts) if texts and all(isinstance(text, str) for text in texts) else None


def parametrise(metafunc: pytest.Metafunc) -> None:
    """Run a test once for each answer that its marker names, by default for "right" and "wrong".

    Raises:
        pytest.Collector.CollectError: the contract cannot be loaded.

    """
    wished = wishes(metafunc.definition)
    try:
        operation = _operation(metafunc.config, wished)
    except EnkashContractError as problem:
        raise pytest.Collector.CollectError(str(problem)) from None
    from enkash_contract.generation import responses
    from enkash_contract.sandbox import script

    answers = responses.of_operation(operation)
    level = Level.of(metafunc.config.getoption("enkash_fail_on"))
    words = wished.answers or script.POLARITIES
    try:
        named = {answer for word in words for answer in script.chosen(operation, word, level)}
    except UsageError:
        # `report_mistakes` reports it when all is collected; until then any answer will do.
        named = {answers[0]}
    chosen = [answer for answer in answers if answer in named]
    ids = [answer.id for answer in chosen]
    metafunc.parametrize("enkash_answer", chosen, ids=ids, indirect=True)


def report_mistakes(session: pytest.Session, marked: list[pytest.Item]) -> None:
    """Report every mistake in a marker as an error of the collection, each of them once."""
    reported: set[tuple[str, str]] = set()
    for item in marked:
        name = item.nodeid.partition("[")[0]
        for message in _mistakes(item):
            if (name, message) not in reported:
                reported.add((name, message))
                file, line, _ = item.location
                text = f"{file}:{(line or 0) + 1}: {message}"
                report = pytest.CollectReport(name, "failed", text, [])
                session.config.hook.pytest_collectreport(report=report)


def _mistakes(item: pytest.Item) -> Iterator[str]:
    """Yield a message for each mistake in the markers of a test."""
    for mark in item.iter_markers(NAME):
        if mark.args:
            yield _message(repr(mark.args[0]), f"write answers={mark.args[0]!r}, with a name")
        for name, value in mark.kwargs.items():
            if name == OPERATION:
                yield from _no_operation(item, value)
            elif name not in ARGUMENTS:
                known = [*ARGUMENTS, OPERATION]
                near = did_you_mean(name, known, f"it takes {', '.join(known)}")
                yield _message(f"{name}={value!r}", f"there is no argument {name!r}; {near}")
            elif (texts := _texts(value)) is None:
                yield _message(f"{name}={value!r}", "write a text, or a list of texts")
            else:
                yield from _unknown(item, name, texts)
    expected = wishes(item).expect_violation
    own = {name for mark in item.own_markers if mark.name == NAME for name in mark.kwargs}
    for name, fixture in ARGUMENTS.items():
        # Answers of a class or module need not apply to all its tests; an expectation does.
        given = name in own or (name == "expect_violation" and expected)
        if given and fixture not in getattr(item, "fixturenames", ()):
            yield _message(f"{name}=…", f"the test does not use the fixture {fixture}")


def _operation(config: pytest.Config, wished: Wishes) -> Operation:
    """Return the operation that a test is about; what is no operation is reported later."""
    contract = contract_of(config)
    known = wished.operation is not None and wished.operation in contract
    named = wished.operation if known else None
    return operation_of(config, named)


def _no_operation(item: pytest.Item, value: Any) -> Iterator[str]:
    """Yield a message if `value` is the id of no operation."""
    try:
        if not isinstance(value, str):
            yield _message(f"{OPERATION}={value!r}", "write the id of one operation")
        else:
            operation_of(item.config, value)
    except EnkashContractError as problem:
        yield _message(f"{OPERATION}={value!r}", str(problem))


def _message(arguments: str, reason: str) -> str:
    return f"@pytest.mark.{NAME}({arguments}): {reason}"


def _unknown(item: pytest.Item, name: str, texts: tuple[str, ...]) -> Iterator[str]:
    """Yield a message for the first unknown answer or rule among `texts`."""
    from enkash_contract.sandbox import script

    try:
        operation = _operation(item.config, wishes(item))
        for text in texts:
            if name == "answers":
                script.chosen(operation, text)
            elif operation.rule(text).side != REQUEST:
                reason = "it is a rule of the response, which no request breaks"
                yield _message(f"{name}={text!r}", reason)
    except EnkashContractError as problem:
        yield _message(f"{name}={text!r}", str(problem))
