"""The configuration file: where it is, what is wrong with it, and what it sets for a command.

Nothing here knows an option by name. Keys are the long names of click's own options, values are
held against click's own types, and what a value stands for (a path, a pair, a secret) is read off
the declaration: whatever a command learns to take can be set in the file at once.
"""

from __future__ import annotations

import functools
import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from enkash_contract.config import settings
from enkash_contract.config.settings import Setting, UnfitError
from enkash_contract.errors import ConfigError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import click

    from enkash_contract.config.toml import Tokens, Toml
    from enkash_contract.config.waivers import Waiver
    from enkash_contract.place import Place

    Keys = dict[str, list[click.Parameter]]

FILE = "enkash-contract.toml"
PROJECT = "pyproject.toml"
TABLE = ("tool", "enkash-contract")
"""The table that is ours in a file that is not ours alone."""

OWN = ("default-env", "env")
"""What the file holds at its top beside options, tables of commands and waivers."""

NO_NAME = "default-env must be the name of an environment in quotes"


@dataclass(frozen=True)
class Config:
    """A configuration file without a mistake, and the environment that was chosen in it.

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
        made: dict[str, Setting] = {}
        for at, table in self.scopes(command):
            for key, parameter in settings.keys(self.commands[command]).items():
                if key in table:
                    spot = (*at, key)
                    where = functools.partial(self.place, spot)
                    value = settings.read(parameter, table[key], self.folder)
                    made[key] = Setting(key, parameter, value, where)
        return [one.expanded(os.environ) for one in made.values()]

    def waivers(self, command: str) -> list[Waiver]:
        """Return the waivers that hold for `command`."""
        found = [
            self._waiver((*at, "waiver", index), one)
            for at, table in self.scopes(command)
            for index, one in enumerate(table.get("waiver", ()))
        ]
        return [one for one in found if not isinstance(one, list)]

    def problems(self) -> Iterator[str]:
        """Yield everything that is wrong with the file."""
        yield from self._scope((), self.data)
        known = self.data.get("env", {})
        name = self.data.get("default-env")
        if isinstance(name, str) and isinstance(known, dict) and name not in known:
            yield f"{self.place(('default-env',))}: {_no_environment(name, known)}"

    def _scope(self, at: Tokens, table: dict[str, Any], command: str = "") -> Iterator[str]:
        """Yield what is wrong with a table: of options for all commands, or for one."""
        below = () if command else tuple(self.commands)
        own = ("waiver",) if at else (*OWN, "waiver")
        for name, value in table.items():
            spot = (*at, name)
            if name == "waiver":
                yield from self.wrong_waivers(spot, value)
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
                what = f"{name!r} is no {kinds}" + (f" of {command}" if command else "")
                hint = _near(name, [*keys, *below, *own])
                yield f"{self.place(spot)}: {what}; {hint}"

    def _keys(self, command: str) -> Keys:
        found: Keys = {}
        for name, one in self.commands.items():
            if command in ("", name):
                for key, parameter in settings.keys(one).items():
                    found.setdefault(key, []).append(parameter)
        return found

    def _table(self, at: Tokens, value: Any, command: str = "") -> Iterator[str]:
        if isinstance(value, dict):
            yield from self._scope(at, value, command)
        else:
            yield f"{self.place(at)}: {at[-1]} must be a table; write {self._header(at)}"

    def _environments(self, at: Tokens, value: Any) -> Iterator[str]:
        """Yield what is wrong with `env`, or with `default-env`."""
        if at[-1] == "default-env":
            if not isinstance(value, str):
                yield f"{self.place(at)}: {NO_NAME}"
        elif isinstance(value, dict):
            for name, table in value.items():
                yield from self._table((*at, name), table)
        else:
            head = self._header((*at, "NAME"))
            yield f"{self.place(at)}: env must hold a table for each environment; write {head}"

    def wrong_waivers(self, at: Tokens, value: Any) -> Iterator[str]:
        """Yield what is wrong with the waivers at `at`."""
        if not (isinstance(value, list) and all(isinstance(one, dict) for one in value)):
            yield f"{self.place(at)}: waiver must be a list of tables; write [{self._header(at)}]"
            return
        for index, table in enumerate(value):
            read = self._waiver((*at, index), table)
            if isinstance(read, list):
                yield from read

    def _waiver(self, at: Tokens, table: dict[str, Any]) -> Waiver | list[str]:
        from enkash_contract.config import waivers

        return waivers.read(table, lambda name: self.place((*at, name)))

    def _header(self, at: Tokens) -> str:
        return f"[{'.'.join(map(str, (*self.root, *at)))}]"


def load(
    commands: Mapping[str, click.Command], file: str | None = None, environment: str | None = None
) -> Config | None:
    """Read the configuration of `commands` from `file`, or from the nearest one there is.

    Raises:
        ConfigError: listing everything wrong with the file, or the environment is not there.

    """
    found = _named(file) if file else _nearest()
    if found is None:
        if environment is not None:
            what = f"--env {environment}: there is no {FILE} and no [{'.'.join(TABLE)}] in a"
            where = f"{PROJECT}, here or in a folder above; write one with [env.{environment}]"
            raise ConfigError(f"{what} {where}")
        return None
    toml, root, folder = found
    config = Config(toml, root, folder, commands)
    problems = list(config.problems())
    if problems:
        raise ConfigError("\n".join(problems))
    chosen = environment if environment is not None else config.data.get("default-env")
    known = config.data.get("env", {})
    if chosen is not None and chosen not in known:
        raise ConfigError(f"{config.place(('env',))}: {_no_environment(chosen, known)}")
    return Config(toml, root, folder, commands, chosen)


def agreed(file: str, command: str) -> list[Waiver]:
    """Return the waivers in `file` that hold for `command`, whatever else stands there.

    Raises:
        ConfigError: listing everything wrong with them.

    """
    toml, root, folder = _named(file)
    plain = Config(toml, root, folder, {})
    chosen = plain.data.get("default-env")
    if chosen is not None and not isinstance(chosen, str):
        raise ConfigError(f"{plain.place(('default-env',))}: {NO_NAME}")
    known = plain.data["env"] if _holds(toml, (*root, "env")) else {}
    if chosen is not None and chosen not in known:
        raise ConfigError(f"{plain.place(('default-env',))}: {_no_environment(chosen, known)}")
    config = replace(plain, environment=chosen)
    problems: list[str] = []
    for at in config.paths(command):
        table = _at(config.data, at) if _holds(toml, (*root, *at)) else {}
        if "waiver" in table:
            problems += config.wrong_waivers((*at, "waiver"), table["waiver"])
    if problems:
        raise ConfigError("\n".join(problems))
    return config.waivers(command)


def _named(file: str) -> tuple[Toml, Tokens, Path]:
    path = Path(file)
    found = _read(path)
    if found is None:
        raise ConfigError(f"{file}:1: cannot be read: No such file or directory; name another")
    root: Tokens = TABLE if path.name == PROJECT else ()
    if root and not _holds(found, root):
        head = f"[{'.'.join(TABLE)}]"
        raise ConfigError(f"{file}:1: there is no {head}; add it, or name a file of your own")
    return found, root, path.parent


def _nearest() -> tuple[Toml, Tokens, Path] | None:
    """Find the file in this folder or the nearest above."""
    try:
        levels = len(Path.cwd().parts)
    except FileNotFoundError:
        # The folder has been removed meanwhile; that is no mistake in a configuration.
        return None
    for up in range(levels):
        folder = Path(*[".."] * up)
        own, project = _read(folder / FILE), _read(folder / PROJECT, b"enkash-contract")
        if project and not _holds(project, TABLE):
            project = None
        if own and project:
            what = f"{own.label} configures enkash-contract too; keep one of the two"
            raise ConfigError(f"{project.place(TABLE)}: {what}")
        if own:
            return own, (), folder
        if project:
            return project, TABLE, folder
    return None


def _read(path: Path, mark: bytes = b"") -> Toml | None:
    """Read a file that is there and holds `mark`."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        why = error.strerror or error
        raise ConfigError(f"{path}:1: cannot be read: {why}; see to it, or name another") from None
    if mark not in raw:
        return None
    from enkash_contract.config import toml

    return toml.parse(raw, str(path))


def _holds(toml: Toml, at: Tokens) -> bool:
    """Whether there is a member at `at`, which must be a table."""
    found: Any = toml.data
    for name in at:
        if not isinstance(found, dict) or name not in found:
            return False
        found = found[name]
    if not isinstance(found, dict):
        head = f"[{'.'.join(map(str, at))}]"
        raise ConfigError(f"{toml.place(at)}: {at[-1]} must be a table; write {head}")
    return True


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
