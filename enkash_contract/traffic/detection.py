"""The format of a file, found out from its content: names lie, and whatever was packed stays so.

A file is unpacked if it begins as gzip does, then read as JSON or YAML, and each value in it goes
to the reader of the format whose list of interactions it holds.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from enkash_contract.errors import RecordingError
from enkash_contract.traffic import json_text, yaml_text
from enkash_contract.traffic.cutting.piece import Piece
from enkash_contract.traffic.formats import table
from enkash_contract.traffic.stubs import stub_of
from enkash_contract.wire.codings import GZIP_MAGIC, unpacked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from enkash_contract.traffic.entry import Entry

KNOWN = (
    "HAR (also one entry a line), and cassettes of vcrpy, go-vcr, Ruby's VCR, betamax and PHP-VCR"
)

LIMIT = 1 << 30
"""The most bytes that a file is unpacked to."""

_YAML = re.compile(rb"---|%YAML|#|-\s|[\w\"']+\s*:(?:\s|$)")
_JSON_NAMES = (".har", ".json", ".ndjson", ".jsonl")
_BOM = b"\xef\xbb\xbf"


def pieces(path: Path) -> Iterator[Piece]:
    """Yield what is cut out of a file, which is an interaction each, as far as it can be read.

    What cannot be read is a piece too, with its problem. Nothing is raised.
    """
    problems: list[str] = []
    try:
        for source, value in _values(path, problems):
            yield from _pieces(value, source)
    except RecordingError as error:
        problems.append(str(error))
    for text in problems:
        at, _, problem = text.removeprefix(str(path)).partition(" ")
        yield Piece(f"{path}{at}", 0, problem=problem)


def entries_of(piece: Piece) -> Iterator[Entry]:
    """Yield the entries that a piece holds: one, or many where a line holds a whole recording.

    Raises:
        RecordingError: it cannot be read, or is no interaction.

    """
    if piece.where:
        yield table.listed(piece.value, piece.where).entry(piece.value, piece.place)
    else:
        yield from _entries(piece.value, piece.place)


def entries(path: Path) -> Iterator[Entry]:
    """Yield an entry for everything in a file, as far as it can be read.

    Raises:
        RecordingError: all of it, or a part, is no recording or cannot be read.

    """
    problems: list[str] = []
    for piece in pieces(path):
        try:
            yield from entries_of(piece)
        except RecordingError as problem:
            problems.append(str(problem))
    if problems:
        more = f" (and {len(problems) - 1} more such places)" if problems[1:] else ""
        raise RecordingError(problems[0] + more)


def content(path: Path, limit: int = LIMIT) -> tuple[bytes, str]:
    """Return the bytes of a file, unpacked as far as they can be, and what is wrong with them.

    Raises:
        RecordingError: it cannot be opened.

    """
    try:
        # A pipe or a device may never end.
        if path.exists() and not path.is_file() and not path.is_dir():
            raise RecordingError(f"{path} cannot be read: it is no file; save it as one first")
        data = path.read_bytes()
    except OSError as error:
        raise RecordingError(f"{path} cannot be read: {error.strerror or error}") from None
    problem = ""
    if data.startswith(GZIP_MAGIC):
        data, problem = unpacked(data, limit)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        # What a shell of Windows writes for `> file`.
        data = data.decode("utf-16", "replace").encode("utf-8", "replace")
    return data.removeprefix(_BOM), problem


def _values(path: Path, problems: list[str]) -> Iterator[tuple[str, Any]]:
    """Yield each value in a file, with what to call its place; add what cannot be read."""
    data, problem = content(path)
    if problem:
        problems.append(f"{path} cannot be unpacked to its end: {problem}")
    is_json, found = _looks_like_json(data, path), False
    try:
        if is_json:
            for line, value in json_text.documents(data, path):
                found = True
                at = line or int(_is_interaction(value))
                yield f"{path}:{at}" if at else str(path), value
        else:
            values = (value for value in yaml_text.documents(data, path) if value is not None)
            for number, value in enumerate(values):
                found = True
                named = number or _is_interaction(value)
                yield f"{path}:document[{number}]" if named else str(path), value
    except RecordingError as error:
        # What was read before may be half of something, and its problem is only a consequence.
        problems.insert(bool(problem), str(error))
    if not found and not problems:
        problems.append(_unknown(str(path)))


def _looks_like_json(data: bytes, path: Path) -> bool:
    name = path.name.lower().removesuffix(".gz")
    start = data[:4096].lstrip()
    if start[:1] in (b"{", b"["):
        # YAML may begin so as well, but then it is called YAML and is no JSON.
        return not name.endswith((".yaml", ".yml")) or json_text.begins(data)
    return name.endswith(_JSON_NAMES) and not _YAML.match(start)


def _pieces(value: Any, source: str) -> Iterator[Piece]:
    """Yield the pieces of one value: the items of its list, or itself."""
    where, listed = _listed(value)
    if listed is None or stub_of(value) is not None:
        yield Piece(source, 0, value=value)
        return
    for index, recorded in enumerate(listed):
        yield Piece(f"{source}:{where}[{index}]", 0, where, value=recorded)


def _entries(value: Any, source: str) -> Iterator[Entry]:
    """Yield the entries of one value, whichever format it is in."""
    stub = stub_of(value)
    if stub is not None:
        what = f"holds stubs of {stub}, which say what would be sent; a stub is no recording"
        raise RecordingError(f"{source} {what}: record what is sent, e.g. as HAR or with vcrpy")
    whole = table.alone(value)
    if whole is not None:
        yield whole.entry(value, source)
        return
    where, listed = _listed(value)
    if listed is None:
        raise RecordingError(_unknown(source))
    for index, recorded in enumerate(listed):
        place = f"{source}:{where}[{index}]"
        yield table.listed(recorded, where).entry(recorded, place)


def _unknown(source: str) -> str:
    return f"{source} is no recording that is read here; those are {KNOWN}"


def _listed(value: Any) -> tuple[str, list[Any] | None]:
    """Return where a recording lists its interactions, and them; None if it is no recording."""
    if isinstance(value, list):
        # Any list might be one of interactions; what holds anything else is not.
        return "", value if value and all(map(_is_interaction, value)) else None
    for where in filter(None, table.lists()):
        listed = value
        for name in where.split("."):
            listed = listed.get(name) if isinstance(listed, dict) else None
        if isinstance(listed, list):
            return where, listed
    return "", None


def _is_interaction(value: Any) -> bool:
    return table.alone(value) is not None
