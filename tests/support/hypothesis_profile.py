"""The one Hypothesis profile of all tests: no verdict depends on chance or on a busy machine.

A plugin of pytest: the root's conftest.py names it, and so does whoever starts a run of pytest in
a process of its own.
"""

from __future__ import annotations

from hypothesis import HealthCheck, settings

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
