"""Where the contract stands among pytest's nodes, and how its items are named.

The contract is no file, so pytest cannot find it: its node is put into the tree, below the folder
whose conftest.py defines the target, because fixtures are looked for in the folders above an item.
For the same reason items that are named on the command line, to see a failure again, are chosen
here.
"""

from __future__ import annotations

import types
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from enkash_contract.contract.contract import Contract

TITLE = "enkash contract"
"""The first word of the items' node ids."""

FIXTURES = ("enkash_target", "enkash_base")
"""The fixtures by which a conftest.py defines the target of the items."""


class Root(pytest.Module):
    """Stands for the whole contract in the tree of pytest's nodes; fixtures see a module."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.obj = types.ModuleType("enkash_contract_items", "The contract, as items.")


class Tree:
    """The nodes of the folders that pytest has collected, and the names of the chosen items.

    The names are taken out of the arguments that pytest looks for on disk.
    """

    def __init__(self, config: pytest.Config) -> None:
        self.folders: dict[Path, pytest.Collector] = {}
        ours = [word for word in config.args if word == TITLE or word.startswith(f"{TITLE}::")]
        if ours:
            config.args = [word for word in config.args if word not in ours]
        self.names = [word.removeprefix(TITLE).removeprefix("::") for word in ours]
        config.pluginmanager.register(self)

    def ids(self, contract: Contract) -> list[str]:
        """Return the named items as qualified ids, where all of them name their operation."""
        pairs = [name.partition("::") for name in self.names]
        named = [f"{of}:{rule or '*'}" for of, _, rule in pairs if of in contract]
        return named if len(named) == len(pairs) else []

    def pytest_collectstart(self, collector: pytest.Collector) -> None:
        """Keep the first node of each folder: fixtures of its conftest.py belong to it."""
        if isinstance(collector, pytest.Directory):
            self.folders.setdefault(collector.path, collector)

    def root(self, session: pytest.Session) -> Root:
        """Return a new node of the contract, at the place where the fixtures apply that it needs.

        Raises:
            UsageError: they are defined in folders of which none is within the other.

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
        node: pytest.Collector = hook.pytest_collect_directory(path=folder, parent=parent)
        # Pytest loads the fixtures of a conftest.py only when the node of its folder is collected.
        hook.pytest_make_collect_report(collector=node)
        self.folders[folder] = node
        return node


def _folder(config: pytest.Config) -> Path | None:
    """Return the innermost folder whose conftest.py has one of our fixtures."""
    folders = {
        Path(plugin.__file__).parent
        for plugin in config.pluginmanager.get_plugins()
        if Path(getattr(plugin, "__file__", None) or "").name == "conftest.py"
        and any(hasattr(plugin, name) for name in FIXTURES)
    }
    if not folders:
        return None
    *outer, innermost = sorted(folders, key=lambda folder: (len(folder.parts), folder))
    for folder in outer:
        if not innermost.is_relative_to(folder):
            both = f"{folder}/conftest.py and {innermost}/conftest.py"
            raise UsageError(
                f"{both} both have {' or '.join(FIXTURES)}; leave one of them, or name the other's "
                "folder alone on the command line"
            )
    return innermost


def chosen(items: Sequence[pytest.Item], names: Sequence[str]) -> list[pytest.Item]:
    """Return the named `items`, in full or without the brackets, or all if no name is given.

    Raises:
        UsageError: no item has one of the names.

    """
    for name in names:
        if not any(_is(item, name) for item in items):
            raise UsageError(f"there is no item {f'{TITLE}::{name}'!r}; --co lists them")
    return [item for item in items if not names or any(_is(item, name) for name in names)]


def _is(item: Any, name: str) -> bool:
    of, plain = item.operation.id, item.plain
    short = plain.partition(" [")[0]
    qualified = (of, f"{of}::{plain}", f"{of}::{short}")
    return name in ("", item.name, *qualified) or (item.name == plain and name == short)
