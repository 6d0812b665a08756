"""What both pages say in the same way: evidence, sources, sides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from enkash_contract.contract.evidence import Evidence, Source

Row = dict[str, Any]
"""What a template shows of one thing, by name."""


def evident(evidence: Evidence) -> Row:
    """Return evidence with its sources."""
    return {"level": evidence.level.value, "sources": list(map(evident_source, evidence.sources))}


def evident_source(source: Source) -> Row:
    """Return a source, with its address only where a browser may follow it."""
    is_page = source.url.startswith(("https://", "http://"))
    return {
        "id": source.id,
        "read": source.read,
        "shows": source.shows,
        "url": source.url if is_page else "",
    }


def side_of(rule: str) -> str:
    """Return the side of the rule with that id: `request`, or `response` of any status."""
    return full_side_of(rule).partition(".")[0]


def full_side_of(rule: str) -> str:
    """Return the side of the rule with that id, with the status of a response."""
    return rule.partition("#")[0].partition("/")[0]
