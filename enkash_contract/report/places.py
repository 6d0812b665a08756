"""The place of a finding in a file of its user: a recording, a payload, or a test.

A report that points at a line is only as good as the line. So files are read again when a report is
written, and of a file that is not there any more, or was never one, there is no place.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from enkash_contract.errors import RecordingError
from enkash_contract.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

_SOURCE = re.compile(
    r"(?P<file>.+?)(?::(?P<line>\d+))?(?::document\[(?P<document>\d+)\])?"
    r"(?::(?P<names>[a-z_.]*)\[(?P<index>\d+)\])?",
    re.DOTALL,
)
"""How an interaction in a recording is called; a payload is called by its line."""

_DECODER = json.JSONDecoder()
_BLANK = re.compile(r"\s*")
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
        self._lines: dict[tuple[str, str, str], list[int]] = {}
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
            return Place(source, 1) if _is_file(source) else None
        if found["line"]:
            return Place(found["file"], max(1, int(found["line"])))
        if found["index"] is None:
            return Place(found["file"], 1)
        key = (found["file"], found["document"] or "0", found["names"] or "")
        if key not in self._lines:
            self._lines[key] = _lines(*key)
        lines, index = self._lines[key], int(found["index"])
        return Place(found["file"], lines[index] if index < len(lines) else 1)


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


def _lines(file: str, document: str, names: str) -> list[int]:
    """Return the lines on which the items of a list in a recording begin."""
    from enkash_contract.traffic import detection

    try:
        data, _ = detection.content(Path(file))
    except RecordingError:
        return []
    text = data.decode("utf-8", "replace")
    path = names.split(".") if names else []
    if text.lstrip()[:1] in ("{", "["):
        return _of_json(text, path)
    return _of_yaml(text, int(document), path)


def _of_json(text: str, path: list[str]) -> list[int]:
    lines, line, counted = [], 1, 0
    try:
        for at in _items(text, 0, path):
            line += text.count("\n", counted, at)
            counted = at
            lines.append(line)
    except (ValueError, IndexError, RecursionError):
        # What was read before the text breaks off has its lines.
        return lines
    return lines


def _items(text: str, at: int, path: list[str]) -> Iterator[int]:
    """Yield where the items of the list at `path` begin."""
    at = _after(text, at)
    if text[at] != ("{" if path else "["):
        return
    at = _after(text, at + 1)
    while text[at] not in "]}":
        if not path:
            yield at
        else:
            name, at = _DECODER.raw_decode(text, at)
            at = _after(text, _after(text, at) + 1)
            if name == path[0]:
                yield from _items(text, at, path[1:])
        at = _after(text, _DECODER.raw_decode(text, at)[1])
        at = _after(text, at + 1) if text[at] == "," else at


def _after(text: str, at: int) -> int:
    blank = _BLANK.match(text, at)
    return blank.end() if blank else at


def _of_yaml(text: str, document: int, path: list[str]) -> list[int]:
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        documents = [*yaml.compose_all(text, loader)]
    except (yaml.YAMLError, RecursionError):
        return []
    node: Any = documents[document] if document < len(documents) else None
    for name in path:
        members = node.value if isinstance(node, yaml.MappingNode) else []
        node = next((value for key, value in members if key.value == name), None)
    items = node.value if isinstance(node, yaml.SequenceNode) else []
    return [item.start_mark.line + 1 for item in items]
