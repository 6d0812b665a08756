"""Waivers of a command: those of the file, and the options that write new ones into it.

What stands in the file stays, byte by byte: waivers are added at its end.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from enkash_contract import clock
from enkash_contract.cli import commands, once
from enkash_contract.contract.wording import counted
from enkash_contract.errors import ConfigError, UsageError
from enkash_contract.judging.samples import number_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from enkash_contract.config.file import Config
    from enkash_contract.config.waiver import Waiver
    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.evidence import Level
    from enkash_contract.judging.case import Case
    from enkash_contract.judging.result import Result

_OPTIONS = (
    once.option("--write-waivers", metavar="FILE", help="Waive what was found, in this file."),
    once.option("--reason", metavar="WHY", help="The reason in these waivers."),
)
_UNTIL = once.option("--until", metavar="YYYY-MM-DD", help="The last day of these waivers.")


def written(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add these options to a command, which asks for them with `wish`."""
    return written_until(_UNTIL(command))


def written_until(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add these options to a command that has an option `--until` of its own."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def waive_each(contract: Contract) -> Callable[[Result], Result] | None:
    """Return what waives the findings of a part of a result; None if there are no waivers.

    Raises:
        ConfigError: a waiver is of a rule that is not there.

    """
    agreed = _agreed(contract)
    if not agreed:
        return None
    from enkash_contract.config import waivers

    return functools.partial(waivers.waived, waivers=agreed, today=clock.today())


def waive(contract: Contract) -> Callable[..., Result]:
    """Return `waivers.apply` with the waivers of the file, once each is known to be one.

    Raises:
        ConfigError: a waiver is of a rule that is not there.

    """
    agreed = _agreed(contract)
    if not agreed:
        return lambda result, *_, **__: result
    from enkash_contract.config import waivers

    return lambda result, *operations, **more: waivers.apply(result, agreed, *operations, **more)


def _agreed(contract: Contract) -> list[Waiver]:
    """Return the waivers of the file for this command, each of which is of a rule that is there."""
    context = click.get_current_context()
    config, name = context.meta[commands.CONFIG], str(context.command.name)
    agreed: list[Waiver] = config.waivers(name) if config else []
    if agreed:
        from enkash_contract.config import waiver

        agreed = waiver.settled(agreed, contract, _operation_of(config, name, contract))
        waiver.check_known(agreed, contract)
    return agreed


def _operation_of(config: Config, command: str, contract: Contract) -> str:
    """Return the one operation that the configuration names, "" where it names none or several."""
    given = config.settings(command)
    names = [name for each in given if each.name == "operations" for name in each.value]
    return names[0] if len(names) == 1 and names[0] in contract else ""


def wish() -> Wish | None:
    """Return the wish for waivers, None without one, before anything is run.

    Raises:
        UsageError: an option is missing or wrong, or the file is none to add waivers to.

    """
    context, given = click.get_current_context(), once.given()
    file, reason, until = (given.get(name) for name in ("write_waivers", "reason", "until"))
    if file is None:
        for name in given:
            raise UsageError(f"--{name} is of --write-waivers FILE; give that as well")
        return None
    if context.params.get("listed") or context.params.get("dry_run"):
        raise UsageError("--write-waivers needs a run; leave out --list and --dry-run")
    if reason is None or until is None:
        missing = [f"--{name}" for name in ("reason", "until") if name not in given]
        raise UsageError(f"--write-waivers needs {' and '.join(missing)} as well")
    if not reason.isprintable():
        raise UsageError("--reason must say on one line why the violations are waived")
    path = Path(file)
    return Wish(path, reason.strip(), _day(until), _read(context, path))


def _day(text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else "")
    except ValueError:
        raise UsageError(f"--until {text!r} is no day; write it like 2027-03-31") from None
    if day <= clock.today():
        raise UsageError(f"--until {day} is no day to come; a waiver ends on a later day")
    return day


def _read(context: click.Context, path: Path) -> Config | None:
    """Return the configuration in the file at `path`, None if there is no file.

    Raises:
        UsageError: it is another file.

    """
    from enkash_contract.config.file import load_config
    from enkash_contract.config.location import PROJECT, read_named

    if path.name != PROJECT and not path.exists():
        if path.parent.is_dir():
            return None
        raise UsageError(f"--write-waivers {path}: there is no folder {path.parent}; make it")
    used: Config | None = context.meta[commands.CONFIG]
    if _is_of(used, path):
        return used
    parent = context.parent
    group = parent.command if parent else None
    known = group.commands if isinstance(group, click.Group) else {}
    try:
        return load_config(known, read_named(str(path)), None)
    except ConfigError as error:
        first = str(error).splitlines()[0]
        raise UsageError(
            f"--write-waivers {path}: it is no configuration file and is left as it is; "
            f"name another ({first})"
        ) from None


def _is_of(config: Config | None, path: Path) -> bool:
    """Whether `config` was read from the file at `path`."""
    return config is not None and path.samefile(config.toml.label)


@dataclass(frozen=True)
class Wish:
    """Waivers to be added to the file at `path`, which holds `config`, None if it is new."""

    path: Path
    reason: str
    until: dt.date
    config: Config | None

    def fulfil(
        self, result: Result, contract: Contract, level: Level, cases: Iterable[Case] = ()
    ) -> None:
        """Add waivers of the violations in `result`, and say at the end what was written.

        Raises:
            UsageError: the file cannot be written, or would hold other waivers than those.

        """
        from enkash_contract.config.new_waivers import new_waivers
        from enkash_contract.config.waiver import settled

        context = click.get_current_context()
        used: Config | None = context.meta[commands.CONFIG]
        name = str(context.command.name)
        before = settled(self.config.waivers(name), contract) if self.config else []
        live = [waiver for waiver in before if clock.today() <= waiver.until]
        violations = [
            finding
            for finding in result.violations
            if not any(waiver.matches(finding) for waiver in live)
        ]
        new = new_waivers(violations, contract, cases, level)
        if new:
            root = self.config.root if self.config else ()
            environment = used.environment if used else None
            at = (*root, *(("env", environment) if environment else ()), name, "waiver")
            self._write("\n".join(waiver.text(at, self.reason, self.until) for waiver in new))
        found = result.number("violation")
        lines = [*self._told(len(new), number_of(violations), found, used)]
        context.call_on_close(lambda: click.echo("\n".join(lines), err=True))

    def _write(self, text: str) -> None:
        from enkash_contract.config import toml

        try:
            raw = self.path.read_bytes() if self.config else b""
            gap = "\n" if raw and raw.endswith(b"\n") else "\n\n" if raw else ""
            toml.parse(raw + (gap + text).encode(), str(self.path))
            with self.path.open("ab" if self.config else "xb") as stream:
                stream.write((gap + text).encode())
        except ConfigError as error:
            raise UsageError(
                f"--write-waivers {self.path}: waivers cannot be added at its end; write "
                f"its tables as [table], or name another file ({error})"
            ) from None
        except OSError as error:
            why = error.strerror or error
            raise UsageError(f"--write-waivers {self.path}: cannot be written: {why}") from None

    def _told(self, new: int, waived: int, found: int, used: Config | None) -> Iterable[str]:
        if not found:
            yield f"waivers: there is no violation to waive; nothing was written to {self.path}"
            return
        if not new:
            yield f"waivers: {self.path} waives every violation; nothing was added"
        else:
            what = f"{counted(new, 'waiver')} of {counted(waived, 'violation')}"
            yield f"waivers: wrote {what} to {self.path}, until {self.until}"
        if used is None:
            yield f"next: read what they waive, then run again with --config {self.path}"
        elif used is self.config:
            yield f"next: read what they waive, then run again; {self.path} is read as before"
        else:
            label = used.toml.label
            yield f"next: move them to {label}, which --config {self.path} would replace"
