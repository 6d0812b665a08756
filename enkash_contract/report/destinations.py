"""Where reports are written to: `FORMAT=PATH`, checked before a run and written after it.

A run against a live target can take an hour, so what can be known of a path is known before it
starts. A report appears as a whole or not at all: whoever watches the file never reads half of it.
"""

from __future__ import annotations

import contextlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from enkash_contract import report
from enkash_contract.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from enkash_contract.report.document import Report

STDOUT = "-"
"""The path of the standard output."""


@dataclass(frozen=True)
class Destination:
    """A format and a path, as they were given with `option`; no path is the standard output."""

    form: str
    path: Path | None
    option: str

    @property
    def name(self) -> str:
        """How it was given."""
        return f"{self.option} {f'{self.form}={self.path or STDOUT}'!r}"

    def write(self, whole: Report) -> None:
        """Write a report here.

        Raises:
            UsageError: the file cannot be written.

        """
        if self.path is None:
            report.write(self.form, whole, sys.stdout)
            sys.stdout.flush()
            return
        try:
            with _whole(self.path) as stream:
                report.write(self.form, whole, stream)
        except OSError as error:
            raise self._problem(error) from None

    def check(self) -> None:
        """Make sure that a report can be written here, without a trace.

        Raises:
            UsageError: it cannot.

        """
        if self.path is None:
            return
        try:
            if self.path.is_dir():
                raise UsageError(f"{self.name}: {self.path} is a folder; name a file in it")
            if _is_special(self.path):
                return
            if self.path.exists():
                with self.path.open("r+b"):
                    pass
            beside = _beside(self.path)
            with beside.open("x", encoding="utf-8"):
                pass
            beside.unlink()
        except (OSError, ValueError) as error:
            raise self._problem(error) from None

    def _problem(self, error: OSError | ValueError) -> UsageError:
        why = getattr(error, "strerror", None) or error
        return UsageError(f"{self.name}: {self.path} cannot be written: {why}")


def destinations(given: Iterable[str], option: str = "--report") -> list[Destination]:
    """Read `FORMAT=PATH` pairs, given with `option`.

    Raises:
        UsageError: a format is unknown or lacks a package, a file cannot be written, or two
            reports have one path.

    """
    found: dict[str, Destination] = {}
    for pair in given:
        form, equals, path = pair.partition("=")
        if form not in report.FORMATS and (equals or not path):
            formats = f"there is {', '.join(report.FORMATS)}"
            hint = did_you_mean(form, report.FORMATS, formats)
            raise UsageError(f"{option} {pair!r}: there is no format {form!r}; {hint}")
        if not path:
            raise UsageError(f"{option} {pair!r} has no path; write {form}=PATH, or {form}=-")
        report.check(form, f"{option} {pair!r}: ")
        place = Destination(form, None if path == STDOUT else Path(path), option)
        place.check()
        real = os.path.realpath(path) if place.path else STDOUT
        if real in found:
            raise UsageError(
                f"{place.name} and {found[real].form!r} have one path; give each its own"
            )
        found[real] = place
    return [*found.values()]


def _is_special(path: Path) -> bool:
    """Return whether `path` is a device or a pipe, which nothing may replace."""
    return path.exists() and not path.is_file()


def _beside(path: Path) -> Path:
    """Return the path of a new file in the folder of `path`, or of what it links to."""
    from secrets import token_hex

    return Path(os.path.realpath(path)).with_name(f".enkash-{token_hex(8)}.tmp")


@contextlib.contextmanager
def _whole(path: Path) -> Iterator[TextIO]:
    """Open a file that takes the place of `path` once all of it is written."""
    if _is_special(path):
        with path.open("w", encoding="utf-8", errors="backslashreplace") as stream:
            yield stream
        return
    from shutil import copymode

    beside = _beside(path)
    try:
        with beside.open("x", encoding="utf-8", errors="backslashreplace") as stream:
            yield stream
        if path.exists():
            copymode(path, beside)
        beside.replace(os.path.realpath(path))
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
