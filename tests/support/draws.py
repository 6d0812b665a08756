"""Values drawn from strategies, always the same ones, and a judge of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from tests.support.second_judge import FORMATS, SecondJudge

if TYPE_CHECKING:
    from collections.abc import Callable


FEW = 300
MANY = 10_000
PHASES = [Phase.generate, Phase.shrink]


def draws(strategy: st.SearchStrategy[Any], count: int = FEW) -> list[Any]:
    """Return `count` values of a strategy, always the same ones."""
    found: list[Any] = []

    @settings(
        max_examples=count,
        phases=[Phase.generate],
        suppress_health_check=[*HealthCheck],
    )
    @given(strategy)
    def collect(value: Any) -> None:
        found.append(value)

    collect()
    return found


def simplest(strategy: st.SearchStrategy[Any], wanted: Callable[[Any], bool]) -> Any:
    """Return what a failure on `wanted` shrinks to."""
    once = settings(report_multiple_bugs=False, phases=PHASES)
    return find(strategy, wanted, settings=once)


def by_jsonschema(schema: Any, value: Any) -> bool:
    """Say whether the second judge finds `value` right."""
    return bool(SecondJudge(schema, format_checker=FORMATS).is_valid(value))
