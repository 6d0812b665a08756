"""The marker of tests of clients: `@pytest.mark.enkash(answers=…, expect_violation=…)`.

Pytest takes any arguments for any marker, and a mistyped one would quietly change what is tested.
So the markers of the chosen tests are looked at once, when all are collected, and each that says
nothing is an error of the collection.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract.contract.operation import REQUEST
from enkash_contract.errors import EnkashContractError, UsageError, did_you_mean
from enkash_contract.pytest_plugin.contract import operation_of

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "enkash"
ARGUMENTS = {"answers": "enkash_answer", "expect_violation": "enkash_sandbox"}
"""The arguments of the marker, and the fixture that each is for."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the markers of a test ask for, the nearest first."""

    answers: tuple[str, ...] = ()
    expect_violation: tuple[str, ...] = ()


def wishes(node: pytest.Item | Any) -> Wishes:
    """Return what the markers of a test say, as far as it can be understood."""
    said: dict[str, Any] = {}
    for mark in node.iter_markers(NAME):
        said = {**mark.kwargs, **said}
    return Wishes(**{name: _texts(said.get(name)) or () for name in ARGUMENTS})


def _texts(value: Any) -> tuple[str, ...] | None:
    """Return one text or several as a tuple; None where it is anything else."""
    texts = (value,) if isinstance(value, str) else value
    if not isinstance(texts, (tuple, list, set, frozenset)):
        return None
    return tuple(texts) if texts and all(isinstance(one, str) for one in texts) else None


def parametrise(metafunc: pytest.Metafunc) -> None:
    """Run a test once for each answer that its marker asks for, by default for all.

    Raises:
        pytest.Collector.CollectError: the contract cannot be loaded.

    """
    try:
        operation = operation_of(metafunc.config)
    except EnkashContractError as problem:
        raise pytest.Collector.CollectError(str(problem)) from None
    from enkash_contract.generation import responses
    from enkash_contract.sandbox import script

    found = responses.of_operation(operation)
    try:
        words = wishes(metafunc.definition).answers
        named = {one for word in words for one in script.chosen(operation, word)}
    except UsageError:
        # Told by `report_mistakes`, when all is collected.
        named = {found[0]}
    some = [one for one in found if one in named or not named]
    metafunc.parametrize("enkash_answer", some, ids=[one.id for one in some], indirect=True)


def report_mistakes(session: pytest.Session, marked: list[pytest.Item]) -> None:
    """Tell every marker that says nothing, as an error of the collection."""
    told: set[tuple[str, str]] = set()
    for item in marked:
        name = item.nodeid.partition("[")[0]
        for message in _mistakes(item):
            if (name, message) not in told:
                told.add((name, message))
                file, line, _ = item.location
                text = f"{file}:{(line or 0) + 1}: {message}"
                report = pytest.CollectReport(name, "failed", text, [])
                session.config.hook.pytest_collectreport(report=report)


def _mistakes(item: pytest.Item) -> Iterator[str]:

    for mark in item.iter_markers(NAME):
        if mark.args:
            yield _said(repr(mark.args[0]), f"write answers={mark.args[0]!r}, with a name")
        for name, value in mark.kwargs.items():
            if name not in ARGUMENTS:
                near = did_you_mean(name, ARGUMENTS, f"it takes {' and '.join(ARGUMENTS)}")
                yield _said(f"{name}={value!r}", f"there is no argument {name!r}; {near}")
            elif (texts := _texts(value)) is None:
                yield _said(f"{name}={value!r}", "write a text, or a list of texts")
            else:
                yield from _unknown(item, name, texts)
    wished = wishes(item)
    own = {name for mark in item.own_markers if mark.name == NAME for name in mark.kwargs}
    for name, fixture in ARGUMENTS.items():
        # A class or a module may have tests to which it does not apply; an expectation is one of
        # every test.
        given = name in own or (name == "expect_violation" and wished.expect_violation)
        if given and fixture not in getattr(item, "fixturenames", ()):
            yield _said(f"{name}=…", f"the test does not use the fixture {fixture}")


def _said(shown: str, why: str) -> str:
    return f"@pytest.mark.{NAME}({shown}): {why}"


def _unknown(item: pytest.Item, name: str, texts: tuple[str, ...]) -> Iterator[str]:
    """Yield what is wrong with the answers or the rules that are named."""
    from enkash_contract.sandbox import script

    try:
        operation = operation_of(item.config)
        for text in texts:
            if name == "answers":
                script.chosen(operation, text)
            elif operation.rule(text).side != REQUEST:
                what = "it is a rule of the answer, which no request breaks"
                yield _said(f"{name}={text!r}", what)
    except EnkashContractError as problem:
        yield _said(f"{name}={text!r}", str(problem))
