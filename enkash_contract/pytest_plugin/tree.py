"""Where the contract stands among pytest's nodes, and how its items are named.

The contract is no file, so pytest cannot find it: its node is put into the tree, below the folder
whose conftest.py says what to check, because fixtures are looked for in the folders above an item.
For the same reason its items are chosen here when one is named on the command line, as a failure
that is to be seen again is.
"""

from __future__ import annotations

import types
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

TITLE = "enkash contract"
"""The first word of the items' node ids."""

FIXTURES = ("enkash_target", "enkash_base")
"""What a conftest.py may say of the items."""


class Root(pytest.Module):
    """Stands for the whole contract in the tree of pytest's nodes; fixtures see a module."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.obj = types.ModuleType("enkash_contract_items", "The contract, as items.")


class Tree:
    """What pytest has been through, to find the node of a folder again, and what it was to find.

    The items that are named are taken out of what pytest looks for on disk.
    """

    def __init__(self, config: pytest.Config) -> None:
        self.folders: dict[Path, pytest.Collector] = {}
        ours = [word for word in config.args if word == TITLE or word.startswith(f"{TITLE}::")]
        if ours:
            config.args = [word for word in config.args if word not in ours]
        self.names = [word.removeprefix(TITLE).removeprefix("::") for word in ours]
        config.pluginmanager.register(self)

    def pytest_collectstart(self, collector: pytest.Collector) -> None:
        """Keep the first node of each folder: to it the fixtures of its conftest.py belong."""
        if isinstance(collector, pytest.Directory):
            self.folders.setdefault(collector.path, collector)

    def root(self, session: pytest.Session) -> Root:
        """Return the node of the contract, made where the fixtures apply that it is to use.

        Raises:
            UsageError: they stand in folders of which none is within the other.

        """
        folder = _folder(session.config)
        above = session if folder is None else self._node(session, folder)
        path = session.path if folder is None else folder
        return Root.from_parent(above, path=path / TITLE, name=TITLE, nodeid=TITLE)

    def _node(self, session: pytest.Session, folder: Path) -> pytest.Collector:
        if folder in self.folders:
            return self.folders[folder]
        within = folder != session.path and folder.is_relative_to(session.path)
        parent = self._node(session, folder.parent) if within else session
        hook = session.config.hook
        made: pytest.Collector = hook.pytest_collect_directory(path=folder, parent=parent)
        # Only a node that is asked what it holds is given the fixtures of its conftest.py.
        hook.pytest_make_collect_report(collector=made)
        self.folders[folder] = made
        return made


def _folder(config: pytest.Config) -> Path | None:
    """Return the innermost folder whose conftest.py has one of our fixtures."""
    found = {
        Path(plugin.__file__).parent
        for plugin in config.pluginmanager.get_plugins()
        if Path(getattr(plugin, "__file__", None) or "").name == "conftest.py"
        and any(hasattr(plugin, name) for name in FIXTURES)
    }
    if not found:
        return None
    *outer, innermost = sorted(found, key=lambda one: (len(one.parts), one))
    for one in outer:
        if not innermost.is_relative_to(one):
            both = f"{one}/conftest.py and {innermost}/conftest.py"
            raise UsageError(
                f"{both} both have {' or '.join(FIXTURES)}; leave one of them, or name the other's "
                "folder alone on the command line"
            )
    return innermost


def chosen(items: Sequence[pytest.Item], names: Sequence[str]) -> list[pytest.Item]:
    """Return those of `items` that are named, in full or without the brackets; all without names.

    Raises:
        UsageError: a name is of none.

    """
    for name in names:
        if not any(_is(item, name) for item in items):
            raise UsageError(f"there is no item {f'{TITLE}::{name}'!r}; --co lists them")
    return [item for item in items if not names or any(_is(item, name) for name in names)]


def _is(item: pytest.Item, name: str) -> bool:
    return name in ("", item.name, item.name.partition(" [")[0])
