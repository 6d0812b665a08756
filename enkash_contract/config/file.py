"""The configuration file: its mistakes, and what it sets for a command.

Nothing here knows an option by name. Keys are the long names of click's own options, values are
checked by click's own types, and the meaning of a value (a path, a pair, a secret) is read off the
declaration: a new option of a command can be set in the file at once.
"""

from __future__ import annotations

import functools
import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from enkash_contract.config import settings
from enkash_contract.config.location import (
    FILE,
    PROJECT,
    TABLE,
    Located,
    holds,
    read_named,
)
from enkash_contract.config.settings import Setting, UnfitError
from enkash_contract.errors import ConfigError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import click

    from enkash_contract.config.toml import Tokens, Toml
    from enkash_contract.config.waiver import Waiver
    from enkash_contract.place import Place

    Keys = dict[str, list[click.Parameter]]

OWN = ("default-env", "env")
"""The members at the top of the file beside options, tables of commands and waivers."""

NO_NAME = "default-env must be the name of an environment in quotes"


@dataclass(frozen=True)
class Config:
    """A configuration file, and the environment that was chosen in it.

    The members that count stand below `root`, and paths in the file are relative to `folder`.
    """

    toml: Toml
    root: Tokens
    folder: Path
    commands: Mapping[str, click.Command] = field(repr=False)
    environment: str | None = None

    @property
    def data(self) -> dict[str, Any]:
        """The members of the file that are ours."""
        return _at(self.toml.data, self.root)

    def place(self, at: Tokens) -> Place:
        """Return where the member at `at` stands."""
        return self.toml.place((*self.root, *at))

    def paths(self, command: str) -> list[Tokens]:
        """Return where the tables stand that hold for `command`, the strongest last."""
        tops: list[Tokens] = [()]
        if self.environment is not None:
            tops.append(("env", self.environment))
        return [at for top in tops for at in (top, (*top, command))]

    def scopes(self, command: str) -> list[tuple[Tokens, dict[str, Any]]]:
        """Return the tables that hold for `command`, the strongest last."""
        return [(at, _at(self.data, at)) for at in self.paths(command)]

    def settings(self, command: str) -> list[Setting]:
        """Return what the file sets for the parameters of `command`.

        Raises:
            ConfigError: an environment variable that a value needs is not set.

        """
        found: dict[str, Setting] = {}
        for at, table in self.scopes(command):
            for key, parameter in settings.keys(self.commands[command]).items():
                if key in table:
                    # Lines are looked up only for messages, so the place is worked out when asked.
                    where = functools.partial(self.place, (*at, key))
                    value = settings.read(parameter, table[key], self.folder)
                    found[key] = Setting(key, parameter, value, where)
        return [setting.expanded(os.environ) for setting in found.values()]

    def waivers(self, command: str) -> list[Waiver]:
        """Return the waivers that hold for `command`."""
        tables = [
            self._waiver((*at, "waiver", index), table)
            for at, scope in self.scopes(command)
            for index, table in enumerate(scope.get("waiver", ()))
        ]
        return [waiver for waiver in tables if not isinstance(waiver, list)]

    def problems(self) -> Iterator[str]:
        """Yield every mistake in the file."""
        yield from self._scope((), self.data)
        known = self.data.get("env", {})
        name = self.data.get("default-env")
        if isinstance(name, str) and isinstance(known, dict) and name not in known:
            yield f"{self.place(('default-env',))}: {_no_environment(name, known)}"

    def _scope(self, at: Tokens, table: dict[str, Any], command: str = "") -> Iterator[str]:
        """Yield the mistakes in a table of options for all commands, or for one."""
        below = () if command else tuple(self.commands)
        own = ("waiver",) if at else (*OWN, "waiver")
        for name, value in table.items():
            spot = (*at, name)
            if name == "waiver":
                yield from self.waiver_problems(spot, value)
            elif name in below:
                yield from self._table(spot, value, name)
            elif name in own:
                yield from self._environments(spot, value)
            elif name in (keys := self._keys(command)):
                for parameter in keys[name]:
                    try:
                        settings.read(parameter, value, self.folder)
                    except UnfitError as error:
                        yield f"{self.place(spot)}: {name} must be {error}"
                        break
            else:
                kinds = "option" if command else "option and no command"
                problem = f"{name!r} is no {kinds}" + (f" of {command}" if command else "")
                hint = _near(name, [*keys, *below, *own])
                yield f"{self.place(spot)}: {problem}; {hint}"

    def _keys(self, command: str) -> Keys:
        found: Keys = {}
        for name, candidate in self.commands.items():
            if command in ("", name):
                for key, parameter in settings.keys(candidate).items():
                    found.setdefault(key, []).append(parameter)
        return found

    def _table(self, at: Tokens, value: Any, command: str = "") -> Iterator[str]:
        if isinstance(value, dict):
            yield from self._scope(at, value, command)
        else:
            yield f"{self.place(at)}: {at[-1]} must be a table; write {self._header(at)}"

    def _environments(self, at: Tokens, value: Any) -> Iterator[str]:
        """Yield the mistakes in `env`, or in `default-env`."""
        if at[-1] == "default-env":
            if not isinstance(value, str):
                yield f"{self.place(at)}: {NO_NAME}"
        elif isinstance(value, dict):
            for name, table in value.items():
                yield from self._table((*at, name), table)
        else:
            head = self._header((*at, "NAME"))
            yield f"{self.place(at)}: env must hold a table for each environment; write {head}"

    def waiver_problems(self, at: Tokens, value: Any) -> Iterator[str]:
        """Yield the mistakes in the waivers at `at`."""
        if not (isinstance(value, list) and all(isinstance(table, dict) for table in value)):
            yield f"{self.place(at)}: waiver must be a list of tables; write [{self._header(at)}]"
            return
        for index, table in enumerate(value):
            read = self._waiver((*at, index), table)
            if isinstance(read, list):
                yield from read

    def _waiver(self, at: Tokens, table: dict[str, Any]) -> Waiver | list[str]:
        from enkash_contract.config import waiver

        return waiver.read(table, lambda name: self.place((*at, name)))

    def _header(self, at: Tokens) -> str:
        return f"[{'.'.join(map(str, (*self.root, *at)))}]"


