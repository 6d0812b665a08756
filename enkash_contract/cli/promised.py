"""The option by which a run promises to try rules, and whether it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable

    from enkash_contract.contract.operation import Operation
    from enkash_contract.judging.result import Result
    from enkash_contract.report import About
    from enkash_contract.report.promises import Promise

option = click.option(
    "--require-coverage",
    "promised",
    multiple=True,
    metavar="GLOB=SIDE",
    help="Fail unless these rules are tried: both, accept or reject.",
)


def read(given: tuple[str, ...], operations: Iterable[Operation]) -> list[Promise]:
    """Read what was promised, for the rules of `operations`.

    Raises:
        UsageError: a promise is none, or names no rule.

    """
    if not given:
        return []
    from enkash_contract.report.promises import of_operations, promises

    return promises(given, of_operations(operations))


def held(result: Result, about: About, given: list[Promise]) -> Result:
    """Return `result` with the promises that were not kept."""
    if not given:
        return result
    from enkash_contract.judging.result import Result
    from enkash_contract.report.promises import broken
    from enkash_contract.report.seen import coverage_of

    return result + Result(promises=tuple(broken(given, coverage_of(result, about))))
