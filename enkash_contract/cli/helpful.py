"""Commands that say what they take: to people in their help, to shells in proposals.

What does so is imported when it is asked for: most runs ask for neither.
"""

from __future__ import annotations

import functools
from typing import Any

import click

COMPLETE = "_ENKASH_CONTRACT_COMPLETE"
"""The environment variable by which a shell asks what may be typed next."""

CHOSEN = f"{__name__}.chosen"
"""Where a context keeps the options that choose the configuration, given before the command."""


class Helpful(click.Command):
    """A command whose help is drawn by a library that is loaded for help alone."""

    def get_help(self, context: click.Context) -> str:
        """Return the help, in colours where they are wanted."""
        from enkash_contract.cli import colours, help_page

        color = {True: "always", False: "never", None: None}[context.color]
        return help_page.rendered(self, context, colours.styles(color))

    def propose(self) -> None:
        """Let each parameter know what a shell proposes for it."""
        for parameter in self.params:
            # The type of a parameter knows only how its value is written.
            any_parameter: Any = parameter
            any_parameter.shell_complete = functools.partial(_proposed, parameter)

    def named_file(self, context: click.Context) -> str | None:
        """Return the configuration file that was named so far."""
        file: str | None = context.meta.get(CHOSEN, {}).get("config_file")
        return file


def _proposed(parameter: click.Parameter, context: click.Context, typed: str) -> Any:
    from enkash_contract.cli import completion

    return completion.completed(parameter, context, typed)
