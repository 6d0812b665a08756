"""The files that are taken for recordings: those that are named, and those in folders.

Of a file that is named by itself, the content decides. In a folder, which may hold anything, the
name decides what is looked at, and what turns out to be no recording is left alone with a note.
"""

from __future__ import annotations

import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from enkash_contract.traffic.reading.address import Address

ENDINGS = (".har", ".json", ".ndjson", ".jsonl", ".yaml", ".yml")
"""The endings of the files that a folder or an archive is searched for."""

PACKED = (".gz", ".zst", ".zip", ".tar")
ARCHIVES = (".zip", ".tar", ".tgz")
"""The endings that may follow these, and those of archives, which may have any other name."""


def is_named_as_one(name: str) -> bool:
    """Return whether a file of that name is taken for a recording."""
    plain = name.lower()
    while plain.endswith(PACKED):
        if plain.endswith(ARCHIVES):
            return True
        plain = plain.rpartition(".")[0]
    return plain.endswith((*ENDINGS, *ARCHIVES))


@dataclass(frozen=True, slots=True)
class RecordingFile:
    """A file that was `named`, or was found in a folder; a `problem` is why it is not read.

    Where the problem is `harmless`, nothing is lost but what was never asked for.
    """

    path: Path | Address
    named: bool = True
    problem: str = ""
    harmless: bool = False

    def __str__(self) -> str:
        return f"{self.path} {self.problem}" if self.problem else str(self.path)


OUTSIDE = "is a link that leads out of the folder, and is not followed; name it to have it judged"
NO_FILE = "is no file, and is left alone"
NONE = f"is a folder that holds no recording ({', '.join(ENDINGS)})"


def found(path: Path) -> Iterator[RecordingFile]:
    """Yield the file that is named, or those in the folder that is, in the order of their names.

    Nothing is raised: what cannot be looked at has a problem.
    """
    try:
        is_folder = path.is_dir()
    except (OSError, ValueError):
        is_folder = False
    if not is_folder:
        yield RecordingFile(path)
        return
    none = True
    for each in _below(path):
        none = none and bool(each.problem)
        yield each
    if none:
        yield RecordingFile(path, problem=NONE)


def _below(folder: Path) -> Iterator[RecordingFile]:
    """Yield what is below a folder. Links are not followed where they lead out of it."""
    root, waiting = folder.resolve(), [folder]
    while waiting:
        path = waiting.pop()
        try:
            kind = path.lstat().st_mode
            if stat.S_ISLNK(kind):
                target = path.resolve()
                if not target.is_relative_to(root):
                    if path.is_dir() or is_named_as_one(path.name):
                        yield RecordingFile(path, named=False, problem=OUTSIDE, harmless=True)
                    continue
                # What is in the folder is found without the link, unless by its name.
                kind = stat.S_IFREG if path.is_file() and not is_named_as_one(target.name) else kind
            if stat.S_ISDIR(kind):
                waiting += sorted(path.iterdir(), reverse=True)
            elif stat.S_ISREG(kind) and is_named_as_one(path.name):
                yield RecordingFile(path, named=False)
            elif not stat.S_ISREG(kind) and not stat.S_ISLNK(kind) and is_named_as_one(path.name):
                yield RecordingFile(path, named=False, problem=NO_FILE, harmless=True)
        except (OSError, RuntimeError) as error:
            reason = getattr(error, "strerror", None) or error
            yield RecordingFile(path, named=False, problem=f"cannot be read: {reason}")
