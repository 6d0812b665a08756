"""Two messages side by side, or one alone, with that marked which makes the difference.

Twins differ in one place. So the lines that both begin and end with are equal, and all between is
the difference; of a long text, only what is near it is shown.
"""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING, NamedTuple

from enkash_contract.report.exchange import indented
from enkash_contract.report.html.page import visible
from enkash_contract.wire import strict_json
from enkash_contract.wire.pointer import get, put, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from enkash_contract.report.document import Body, ShownRequest

AROUND = 4
"""So many equal lines are shown on either side of a difference."""

MOST = 24
"""So many lines that differ are shown."""

WIDEST = 160
"""So many characters of a line are shown on either side of its difference."""


class Line(NamedTuple):
    """One line: what is `before` the difference in it, the `mark`ed part, and what is `after`.

    `differs` is set where a part, or all of it, differs; `skipped` counts equal lines left out, in
    whose place it stands.
    """

    before: str = ""
    mark: str = ""
    after: str = ""
    differs: bool = False
    skipped: int = 0


class Pair(NamedTuple):
    """The lines of two messages."""

    valid: tuple[Line, ...]
    invalid: tuple[Line, ...]


def pair(valid: ShownRequest, invalid: ShownRequest, around: int = AROUND) -> Pair:
    """Return two requests as lines: their bodies, and their heads only where those differ."""
    heads = [_head(request) for request in (valid, invalid)]
    left, right = (_bytes(request.body) for request in (valid, invalid))
    texts = [indented(body) for body in (left, right)]
    if not all(map(_is_laid_out, texts)):
        # Laid out, the other would differ in every line.
        texts = [body.decode("utf-8", "backslashreplace") for body in (left, right)]
    bodies = [text.split("\n") for text in texts]
    if heads[0] != heads[1]:
        bodies = [[*head, "", *body] for head, body in zip(heads, bodies, strict=True)]
    left_lines, right_lines = bodies
    return compared(left_lines, right_lines, around)


def _is_laid_out(text: str) -> bool:
    """Return whether a text is laid out, or holds no members that could be."""
    return "\n" in text or text in ("{}", "[]") or not text.startswith(("{", "["))


def alone(body: Body | None, pointer: str) -> tuple[Line, ...]:
    """Return a body as lines, with the value at `pointer`, or what it is missing in, marked."""
    raw = _bytes(body)
    payload, _ = strict_json.decode(raw)
    at = tokens(pointer)
    while at and get(payload, at) is get({}, at):
        at = at[:-1]
    if not at or "\n" not in indented(raw):
        return _begun(indented(raw).split("\n"), MOST)
    other = json.dumps(put(payload, at, _OTHER), indent=2, ensure_ascii=False)
    lines = compared(other.split("\n"), indented(raw).split("\n")).invalid
    return lines if at == tokens(pointer) else _first_marked(lines)


def _first_marked(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Return lines with only the first mark: what is around a missing member is marked there."""
    first = next(number for number, line in enumerate(lines) if line.differs)
    rest = (
        line._replace(before=line.before + line.mark, mark="", differs=False)
        for line in lines[first + 1 :]
    )
    return (*lines[: first + 1], *rest)


def laid_out(body: Body) -> list[str]:
    """Return a body as lines, JSON in a usual spelling laid out to be read."""
    return indented(_bytes(body)).split("\n")


_OTHER = "\0"
"""A value that no payload holds as it is."""


def _head(request: ShownRequest) -> list[str]:
    labels = [
        f"{name}: {value}" for name, value in request.headers if name.lower() == "content-type"
    ]
    path = re.sub(r"^\w+://[^/]*", "", request.url)
    return [f"{request.method} {path}", *labels]


def _bytes(body: Body | None) -> bytes:
    if body is None:
        return b""
    return base64.b64decode(body.text) if body.encoding == "base64" else body.text.encode()


def compared(left: Sequence[str], right: Sequence[str], around: int = AROUND) -> Pair:
    """Return two texts as lines, of which those that are equal and far from others are left out."""
    start = _equal(left, right)
    end = _equal(left[start:][::-1], right[start:][::-1])
    size = max(len(left), len(right)) - start - end
    marks = [
        [Line(mark=visible(line), differs=True) for line in lines[start : len(lines) - end][:MOST]]
        for lines in (left, right)
    ]
    if len(left) == len(right) and size <= MOST:
        lines = range(start, start + size)
        both = [_within(left[number], right[number]) for number in lines]
        marks = [[one for one, _ in both], [other for _, other in both]]
    sides = [
        (
            *_before(lines[:start], around),
            *marked,
            *_left_out(lines, start, end),
            *_begun(lines[len(lines) - end :], around),
        )
        for lines, marked in zip((left, right), marks, strict=True)
    ]
    return Pair(*sides)


def _equal(left: Sequence[str], right: Sequence[str]) -> int:
    """Return how many items both begin with."""
    size = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        size += 1
    return size


def _before(lines: Sequence[str], around: int) -> list[Line]:
    skipped = len(lines) - around
    if skipped <= 1:
        return [_plain(line) for line in lines]
    return [Line(skipped=skipped), *map(_plain, lines[skipped:])]


def _begun(lines: Sequence[str], most: int) -> tuple[Line, ...]:
    """Return the first of some lines, and how many are left."""
    left = len(lines) - most
    # A line that says that one is left out takes its place for nothing.
    if left <= 1:
        return tuple(_plain(line) for line in lines)
    return (*map(_plain, lines[:most]), Line(skipped=left))


def _left_out(lines: Sequence[str], start: int, end: int) -> list[Line]:
    more = len(lines) - start - end - MOST
    return [Line(skipped=more, differs=True)] if more > 0 else []


def _plain(line: str) -> Line:
    return Line(visible(line, 2 * WIDEST))


def _within(left: str, right: str) -> tuple[Line, Line]:
    """Return two lines with that part of each marked that is not in the other."""
    if left == right:
        return _plain(left), _plain(right)
    start = _equal(left, right)
    end = _equal(left[start:][::-1], right[start:][::-1])
    return _marked(left, start, end), _marked(right, start, end)


def _marked(line: str, start: int, end: int) -> Line:
    before, after = line[:start], line[len(line) - end :]
    far = len(before) > WIDEST
    return Line(
        ("…" if far else "") + visible(before[-WIDEST:] if far else before),
        visible(line[start : len(line) - end], 2 * WIDEST),
        visible(after, WIDEST),
        differs=True,
    )
