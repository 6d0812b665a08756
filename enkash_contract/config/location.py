"""Where the configuration file is, and where in it the members that are ours begin."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from enkash_contract.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from enkash_contract.config.toml import Tokens, Toml

FILE = "enkash-contract.toml"
PROJECT = "pyproject.toml"
TABLE = ("tool", "enkash-contract")
"""The table that is ours in a file that is not ours alone."""

_MAY_BE_OURS = re.compile(
    rb"""^(?:\xef\xbb\xbf)?[ \t]*(?:"""
    rb"""\[[^\n]*enkash-contract"""
    rb"""|\[[ \t]*["']?tool["']?[ \t]*\]"""
    rb"""|["']?tool["']?[ \t]*[.=])""",
    re.MULTILINE,
)
"""The text of a project's file that has our table: its header, or `tool` written out."""


_REPOSITORY = (".git", ".hg", ".svn")
"""The folders that lie at the root of a repository."""


class Located(NamedTuple):
    """A file that was read; members that count stand below `root`, paths start at `folder`.

    It was `named` by the user, or found by chance.
    """

    toml: Toml
    root: Tokens
    folder: Path
    named: bool = True


def read_named(file: str) -> Located:
    """Read the file that a user named.

    Raises:
        ConfigError: it is not there, cannot be read, or has no table of ours.

    """
    path = Path(file)
    found = _read(path)
    if found is None:
        raise ConfigError(f"{file}: cannot be read: No such file or directory; name another")
    root: Tokens = TABLE if path.name == PROJECT else ()
    if root and not holds(found, root):
        head = f"[{'.'.join(TABLE)}]"
        raise ConfigError(f"{file}:1: there is no {head}; add it, or name a file of your own")
    return Located(found, root, path.parent)


def read_nearest(warn: Callable[[str], None]) -> Located | None:
    """Read the file in this folder, or the nearest above in this repository or home folder.

    A file decides what is run and where secrets are sent. So one of another user is left out, and
    `warn` is called with a line that says so.

    Raises:
        ConfigError: it cannot be read, or two files of one folder configure us.

    """
    for folder in _folders():
        # A project's file is parsed only if it can hold our table: most name us as a dependency.
        own, project = (
            _read(folder / name, mark, warn)
            for name, mark in ((FILE, None), (PROJECT, _MAY_BE_OURS))
        )
        if project and not holds(project, TABLE):
            project = None
        if own and project:
            what = f"{own.label} configures enkash-contract too; keep one of the two"
            raise ConfigError(f"{project.place(TABLE)}: {what}")
        if own:
            return Located(own, (), folder, named=False)
        if project:
            return Located(project, TABLE, folder, named=False)
    return None


def _folders() -> list[Path]:
    """Return the folders to search: this one, and those above up to the repository's or our own."""
    try:
        here = Path.cwd()
    except FileNotFoundError:
        # The folder has been removed meanwhile; that is no mistake in a configuration.
        return []
    try:
        home: Path | None = Path.home()
    except RuntimeError:
        home = None
    above = [here, *here.parents]
    for up, folder in enumerate(above):
        if folder == home or any((folder / name).exists() for name in _REPOSITORY):
            return [Path(*[".."] * level) for level in range(up + 1)]
    # Above this folder anybody may have left a file.
    return [Path()]


def _read(
    path: Path,
    mark: re.Pattern[bytes] | None = None,
    warn: Callable[[str], None] | None = None,
) -> Toml | None:
    """Read a file that is there and, where a `mark` is wanted, holds it.

    With `warn` it was not named by anybody, so it must be a file, and the user's own.
    """
    try:
        if warn and not path.is_file():
            return None
        raw = path.read_bytes()
        owner = path.stat().st_uid
    except FileNotFoundError:
        return None
    except OSError as error:
        why = error.strerror or error
        raise ConfigError(f"{path}: cannot be read: {why}; see to it, or name another") from None
    if mark and not mark.search(raw):
        return None
    # Without users there is no other one.
    if warn and hasattr(os, "geteuid") and owner != os.geteuid():
        warn(f"{path} is ignored: it belongs to another user ({owner}); --config {path} reads it")
        return None
    from enkash_contract.config import toml

    return toml.parse(raw, str(path))


def holds(toml: Toml, at: Tokens) -> bool:
    """Return whether there is a member at `at`.

    Raises:
        ConfigError: it is not a table.

    """
    found: Any = toml.data
    for name in at:
        if not isinstance(found, dict) or name not in found:
            return False
        found = found[name]
    if not isinstance(found, dict):
        head = f"[{'.'.join(map(str, at))}]"
        raise ConfigError(f"{toml.place(at)}: {at[-1]} must be a table; write {head}")
    return True
