"""Servers as other people write them: what they do right is not held against them.

Each is on somebody's stack, with that stack's own ways, and is built anew with one mistake at a
time; each mistake fails the run and is named.
"""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Any

import pytest

import enkash_contract as ec
from tests.support.implementations import STACK_MISTAKES, fastapi_models
from tests.support.node_servers import NODE_STACKS, node_stack
from tests.support.paths import TOOLS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from enkash_contract.judging.result import Result

node = [
    pytest.mark.node,
    pytest.mark.skipif(
        not (TOOLS / "node_modules" / "express-openapi-validator").exists()
        and "CI" not in os.environ,
        reason="the packages of tests/tools/package.json are not installed; `.ci/run` does it",
    ),
]


@contextlib.contextmanager
def fastapi() -> Iterator[Mapping[str, Any]]:
    """Yield the applications on FastAPI by mistake."""
    more = ("input-repeated",)
    yield {name: fastapi_models.create_app(name or None) for name in ("", *STACK_MISTAKES, *more)}


@pytest.fixture(scope="session")
def started() -> Iterator[Callable[[str], Mapping[str, Any]]]:
    """Return a function that starts a stack once, whatever the order of the tests."""
    targets: dict[str, Mapping[str, Any]] = {}
    with contextlib.ExitStack() as until_the_end:

        def start(name: str) -> Mapping[str, Any]:
            if name not in targets:
                server = fastapi() if name == "fastapi" else node_stack(name)
                targets[name] = until_the_end.enter_context(server)
            return targets[name]

        yield start


STACKS = [pytest.param("fastapi"), *(pytest.param(name, marks=node) for name in NODE_STACKS)]


@pytest.fixture(params=STACKS)
def stack(
    request: pytest.FixtureRequest, started: Callable[[str], Mapping[str, Any]]
) -> Mapping[str, Any]:
    """Serve the operation on one stack; the targets by mistake, "" for the one without."""
    return started(request.param)


def named(result: Result) -> set[str]:
    """Return the rules that violations name."""
    return {finding.rule for finding in result.violations}


def test_a_stack_conforms(stack: Mapping[str, Any]) -> None:
    """Its pages, its 422, and the JSON of its own parser are no violations."""
    only = ["request#json*", "request#method*", "request/invoiceStatus/objectId*"]
    result = ec.check_target(stack[""], only=only)
    assert (result.exit_code, result.violations) == (0, ())


@pytest.mark.slow
def test_a_stack_conforms_to_the_whole_suite(stack: Mapping[str, Any]) -> None:
    """No case accuses it."""
    result = ec.check_target(stack[""])
    assert (result.exit_code, result.violations) == (0, ())


def on_stacks(mistakes: Iterable[str]) -> Iterator[Any]:
    """Yield each mistake on each stack; all runs try it on one of them, the slow tests on all."""
    for turn, mistake in enumerate(mistakes):
        for at, param in enumerate(STACKS):
            marks = () if at == turn % len(STACKS) else (pytest.mark.slow,)
            yield pytest.param(*param.values, mistake, marks=(*param.marks, *marks))


@pytest.mark.parametrize(("stack", "mistake"), [*on_stacks(STACK_MISTAKES)], indirect=["stack"])
def test_a_mistake_of_a_stack_is_named(stack: Mapping[str, Any], mistake: str) -> None:
    """The run fails, by the rule that is broken and no other."""
    rule = STACK_MISTAKES[mistake]
    only = ["request#type"] if rule.startswith("response") else [rule]
    result = ec.check_target(stack[mistake], only=only)
    assert (result.exit_code, named(result)) == (1, {rule})


@pytest.mark.slow
@pytest.mark.parametrize("mistake", STACK_MISTAKES)
def test_a_mistake_is_named_by_the_whole_suite(stack: Mapping[str, Any], mistake: str) -> None:
    """Nothing else is wrong because one thing is, but for what is converted as well."""
    result = ec.check_target(stack[mistake])
    others = named(result) - {STACK_MISTAKES[mistake]}
    converted = mistake == "number-coerced"
    assert result.exit_code == 1
    assert STACK_MISTAKES[mistake] in named(result)
    assert {rule for rule in others if not (converted and rule.endswith("#type"))} == set()


def test_a_rejection_that_repeats_its_request_crashes() -> None:
    """FastAPI's own 422 repeats a NaN, and half of a surrogate pair, which no JSON can hold."""
    target = fastapi_models.create_app("input-repeated")
    result = ec.check_target(target, only=["request#json*", "request#encoding*"])
    assert {(finding.check, finding.rule) for finding in result.violations} == {
        ("not_a_server_error", "request#encoding"),
        ("not_a_server_error", "request#json"),
    }
