"""The format of a recording, found out from the beginning of its content: names lie.

JSON, lines of JSON and YAML are told from each other, and cut into pieces. Each piece goes to the
reader of the format whose list of interactions it was in, or which knows it by itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar

from enkash_contract.errors import RecordingError
from enkash_contract.traffic.cutting import json_text, ndjson, yaml_text
from enkash_contract.traffic.cutting.piece import TOP, Piece, read
from enkash_contract.traffic.cutting.run import BLANK, pieces_of
from enkash_contract.traffic.cutting.window import begins, breaks_off
from enkash_contract.traffic.entries.attached import with_attached
from enkash_contract.traffic.formats import foreign, table
from enkash_contract.traffic.formats.stubs import stub_in_list, stub_of
from enkash_contract.traffic.reading import unpacking

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    from enkash_contract.traffic.cutting.run import Run
    from enkash_contract.traffic.entries.entry import Entry
    from enkash_contract.traffic.formats.format import Format
    from enkash_contract.traffic.reading.address import Address
    from enkash_contract.traffic.reading.stream import Stream

Cut = TypeVar("Cut", "Piece", "Run")

KNOWN = (
    "HAR and interactions (also one a line), cassettes of vcrpy, go-vcr, Ruby's VCR, betamax and "
    "PHP-VCR, reports of Newman and Schemathesis, traces of Playwright, and with --profile or "
    "--map logs of gateways"
)

HEAD = 1 << 16
"""The format is found out from so many bytes."""

NO_RECORDING = f"is no recording that is read here; those are {KNOWN}"
EMPTY = "is empty"

_JSON = re.compile(rb'\{\s*(?:["}]|$)|\[\s*(?:[\[{"\]\-0-9tfnNI]|$)')
_YAML = re.compile(rb"---|%YAML|#|-\s|[\w\"']+\s*:(?:\s|$)")
_MARKS = re.compile(rb"(?:entries|interactions|request|response|executions|Initialize)[\"']?\s*:")
"""Names of members by which a recording is told from other files of JSON and YAML."""

_JSON_NAMES, _YAML_NAMES = (".har", ".json", ".ndjson", ".jsonl"), (".yaml", ".yml")
_LINES = 3


def pieces(
    path: Path | Address, *, named: bool = True, formats: Collection[Format] | None = None
) -> Iterator[Piece]:
    """Yield the same as `runs`, each interaction by itself."""
    yield from pieces_of(runs(path, named=named, formats=formats))


def runs(
    path: Path | Address, *, named: bool = True, formats: Collection[Format] | None = None
) -> Iterator[Piece | Run]:
    """Yield what is cut out of a file, which are interactions, as far as they can be read.

    What cannot be read is a piece too, with its problem. Nothing is raised. In a file that nobody
    has `named`, but that was found in a folder, anything but a recording is harmless. `formats` are
    those that it may be in, by default all. An archive that was named holds at least one.
    """
    is_fruitless = named
    for stream in unpacking.streams(path):
        # What comes before the place where a stream ends too soon may be half of something.
        last: Piece | None = None
        is_bare = True
        for found in _runs(stream, formats, named=named and not stream.found):
            found.attached = stream.attached
            is_fruitless = is_fruitless and found.harmless
            is_bare = False
            if last is not None:
                yield last
            last = found if isinstance(found, Piece) else None
            if last is None:
                yield found
        if last is not None and not (stream.problem and last.is_broken):
            yield last
        if stream.problem:
            yield Piece(stream.name, 0, problem=stream.problem, harmless=stream.harmless)
        # Nothing is cut out of a recording without entries.
        is_fruitless = is_fruitless and not is_bare
    if is_fruitless:
        yield Piece(str(path), 0, problem=_no_recording(formats))


def head(path: Path | Address) -> bytes:
    """Return the beginning of the first recording in a file, unpacked; nothing if there is none."""
    # A file is open as long as its streams are asked for.
    streams = unpacking.streams(path)
    stream = next(streams, None)
    return stream.peek(HEAD) if stream else b""


def _runs(
    stream: Stream, formats: Collection[Format] | None, *, named: bool
) -> Iterator[Piece | Run]:
    """Yield what is in a stream, unless its beginning is that of no recording."""
    beginning = stream.peek(HEAD)
    if not beginning.strip(BLANK):
        if not stream.problem:
            yield Piece(stream.name, 0, problem=EMPTY, harmless=not named)
        return
    refused = foreign.refusal(beginning, stream.name)
    if refused:
        yield Piece(stream.name, 0, problem=refused, harmless=not named)
        return
    cut = cutter(beginning, stream.name)
    if cut is None or not (named or formats or _MARKS.search(beginning)):
        yield Piece(stream.name, 0, problem=_no_recording(formats), harmless=not named)
        return
    if cut is ndjson.runs:
        yield from ndjson.runs(stream.read, stream.name)
        return
    found = cut(stream.read, stream.name, lists(formats))
    for first in found:
        is_whole = isinstance(first, Piece) and not first.problem
        problem = _first_problem(first, formats, beginning) if is_whole else ""
        if problem:
            yield Piece(stream.name, first.line, problem=problem, harmless=not named)
            if first.where:
                # All of a list is as its first item is.
                return
        else:
            yield _standing_alone(first)
        break
    yield from map(_standing_alone, found)


def lists(formats: Collection[Format] | None) -> list[str]:
    """Return the dotted paths at which files of these formats list interactions."""
    return [*filter(None, table.lists(formats))]


def _standing_alone(found: Cut) -> Cut:
    """Return what stands by itself also where a list of such is all there is in a file."""
    if found.where == TOP:
        found.where = ""
    return found


def _first_problem(piece: Piece, formats: Collection[Format] | None, beginning: bytes) -> str:
    """Return why a file whose first piece this is cannot be a recording."""
    try:
        value = [piece.value] if piece.where == TOP else piece.value
    except RecordingError:
        return ""
    stub = stub_of(value) or (stub_in_list(value, beginning) if piece.where else None)
    if stub is not None and formats is None:
        return _stub(stub)
    if piece.where not in ("", TOP) or table.alone(piece.value, formats):
        return ""
    if table.within(piece.value, formats) is not None:
        return ""
    return "" if _listed(value, formats)[1] is not None else _no_recording(formats)


def cutter(beginning: bytes, name: str) -> Callable[..., Iterator[Any]] | None:
    """Return what cuts a text that begins so; None if it is neither JSON nor YAML."""
    text = beginning.lstrip(BLANK)
    plain = name.lower().removesuffix(".gz").removesuffix(".zst")
    is_json = bool(_JSON.match(text))
    if is_json and plain.endswith(_YAML_NAMES) and begins(text) is False:
        # Lists and mappings of YAML may look like that too.
        is_json = False
    if is_json or (text[:1] in (b"{", b"[") and plain.endswith(_JSON_NAMES)):
        return ndjson.runs if _is_lines(text, whole=len(beginning) < HEAD) else json_text.runs
    if text[:1] in (b"{", b"[") or _YAML.match(text):
        return yaml_text.pieces
    if _is_lines(text, whole=len(beginning) < HEAD):
        return ndjson.runs
    return json_text.runs if plain.endswith(_JSON_NAMES) else None


def _is_lines(text: bytes, *, whole: bool) -> bool:
    """Return whether a text is one value a line: the first is one, or it is torn and others are."""
    lines = [line.strip(BLANK) for line in text.split(b"\n")]
    torn = b"" if whole else lines.pop()
    complete = [line for line in lines if line]
    if not complete or (len(complete) == 1 and not torn):
        return False
    first, *others = complete
    if breaks_off(first):
        return False
    return _is_value(first) or any(_is_value(line) for line in others[:_LINES])


def _is_value(line: bytes) -> bool:
    value, _ = read(line)
    return isinstance(value, (dict, list)) and bool(value)


def entries_of(piece: Piece, formats: Collection[Format] | None = None) -> Iterator[Entry]:
    """Yield the entries that a piece holds: one, or many where a line holds a whole recording.

    Raises:
        RecordingError: it cannot be read, or is no interaction.

    """
    for each, recorded, place in recorded_in(piece, formats):
        yield each.entry(recorded, place)


def recorded_in(
    piece: Piece, formats: Collection[Format] | None = None
) -> Iterator[tuple[Format, Any, str]]:
    """Yield each interaction in a piece as it is recorded, with its format and its place.

    Raises:
        RecordingError: it cannot be read, or is no interaction.

    """
    value = piece.value
    if piece.attached is not None:
        value = with_attached(value, piece.attached)
    if piece.where:
        yield table.listed(value, piece.where, formats), value, piece.place
    else:
        yield from _recorded(value, piece.place, formats)


def entries(path: Path | Address) -> Iterator[Entry]:
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


def _recorded(
    value: Any, source: str, formats: Collection[Format] | None
) -> Iterator[tuple[Format, Any, str]]:
    """Yield the interactions in one value, whichever format it is in."""
    # A line of a log may look like a stub.
    stub = stub_of(value) if formats is None else None
    if stub is not None:
        raise RecordingError(f"{source} {_stub(stub)}")
    many = table.within(value, formats)
    if many is not None:
        for path, recorded in many[1]:
            yield many[0], recorded, f"{source}:{path}" if path else source
        return
    whole = table.alone(value, formats)
    if whole is not None:
        yield whole, value, source
        return
    where, listed = _listed(value, formats)
    if listed is None:
        raise RecordingError(f"{source} {_no_recording(formats)}")
    for index, recorded in enumerate(listed):
        yield table.listed(recorded, where, formats), recorded, f"{source}:{where}[{index}]"


def _stub(tool: str) -> str:
    what = f"holds stubs of {tool}, which say what would be sent; a stub is no recording"
    return f"{what}: record what is sent, e.g. as HAR or with vcrpy"


def _no_recording(formats: Collection[Format] | None) -> str:
    if formats is None:
        return NO_RECORDING
    return f"is no recording of the kind asked for: {' or '.join(each.title for each in formats)}"


def _listed(value: Any, formats: Collection[Format] | None) -> tuple[str, list[Any] | None]:
    """Return where a recording lists its interactions, and them; None if it is no recording."""
    if isinstance(value, list):
        # Any list might be one of interactions; what holds anything else is not.
        is_one = bool(value) and all(table.alone(each, formats) for each in value)
        return "", value if is_one else None
    for where in lists(formats):
        listed = value
        for name in where.split("."):
            listed = listed.get(name) if isinstance(listed, dict) else None
        if isinstance(listed, list):
            return where, listed
    return "", None
