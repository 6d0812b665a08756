"""The command `operations`: all that the portal names, described or known by title only."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, cast

import click

from enkash_contract.cli import as_json, commands, options
from enkash_contract.contract.evidence import Level
from enkash_contract.contract.operation import TO_ENKASH, TO_PARTNER
from enkash_contract.contract.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.operation import Operation
    from enkash_contract.contract.questions import Unknown

    Row = tuple[str, ...]

NONE = "-"
"""A cell without a value."""


@click.command(cls=commands.Command)
@as_json.form("A table by group, or a JSON list.")
@options.overlay
def operations(form: str, overlays: tuple[str, ...]) -> None:
    """List all operations, described or not.

    Of what the portal only names, the title is known and no rule.
    """
    from enkash_contract.contract.contract import layered

    listed = _listed(layered(*overlays))
    if form == "json":
        lines = ",\n".join(map(json.dumps, listed))
        click.echo(f"[\n{lines}\n]")
    else:
        click.echo("\n".join(_lines(listed)))


def _listed(contract: Contract) -> list[dict[str, Any]]:
    """Return all operations as plain data, those of a group together."""
    every = [*map(_described, contract.values()), *map(_unknown, contract.unknown)]
    groups = dict.fromkeys(each["group"] for each in every)
    return [each for group in groups for each in every if each["group"] == group]


def _described(operation: Operation) -> dict[str, Any]:
    from enkash_contract.contract import questions

    levels = Counter(rule.evidence.level for rule in operation.rules.values())
    return {
        "id": operation.id,
        "title": operation.title or operation.summary,
        "group": operation.tags[0] if operation.tags else "",
        "direction": operation.direction,
        "described": True,
        "method": operation.method,
        "path": operation.path or None,
        "page": operation.page,
        "rules": {level.value: levels[level] for level in Level if levels[level]},
        "questions": len({asked.id for asked in questions.of(operation)}),
    }


def _unknown(operation: Unknown) -> dict[str, Any]:
    return {
        "id": None,
        "title": operation.title,
        "group": operation.group,
        "direction": operation.direction,
        "described": False,
        "method": None,
        "path": None,
        "page": operation.page,
        "rules": {},
        "questions": 0,
    }


def _lines(listed: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the lines of the table, and how many operations there are."""
    head = ("id", "title", "direction", "rules", "questions")
    rows = [head, *map(_row, listed)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    yield _line(head, widths)
    group = None
    for each, row in zip(listed, rows[1:], strict=True):
        if each["group"] != group:
            group = cast("str", each["group"])
            yield ""
            yield group or "Others"
        yield _line(row, widths)
    known = [each for each in listed if each["described"]]
    ways = Counter(each["direction"] for each in known)
    yield ""
    yield (
        f"{counted(len(listed), 'operation')}: {len(known)} described ({ways[TO_ENKASH]} "
        f"{TO_ENKASH}, {ways[TO_PARTNER]} {TO_PARTNER}), {len(listed) - len(known)} known by title"
    )


def _row(each: dict[str, Any]) -> Row:
    """Return the cells of an operation."""
    rules = sum(each["rules"].values())
    by_level = ", ".join(f"{number} {level}" for level, number in each["rules"].items())
    cells = (f"{rules} ({by_level})", str(each["questions"])) if each["described"] else (NONE, NONE)
    return (each["id"] or NONE, each["title"], each["direction"], *cells)


def _line(row: Row, widths: list[int]) -> str:
    cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
    return f"  {'  '.join(cells)}".rstrip()
