"""The layout: rooms, their faces, imports without cycles, and a file of tests for every module."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PACKAGE = ROOT / "enkash_contract"
TESTS = ROOT / "tests"

PUBLIC = {"", "pytest_plugin", "report", "schemathesis_hooks", "traffic"}
"""The rooms whose dotted names are public, so that their `__init__` may hold code."""

NAMELESS = {"common", "core", "helpers", "misc", "util", "utils"}
"""Names that say nothing of what a module holds."""

ELSEWHERE = {"enkash_contract": "test_public_surface.py", "__main__": "cli/test_main.py"}
"""Where the tests stand of the two modules that are only doors."""


def modules() -> dict[str, Path]:
    """Return the files of the package by their dotted names."""
    found = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        parts = file.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


def is_documented_only(file: Path) -> bool:
    """Return whether a module holds a docstring and nothing else."""
    body = ast.parse(file.read_text(encoding="utf-8")).body
    return len(body) == 1 and isinstance(body[0], ast.Expr)


def imported(node: ast.AST, known: set[str]) -> Iterator[str]:
    """Yield the modules of the package that are imported at run time, in functions too."""
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if alias.name in known)
    if isinstance(node, ast.ImportFrom) and node.module in known:
        for alias in node.names:
            submodule = f"{node.module}.{alias.name}"
            yield submodule if submodule in known else node.module
    for child in ast.iter_child_nodes(node):
        yield from imported(child, known)


def file_of_tests(name: str) -> str:
    """Return where the tests of a module stand below `tests`: in its room, under its name."""
    inside = name.removeprefix("enkash_contract.")
    if inside in ELSEWHERE:
        return ELSEWHERE[inside]
    room, _, last = inside.rpartition(".")
    # The code of a room's own `__init__` is tested in the room, under the room's name.
    parts = [*room.split("."), last] if room else [last]
    folder = parts if (PACKAGE.joinpath(*parts) / "__init__.py").exists() else parts[:-1]
    return "/".join([*folder, f"test_{last}.py"])


def test_every_module_has_a_file_of_tests() -> None:
    """Tests mirror the rooms: `room/module.py` is tested by `tests/room/test_module.py`."""
    missing = {
        name.removeprefix("enkash_contract.")
        for name, file in modules().items()
        if not is_documented_only(file) and not (TESTS / file_of_tests(name)).exists()
    }
    assert missing == set()


def test_the_rooms_can_be_counted() -> None:
    """The package is read at a glance: at most twenty entries."""
    entries = [one.name for one in PACKAGE.iterdir() if one.name != "__pycache__"]
    assert len(entries) <= 20, sorted(entries)


def test_a_room_holds_no_code_of_its_own() -> None:
    """Importing one part of a room never loads the rest; the exceptions are public names."""
    with_code = {
        file.parent.relative_to(PACKAGE).as_posix().removeprefix(".")
        for file in PACKAGE.rglob("__init__.py")
        if not is_documented_only(file)
    }
    assert with_code == PUBLIC


def test_modules_import_each_other_in_no_circle() -> None:
    """Neither when they are loaded nor when their functions run."""
    known = modules()
    graph = {
        name: {*imported(ast.parse(file.read_text(encoding="utf-8")), {*known})} - {name}
        for name, file in known.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as problem:
        raise AssertionError(" -> ".join(problem.args[1])) from None


def test_every_module_is_named_by_what_it_holds() -> None:
    """There is no drawer for all that had no place."""
    assert [name for name in modules() if name.rpartition(".")[2] in NAMELESS] == []
