"""Causes as lines: each in one sentence, and as many as there is room for with an example."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from enkash_contract.contract.wording import counted
from enkash_contract.errors import printable
from enkash_contract.report.causes import example
from enkash_contract.secrets import redaction
from enkash_contract.secrets.redaction import CORRELATION
from enkash_contract.wire.message import header

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from enkash_contract.judging.finding import Finding
    from enkash_contract.report import About
    from enkash_contract.report.causes import Cause

MOST = 40
"""So many causes are told at most."""

NAMED = 3
"""So many members, and places of recordings, are named."""

LABEL = 10
"""The columns of a label."""

INDENT = "   "


def cause_lines(
    known: list[Cause],
    about: About | None,
    width: int | None,
    room: int,
    *,
    several: bool = False,
) -> list[str]:
    """Return `known` as lines, no more than `room` where that is enough for the first.

    All are told in one sentence before the first is told with its example; none has one where
    `about` is None. In a run of `several` operations each is told with its own.
    """
    numbered = [*enumerate(known[:MOST], 1)]
    heads = [_head(number, cause, width) for number, cause in numbered]
    blocks = (
        [_block(number, cause, about, width, several=several) for number, cause in numbered]
        if about
        else []
    )
    told = 0
    for head in heads:
        # The last line is needed to say how many are left.
        if told and sum(map(len, heads[:told])) + len(head) > room - (told + 1 < len(known)):
            break
        told += 1
    shown, left = heads[:told], room - sum(map(len, heads[:told])) - (told < len(known))
    for number, block in enumerate(blocks[:told]):
        left -= len(block) - len(shown[number])
        if left < 0:
            break
        shown[number] = block
    lines = [line for block in shown for line in block]
    if told < len(known):
        lines.append(f"+{counted(len(known) - told, 'more cause')}")
    return lines


def _head(number: int, cause: Cause, width: int | None) -> list[str]:
    """Return a cause in one sentence, with what it counts and whose fault it is."""
    counts = [counted(len(cause.members), "member")] if cause.members else []
    counts.append(counted(cause.count, cause.severity))
    text = f"{number}. {cause.sentence}: {', '.join(counts)} ({cause.fault})"
    return wrapped(text, width, INDENT)


def _block(
    number: int, cause: Cause, about: About, width: int | None, *, several: bool
) -> list[str]:
    """Return a cause with its members, evidence, an example, and the command that repeats it."""
    lines = _head(number, cause, width)
    names = dict.fromkeys(finding.operation for finding in cause.findings)
    of = [("of", _listed(names))] if several else []
    for label, text in (*of, *_details(cause)):
        start = f"{INDENT}{label:<{LABEL}}"
        lines += wrapped(f"{start}{printable(text)}", width, " " * len(start))
    command = about.reproduction.briefly(cause.example)
    # What is pasted stays in one line.
    lines += [f"{INDENT}{'repeat':<{LABEL}}{printable(command)}"] if command else []
    more = cause.count - 1
    return [*lines, f"{INDENT}+{more:,} more"] if more else lines


def _details(cause: Cause) -> Iterator[tuple[str, str]]:
    found = cause.example
    if cause.members:
        yield "members", _listed(cause.members)
    sources = dict.fromkeys(each.source for each in cause.findings if not each.case)
    if sources:
        yield "at", _listed(sources, cause.count - len(cause.findings))
    yield "evidence", str(cause.evidence)
    pages = [source.url for source in cause.evidence.sources if source.url]
    if pages:
        yield "page", ", ".join(pages)
    yield from ((label, text) for label, text in example(found) if text)
    ids = correlation(found)
    if ids:
        yield "response", ids


def correlation(finding: Finding) -> str:
    """Return the headers by which those who run a server find the response in their logs."""
    interaction = finding.interaction
    if interaction is None or interaction.response is None:
        return ""
    secrets, headers = redaction.of(interaction), interaction.response.headers
    known = {name: header(headers, name) for name in CORRELATION}
    ids = (f"{name} {secrets.hide_header(name, value)}" for name, value in known.items() if value)
    return ", ".join(ids)


def _listed(names: Iterable[str], unnamed: int = 0) -> str:
    """Return the first of `names`, and how many there are beside them."""
    every = [*names]
    left = len(every) + unnamed - NAMED
    more = [f"+{left:,} more"] if left > 0 else []
    return ", ".join([*every[:NAMED], *more])


def wrapped(text: str, width: int | None, indent: str = "") -> list[str]:
    """Return `text` in lines of so many columns, or in one where `width` is None."""
    if width is None or len(text) <= width:
        return [text]
    return textwrap.wrap(
        text,
        width,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
