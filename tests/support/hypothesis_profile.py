"""The one Hypothesis profile of all tests: no verdict depends on chance or on a busy machine.

A plugin of pytest: the root's conftest.py names it, and so does whoever starts a run of pytest in
a process of its own.
"""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

EXAMPLES = 50
"""The draws of a property that names no number: they are the same in every run, so more of them
would show nothing new the next time."""

settings.register_profile(
    "repeatable",
    max_examples=EXAMPLES,
    database=None,
    deadline=None,
    derandomize=True,
    # Our fixtures are not changed by what is drawn, and a slow draw is no mistake.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("repeatable")


def _same_draws() -> None:
    """Let a seed mean the same whatever was loaded before, and so in any order of the tests.

    Hypothesis draws constants that it finds in those modules of a project that are loaded.
    """
    known: Any = providers
    kinds = ("integers", "floats", "bytes", "strings")
    nothing = {kind: type(known.GLOBAL_CONSTANTS.bytes)() for kind in kinds}
    none = type(known.GLOBAL_CONSTANTS)(**nothing)
    known._get_local_constants = lambda: none


_same_draws()
