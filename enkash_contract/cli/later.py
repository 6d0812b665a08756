"""Commands that are imported when they are looked at, by name.

A run needs one command, and what the others import would take a tenth of the time of a short run.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from importlib import import_module
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator


class Later(MutableMapping[str, click.Command]):
    """Commands by name, of which some are still the names of the modules that hold them."""

    def __init__(self) -> None:
        self._known: dict[str, click.Command | str] = {}

    def name(self, command: str, module: str) -> None:
        """Let `command` be what `module` has under that name."""
        self._known[command] = module

    def __getitem__(self, name: str) -> click.Command:
        known = self._known[name]
        if isinstance(known, str):
            known = self._known[name] = getattr(import_module(known), name)
        return known

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._known[name] = command

    def __delitem__(self, name: str) -> None:
        del self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)
