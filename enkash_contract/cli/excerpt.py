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

    Wrapped = Callable[..., Any]

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
        metavar="N",
        help="Judge in N processes; by default 1, with --dask one a processor.",
    ),
    click.option(
        "--dask",
        is_flag=False,
        flag_value="local",
        metavar="SCHEDULER",
        help="Judge on a Dask cluster; without SCHEDULER, one of this machine.",
    ),
    click.option("--lenient", is_flag=True, help="Only note what cannot be read."),
)

_NAMES = ("host", "partner_host", "since", "sample", "lenient", "workers", "dask")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A part of what was recorded, as it was asked for."""

    host: str | None
    since: str | None
    until: str | None
    sample: int | None
    lenient: bool
    workers: int | None = None
    dask: str | None = None
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
            UsageError: a time is none, or nothing is between them; or there is no such scheduler.

        """
        from enkash_contract.traffic.check import Check
        from enkash_contract.traffic.parts import crew
        from enkash_contract.traffic.window import window

        span = window(self.since, self.until)
        dask = crew.scheduler(self.dask)
        workers = crew.number(self.workers, dask)
        return Check(judge, span, self.sample, self.lenient, watch, formats, workers, learned, dask)

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
        """Whether the part is all that was recorded."""
        return replace(self, workers=None, dask=None) == Excerpt(
            None, None, None, None, lenient=False
        )


class Command(commands.Command):
    """A command that takes these options, of which `--dask` may stand without a value."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        """Read `args`; what follows `--dask` is its value only if it is that of a scheduler."""
        return super().parse_args(context, with_value(args))


def with_value(args: list[str]) -> list[str]:
    """Return the same words in which `--dask` has a value."""
    if "--dask" not in args:
        return args
    from enkash_contract.traffic.parts.crew import LOCAL, means_scheduler

    index = args.index("--dask")
    if "--" in args[:index]:
        return args
    value = args[index + 1 : index + 2]
    named = value if value and means_scheduler(value[0]) else []
    rest = with_value(args[index + 1 + len(named) :])
    return [*args[:index], f"--dask={named[0] if named else LOCAL}", *rest]


def options(command: Wrapped) -> Wrapped:
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
    return cast("Wrapped", decorated)
