"""The place of a finding in a file of its user: a recording, a payload, or a test.

A report that points at a line is only as good as the line. So files are read again when a report is
written, and of a file that is not there any more, or was never one, there is no place.
"""

from __future__ import annotations

import os
import re
from array import array
from collections import defaultdict
from pathlib import Path

from enkash_contract.place import Place

_SOURCE = re.compile(
    r"(?P<file>.+?)(?::(?P<line>\d+)(?::[A-Za-z][\w.\[\]-]*)?)?(?::document\[(?P<document>\d+)\])?"
    r"(?::(?P<names>[a-z_.]*)\[(?P<index>\d+)\])?",
    re.DOTALL,
)
"""How an interaction in a recording is called; a payload is called by its line.

Of a line that holds many interactions, the line is place enough.
"""

_REPOSITORY = (".git", ".hg", ".svn")


def root(here: Path | None = None) -> Path:
    """Return the folder of the user's repository; the current one where there is none."""
    here = here or Path.cwd()
    workspace = os.environ.get("GITHUB_WORKSPACE")
    if workspace and here.is_relative_to(workspace):
        return Path(workspace)
    above = (here, *here.parents)
    found = (folder for folder in above if any((folder / name).exists() for name in _REPOSITORY))
    return next(found, here)


class Places:
    """Finds the places of findings; each file is read once."""

    def __init__(self) -> None:
        self._lines: dict[str, dict[str, array[int]]] = {}
        self._known: dict[str, Place | None] = {}

    def of(self, source: str) -> Place | None:
        """Return the file and line of what `source` names, None where there is no such file."""
        if source not in self._known:
            self._known[source] = self._place(source)
        return self._known[source]

    def _place(self, source: str) -> Place | None:
        file, _, test = source.partition("::")
        if test:
            return Place(file, _line_of_test(file, test)) if _is_file(file) else None
        found = _SOURCE.fullmatch(source)
        if found is None or not _is_file(found["file"]):
            # In an archive there are no lines to go to.
            files = (source, source.partition(":")[0])
            return next((Place(file, 1) for file in files if _is_file(file)), None)
        if found["line"]:
            return Place(found["file"], max(1, int(found["line"])))
        if found["index"] is None:
            return Place(found["file"], 1)
        file, index = found["file"], int(found["index"])
        if file not in self._lines:
            self._lines[file] = _lines(file)
        lines = self._lines[file].get(source.removeprefix(f"{file}:").rpartition("[")[0], ())
        return Place(file, lines[index] if index < len(lines) else 1)


def _is_file(name: str) -> bool:
    try:
        return Path(name).is_file()
    except (OSError, ValueError):
        return False


def _line_of_test(file: str, test: str) -> int:
    """Return the line on which a test begins, 1 where it is not found."""
    name = re.sub(r"\[.*", "", test, flags=re.DOTALL).rpartition("::")[2]
    text = Path(file).read_text(encoding="utf-8", errors="replace")
    found = re.search(rf"^[ \t]*(?:async )?def {re.escape(name)}\b", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 1


def _lines(file: str) -> dict[str, array[int]]:
    """Return the lines on which the items of the lists in a recording begin."""
    from enkash_contract.traffic import detection

    lines: defaultdict[str, array[int]] = defaultdict(lambda: array("Q"))
    for piece in detection.pieces(Path(file)):
        listed, bracket, _ = piece.place.removeprefix(f"{file}:").rpartition("[")
        if bracket and not piece.problem:
            lines[listed].append(piece.line)
    return lines
