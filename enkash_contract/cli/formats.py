"""The options that say in which format recordings are, and where a log holds what."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from enkash_contract.traffic.formats.format import Format

    Command = Callable[..., Any]

FORMATS = tuple(
    "interaction vcrpy ruby-vcr betamax schemathesis go-vcr newman php-vcr playwright-trace "
    "har".split()
)
PROFILES = ("kong", "nginx", "aws-api-gateway", "opentelemetry")
"""The names of the tables in `traffic`: help reads neither them nor what they are for."""

_OPTIONS = (
    click.option(
        "--format",
        type=click.Choice(FORMATS),
        metavar="FORMAT",
        help="The format that all recordings are in.",
    ),
    click.option(
        "--profile",
        type=click.Choice(PROFILES),
        metavar="GATEWAY",
        help=f"Read logs of {', '.join(PROFILES)}.",
    ),
    click.option(
        "--map",
        multiple=True,
        metavar="MEMBER=JSONPATH",
        help="Where a log holds this member of an interaction.",
    ),
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The format in which recordings are read, as it was asked for."""

    format: str | None
    profile: str | None
    map: tuple[str, ...]

    @property
    def formats(self) -> tuple[Format, ...] | None:
        """The formats that recordings may be in, None for all.

        Raises:
            UsageError: what was typed is no mapping, or there is nothing of that name.

        """
        from enkash_contract.traffic.gateways.mapping import pairs
        from enkash_contract.traffic.gateways.profiles import chosen

        return chosen(self.format, self.profile, pairs(self.map))

    @property
    def choosing(self) -> list[tuple[str, str | None]]:
        """The options that choose the same again."""
        maps = (("--map", text) for text in self.map)
        return [("--format", self.format), ("--profile", self.profile), *maps]


def options(command: Command) -> Command:
    """Add these options to a command; it takes a `Chosen`."""

    @functools.wraps(command)
    def with_format(**given: Any) -> Any:
        parts = {name: given.pop(name) for name in ("format", "profile", "map")}
        return command(form=Chosen(**parts), **given)

    decorated: Any = with_format
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return cast("Command", decorated)
