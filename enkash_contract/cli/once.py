"""Options for one run alone, which no configuration file sets.

A file sets what a command is called with. These are kept aside, so that a run cannot write files
because of what stands in another one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

GIVEN = f"{__name__}.given"
"""Where a context keeps these options."""


def option(*names: str, **about: Any) -> Callable[[Any], Any]:
    """Return such an option."""
    return click.option(*names, expose_value=False, callback=_keep, **about)


def given() -> dict[str, str]:
    """Return those that were typed, by name."""
    found: dict[str, str] = click.get_current_context().meta.get(GIVEN, {})
    return found


def _keep(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    if value is not None:
        context.meta.setdefault(GIVEN, {})[parameter.name] = value
