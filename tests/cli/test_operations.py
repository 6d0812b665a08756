"""The command `operations`: what there is, described or not, as a table and as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import jsonschema_rs

from enkash_contract.contract.contract import bundled
from tests.cli.test_as_json import COUNT, TEXT, TEXT_OR_NULL, each, exactly
from tests.support.several import overlay
from tests.support.typed_commands import said, typed

if TYPE_CHECKING:
    from pathlib import Path

OPERATION = exactly(
    id=TEXT_OR_NULL,
    title=TEXT,
    group={"type": "string"},
    direction={"enum": ["to-enkash", "to-partner"]},
    described={"type": "boolean"},
    method=TEXT_OR_NULL,
    path=TEXT_OR_NULL,
    page=TEXT_OR_NULL,
    rules={
        "propertyNames": {
            "enum": "confirmed documented example sibling observed disputed assumed".split()
        },
        "additionalProperties": {"type": "integer", "minimum": 1},
    },
    questions=COUNT,
)
"""What docs say of each item."""

UNKNOWN = {"title": "Search Things", "group": "Things", "direction": "to-partner"}


def listed(*overlays: Path) -> tuple[str, list[dict[str, object]]]:
    """Return the table and the JSON list of a document with overlays."""
    words = [word for name in overlays for word in ("--overlay", str(name))]
    _, table, _ = said(typed("operations", *words))
    return table, json.loads(typed("operations", "--format", "json", *words).stdout)


def test_the_list_has_its_shape() -> None:
    """Every member is there, and there is no other."""
    _, found = listed()
    errors = jsonschema_rs.Draft202012Validator(each(OPERATION, 1)).iter_errors(found)
    assert [(error.instance_path, error.message) for error in errors] == []
    names = [operation["id"] for operation in found if operation["described"]]
    assert sorted(map(str, names)) == sorted(bundled())
    assert len(found) == len(names) + len(bundled().unknown)


def test_the_table_is_by_group(tmp_path: Path) -> None:
    """What is known by title only has neither an id nor counts; one without a tag stands apart."""
    add = tmp_path / "more.overlay.json"
    more = {"target": "$", "update": {"x-unknown-operations": [UNKNOWN]}}
    info = {"title": "One more", "version": "1"}
    add.write_text(json.dumps({"overlay": "1.0.0", "info": info, "actions": [more]}))
    small = overlay(tmp_path)
    text = small.read_text().replace('"tags": ["Small"], ', "", 1)
    small.write_text(text)
    table, found = listed(small, add)
    lines = [" ".join(line.split()) for line in table.splitlines()]
    at = lines.index("Small")
    assert lines[at + 1 : at + 3] == [
        "smallRefund smallRefund to-enkash 13 (13 documented) 0",
        "smallAsk smallAsk to-enkash 13 (13 documented) 0",
    ]
    assert "Others smallPay smallPay to-enkash" in " ".join(lines)
    assert lines[lines.index("Things") + 1] == "- Search Things to-partner - -"
    ways = [operation["direction"] for operation in found if operation["described"]]
    to_enkash = ways.count("to-enkash")
    assert lines[-1] == (
        f"{len(found)} operations: {len(ways)} described ({to_enkash} to-enkash, "
        f"{len(ways) - to_enkash} to-partner), {len(found) - len(ways)} known by title"
    )
