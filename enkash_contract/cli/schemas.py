"""The JSON Schemas of files that people write, and of the report that this package writes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import click

FILES = ("report", "interaction", "document", "overlay", "config")
"""The files that there is a schema of, besides those of payloads."""


def text(of: str, group: click.Group) -> str:
    """Return the schema of one of `FILES`; `group` has the commands that can be configured."""
    if of == "report":
        from enkash_contract.report.read import schema_text

        return schema_text()
    if of == "interaction":
        from enkash_contract.traffic.formats import interaction

        return interaction.schema_text()
    return json.dumps(_schema(of, group), indent=2, ensure_ascii=False) + "\n"


def _schema(of: str, group: click.Group) -> dict[str, Any]:
    if of == "config":
        from enkash_contract.cli.commands import configured
        from enkash_contract.config.schema import config_schema

        return config_schema(configured(group.commands))
    from enkash_contract.contract import document_schema

    return document_schema.document() if of == "document" else document_schema.overlay()