def load_config(
    commands: Mapping[str, click.Command], located: Located | None, environment: str | None = None
) -> Config:
    """Read the configuration of `commands` from the file that was located.

    Raises:
        ConfigError: listing every mistake in the file, or the environment is not there.

    """
    if located is None:
        problem = f"--env {environment}: there is no {FILE} and no [{'.'.join(TABLE)}] in a"
        remedy = f"{PROJECT}, here or in a folder above; write one with [env.{environment}]"
        raise ConfigError(f"{problem} {remedy}")
    config = _config(located, commands)
    problems = list(config.problems())
    if problems:
        raise ConfigError(*problems)
    chosen = environment if environment is not None else config.data.get("default-env")
    known = config.data.get("env", {})
    if chosen is not None and chosen not in known:
        raise ConfigError(f"{config.place(('env',))}: {_no_environment(chosen, known)}")
    return replace(config, environment=chosen)


def load_waivers(file: str, command: str) -> list[Waiver]:
    """Return the waivers in `file` that hold for `command`, whatever else stands there.

    Raises:
        ConfigError: listing every mistake in them.

    """
    plain = _config(read_named(file), {})
    chosen = plain.data.get("default-env")
    if chosen is not None and not isinstance(chosen, str):
        raise ConfigError(f"{plain.place(('default-env',))}: {NO_NAME}")
    known = plain.data["env"] if holds(plain.toml, (*plain.root, "env")) else {}
    if chosen is not None and chosen not in known:
        raise ConfigError(f"{plain.place(('default-env',))}: {_no_environment(chosen, known)}")
    config = replace(plain, environment=chosen)
    problems: list[str] = []
    for at in config.paths(command):
        table = _at(config.data, at) if holds(config.toml, (*config.root, *at)) else {}
        if "waiver" in table:
            problems += config.waiver_problems((*at, "waiver"), table["waiver"])
    if problems:
        raise ConfigError(*problems)
    return config.waivers(command)


def _config(located: Located, commands: Mapping[str, click.Command]) -> Config:
    return Config(located.toml, located.root, located.folder, commands)


def _at(data: Any, at: Tokens) -> dict[str, Any]:
    for name in at:
        data = data.get(name, {})
    found: dict[str, Any] = data
    return found


def _near(name: str, known: Sequence[str]) -> str:
    return did_you_mean(name, known, f"there is {', '.join(sorted(set(known)))}")


def _no_environment(name: str, known: Mapping[str, Any]) -> str:
    hint = _near(name, list(known)) if known else f"add it as [env.{name}]"
    return f"there is no environment {name!r}; {hint}"
