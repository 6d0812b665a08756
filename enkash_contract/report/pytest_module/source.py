"""Values as Python source that a person can read, laid out as a formatter would."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDTH = 100
"""Columns of a line."""

STEP = 4

_RUN = re.compile(rb"(.{1,12}?)\1{39,}", re.DOTALL)
"""The same forty times and more: written as a multiplication."""

_ODD = re.compile(r"[^ !#-&(-\[\]-~]")
"""Quotes, the backslash, and whatever is not printable ASCII: what a literal may have to escape."""

_BREAKS = re.compile(r'(?<=[,{\[])(?=")|(?<= )')
"""Where a text may go on in another literal: before a member of JSON, after a blank."""


def quoted(text: str) -> str:
    """Return `text` as a literal, in the quotes that need fewer escapes."""
    mark = "'" if text.count('"') > text.count("'") else '"'
    return mark + _ODD.sub(lambda odd: _char(odd[0], mark), text) + mark


def _char(char: str, mark: str) -> str:
    if char in (mark, "\\"):
        return "\\" + char
    return char if char.isprintable() else ascii(char)[1:-1]


def pieces(body: bytes, room: int) -> list[str]:
    """Return literals that make up `body` when joined, each of about `room` columns."""
    literals, start = [], 0
    for run in _RUN.finditer(body):
        literals += _pieces(body[start : run.start()], room)
        unit, times = run[1], len(run[0]) // len(run[1])
        literals.append(f"{_pieces(unit, room)[0]} * {times:_}")
        start = run.end()
    return literals + _pieces(body[start:], room)


def _pieces(body: bytes, room: int) -> list[str]:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        # Few bytes each, because each may be an escape of four characters.
        step = room // STEP
        return [_bytes(body[at : at + step]) for at in range(0, len(body), step)]
    return [quoted(part) for part in parts(text, room)]


def _bytes(body: bytes) -> str:
    text = repr(body)
    return text if '"' in text else 'b"' + text[2:-1].replace("\\'", "'") + '"'


def parts(text: str, room: int) -> Iterator[str]:
    """Yield `text` in parts whose literals take up to `room` columns, cut where it reads best."""
    part = ""
    for bit in _BREAKS.split(text):
        if part and (len(bit) > room or len(quoted(part + bit)) > room):
            yield part
            part = ""
        start = 0
        # A literal is longer than its text, so of a long text only the beginning is looked at.
        while len(bit) - start > room or len(quoted(bit[start:])) > room:
            end = next(
                at
                for at in range(min(room, len(bit) - start), 0, -1)
                if len(quoted(bit[start : start + at])) <= room
            )
            yield bit[start : start + end]
            start += end
        part += bit[start:]
    if part:
        yield part


def literal(value: Any, indent: int = 0, used: int = 0) -> str:
    """Return plain data as source; `used` columns of its first line are taken."""
    flat = _flat(value)
    if used + len(flat) < WIDTH or not isinstance(value, (dict, list)) or not value:
        return flat
    inner = indent + STEP
    if isinstance(value, dict):
        named = [(f"{quoted(key)}: ", member) for key, member in value.items()]
    else:
        named = [("", member) for member in value]
    lines = (
        f"{' ' * inner}{name}{literal(member, inner, inner + len(name))}," for name, member in named
    )
    first, last = "{}" if isinstance(value, dict) else "[]"
    return "\n".join((first, *lines, f"{' ' * indent}{last}"))


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        return (
            f"{{{', '.join(f'{quoted(key)}: {_flat(member)}' for key, member in value.items())}}}"
        )
    if isinstance(value, list):
        return f"[{', '.join(map(_flat, value))}]"
    return quoted(value) if isinstance(value, str) else repr(value)


def call(function: str, arguments: list[str], indent: int = 0, brackets: str = "()") -> str:
    """Return a call, on one line where there is room, otherwise with a line for each argument."""
    before, first, last = " " * indent, brackets[0], brackets[1]
    flat = f"{before}{function}{first}{', '.join(arguments)}{last}"
    if len(flat) <= WIDTH and "\n" not in flat:
        return flat
    inner = " " * (indent + STEP)
    lines = (f"{inner}{argument}," for argument in arguments)
    return "\n".join((f"{before}{function}{first}", *lines, f"{before}{last}"))


def asserted(condition: str, message: str, indent: int) -> str:
    """Return an assertion with its message, broken over lines where it is long."""
    before, inner = " " * indent, " " * (indent + STEP)
    flat = f"{before}assert {condition}, {quoted(message)}"
    if len(flat) <= WIDTH:
        return flat
    lines = (inner + quoted(part) for part in parts(message, WIDTH - len(inner)))
    return "\n".join((f"{before}assert {condition}, (", *lines, f"{before})"))
