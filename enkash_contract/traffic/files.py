"""The files that are read: those that are named, and those of a folder that are called as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

ENDINGS = (".har", ".json", ".ndjson", ".jsonl", ".yaml", ".yml")
"""The endings of the files that a folder is searched for, each also with `.gz` after it. Of a file
that is named by itself, the content decides."""


def is_named_as_one(name: str) -> bool:
    """Return whether a file of that name is taken for a recording."""
    return name.lower().removesuffix(".gz").endswith(ENDINGS)


def files_of(path: Path) -> list[Path]:
    """Return the file at `path`, or those in the folder."""
    if not path.is_dir():
        return [path]
    return sorted(file for file in path.rglob("*") if is_named_as_one(file.name) and file.is_file())
