"""The options that say which part of recorded traffic is judged, and what to make of the rest."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

import click

from enkash_contract.cli import commands, once

if TYPE_CHECKING:
    from collections.abc import Callable

    from enkash_contract.traffic.check import Check, Watch
    from enkash_contract.traffic.formats.format import Format
    from enkash_contract.traffic.judging import Judge
    from enkash_contract.traffic.learning.learned import Learned

    Command = Callable[..., Any]

_OPTIONS = (
    click.option("--host", metavar="GLOB", help="Only requests to this host, or host:port."),
    click.option(
        "--partner-host",
        metavar="GLOB",
        help="Requests to these hosts are webhooks, if a path is known both ways.",
    ),
    click.option(
        "--since", metavar="WHEN", help="Only what was sent at this time or later, e.g. 24h."
    ),
    click.option(
        "--until",
        metavar="WHEN",
        help="Only what was sent earlier; with --write-waivers, their last day.",
    ),
    click.option(
        "--sample",
        type=click.IntRange(min=1),
        metavar="N",
        help="Judge at most N interactions, always the same.",
    ),
    click.option(
        "--workers",
        type=click.IntRange(min=1),
        default=1,
        show_default=True,
        metavar="N",
        help="Judge in N processes.",
    ),
    click.option("--lenient", is_flag=True, help="Only note what cannot be read."),
)

_NAMES = ("host", "partner_host", "since", "sample", "lenient", "workers")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A part of what was recorded, as it was asked for."""

    host: str | None
    since: str | None
    until: str | None
    sample: int | None
    lenient: bool
    workers: int = 1
    partner_host: str | None = None

    def check(
        self,
        judge: Judge,
        watch: Watch | None = None,
        formats: tuple[Format, ...] | None = None,
        learned: Learned | None = None,
    ) -> Check:
        """Return the check of that part, in recordings of these formats, by default of all.

        What it learns is added to `learned`, if that is given.

        Raises:
            UsageError: a time is none, or nothing is between them.

        """
        from enkash_contract.traffic.check import Check
        from enkash_contract.traffic.window import window

        span = window(self.since, self.until)
        return Check(judge, span, self.sample, self.lenient, watch, formats, self.workers, learned)

    @property
    def choosing(self) -> list[tuple[str, str | None]]:
        """The options that choose this part again."""
        return [
            ("--host", self.host),
            ("--partner-host", self.partner_host),
            ("--since", self.since),
            ("--until", self.until),
        ]

    @property
    def is_whole(self) -> bool:
        """Whether everything is judged, as if nothing was asked for."""
        return replace(self, workers=1) == Excerpt(None, None, None, None, lenient=False)


def options(command: Command) -> Command:
    """Add these options to a command; it takes an `Excerpt`."""

    @functools.wraps(command)
    def with_excerpt(*, until: str | None, **given: Any) -> Any:
        parts = {name: given.pop(name) for name in _NAMES}
        if "write_waivers" in once.given() and until is not None and commands.typed("until"):
            # It was the last day of new waivers before it was the end of a window.
            once.given()["until"], until = until, None
        return command(excerpt=Excerpt(until=until, **parts), **given)

    decorated: Any = with_excerpt
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return cast("Command", decorated)
